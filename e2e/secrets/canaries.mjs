// Secrets that are unlike anything else, and the search for them in what somebody could read.

import { inspect } from "node:util";

/** The fields of requests and replies that hold some. */
const FIELDS = [
  "ANSWER", "DEVICE_KEY", "NEW_PASSWORD", "PASSWORD", "PASSWORD_CLAIM_SECRET_BLOCK", "PASSWORD_CLAIM_SIGNATURE",
  "REFRESH_TOKEN", "SOFTWARE_TOKEN_MFA_CODE", "SRP_A", "AccessToken", "ConfirmationCode", "IdToken", "Password",
  "PasswordVerifier", "PreviousPassword", "ProposedPassword", "RefreshToken", "SecretCode", "Session", "UserCode",
];
const EVERYTHING = { depth: Infinity, showHidden: true, getters: true, maxStringLength: Infinity, maxArrayLength: Infinity };

export class Canaries {
  /** What must not show, by the name that the failure of a test may print. */
  #secrets = new Map();
  #shown = [];

  get size() {
    return this.#secrets.size;
  }

  /** All that the client said, in all its depth. */
  get shown() {
    return this.#shown.join("\n");
  }

  has(name) {
    return this.#secrets.has(name);
  }

  add(name, secret) {
    this.#secrets.set(name, secret);
    return secret;
  }

  /** A `fetch` that gives away, to this test alone, what goes over the wire. */
  fetch = async (request) => {
    this.remember(await request.clone().json());
    const response = await fetch(request);
    this.remember(await response.clone().json().catch(() => ({})));
    return response;
  };

  /** Keeps all that can be printed of an outcome, and passes it on. */
  async show(promise) {
    const outcome = await promise.catch((error) => error);
    for (let error = outcome; error instanceof Error; error = error.cause) this.#shown.push(String(error.stack), error.message);
    this.#shown.push(inspect(outcome, EVERYTHING), String(outcome), JSON.stringify(outcome) ?? "");
    return outcome;
  }

  /** The names of the secrets that a text shows, in any of their forms. */
  leaks(text) {
    const found = (secret) => forms(secret).some((form) =>
      // Six digits by chance are part of many a longer number.
      /^\d+$/.test(form) ? new RegExp(`(?<!\\d)${form}(?!\\d)`).test(text) : text.includes(form));
    const names = [...this.#secrets].filter(([, secret]) => found(secret)).map(([name]) => name);
    return [...new Set(names)];
  }

  /** Takes what is secret in a request or a reply. */
  remember(value) {
    for (const [name, member] of Object.entries(value ?? {})) {
      if (typeof member === "object") this.remember(member);
      else if (FIELDS.includes(name)) this.#addOnce(name, String(member));
    }
  }

  #addOnce(name, secret) {
    // The word that asks for a new code is none.
    if (secret.length < 6 || secret === "resend" || [...this.#secrets.values()].includes(secret)) return;
    this.add(`${name} ${this.size}`, secret);
    // A log may show the end alone.
    const parts = secret.split(".");
    if (parts.length === 3) this.add(`${name}'s signature ${this.size}`, parts[2]);
  }
}

export function forms(secret) {
  const bytes = Buffer.from(secret);
  const base64 = bytes.toString("base64").replace(/=+$/, "").slice(0, -1);
  return [secret, bytes.toString("hex"), base64, encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1)];
}
