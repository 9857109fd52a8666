// A person in front of the custom element, on the page of somebody else's, before local-cognito.

import assert from "node:assert/strict";
import { inspect, launch, openPage } from "./browser.mjs";
import { startElementSite } from "./element-site.mjs";
import { CLIENT_ID, POOL_ID, startLocalCognito } from "./local-cognito.mjs";
import { codeIn } from "./mail.mjs";
import { newUser } from "../browser/person.mjs";

const TIMEOUT_MS = 6_000;

/** Starts everything that the tests of one file need. */
export async function startStage() {
  const [server, browser] = await Promise.all([startLocalCognito(), launch()]);
  return new Stage(server, browser, await startElementSite(server.url, FILES));
}

class Stage {
  constructor(server, browser, site) {
    Object.assign(this, { server, browser, site });
  }

  async stop() {
    await this.site.stop();
    await Promise.all([this.server.stop(), this.browser.close()]);
  }

  /** The attributes for the seeded pool, and more. */
  attributes(more) {
    return { "user-pool-id": POOL_ID, "client-id": CLIENT_ID, endpoint: this.site.url, ...more };
  }

  /** Opens the page with an element for a pool, the seeded one if there is none. */
  async visit(t, { expected, attributes } = {}) {
    const page = await openPage(t, this.browser, this.site.url, expected);
    page.setDefaultTimeout(TIMEOUT_MS);
    await page.evaluate((attributes) => show(attributes), this.attributes(attributes));
    return new Visitor(page);
  }

  /** Brings a person of the seeded pool in front of the field for the code. */
  async visitCode(t, options) {
    const [user, visitor] = await Promise.all([newUser(this.server), this.visit(t, options)]);
    await visitor.givePassword(user);
    await visitor.sees("Check your email");
    return { user, visitor, newestCode: () => this.newestCode(user) };
  }

  async newestCode({ username }) {
    return codeIn((await this.server.mails(username)).at(-1).text);
  }

  /** Lets seconds go by, for the server and for the page. */
  async pass({ page }, seconds) {
    await this.server.advance(seconds);
    await page.evaluate((seconds) => {
      const now = Date.now.bind(Date);
      Date.now = () => now() + seconds * 1000;
    }, seconds);
  }
}

/** Looks at a state as at every page, and has axe-core find nothing at all, however slight. */
export async function look(page, state, only) {
  await inspect(page, state, only);
  const { violations } = await page.evaluate(() => axe.run(document));
  assert.deepEqual(violations.map(({ id, nodes }) => `${id}: ${nodes[0].html}`), []);
}

class Visitor {
  constructor(page) {
    this.page = page;
    this.username = page.getByLabel("Email or user name");
    this.password = page.getByLabel("Password", { exact: true });
    this.code = page.getByLabel("Code", { exact: true });
  }

  async givePassword({ username, password }) {
    await this.username.fill(username);
    await this.password.fill(password);
    await this.press("Continue");
  }

  press(name) {
    return this.page.getByRole("button", { name, exact: true }).click();
  }

  sees(heading) {
    return this.page.getByRole("heading", { name: heading }).waitFor();
  }

  isTold(sentence) {
    return this.page.getByRole("alert").filter({ hasText: sentence }).waitFor();
  }

  /** What the focus is on, by its label or text. */
  focused() {
    return this.page.evaluate(() => {
      const { activeElement: focused } = document;
      return focused.labels?.[0]?.textContent ?? focused.textContent;
    });
  }

  /** What a screen reader says after a field's name. */
  described(field) {
    return field.evaluate((input) =>
      input.getAttribute("aria-describedby").split(" ").map((id) => document.getElementById(id).textContent).join(" "));
  }

  paste(text) {
    return this.code.evaluate((input, text) => {
      input.focus();
      document.execCommand("insertText", false, text);
    }, text);
  }

  told() {
    return this.page.evaluate(() => events);
  }
}

const FILES = {
  "/": `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>A page with the element</title>
<link rel="stylesheet" href="/page.css">
<script type="module" src="/page.js"></script>
<main><h1>Example</h1></main>
</html>`,
  "/late": `<!doctype html>
<html lang="de">
<meta charset="utf-8">
<title>A page that defines the element late</title>
<script type="module" src="/late.js"></script>
<main><cognito-sign-in>Loading…</cognito-sign-in></main>
</html>`,
  "/late.js": `
import { Cognito } from "/pkg/index.js";
import { defineSignIn } from "/pkg/element.js";
globalThis.element = document.querySelector("cognito-sign-in");
globalThis.cognito = new Cognito({ userPoolId: "${POOL_ID}", clientId: "${CLIENT_ID}", endpoint: new URL("/", location.href).href });
Object.assign(element, { cognito, words: { signIn: "Willkommen" } });
defineSignIn();
`,
  "/page.css": `
:root { color-scheme: light dark; }
body { margin: 0; padding: clamp(1rem, 5vw, 4rem); font: 1rem/1.5 system-ui, sans-serif; background: light-dark(#f4f6f9, #10151d); }
main { max-width: 28rem; margin: auto; }
h1 { margin: 0 0 1.25rem; font-size: 1.125rem; }
`,
  "/page.js": `
import { defineSignIn } from "/pkg/element.js";
defineSignIn();
globalThis.events = [];
globalThis.show = (attributes) => {
  const element = document.createElement("cognito-sign-in");
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  for (const type of ["step", "signed-in", "sign-in-error"]) {
    document.addEventListener(type, ({ detail }) => events.push({
      type, kind: detail.kind, code: detail.code, email: detail.user?.email, kept: globalThis.session?.state.kind,
    }));
  }
  document.querySelector("main").append(element);
  globalThis.element = element;
};
globalThis.keepInSession = async () => {
  const [{ Cognito }, { openSession }] = await Promise.all([import("/pkg/index.js"), import("/pkg/session.js")]);
  const { settings } = new Cognito({ userPoolId: element.getAttribute("user-pool-id"), clientId: element.getAttribute("client-id"), endpoint: location.href });
  globalThis.cognito = new Cognito(settings);
  globalThis.session = element.session = openSession(cognito);
};
globalThis.ready = true;
`,
};
