// One person who signs in once, and writes down what the client tells.

import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { CLIENT_ID, POOL_ID } from "../support/local-cognito.mjs";
import { codeIn } from "../support/mail.mjs";
import { nearMisses } from "./passwords.mjs";
import { PATIENCE_MS } from "./wire.mjs";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const PACKAGE = path.resolve(process.env.PACKAGE ?? path.join(ROOT, "target/npm"));
const { Cognito, CognitoError } = await import(pathToFileURL(path.join(PACKAGE, "dist/index.js")));

/** Long enough for whoever is not late on purpose. */
const TIMEOUT_MS = 60_000;

export class Person {
  /** What the client has told, as `scenes.mjs` writes it. */
  told = [];

  #account;
  #place;
  #cognito;
  #step;
  #kept;
  #leaving = new AbortController();
  #leavesAt;
  // The last request of each name, as it went out.
  #sent = new Map();

  /**
   * @param {{ username: string, password: string }} account
   * @param {{ server: object, wire: import("./wire.mjs").Wire, draw: () => number }} place
   * @param {object} [fault] as `Wire.detour` takes it
   */
  constructor(account, place, fault) {
    this.#account = account;
    this.#place = place;
    this.#cognito = new Cognito({
      userPoolId: POOL_ID,
      clientId: CLIENT_ID,
      endpoint: fault ? place.wire.detour(fault) : place.server.url,
      timeoutMs: fault?.how === "late" ? PATIENCE_MS : TIMEOUT_MS,
      fetch: (request) => this.#send(request),
    });
  }

  begin() {
    return this.#signIn(this.#account);
  }

  beginWithNearMiss() {
    const misses = nearMisses(this.#account.password);
    const password = misses[Math.floor(this.#place.draw() * misses.length)];
    return this.#signIn({ ...this.#account, password });
  }

  beginAsNobody() {
    return this.#signIn({ ...this.#account, username: `nobody-${this.#account.username}` });
  }

  /** The same person, in another tab, writing into the same list. */
  openTab() {
    const tab = new Person(this.#account, this.#place);
    tab.told = this.told;
    return tab;
  }

  async answer(code) {
    this.#note(await this.#step.answer(code, { signal: this.#leaving.signal }));
  }

  /** Clicks twice: the second click is told so before the first is through. */
  async answerTwice(code) {
    const first = this.answer(code);
    await this.tries(() => this.#step.answer(code));
    const answered = this.#step;
    await first;
    this.#step = answered;
  }

  async resend() {
    this.#note(await this.#step.resend());
  }

  async mailedCode() {
    const mails = await this.#place.server.mails(this.#account.username);
    return codeIn(mails.at(-1).text);
  }

  async keepCode() {
    this.#kept = await this.mailedCode();
  }

  answerKept() {
    return this.answer(this.#kept);
  }

  /** Goes away as soon as a request of this name is on its way. */
  leavesAt(name) {
    this.#leavesAt = name;
  }

  /** Somebody else sends a request of this person's once more, as it was. */
  async replay(name) {
    const { target, body } = this.#sent.get(name);
    const { text } = await this.#place.wire.send(target, body);
    this.told.push(JSON.parse(text).__type ?? "taken");
  }

  /** Does it, and goes on whatever comes of it. */
  async tries(act) {
    try {
      await act();
    } catch (error) {
      // What is no error of the client's was due nowhere.
      this.told.push(error instanceof CognitoError ? error.code : `unexpected ${error}`);
    }
  }

  async #signIn({ username, password }) {
    this.#note(await this.#cognito.signIn({ username, password, signal: this.#leaving.signal }));
  }

  async #send(request) {
    const body = await request.clone().text();
    const target = request.headers.get("x-amz-target");
    const name = JSON.parse(body).ChallengeName ?? target.split(".")[1];
    this.#sent.set(name, { target, body });
    const reply = this.#place.wire.fetch(request);
    if (name === this.#leavesAt) this.#leaving.abort();
    return reply;
  }

  #note(step) {
    this.#step = step;
    this.told.push(this.#wordsFor(step));
  }

  #wordsFor(step) {
    if (step.kind === "signedIn") {
      return step.user.email === this.#account.username ? "signed in" : `signed in as ${step.user.email}`;
    }
    if (step.kind !== "code") return step.kind;
    const how = step.wrong ? "code wrong" : step.sent ? "code sent" : "code";
    return `${how}, ${step.attemptsLeft} left`;
  }
}
