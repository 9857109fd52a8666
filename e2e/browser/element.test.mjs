// The custom element on somebody else's page: a person signs in with it through every step.

import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { after, before, describe, test } from "node:test";
import { inspect, launch, openPage } from "../support/browser.mjs";
import { startElementSite } from "../support/element-site.mjs";
import { CLIENT_ID, POOL_ID, startLocalCognito } from "../support/local-cognito.mjs";
import { codeIn, wrong } from "../support/mail.mjs";
import { totp } from "../support/totp.mjs";
import { newUser, until } from "./person.mjs";

const PASSWORD = "Correct-Horse-9";
const LANGUAGES = ["en", "de", "fr", "es", "pt", "ja"];

describe("the custom element", () => {
  let server;
  let browser;
  let site;
  let ahead = 0; // How far the server's clock is, in milliseconds.

  before(async () => {
    server = await startLocalCognito();
    browser = await launch();
    site = await startElementSite(server.url, FILES);
  });
  after(async () => {
    await site?.stop();
    await Promise.all([server?.stop(), browser?.close()]);
  });

  const seeded = (more) => ({ "user-pool-id": POOL_ID, "client-id": CLIENT_ID, endpoint: site.url, ...more });

  // The page with an element for a pool, the seeded one if there is none.
  async function visit(t, { expected, attributes } = {}) {
    const page = await openPage(t, browser, site.url, expected);
    page.setDefaultTimeout(6_000);
    await page.evaluate((attributes) => show(attributes), seeded(attributes));
    return new Visitor(page);
  }

  // A person of the seeded pool in front of the field for the code.
  async function visitCode(t, options) {
    const [user, visitor] = await Promise.all([newUser(server), visit(t, options)]);
    await visitor.givePassword(user);
    await visitor.sees("Check your email");
    return { user, visitor, newestCode: async () => codeIn((await server.mails(user.username)).at(-1).text) };
  }

  // Lets seconds go by, for the server and for the page.
  async function pass({ page }, seconds) {
    ahead += seconds * 1000;
    await server.advance(seconds);
    await page.evaluate((seconds) => {
      const now = Date.now.bind(Date);
      Date.now = () => now() + seconds * 1000;
    }, seconds);
  }

  // A pool of its own, with its attributes for the element.
  async function createPool(input, mfa) {
    const ExplicitAuthFlows = ["ALLOW_USER_SRP_AUTH", "ALLOW_USER_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"];
    const { UserPool: { Id } } = await server.call("CreateUserPool", { PoolName: "p", ...input });
    if (mfa) await server.call("SetUserPoolMfaConfig", { UserPoolId: Id, ...mfa });
    const client = await server.call("CreateUserPoolClient", { UserPoolId: Id, ClientName: "c", ExplicitAuthFlows });
    return { Id, attributes: { "user-pool-id": Id, "client-id": client.UserPoolClient.ClientId, flow: "srp" } };
  }

  async function createUser(UserPoolId, { temporary } = {}) {
    const username = `ada-${randomBytes(6).toString("hex")}`;
    await server.call("AdminCreateUser", {
      UserPoolId,
      Username: username,
      TemporaryPassword: "Temporary-1",
      UserAttributes: [{ Name: "email", Value: `${username}@example.com` }, { Name: "email_verified", Value: "true" }],
    });
    if (temporary) return { username, password: "Temporary-1" };
    await server.call("AdminSetUserPassword", { UserPoolId, Username: username, Password: PASSWORD, Permanent: true });
    return { username, password: PASSWORD };
  }

  test("a person signs in: the code sends itself when it is complete, and the tokens are told and kept", async (t) => {
    const visitor = await visit(t);
    await look(visitor.page, "element-1-sign-in");
    const user = await newUser(server);
    await visitor.page.evaluate(() => keepInSession());
    await visitor.givePassword(user);
    await visitor.sees("Check your email");
    assert.equal(await visitor.focused(), "Code");
    await look(visitor.page, "element-2-code");
    const code = codeIn((await server.mails(user.username))[0].text);
    await visitor.paste(`Your code: ${code.slice(0, 3)} ${code.slice(3)}.`);
    await visitor.sees("You are signed in");
    assert.equal(await visitor.focused(), "You are signed in");
    await look(visitor.page, "element-3-signed-in");
    const told = await visitor.told();
    assert.deepEqual(told.map(({ type, kind }) => [type, kind]), [["step", "code"], ["step", "signedIn"], ["signed-in", "signedIn"]]);
    assert.equal(told[2].email, user.username);
    assert.equal(told[2].kept, "signedIn", "the session had the tokens when the page was told");
    assert.ok(await visitor.page.evaluate(async () => (await session.tokens()).accessToken === element.step.tokens.accessToken));
  });

  test("a wrong code is told beside its field, and corrected by hand", async (t) => {
    const { visitor, newestCode } = await visitCode(t);
    const code = await newestCode();
    await visitor.code.fill(wrong(code));
    await visitor.isTold("That is not the code.");
    assert.equal(await visitor.code.getAttribute("aria-invalid"), "true");
    assert.equal(await visitor.described(visitor.code), `A code was sent to p***@e***. That is not the code.`);
    assert.equal(await visitor.focused(), "Code");
    await visitor.page.getByText("2 tries left").waitFor();
    await look(visitor.page, "element-4-wrong-code");
    await visitor.code.fill(code.slice(1));
    await visitor.press("Confirm");
    await visitor.isTold("Enter the 6 digits of the code.");
    await visitor.code.fill(code);
    await visitor.page.waitForTimeout(100);
    assert.ok(!(await visitor.page.evaluate(() => element.pending)), "only the first one sends itself");
    await visitor.press("Confirm");
    await visitor.sees("You are signed in");
  });

  test("three wrong codes lead back to the first form, which says why", async (t) => {
    const { user, visitor, newestCode } = await visitCode(t, { expected: { refusals: 1 } });
    const code = wrong(await newestCode());
    await visitor.code.fill(code);
    for (const left of ["2 tries left", "1 try left"]) {
      await visitor.page.getByText(left).waitFor();
      await visitor.code.fill(code);
      await visitor.press("Confirm");
    }
    await visitor.isTold("Too many wrong codes.");
    await visitor.sees("Sign in");
    assert.equal(await visitor.username.inputValue(), user.username);
    assert.equal(await visitor.password.inputValue(), "");
    assert.equal(await visitor.focused(), "Password");
    await look(visitor.page, "element-5-too-many");
    assert.equal((await visitor.told()).at(-1).code, "code_attempts_exceeded");
  });

  test("a new code can be asked for when the wait is over, and the old one is no longer valid", async (t) => {
    const { user, visitor, newestCode } = await visitCode(t);
    const first = await newestCode();
    const wait = visitor.page.getByRole("button", { name: /^Send a new code in 0:\d\d$/ });
    assert.equal(await wait.getAttribute("aria-disabled"), "true");
    await wait.click({ force: true });
    await pass(visitor, 31);
    await visitor.press("Send a new code");
    await visitor.page.locator("[data-part=note]", { hasText: "A new code is on its way." }).waitFor();
    assert.equal((await server.mails(user.username)).length, 2);
    await look(visitor.page, "element-6-new-code");
    await visitor.code.fill(first);
    await visitor.isTold("That is not the code.");
    await visitor.code.fill(await newestCode());
    await visitor.press("Confirm");
    await visitor.sees("You are signed in");
  });

  test("a code that has expired is said to have, and a new one signs in", async (t) => {
    const { visitor, newestCode } = await visitCode(t);
    const code = await newestCode();
    await pass(visitor, 100); // The pool keeps a sign-in no longer than a code, but from each answer on.
    await visitor.code.fill(wrong(code));
    await visitor.isTold("That is not the code.");
    await pass(visitor, 90);
    await visitor.page.getByText("No longer valid").first().waitFor();
    await visitor.code.fill(code);
    await visitor.press("Confirm");
    await visitor.isTold("That code is no longer valid.");
    await look(visitor.page, "element-7-expired");
    await visitor.press("Send a new code");
    await visitor.page.locator("[data-part=note]").waitFor();
    await visitor.code.fill(await newestCode());
    await visitor.sees("You are signed in");
  });

  test("a wrong password is told, and what was typed can be corrected", async (t) => {
    const [user, visitor] = await Promise.all([newUser(server), visit(t, { expected: { refusals: 1 } })]);
    await visitor.press("Continue");
    await visitor.isTold("Please fill in: Email or user name.");
    assert.equal(await visitor.focused(), "Email or user name");
    await visitor.givePassword({ ...user, password: "Wrong-Horse-9" });
    await visitor.isTold("The name or the password is not right.");
    assert.equal(await visitor.focused(), "Password");
    await look(visitor.page, "element-8-wrong-password");
    await visitor.password.fill(user.password);
    await visitor.page.keyboard.press("Enter");
    await visitor.sees("Check your email");
  });

  test("without a network nothing is sent, and a connection that breaks on the way ends the sign-in", async (t) => {
    const { visitor, newestCode } = await visitCode(t, { expected: { lost: 1, goesOffline: true } });
    const code = await newestCode();
    await visitor.page.context().setOffline(true);
    await until(() => visitor.page.evaluate(() => !navigator.onLine));
    await visitor.code.fill(code);
    await visitor.isTold("This device is offline.");
    await look(visitor.page, "element-9-offline");
    await visitor.page.context().setOffline(false);
    await until(() => visitor.page.evaluate(() => navigator.onLine));
    let sent = 0;
    await visitor.page.route(site.url, (route) => {
      sent += 1;
      return route.abort("connectionreset");
    });
    await visitor.press("Confirm");
    await visitor.isTold("The connection was lost, so nobody knows what arrived.");
    await visitor.sees("Sign in");
    assert.equal(sent, 1);
  });

  test("a wait is seen, a second press sends nothing, and the sign-in can be given up", async (t) => {
    const { visitor, newestCode } = await visitCode(t);
    const held = [];
    await visitor.page.route(site.url, (route) => void held.push(route));
    await visitor.code.fill(await newestCode());
    const busy = visitor.page.getByRole("button", { name: "One moment…" });
    await busy.waitFor();
    await busy.click({ force: true });
    await visitor.page.keyboard.press("Enter");
    await until(() => held.length === 1);
    await look(visitor.page, "element-10-busy");
    assert.equal(held.length, 1);
    await visitor.press("Start again");
    await visitor.sees("Sign in");
    assert.equal(held.length, 1);
  });

  test("a temporary password is replaced, with the attributes that the pool wants", async (t) => {
    const { Id, attributes } = await createPool({ Schema: [{ Name: "given_name", Required: true }] });
    const user = await createUser(Id, { temporary: true });
    const visitor = await visit(t, { attributes, expected: { refusals: 1 } });
    await visitor.givePassword(user);
    await visitor.sees("Choose a new password");
    assert.equal(await visitor.focused(), "New password");
    const field = visitor.page.getByLabel("New password", { exact: true });
    assert.equal(await field.getAttribute("autocomplete"), "new-password");
    await look(visitor.page, "element-11-new-password");
    await field.fill("short");
    await visitor.page.getByLabel("First name").fill("Ada");
    await visitor.press("Save");
    await visitor.isTold("This password was not accepted:");
    await look(visitor.page, "element-12-password-rejected");
    await field.fill(PASSWORD);
    await visitor.page.getByLabel("First name").fill("Ada");
    await visitor.press("Save");
    await visitor.sees("You are signed in");
    assert.equal(await visitor.page.evaluate(() => element.step.user.claims.given_name), "Ada");
  });

  test("an authenticator app is set up, and asked for the next time", async (t) => {
    const mfa = { MfaConfiguration: "ON", SoftwareTokenMfaConfiguration: { Enabled: true } };
    const { Id, attributes } = await createPool({}, mfa);
    const user = await createUser(Id);
    const visitor = await visit(t, { attributes: { ...attributes, issuer: "Example" }, expected: { refusals: 1 } });
    await visitor.givePassword(user);
    await visitor.sees("What would you like to set up?");
    assert.equal(await visitor.focused(), "What would you like to set up?");
    await look(visitor.page, "element-13-choice");
    await visitor.press("Authenticator app");
    await visitor.sees("Set up your authenticator app");
    const secret = (await visitor.page.locator("[data-part=key]").innerText()).replaceAll(" ", "");
    const link = await visitor.page.getByRole("link").getAttribute("href");
    assert.equal(link, `otpauth://totp/Example:${user.username}?secret=${secret}&issuer=Example`);
    await look(visitor.page, "element-14-authenticator");
    await visitor.code.fill("000000");
    await visitor.press("Confirm");
    await visitor.isTold("That is not the code.");
    await visitor.code.fill(totp(secret, Date.now() + ahead));
    await visitor.press("Confirm");
    await visitor.sees("You are signed in");
    await visitor.page.evaluate(() => element.reset());
    await visitor.givePassword(user);
    await visitor.sees("Open your authenticator app");
    await look(visitor.page, "element-15-authenticator-code");
  });

  test("a sign-in by choice: the way is chosen, and the password is asked for when it is needed", async (t) => {
    const { Id, attributes } = await createPool({}, { MfaConfiguration: "OPTIONAL", EmailMfaConfiguration: {} });
    const user = await createUser(Id);
    const visitor = await visit(t, { attributes: { ...attributes, flow: "choice" } });
    assert.equal(await visitor.password.count(), 0);
    await visitor.username.fill(user.username);
    await visitor.press("Continue");
    await visitor.sees("How would you like to sign in?");
    await look(visitor.page, "element-16-first-factor");
    assert.deepEqual(await visitor.page.locator("[data-part~=choice]").allInnerTexts(), ["Password", "Code by email"]);
    await visitor.press("Password");
    await visitor.sees("Enter your password");
    assert.equal(await visitor.focused(), "Password");
    await look(visitor.page, "element-17-password");
    await visitor.press("Back");
    await visitor.sees("How would you like to sign in?");
    await visitor.press("Password");
    await visitor.password.fill(user.password);
    await visitor.press("Continue");
    await visitor.sees("You are signed in");
  });

  test("a passkey is asked for when the person presses the button, and may be refused once", async (t) => {
    const { user, visitor } = await visitInstead(t, {
      ChallengeName: "WEB_AUTHN",
      ChallengeParameters: { CREDENTIAL_REQUEST_OPTIONS: JSON.stringify({ challenge: "AAAA", rpId: "127.0.0.1" }) },
    });
    await visitor.givePassword(user);
    await visitor.sees("Use your passkey");
    await visitor.page.evaluate(() => {
      navigator.credentials.get = () => Promise.reject(new DOMException("no", "NotAllowedError"));
    });
    await look(visitor.page, "element-18-passkey");
    await visitor.press("Use passkey");
    await visitor.isTold("No passkey was used.");
    await visitor.page.evaluate(() => {
      const bytes = new Uint8Array(4).buffer;
      const response = { clientDataJSON: bytes, authenticatorData: bytes, signature: bytes };
      navigator.credentials.get = async () => ({ id: "AAAA", rawId: bytes, type: "public-key", response });
    });
    const [request] = await Promise.all([
      visitor.page.waitForRequest((request) => request.postDataJSON()?.ChallengeName === "WEB_AUTHN"),
      visitor.press("Use passkey"),
    ]);
    assert.match(request.postDataJSON().ChallengeResponses.CREDENTIAL, /"signature":"AAAAAA"/);
  });

  test("another challenge is handed to the page, which may show it and answers it", async (t) => {
    const instead = { ChallengeName: "SOMETHING_NEW", ChallengeParameters: { riddle: "7" } };
    const { user, visitor } = await visitInstead(t, instead);
    await visitor.givePassword(user);
    await visitor.sees("One more step");
    await look(visitor.page, "element-19-other-challenge");
    await visitor.press("Start again");
    await visitor.page.evaluate(() => element.addEventListener("step", (event) => event.preventDefault()));
    await visitor.givePassword(user);
    await until(() => visitor.page.evaluate(() => element.step?.kind === "challenge"));
    assert.equal(await visitor.page.locator("cognito-sign-in form").count(), 0, "the page shows it");
    const [request] = await Promise.all([
      visitor.page.waitForRequest((request) => request.postDataJSON()?.ChallengeName === "SOMETHING_NEW"),
      visitor.page.evaluate(() => void element.step.answer({ ANSWER: "42" })),
    ]);
    assert.equal(request.postDataJSON().ChallengeResponses.ANSWER, "42");
  });

  test("a reload goes on with the code, and storage holds neither password nor token", async (t) => {
    const { user, visitor, newestCode } = await visitCode(t, { attributes: { resume: "" } });
    const kept = await visitor.page.evaluate(() => JSON.stringify({ ...sessionStorage, ...localStorage }));
    assert.ok(kept.includes("challengeName") && !kept.includes(user.password), kept);
    await visitor.page.reload();
    await visitor.page.evaluate((attributes) => show(attributes), seeded({ resume: "" }));
    await visitor.sees("Check your email");
    await visitor.code.fill(wrong(await newestCode()));
    await visitor.isTold("That is not the code.");
    await visitor.page.reload();
    await visitor.page.evaluate((attributes) => show(attributes), seeded({ resume: "" }));
    await visitor.page.getByText("2 tries left").waitFor();
    await visitor.code.fill(await newestCode());
    await visitor.press("Confirm");
    await visitor.sees("You are signed in");
    assert.equal(await visitor.page.evaluate(() => sessionStorage.length + localStorage.length), 0);
  });

  test("whoever works by keyboard alone signs in", async (t) => {
    const [user, visitor] = await Promise.all([newUser(server), visit(t)]);
    const { keyboard } = visitor.page;
    await keyboard.press("Tab");
    await keyboard.type(user.username);
    await keyboard.press("Tab");
    await keyboard.type(user.password);
    await keyboard.press("Tab");
    await keyboard.press("Space");
    assert.equal(await visitor.password.getAttribute("type"), "text");
    await keyboard.press("Tab");
    await keyboard.press("Enter");
    await visitor.sees("Check your email");
    await keyboard.type(codeIn((await server.mails(user.username)).at(-1).text));
    await visitor.sees("You are signed in");
  });

  test("it speaks the languages of the mails, and words can be replaced", async (t) => {
    const visitor = await visit(t);
    const headings = new Set();
    for (const lang of LANGUAGES) {
      await visitor.page.evaluate((lang) => (document.documentElement.lang = element.lang = lang), lang);
      headings.add(await visitor.page.getByRole("heading", { level: 2 }).innerText());
      await look(visitor.page, `element-20-${lang}`, "small-phone-dark");
    }
    assert.equal(headings.size, LANGUAGES.length);
    await visitor.page.evaluate(() => {
      element.lang = "xx";
      element.words = { signIn: "Welcome back" };
    });
    await visitor.sees("Welcome back");
    assert.equal(await visitor.page.evaluate(() => document.activeElement === document.body), true, "the focus is left alone");
    await visitor.username.fill("ada");
    await visitor.page.evaluate(() => (element.words = { signIn: "Hello" }));
    assert.equal(await visitor.username.inputValue(), "ada", "what was typed stays");
    assert.equal(await visitor.focused(), "Email or user name");
  });

  test("the page's rules for bare elements do not mix in, and its colours do", async (t) => {
    const visitor = await visit(t);
    await visitor.page.evaluate(() => {
      const sheet = new CSSStyleSheet();
      sheet.replaceSync("* { margin: 0; padding: 0 } input, button { all: unset } cognito-sign-in { --sign-in-accent: rgb(1, 2, 3) }");
      document.adoptedStyleSheets.unshift(sheet);
    });
    const { background, padding } = await visitor.page.getByRole("button").evaluate((button) => {
      const { backgroundColor: background, paddingLeft: padding } = getComputedStyle(button);
      return { background, padding };
    });
    assert.deepEqual({ background, padding }, { background: "rgb(1, 2, 3)", padding: "18px" });
  });

  test("an element that leaves the page ends its sign-in, and one that is moved does not", async (t) => {
    const { visitor } = await visitCode(t);
    await visitor.page.evaluate(() => document.body.append(element));
    await visitor.sees("Check your email");
    assert.equal(await visitor.page.evaluate(() => element.step.kind), "code");
    assert.equal(await visitor.page.evaluate(async () => {
      element.remove();
      await null;
      return String(element.step);
    }), "undefined");
    await visitor.page.evaluate(() => document.querySelector("main").append(element));
    await visitor.sees("Sign in");
  });

  test("an element with wrong attributes says that it is not set up", async (t) => {
    const visitor = await visit(t, { attributes: { "user-pool-id": "nonsense" } });
    await visitor.givePassword({ username: "ada", password: PASSWORD });
    await visitor.isTold("Signing in this way is not set up here.");
  });

  // What the pool asks for instead of the code.
  async function visitInstead(t, json) {
    const [user, visitor] = await Promise.all([newUser(server), visit(t)]);
    await visitor.page.route(site.url, (route) =>
      route.request().headers()["x-amz-target"]?.endsWith("RespondToAuthChallenge")
        ? route.fulfill({ json: { ...json, Session: "s".repeat(64) } })
        : route.continue());
    return { user, visitor };
  }
});

// Looks at a state as at every page, and has axe-core find nothing at all, however slight.
async function look(page, state, only) {
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
  globalThis.session = element.session = openSession(new Cognito(settings));
};
globalThis.ready = true;
`,
};
