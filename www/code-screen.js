// The screen that waits for the code: where it went, how long it is valid, what is still allowed.

import { everyQuarterSecond, minutesAndSeconds, until } from "./clock.js";
import { announce, say, show, silence } from "./screens.js";

const field = document.getElementById("code");
const notice = document.getElementById("code-notice");
const sentTo = document.getElementById("sent-to");
const validity = document.getElementById("validity");
const validityBar = document.getElementById("validity-bar");
const attempts = document.getElementById("attempts");
const resend = document.getElementById("resend");
const resendWait = document.getElementById("resend-wait");

const LAST_CALL = 30_000;

let stopCountdown = () => {};
let longestLife = 0; // Of the codes of this sign-in, in milliseconds: the full length of the bar.

/**
 * Shows a code step.
 *
 * @param {import("/pkg/index.js").CodeStep} step
 * @param {"password" | "code" | "resend" | "reload"} after what the person did to get here
 * @param {number} [life] after a reload, what `codeLife` was before
 */
export function showCodeScreen(step, after, life = 0) {
  stopCountdown();
  longestLife = Math.max(longestLife, life);
  silence(notice);
  sentTo.textContent = whereItWent(step);
  attempts.textContent = triesLeft(step.attemptsLeft);
  field.maxLength = step.codeLength ?? 10;
  field.pattern = `[0-9]{${step.codeLength ?? "4,10"}}`;
  show("code");
  countDown(step);

  if (step.wrong) {
    say(notice, { text: whatIsWrong(step) }, [field]);
    return;
  }
  field.value = "";
  field.focus();
  if (after === "resend") say(notice, resendOutcome(step));
  else announce(sentTo.textContent);
}

/** Takes everything off the screen that belongs to one sign-in. */
export function leaveCodeScreen() {
  stopCountdown();
  silence(notice);
  longestLife = 0;
}

/** How long the longest code of this sign-in is valid, in milliseconds. */
export function codeLife() {
  return longestLife;
}

/** The digits that were typed, without the blanks and hyphens people put between them. */
export function typedCode() {
  return digitsOf(field.value);
}

/** How long until a new code may be asked for, in milliseconds; undefined when it never may. */
export function resendWaitOf(step) {
  return step.resendAt && Math.max(0, until(step.resendAt));
}

// A pasted "123 456" would lose its last digit to maxlength, so the digits are put in by hand.
field.addEventListener("paste", (event) => {
  const digits = digitsOf(event.clipboardData?.getData("text") ?? "");
  if (!digits) return;
  event.preventDefault();
  field.setRangeText(digits, field.selectionStart, field.selectionEnd, "end");
  field.value = field.value.slice(0, field.maxLength);
});

function digitsOf(text) {
  return text.normalize("NFKC").replace(/[^0-9]/g, "");
}

function countDown(step) {
  const life = step.expiresAt ? until(step.expiresAt) : 0;
  longestLife = Math.max(longestLife, life);
  validityBar.hidden = !step.expiresAt;
  let said = life > LAST_CALL ? Infinity : LAST_CALL;
  stopCountdown = everyQuarterSecond(() => {
    showResendWait(step);
    if (!step.expiresAt) {
      validity.textContent = "";
      return;
    }
    const left = until(step.expiresAt);
    validity.textContent = left > 0 ? `Valid for ${minutesAndSeconds(left)}` : "No longer valid";
    validity.classList.toggle("over", left <= 0);
    validityBar.value = longestLife > 0 ? Math.max(0, left / longestLife) : 0;
    if (left <= 0 && said > 0) {
      said = 0;
      announce("The code is no longer valid.");
    } else if (left <= LAST_CALL && said > LAST_CALL) {
      said = LAST_CALL;
      announce("The code is valid for 30 more seconds.");
    }
  });
}

function showResendWait(step) {
  const wait = resendWaitOf(step);
  resend.hidden = wait === undefined;
  if (wait === undefined) {
    resendWait.textContent = "No more codes can be sent in this sign-in.";
  } else {
    resendWait.textContent = wait > 0 ? `in ${minutesAndSeconds(wait)}` : "";
    if (wait > 0) resend.setAttribute("aria-disabled", "true");
    else if (!resend.classList.contains("busy")) resend.removeAttribute("aria-disabled");
  }
}

function whereItWent({ codeLength, sentTo: address }) {
  const code = codeLength ? `A code of ${codeLength} digits` : "A code";
  return address ? `${code} was sent to ${address}.` : `${code} was sent to your email address.`;
}

function triesLeft(count) {
  if (count === undefined) return "";
  return count === 1 ? "1 try left" : `${count} tries left`;
}

function whatIsWrong({ expiresAt, attemptsLeft }) {
  if (expiresAt && until(expiresAt) <= 0) return "That code is no longer valid. Send a new one.";
  return `That is not the code. ${attemptsLeft === 1 ? "One more try is left." : "Look again at the newest mail."}`;
}

function resendOutcome({ sent }) {
  return sent
    ? { text: "A new code is on its way. Only the newest one works.", tone: "good" }
    : { text: "No new code was sent. The last one is still the one to use.", tone: "note" };
}
