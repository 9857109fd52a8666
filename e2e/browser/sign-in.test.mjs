// The demo page in a real browser, on local-cognito with the real triggers: the ways a sign-in can go.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { inspect, launch, openPage } from "../support/browser.mjs";
import { CLIENT_ID, SEEDED_USER, startLocalCognito } from "../support/local-cognito.mjs";
import { wrong } from "../support/mail.mjs";
import { newUser, Person } from "./person.mjs";

describe("signing in on the demo page", () => {
  let server;
  let browser;

  before(async () => {
    server = await startLocalCognito();
    browser = await launch();
  });
  after(() => Promise.all([server?.stop(), browser?.close()]));

  async function visit(t, expected) {
    const [user, page] = await Promise.all([newUser(server), openPage(t, browser, server.url, expected)]);
    return new Person(page, user);
  }

  test("the seeded user, the right code", async (t) => {
    const page = await openPage(t, browser, server.url);
    const person = new Person(page, SEEDED_USER);
    await inspect(page, "1-form");
    await page.getByRole("button", { name: "Fill in" }).click();
    assert.equal(await person.password.inputValue(), SEEDED_USER.password);
    await page.getByRole("button", { name: "Continue" }).click();
    await person.sees("heading", "Check your email");
    const code = await person.readCode();
    await page.getByText("A code of 6 digits was sent to u***@e***.").and(page.locator(":visible")).waitFor();
    assert.match(await page.locator("#validity").innerText(), /^Valid for (3:00|2:5[0-9])$/);
    assert.equal(await page.locator("#attempts").innerText(), "3 tries left");
    assert.equal(await person.password.inputValue(), "", "the password stays in its field");
    assert.ok(await person.code.evaluate((field) => field === document.activeElement));
    await inspect(page, "2-code");

    await person.giveCode(code);
    await person.isSignedIn();
    assert.equal(await person.cell("email"), SEEDED_USER.username);
    assert.equal(await person.cell("token_use"), "id");
    assert.equal(await person.cell("aud"), CLIENT_ID);
    assert.match(await person.cell("iss"), /^http:\/\/127\.0\.0\.1:/);
    assert.match(await person.cell("Password"), /^[0-9]+ ms$/);
    assert.match(await person.cell("Code"), /^[0-9]+ ms$/);
    await inspect(page, "3-signed-in");

    await page.getByRole("button", { name: "Sign out" }).click();
    await person.sees("heading", "Sign in");
    assert.equal(await page.locator("#claims tr").count(), 0, "claims left on the page");
  });

  test("a wrong code, then the right one", async (t) => {
    const person = await visit(t);
    await person.reachCode();
    const code = await person.readCode();
    await person.giveCode(wrong(code));
    await person.isTold("That is not the code.");
    assert.equal(await person.page.locator("#attempts").innerText(), "2 tries left");
    assert.equal(await person.code.getAttribute("aria-invalid"), "true");
    assert.equal(await person.page.evaluate(() => getSelection().toString()), wrong(code), "the field is selected");
    await inspect(person.page, "4-wrong-code");
    await person.giveCode(code);
    await person.isSignedIn();
    assert.match(await person.cell("Code, wrong"), /ms$/);
  });

  test("a new code, without the password", async (t) => {
    const person = await visit(t);
    await person.page.clock.install();
    await person.reachCode();
    const old = await person.readCode();
    await person.newCodeButton.click({ force: true }); // It looks disabled, and a press says why.
    await person.isTold("A new code can be sent in 0:");
    await later(person.page, 31);
    await person.newCodeButton.click();
    await person.isTold("A new code is on its way.");
    const code = await person.readCode();
    assert.notEqual(code, old);
    assert.equal(await person.page.locator("#attempts").innerText(), "3 tries left", "a resend is no wrong answer");
    await inspect(person.page, "5-new-code");
    await person.giveCode(code);
    await person.isSignedIn();
  });

  test("the old code after a new one is refused", async (t) => {
    const person = await visit(t);
    await person.page.clock.install();
    await person.reachCode();
    const old = await person.readCode();
    await later(person.page, 31);
    await person.newCodeButton.click();
    const code = await person.readCode();
    await person.giveCode(old);
    await person.isTold("That is not the code.");
    await person.giveCode(code);
    await person.isSignedIn();
  });

  test("three wrong codes", async (t) => {
    const person = await visit(t, { refusals: 1 });
    await person.reachCode();
    const other = wrong(await person.readCode());
    await person.giveCode(other);
    await person.page.getByText("2 tries left").waitFor();
    await person.giveCode(other);
    await person.page.getByText("1 try left").waitFor();
    await person.giveCode(other);
    await person.isTold("Too many wrong codes, so this sign-in has ended.");
    await person.isTold("code_attempts_exceeded");
    assert.equal(await person.password.inputValue(), "");
    assert.ok(await person.password.evaluate((field) => field === document.activeElement));
    await inspect(person.page, "6-three-wrong-codes");
    await server.advance(31); // One mail in 30 seconds.
    await person.reachCode();
  });

  test("a wrong password, then the right one", async (t) => {
    const person = await visit(t, { refusals: 1 });
    await person.givePassword({ ...person.user, password: "Wrong-Horse-9" });
    await person.isTold("The email address or the password is not right.");
    await person.isTold("bad_credentials");
    assert.deepEqual(await server.mails(person.user.username), []);
    await inspect(person.page, "7-wrong-password");
    await person.reachCode();
  });

  test("an unknown user sees the same as with a wrong password", async (t) => {
    const person = await visit(t, { refusals: 1 });
    const unknown = { username: `nobody-${person.user.username}`, password: person.user.password };
    await person.givePassword(unknown);
    await person.isTold("The email address or the password is not right.");
    await person.isTold("bad_credentials");
    assert.deepEqual(await server.mails(unknown.username), []);
  });

  test("too many wrong passwords", async (t) => {
    const person = await visit(t, { refusals: 6 });
    for (let wrong = 0; wrong < 5; wrong += 1) {
      await person.givePassword({ ...person.user, password: `Wrong-Horse-${wrong}` });
      await person.isTold("bad_credentials");
    }
    await person.givePassword();
    await person.isTold("Too many wrong passwords or codes.");
  });

  test("a code that cannot be mailed", async (t) => {
    const person = await visit(t, { refusals: 1 });
    t.after(() => server.setFaults({}));
    await server.setFaults({ ses: "reject" });
    await person.givePassword();
    await person.isTold("The mail with the code could not be sent.");
    await server.setFaults({});
    await person.reachCode();
  });

  test("starting again in the middle", async (t) => {
    const person = await visit(t);
    await person.reachCode();
    const code = await person.readCode();
    await person.page.getByRole("button", { name: "Start again" }).click();
    await person.sees("heading", "Sign in");
    assert.equal(await person.password.inputValue(), "");
    await person.reachCode();
    assert.equal((await server.mails(person.user.username)).length, 1, "a second sign-in at once shares the code");
    await person.giveCode(code);
    await person.isSignedIn();
  });

  test("offline: nothing is sent and nothing is lost", async (t) => {
    const person = await visit(t, { goesOffline: true });
    await person.setOffline(true);
    await person.givePassword();
    await person.isTold("This device is offline.");
    await inspect(person.page, "8-offline");
    await person.setOffline(false);
    await person.reachCode();
    const code = await person.readCode();
    await person.setOffline(true);
    await person.giveCode(code);
    await person.isTold("This device is offline.");
    await person.setOffline(false);
    await person.giveCode(code);
    await person.isSignedIn();
  });

  test("a code that comes too late", async (t) => {
    const person = await visit(t, { refusals: 1 });
    await person.page.clock.install();
    await person.reachCode();
    const code = await person.readCode();
    await later(person.page, 200);
    await person.page.getByText("No longer valid", { exact: true }).waitFor();
    await inspect(person.page, "9-expired");
    await person.giveCode(code);
    await person.isTold("This sign-in took too long and has ended.");
  });

  // Time goes on for the server and for the page alike.
  async function later(page, seconds) {
    await server.advance(seconds);
    await page.clock.fastForward(seconds * 1000);
  }
});
