// The custom element where the pool asks for something else than a code by mail.

import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { after, before, describe, test } from "node:test";
import { look, startStage } from "../support/element-stage.mjs";
import { totp } from "../support/totp.mjs";
import { newUser, until } from "./person.mjs";

const PASSWORD = "Correct-Horse-9";

describe("the other steps of the custom element", () => {
  let stage;

  before(async () => (stage = await startStage()));
  after(() => stage?.stop());

  // A pool of its own, with its attributes for the element.
  async function createPool(input, mfa) {
    const ExplicitAuthFlows = ["ALLOW_USER_SRP_AUTH", "ALLOW_USER_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"];
    const { UserPool: { Id } } = await stage.server.call("CreateUserPool", { PoolName: "p", ...input });
    if (mfa) await stage.server.call("SetUserPoolMfaConfig", { UserPoolId: Id, ...mfa });
    const client = await stage.server.call("CreateUserPoolClient", { UserPoolId: Id, ClientName: "c", ExplicitAuthFlows });
    return { Id, attributes: { "user-pool-id": Id, "client-id": client.UserPoolClient.ClientId, flow: "srp" } };
  }

  async function createUser(UserPoolId, { temporary } = {}) {
    const username = `ada-${randomBytes(6).toString("hex")}`;
    await stage.server.call("AdminCreateUser", {
      UserPoolId,
      Username: username,
      TemporaryPassword: "Temporary-1",
      UserAttributes: [{ Name: "email", Value: `${username}@example.com` }, { Name: "email_verified", Value: "true" }],
    });
    if (temporary) return { username, password: "Temporary-1" };
    await stage.server.call("AdminSetUserPassword", { UserPoolId, Username: username, Password: PASSWORD, Permanent: true });
    return { username, password: PASSWORD };
  }

  test("a temporary password is replaced, with the attributes that the pool wants", async (t) => {
    const { Id, attributes } = await createPool({ Schema: [{ Name: "given_name", Required: true }] });
    const user = await createUser(Id, { temporary: true });
    const visitor = await stage.visit(t, { attributes, expected: { refusals: 1 } });
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
    const visitor = await stage.visit(t, { attributes: { ...attributes, issuer: "Example" }, expected: { refusals: 1 } });
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
    await visitor.code.fill(totp(secret));
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
    const visitor = await stage.visit(t, { attributes: { ...attributes, flow: "choice" } });
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
    await visitor.page.evaluate(() => {
      globalThis.refusing = navigator.credentials.get;
      navigator.credentials.get = () => new Promise(() => {});
    });
    await visitor.press("Use passkey");
    await visitor.press("Start again");
    await visitor.page.evaluate(() => (navigator.credentials.get = refusing));
    await visitor.givePassword(user);
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
    await visitor.page.evaluate(() => (element.words = { signIn: "Hello" }));
    assert.equal(await visitor.page.locator("cognito-sign-in form").count(), 0, "and goes on showing it");
    const [request] = await Promise.all([
      visitor.page.waitForRequest((request) => request.postDataJSON()?.ChallengeName === "SOMETHING_NEW"),
      visitor.page.evaluate(() => void element.step.answer({ ANSWER: "42" })),
    ]);
    assert.equal(request.postDataJSON().ChallengeResponses.ANSWER, "42");
  });

  // What the pool asks for instead of the code.
  async function visitInstead(t, json) {
    const [user, visitor] = await Promise.all([newUser(stage.server), stage.visit(t)]);
    await visitor.page.route(stage.site.url, (route) =>
      route.request().headers()["x-amz-target"]?.endsWith("RespondToAuthChallenge")
        ? route.fulfill({ json: { ...json, Session: "s".repeat(64) } })
        : route.continue());
    return { user, visitor };
  }
});
