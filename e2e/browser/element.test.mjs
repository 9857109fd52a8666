// The custom element on somebody else's page: people sign in with it, and things go wrong.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { look, startStage } from "../support/element-stage.mjs";
import { wrong } from "../support/mail.mjs";
import { newUser, until } from "./person.mjs";

const PASSWORD = "Correct-Horse-9";
const LANGUAGES = ["en", "de", "fr", "es", "pt", "ja"];

describe("the custom element", () => {
  let stage;

  before(async () => (stage = await startStage()));
  after(() => stage?.stop());

  test("a person signs in: the code sends itself when it is complete, and the tokens are told and kept", async (t) => {
    const visitor = await stage.visit(t);
    await look(visitor.page, "element-1-sign-in");
    const user = await newUser(stage.server);
    await visitor.page.evaluate(() => keepInSession());
    await visitor.givePassword(user);
    await visitor.sees("Check your email");
    assert.equal(await visitor.focused(), "Code");
    await look(visitor.page, "element-2-code");
    const code = await stage.newestCode(user);
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
    const { visitor, newestCode } = await stage.visitCode(t);
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
    const { user, visitor, newestCode } = await stage.visitCode(t, { expected: { refusals: 1 } });
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
    const { user, visitor, newestCode } = await stage.visitCode(t);
    const first = await newestCode();
    const wait = visitor.page.getByRole("button", { name: /^Send a new code in 0:\d\d$/ });
    assert.equal(await wait.getAttribute("aria-disabled"), "true");
    await wait.click({ force: true });
    await stage.pass(visitor, 31);
    await visitor.press("Send a new code");
    await visitor.page.locator("[data-part=note]", { hasText: "A new code is on its way." }).waitFor();
    assert.equal((await stage.server.mails(user.username)).length, 2);
    await look(visitor.page, "element-6-new-code");
    await visitor.code.fill(first);
    await visitor.isTold("That is not the code.");
    await visitor.code.fill(await newestCode());
    await visitor.press("Confirm");
    await visitor.sees("You are signed in");
  });

  test("a wish for a new code while an answer is on its way is not made, and nothing is said of one", async (t) => {
    const { user, visitor, newestCode } = await stage.visitCode(t);
    const code = wrong(await newestCode());
    await stage.pass(visitor, 31);
    const resend = visitor.page.getByRole("button", { name: "Send a new code", exact: true });
    await resend.waitFor();
    await resend.evaluate((button, code) => {
      const input = button.form.elements.code;
      input.value = code;
      input.dispatchEvent(new Event("input", { bubbles: true }));
      button.click();
    }, code);
    await visitor.isTold("That is not the code.");
    assert.equal(await visitor.page.locator("[data-part=note]").count(), 0);
    assert.equal((await stage.server.mails(user.username)).length, 1);
  });

  test("a code that has expired is said to have, and a new one signs in", async (t) => {
    const { visitor, newestCode } = await stage.visitCode(t);
    const code = await newestCode();
    await stage.pass(visitor, 100); // The pool keeps a sign-in no longer than a code, but from each answer on.
    await visitor.code.fill(wrong(code));
    await visitor.isTold("That is not the code.");
    await stage.pass(visitor, 90);
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
    const [user, visitor] = await Promise.all([newUser(stage.server), stage.visit(t, { expected: { refusals: 1 } })]);
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
    const { visitor, newestCode } = await stage.visitCode(t, { expected: { lost: 1, goesOffline: true } });
    const code = await newestCode();
    await visitor.page.context().setOffline(true);
    await until(() => visitor.page.evaluate(() => !navigator.onLine));
    await visitor.code.fill(code);
    await visitor.isTold("This device is offline.");
    await look(visitor.page, "element-9-offline");
    await visitor.page.context().setOffline(false);
    await until(() => visitor.page.evaluate(() => navigator.onLine));
    let sent = 0;
    await visitor.page.route(stage.site.url, (route) => {
      sent += 1;
      return route.abort("connectionreset");
    });
    await visitor.press("Confirm");
    await visitor.isTold("The connection was lost, so nobody knows what arrived.");
    await visitor.sees("Sign in");
    assert.equal(sent, 1);
  });

  test("a wait is seen, a second press sends nothing, and the sign-in can be given up", async (t) => {
    const { visitor, newestCode } = await stage.visitCode(t);
    const held = [];
    await visitor.page.route(stage.site.url, (route) => void held.push(route));
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

  test("a reload goes on with the code, and storage holds neither password nor token", async (t) => {
    const { user, visitor, newestCode } = await stage.visitCode(t, { attributes: { resume: "" } });
    const kept = await visitor.page.evaluate(() => JSON.stringify({ ...sessionStorage, ...localStorage }));
    assert.ok(kept.includes("challengeName") && !kept.includes(user.password), kept);
    await visitor.page.reload();
    await visitor.page.evaluate((attributes) => show(attributes), stage.attributes({ resume: "" }));
    await visitor.sees("Check your email");
    await visitor.code.fill(wrong(await newestCode()));
    await visitor.isTold("That is not the code.");
    await visitor.page.reload();
    await visitor.page.evaluate((attributes) => show(attributes), stage.attributes({ resume: "" }));
    await visitor.page.getByText("2 tries left").waitFor();
    await visitor.code.fill(await newestCode());
    await visitor.press("Confirm");
    await visitor.sees("You are signed in");
    assert.equal(await visitor.page.evaluate(() => sessionStorage.length + localStorage.length), 0);
  });

  test("whoever works by keyboard alone signs in", async (t) => {
    const [user, visitor] = await Promise.all([newUser(stage.server), stage.visit(t)]);
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
    await keyboard.type(await stage.newestCode(user));
    await visitor.sees("You are signed in");
  });

  test("it speaks the languages of the mails, and words can be replaced", async (t) => {
    const visitor = await stage.visit(t);
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
    const visitor = await stage.visit(t);
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
    const { visitor } = await stage.visitCode(t);
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

  test("a page that takes the element away when its session has the tokens is still told", async (t) => {
    const { visitor, newestCode } = await stage.visitCode(t);
    await visitor.page.evaluate(async () => {
      await keepInSession();
      session.subscribe(() => element.remove());
      globalThis.signedIn = new Promise((resolve) => element.addEventListener("signed-in", ({ detail }) => resolve(detail.kind)));
    });
    await visitor.code.fill(await newestCode());
    assert.equal(await visitor.page.evaluate(() => signedIn), "signedIn");
    assert.equal(await visitor.page.locator("cognito-sign-in").count(), 0);
  });

  test("a page whose session is the element's own may take it away as well", async (t) => {
    const [user, visitor] = await Promise.all([newUser(stage.server), stage.visit(t)]);
    await visitor.page.evaluate(async () => {
      await keepInSession();
      element.session = undefined;
      element.cognito = cognito;
      session.subscribe(() => element.remove());
      globalThis.signedIn = new Promise((resolve) => element.addEventListener("signed-in", ({ detail }) => resolve(detail.kind)));
    });
    await visitor.givePassword(user);
    await visitor.sees("Check your email");
    await visitor.code.fill(await stage.newestCode(user));
    assert.equal(await visitor.page.evaluate(() => signedIn), "signedIn");
    assert.equal(await visitor.page.locator("cognito-sign-in").count(), 0);
  });

  test("in somebody's shadow root it has its looks, and the focus goes along", async (t) => {
    const [user, visitor] = await Promise.all([newUser(stage.server), stage.visit(t)]);
    await visitor.page.evaluate(() => {
      const host = document.createElement("div");
      document.querySelector("main").append(host);
      host.attachShadow({ mode: "open" }).append(element);
      element.querySelector("input").focus();
    });
    await visitor.givePassword(user);
    await visitor.sees("Check your email");
    const seen = await visitor.page.evaluate(() => ({
      focused: element.getRootNode().activeElement.name,
      background: getComputedStyle(element.querySelector("[data-part~=submit]")).backgroundColor,
    }));
    assert.deepEqual(seen, { focused: "code", background: "rgb(47, 79, 208)" });
    await visitor.code.fill(await stage.newestCode(user));
    await visitor.sees("You are signed in");
  });

  test("what was set before the element was defined counts", async (t) => {
    const visitor = await stage.visit(t);
    await visitor.page.goto(`${stage.site.url}late`);
    await visitor.sees("Willkommen");
    assert.equal(await visitor.page.getByText("Loading").count(), 0, "what stood in the element gives way");
    assert.ok(await visitor.page.evaluate(() => element.cognito === cognito && !Object.hasOwn(element, "words")));
    const user = await newUser(stage.server);
    await visitor.page.evaluate((user) => element.start(user), user);
    await visitor.sees("Sehen Sie in Ihre E-Mails");
  });

  test("in a document without shared style sheets, as jsdom's, it signs in without its looks", async (t) => {
    const [user, visitor] = await Promise.all([newUser(stage.server), stage.visit(t)]);
    await visitor.page.evaluate((attributes) => {
      delete Document.prototype.adoptedStyleSheets;
      element.remove();
      show(attributes);
    }, stage.attributes());
    await visitor.givePassword(user);
    await visitor.sees("Check your email");
    await visitor.code.fill(await stage.newestCode(user));
    await visitor.sees("You are signed in");
  });

  test("an element with wrong attributes says that it is not set up", async (t) => {
    const visitor = await stage.visit(t, { attributes: { "user-pool-id": "nonsense" } });
    await visitor.givePassword({ username: "ada", password: PASSWORD });
    await visitor.isTold("Signing in this way is not set up here.");
  });
});
