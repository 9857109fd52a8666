// What the demo page does with the tokens once somebody is signed in: it keeps them in a session.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { inspect, launch, openPage } from "../support/browser.mjs";
import { CLIENT_ID, startLocalCognito } from "../support/local-cognito.mjs";
import { newUser, Person, until } from "./person.mjs";

describe("the session of the demo page", () => {
  let server;
  let browser;

  before(async () => {
    server = await startLocalCognito();
    browser = await launch();
  });
  after(() => Promise.all([server?.stop(), browser?.close()]));

  // A person who is signed in, the tokens of each reply, and the operations that were asked for.
  async function signedIn(t, expected) {
    const [user, page] = await Promise.all([newUser(server), openPage(t, browser, server.url, expected)]);
    const person = new Person(page, user);
    const tokens = [];
    const operations = [];
    await page.route(server.url, async (route) => {
      const request = route.request();
      if (request.method() !== "POST") return route.continue();
      operations.push(request.headers()["x-amz-target"].split(".")[1]);
      const response = await route.fetch();
      const { AuthenticationResult } = await response.json();
      if (AuthenticationResult) tokens.push(AuthenticationResult);
      return route.fulfill({ response });
    });
    // Before the page sets its alarm, so that a test can let an hour pass.
    await page.clock.install();
    await person.reachCode();
    await person.giveCode(await person.readCode());
    await person.isSignedIn();
    return { person, page, tokens, operations };
  }

  const freshness = (page) => page.locator("#freshness").innerText();
  const refresh = (page) => page.getByRole("button", { name: "Refresh the tokens" }).click();
  const signOut = (page) => page.getByRole("button", { name: "Sign out" }).click();
  const renew = (token) => server.call("GetTokensFromRefreshToken", { RefreshToken: token, ClientId: CLIENT_ID });

  test("the tokens are refreshed ahead of time, and on request, and the page says so", async (t) => {
    const { person, page, tokens, operations } = await signedIn(t);
    assert.equal(await freshness(page), "The session refreshes the tokens before that.");
    const issued = await person.cell("jti");
    const asked = operations.length;
    await page.clock.fastForward("40:00");
    assert.equal(operations.length, asked, "refreshed too early");
    await page.clock.fastForward("15:00");
    await until(async () => (await freshness(page)).startsWith("Refreshed once, last at "));
    assert.deepEqual(operations.slice(asked), ["GetTokensFromRefreshToken"]);
    assert.notEqual(await person.cell("jti"), issued);
    await refresh(page);
    await until(async () => (await freshness(page)).startsWith("Refreshed 2 times, last at "));
    assert.equal(tokens.length, 3);
    await inspect(page, "15-refreshed");
  });

  test("a sign-out revokes the refresh token", async (t) => {
    const { person, page, tokens, operations } = await signedIn(t);
    const [{ RefreshToken }] = tokens;
    await renew(RefreshToken);
    await signOut(page);
    await person.sees("heading", "Sign in");
    await until(() => operations.at(-1) === "RevokeToken");
    await assert.rejects(until(() => renew(RefreshToken).then(() => false)), /NotAuthorizedException/);
    assert.equal(await page.locator(".notice:visible").count(), 0);
    for (const { AccessToken, IdToken } of tokens) {
      for (const token of [AccessToken, IdToken]) assert.ok(!(await page.content()).includes(token));
    }
  });

  test("a reload forgets the tokens", async (t) => {
    const { person, page } = await signedIn(t);
    await page.reload();
    await person.sees("heading", "Sign in");
    assert.ok(await page.locator("#signed-in-screen").isHidden());
  });

  test("a session that was ended elsewhere ends here when the pool says so", async (t) => {
    const { person, page, tokens } = await signedIn(t, { refusals: 1 });
    await server.call("GlobalSignOut", { AccessToken: tokens[0].AccessToken });
    await refresh(page);
    await person.isTold("You have been signed out. Please sign in again.");
    await person.sees("heading", "Sign in");
    assert.equal(await page.locator("#claims tr").count(), 0, "the claims stay on the page");
  });

  test("trouble on the way ends nothing, and a sign-out that the pool missed is said", async (t) => {
    const { person, page } = await signedIn(t, { lost: 6 });
    await page.route(server.url, (route) => route.abort("connectionreset"));
    await refresh(page);
    await person.isTold("The sign-in service cannot be reached.");
    await person.isSignedIn();
    await inspect(page, "16-refresh-failed");
    await signOut(page);
    await person.isTold("You are signed out here, but the sign-in service could not be told");
    await person.sees("heading", "Sign in");
  });
});
