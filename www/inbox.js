// The inbox of the local pool, so that a person can read the code without a mail account.

import { announce } from "./screens.js";

const POLL_EVERY = 1000;

const section = document.getElementById("inbox");
const list = document.getElementById("mails");
const empty = document.getElementById("inbox-empty");
const shown = new Set();

let timer;

/** Shows the mails to an address, and looks for new ones every second until `stopWatching`. */
export function watchInbox(address) {
  stopWatching();
  const look = async () => {
    if (navigator.onLine && !document.hidden) await showNewMails(address);
  };
  timer = setInterval(look, POLL_EVERY);
  look();
}

/** Lets the inbox rest; the mails that came stay where they are. */
export function stopWatching() {
  clearInterval(timer);
}

async function showNewMails(address) {
  let mails;
  try {
    const reply = await fetch(`/inbox/messages?${new URLSearchParams({ to: address })}`, { cache: "no-store" });
    if (reply.status === 404) return closeInbox();
    mails = await reply.json();
  } catch {
    return; // The server is away for a moment; the next look will tell.
  }
  for (const mail of mails) {
    if (shown.has(mail.id)) continue;
    shown.add(mail.id);
    list.prepend(mailItem(mail));
    announce(`A mail has come: ${mail.subject}`);
  }
  empty.hidden = shown.size > 0;
}

// The server can be told to show no mails.
function closeInbox() {
  stopWatching();
  section.hidden = true;
}

// Everything in a mail is somebody's text, so it goes onto the page as text.
function mailItem({ to, subject, text, at }) {
  const item = document.createElement("li");
  const heading = document.createElement("h3");
  const facts = document.createElement("p");
  const body = document.createElement("p");
  heading.textContent = subject;
  facts.textContent = `To ${to}, ${new Date(at).toLocaleTimeString()}`;
  facts.className = "soft";
  body.textContent = text.trim();
  body.className = "mail-text";
  item.append(heading, facts, body);
  return item;
}
