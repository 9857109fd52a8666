// The demo page: a password, then a code by email. Whatever step the package gives back decides the screen.

import { Cognito } from "/pkg/index.js";
import { openSession } from "/pkg/session.js";
import { minutesAndSeconds, Stopwatch } from "./clock.js";
import { codeLife, leaveCodeScreen, resendWaitOf, showCodeScreen, typedCode } from "./code-screen.js";
import { stopWatching, watchInbox } from "./inbox.js";
import { describe, describeOnceSent, NOT_REVOKED, OFFLINE } from "./messages.js";
import { poolFromQuery } from "./pool.js";
import { dropStep, keepStep, keptStep } from "./saved-step.js";
import { announce, busy, say, show, silence } from "./screens.js";
import { showSettings } from "./settings.js";
import { leaveSignedInScreen, showRefreshed, showSignedInScreen } from "./signed-in-screen.js";

const element = (id) => document.getElementById(id);
const passwordForm = element("password-screen");
const passwordNotice = element("password-notice");
const username = element("username");
const password = element("password");
const reveal = element("reveal");
const codeForm = element("code-screen");
const codeNotice = element("code-notice");
const code = element("code");
const resend = element("resend");
const sessionNotice = element("session-notice");

const pool = poolFromQuery(location.search);
const cognito = pool.problem ? undefined : connect();
const session = cognito && openSession(cognito); // In this page's memory.
let step; // The code step that waits for an answer. It is used once: the reply brings the next one.
let request; // The AbortController of the request under way. There is one at most.
let stopwatch;

async function start() {
  showSettings(pool);
  element("seeded-user").hidden = !pool.local;
  element("inbox").hidden = !pool.local;
  const kept = cognito && keptStep(pool);
  if (kept) await goOn(kept);
  else show("password");
  element("loading").remove();
  if (cognito && !kept) prepare();
}

// The page was reloaded while the person looked for the code.
async function goOn({ saved, name, life }) {
  stopwatch = new Stopwatch();
  username.value = name ?? "";
  try {
    step = await cognito.resume(saved);
  } catch (error) {
    toPassword();
    // What another version of this page has kept is no business of the person.
    if (error.code !== "invalid_argument") say(passwordNotice, { ...describe(error), tone: "note" });
    return;
  }
  if (pool.local) watchInbox(name);
  showCodeScreen(step, "reload", Number(life) || 0);
}

function connect() {
  const { poolId: userPoolId, clientId } = pool;
  const endpoint = pool.local ? new URL("/", location).href : undefined;
  const authSessionValidity = pool.local ? 3 : 5; // As the local pool has it, and template.yaml.
  return new Cognito({ userPoolId, clientId, endpoint, authSessionValidity });
}

// The costly half of the password proof is worked out while the person is still typing.
async function prepare() {
  stopwatch = new Stopwatch();
  const lap = stopwatch.start();
  try {
    await cognito.prepare();
    lap("Preparation, while you typed");
  } catch (error) {
    say(passwordNotice, describe(error));
  }
}

// The ways on from a reply: a code is awaited, the person is signed in, or the pool asks for something else.
function receive(next, after) {
  if (next.kind === "code") {
    step = next;
    password.value = "";
    showCodeScreen(step, after);
    keepStep(pool, { saved: step.save(), name: username.value.trim(), life: codeLife() });
    return;
  }
  forget();
  if (next.kind === "signedIn") {
    showSignedInScreen(session.state, stopwatch.laps);
  } else {
    element("challenge-name").textContent = next.name ?? next.kind;
    show("challenge");
    element("challenge-screen").querySelector("h2").focus();
  }
}

// Nothing of one sign-in stays for the next, except the name in its field.
function forget() {
  step = undefined;
  dropStep(pool);
  password.value = "";
  code.value = "";
  stopWatching();
  leaveCodeScreen();
  leaveSignedInScreen();
  silence(sessionNotice);
}

// The session refreshes the tokens by itself. It ends without the person's doing if the pool says so.
function follow(state) {
  if (state.kind === "signedIn") return showRefreshed(state);
  if (!state.cause) return;
  toPassword();
  say(passwordNotice, describe(state.cause));
}

async function refresh() {
  silence(sessionNotice);
  try {
    await session.refresh();
  } catch (error) {
    if (error.code !== "signed_out") say(sessionNotice, describe(error));
  }
}

