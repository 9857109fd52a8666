// The screen after the sign-in: who it is, how fresh the tokens are, what the ID token says, and how long it took.

import { show } from "./screens.js";

const screen = document.getElementById("signed-in-screen");
const signedInAs = document.getElementById("signed-in-as");
const freshness = document.getElementById("freshness");
const timings = document.getElementById("timings");
const claims = document.getElementById("claims");

// The claims that hold seconds since 1970; a person wants the date.
const TIMES = new Set(["auth_time", "exp", "iat"]);

let refreshes = 0;

/**
 * Shows who has signed in.
 *
 * @param {import("/pkg/session.js").SignedInState} state
 * @param {{ name: string, milliseconds: number }[]} laps
 */
export function showSignedInScreen(state, laps) {
  refreshes = 0;
  showTokens(state);
  timings.replaceChildren(...laps.map(({ name, milliseconds }) => row(name, `${Math.round(milliseconds)} ms`)));
  for (const line of timings.rows) line.lastElementChild.className = "number";
  show("signed-in");
  screen.querySelector("h2").focus();
}

/** Shows that the session has refreshed the tokens, while the screen is there. */
export function showRefreshed(state) {
  if (screen.hidden) return;
  refreshes += 1;
  showTokens(state);
}

/** Takes the person's data off the page. */
export function leaveSignedInScreen() {
  signedInAs.textContent = "";
  freshness.textContent = "";
  timings.replaceChildren();
  claims.replaceChildren();
}

function showTokens({ user, expiresAt }) {
  signedInAs.textContent = `As ${user.email ?? user.username}. The access token is valid until ${timeOf(expiresAt)}.`;
  freshness.textContent = refreshes === 0
    ? "The session refreshes the tokens before that."
    : `Refreshed ${refreshes === 1 ? "once" : `${refreshes} times`}, last at ${timeOf(new Date())}.`;
  claims.replaceChildren(...Object.entries(user.claims).map(([name, value]) => row(name, readable(name, value))));
}

function row(name, value) {
  const line = document.createElement("tr");
  const heading = document.createElement("th");
  const cell = document.createElement("td");
  heading.scope = "row";
  heading.textContent = name;
  cell.textContent = value;
  line.append(heading, cell);
  return line;
}

function readable(name, value) {
  if (TIMES.has(name) && typeof value === "number") {
    return `${value} (${new Date(value * 1000).toLocaleString()})`;
  }
  return typeof value === "string" ? value : JSON.stringify(value);
}

function timeOf(date) {
  return date.toLocaleTimeString([], { hour: "2-digit", minute: "2-digit", second: "2-digit" });
}
