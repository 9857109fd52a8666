// What a person does on the demo page, and what they then see.

import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";

/** A user of their own for a test, so that no test meets another's mails or wrong passwords. */
export async function newUser(server) {
  const unique = randomBytes(9).toString("hex");
  const user = { username: `person-${unique}@example.com`, password: `Aa1-${unique}` };
  await server.createUser(user);
  return user;
}

export class Person {
  constructor(page, user) {
    this.page = page;
    this.user = user;
    this.codesRead = 0;
  }

  get password() {
    return this.page.getByLabel("Password", { exact: true });
  }

  get code() {
    return this.page.getByLabel("Code", { exact: true });
  }

  get newCodeButton() {
    return this.page.getByRole("button", { name: "Send a new code" });
  }

  /** Types name and password and presses the button. */
  async givePassword({ username, password } = this.user) {
    await this.page.getByLabel("Email address").fill(username);
    await this.password.fill(password);
    await this.page.getByRole("button", { name: "Continue" }).click();
  }

  /** The same, up to the screen that asks for the code. */
  async reachCode() {
    await this.givePassword();
    await this.sees("heading", "Check your email");
  }

  /** Waits for the next mail beside the form and reads the code in it. */
  async readCode() {
    this.codesRead += 1;
    const mails = this.page.locator("#mails li");
    await mails.nth(this.codesRead - 1).waitFor();
    assert.equal(await mails.count(), this.codesRead, "mails in the inbox");
    const text = await mails.first().locator(".mail-text").innerText();
    const code = /(?<![0-9])[0-9]{6}(?![0-9])/.exec(text)?.[0];
    assert.ok(code, `no code in: ${text}`);
    return code;
  }

  /** Cuts the network or joins it again, and waits until the browser knows. */
  async setOffline(offline) {
    await this.page.context().setOffline(offline);
    await until(() => this.page.evaluate((offline) => navigator.onLine !== offline, offline));
  }

  async giveCode(code) {
    await this.code.fill(code);
    await this.page.getByRole("button", { name: "Confirm" }).click();
  }

  /** Waits until something of this role and name can be seen. */
  async sees(role, name) {
    await this.page.getByRole(role, { name }).waitFor();
  }

  /** Waits for the sentence that says what went wrong or well. */
  async isTold(sentence) {
    await this.page.locator(".notice:visible", { hasText: sentence }).waitFor();
  }

  async isSignedIn() {
    await this.sees("heading", "You are signed in");
  }

  /** The row of a table on the page, by its first cell. */
  async cell(heading) {
    const row = this.page.locator("tbody tr", { has: this.page.getByRole("rowheader", { name: heading, exact: true }) });
    return row.locator("td").innerText();
  }
}

/** Waits until a condition holds that no event tells of. */
export async function until(condition) {
  for (let tries = 0; tries < 250; tries += 1) {
    if (await condition()) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  assert.fail(`waited in vain for ${condition}`);
}