// The session is over here at once, and at the pool when the pool has heard of it.
async function signOut() {
  const told = session.signOut();
  toPassword();
  announce("Signed out. The tokens are forgotten.");
  try {
    await told;
  } catch (error) {
    say(passwordNotice, { ...describe(error), text: NOT_REVOKED, tone: "note" });
  }
}

function toPassword() {
  forget();
  silence(passwordNotice);
  show("password");
  (username.value ? password : username).focus();
  return prepare();
}

// Sends one request, with the form busy until the outcome is there.
async function attempt({ form, button, notice, after, lap, send, fail }) {
  if (request) return;
  if (!navigator.onLine) return say(notice, { text: OFFLINE });
  silence(notice);
  request = new AbortController();
  const endWait = busy(form, button);
  const endLap = stopwatch.start();
  const { next, error } = await send(request.signal).then((next) => ({ next }), (error) => ({ error }));
  request = undefined;
  endWait();
  if (error) return fail(error);
  endLap(next.wrong ? `${lap}, wrong` : lap);
  receive(next, after);
}

function submitPassword() {
  const name = username.value.trim();
  if (!cognito) return say(passwordNotice, { text: "The address of this page names no user pool. See below." });
  if (!name) return say(passwordNotice, { text: "Enter your email address." }, [username]);
  if (!password.value) return say(passwordNotice, { text: "Enter your password." }, [password]);
  hidePassword();
  if (pool.local) watchInbox(name);
  return attempt({
    form: passwordForm,
    button: passwordForm.querySelector("[type=submit]"),
    notice: passwordNotice,
    after: "password",
    lap: "Password",
    send: async (signal) => cognito.signIn({
      username: name,
      password: password.value,
      clientMetadata: { locale: navigator.language }, // The language of the mail.
      signal,
    }),
    fail: failPassword,
  });
}

function submitCode() {
  const { codeLength } = step;
  const digits = typedCode();
  if (!digits || (codeLength && digits.length !== codeLength)) {
    return say(codeNotice, { text: `Enter the ${codeLength ?? ""} digits of the code.` }, [code]);
  }
  return attempt({
    form: codeForm,
    button: codeForm.querySelector("[type=submit]"),
    notice: codeNotice,
    after: "code",
    lap: "Code",
    send: async (signal) => step.answer(digits, { signal }),
    fail: failCode,
  });
}

function askForNewCode() {
  const wait = resendWaitOf(step);
  if (wait > 0) return say(codeNotice, { text: `A new code can be sent in ${minutesAndSeconds(wait)}.`, tone: "note" });
  return attempt({
    form: codeForm,
    button: resend,
    notice: codeNotice,
    after: "resend",
    lap: "New code",
    send: async (signal) => step.resend({ signal }),
    fail: failCode,
  });
}

function failPassword(error) {
  stopWatching();
  const fields = error.code === "bad_credentials" ? [password, username] : [];
  say(passwordNotice, { ...describe(error), tone: error.code === "aborted" ? "note" : "error" }, fields);
  prepare();
}

function failCode(error) {
  if (error.code === "invalid_code" || error.code === "busy") {
    return say(codeNotice, describe(error), [code]);
  }
  toPassword();
  say(passwordNotice, { ...describeOnceSent(error), tone: error.code === "aborted" ? "note" : "error" });
}

function hidePassword() {
  password.type = "password";
  reveal.textContent = "Show";
  reveal.setAttribute("aria-pressed", "false");
}

function revealPassword() {
  if (password.type === "text") return hidePassword();
  password.type = "text";
  reveal.textContent = "Hide";
  reveal.setAttribute("aria-pressed", "true");
}

function onSubmit(form, act) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    act();
  });
}

onSubmit(passwordForm, submitPassword);
onSubmit(codeForm, submitCode);
resend.addEventListener("click", askForNewCode);
reveal.addEventListener("click", revealPassword);
element("fill-in").addEventListener("click", () => {
  username.value = element("seeded-username").textContent;
  password.value = element("seeded-password").textContent;
  passwordForm.querySelector("[type=submit]").focus();
});
element("refresh").addEventListener("click", refresh);
element("sign-out").addEventListener("click", signOut);
session?.subscribe(follow);
for (const button of document.querySelectorAll("[data-cancel]")) {
  button.addEventListener("click", () => request?.abort());
}
for (const button of document.querySelectorAll("[data-start-again]")) {
  button.addEventListener("click", () => (request ? request.abort() : toPassword()));
}

start();
