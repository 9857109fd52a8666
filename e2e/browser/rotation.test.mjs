// Ten tabs on one refresh token that rotates, against local-cognito: what is on the wire at every
// expiry, without the Web Locks, when the tab that holds the lock dies, and when a reply is lost.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { launch } from "../support/browser.mjs";
import { POOL_ID, startLocalCognito } from "../support/local-cognito.mjs";
import { codeIn } from "../support/mail.mjs";

const TABS = 10;
const EXPIRIES = 100;
const LIFE = 300; // The shortest that Cognito has, in seconds.
const PASSWORD = "Correct-Horse-9";

describe("tabs on a pool with rotation", () => {
  let browser;
  let server;
  let people = 0;
  before(async () => ([browser, server] = await Promise.all([launch(), startLocalCognito()])));
  after(() => Promise.all([browser?.close(), server?.stop()]));

  // A context whose pages go by the server's clock, which `expire` moves, and what they have sent.
  async function visit(t, graceSeconds, init = () => {}) {
    const clientId = await rotatingClient(graceSeconds);
    const context = await browser.newContext();
    t.after(() => context.close());
    await context.route("**/tab", (route) => route.fulfill({ contentType: "text/html", body: "<!doctype html><title>Tab</title>" }));
    await context.addInitScript((ahead) => {
      const real = Date.now.bind(Date);
      Date.now = () => real() + ahead + 1000 * Number(localStorage.getItem("later") ?? 0);
    }, await clockAhead());
    await context.addInitScript(init);
    const sent = { operations: [], refused: [] };
    const operation = (request) => request.headers()["x-amz-target"]?.split(".")[1];
    context.on("request", (request) => operation(request) && sent.operations.push(operation(request)));
    context.on("response", (response) => response.status() >= 400 && sent.refused.push(operation(response.request())));
    return { context, clientId, sent, refreshes: () => sent.operations.filter((name) => name === "GetTokensFromRefreshToken").length };
  }

  async function rotatingClient(graceSeconds) {
    const { UserPoolClient } = await server.call("CreateUserPoolClient", {
      UserPoolId: POOL_ID,
      ClientName: "rotating",
      ExplicitAuthFlows: ["ALLOW_CUSTOM_AUTH"],
      AccessTokenValidity: LIFE,
      IdTokenValidity: LIFE,
      TokenValidityUnits: { AccessToken: "seconds", IdToken: "seconds" },
      RefreshTokenRotation: { Feature: "ENABLED", RetryGracePeriodSeconds: graceSeconds },
    });
    return UserPoolClient.ClientId;
  }

  // How far earlier tests have moved the server's clock, in milliseconds.
  async function clockAhead() {
    const reply = await fetch(server.url, { method: "POST", headers: { "x-amz-target": "AWSCognitoIdentityProviderService.GetUser" }, body: "{}" });
    return Math.round((Date.parse(reply.headers.get("date")) - Date.now()) / 1000) * 1000;
  }

  async function openTabs(site, count) {
    const pages = await all(Array.from({ length: count }), async () => {
      const page = await site.context.newPage();
      await page.goto(`${server.url}tab`);
      await page.evaluate(async ({ userPoolId, clientId }) => {
        const { Cognito } = await import("/pkg/index.js");
        const { openSession } = await import("/pkg/session.js");
        globalThis.cognito = new Cognito({ userPoolId, clientId, endpoint: location.origin });
        globalThis.session = openSession(cognito, { store: "local" });
        globalThis.states = [];
        session.subscribe(({ kind }) => states.push(kind));
      }, { userPoolId: POOL_ID, clientId: site.clientId });
      return page;
    });
    await signIn(pages[0]);
    await all(pages, (page) => page.waitForFunction(() => session.state.kind === "signedIn"));
    return pages;
  }

  async function signIn(page) {
    people += 1;
    const username = `tabs${people}@example.com`;
    await server.createUser({ username, password: PASSWORD });
    await page.evaluate(async (credentials) => void (globalThis.step = await cognito.signIn(credentials)), { username, password: PASSWORD });
    const code = codeIn((await server.mails(username)).at(-1).text);
    assert.equal(await page.evaluate(async (code) => (await step.answer(code)).kind, code), "signedIn");
  }

  // One more life is over, at the pool and in all tabs at the same moment.
  async function expire(pages, round) {
    await server.advance(LIFE);
    const later = String(LIFE * round);
    await pages[0].evaluate((later) => localStorage.setItem("later", later), later);
    await all(pages, (page) => page.waitForFunction((later) => localStorage.getItem("later") === later, later));
    return all(pages, tokens);
  }

  const all = (pages, what) => Promise.all(pages.map(what));
  const tokens = (page) => page.evaluate(() => session.tokens());
  async function nobodyIsSignedOut(pages) {
    for (const page of pages) assert.ok(!(await page.evaluate(() => states)).includes("signedOut"));
    const kept = await tokens(pages[0]);
    await server.call("GetUser", { AccessToken: kept.accessToken });
  }

  test(`${TABS} tabs on a real pool with rotation, ${EXPIRIES} expiries: one request each on the wire, nobody signed out`, async (t) => {
    const site = await visit(t, 1);
    const pages = await openTabs(site, TABS);
    for (let round = 1; round <= EXPIRIES; round += 1) {
      const got = await expire(pages, round);
      assert.equal(site.refreshes(), round, `expiry ${round}`);
      assert.equal(new Set(got.map(({ accessToken }) => accessToken)).size, 1, `expiry ${round}`);
    }
    assert.deepEqual(site.sent.refused, []);
    await nobodyIsSignedOut(pages);
  });

  for (const grace of [60, 0]) {
    test(`without the Web Locks, on a real pool with a grace of ${grace} s: nobody is signed out in 10 expiries`, async (t) => {
      const site = await visit(t, grace, () => Object.defineProperty(Navigator.prototype, "locks", { value: undefined }));
      const pages = await openTabs(site, TABS);
      assert.equal(await pages[0].evaluate(() => navigator.locks), undefined);
      for (let round = 1; round <= 10; round += 1) await expire(pages, round);
      t.diagnostic(`${site.refreshes()} refreshes for 10 expiries, ${site.sent.refused.length} refused`);
      assert.ok(site.refreshes() >= 10 && site.refreshes() < 20, `${site.refreshes()} refreshes`);
      await nobodyIsSignedOut(pages);
    });
  }

  test("the tab that holds the lock is killed with its reply: the real pool's grace lets the others go on within 6 s", async (t) => {
    const site = await visit(t, 60);
    const pages = await openTabs(site, 4);
    const arrived = new Promise((resolve) => {
      // The pool rotates, and nobody learns of it.
      pages[0].route("**/*", async (route) => resolve(await route.fetch()));
    });
    await server.advance(LIFE);
    await pages[1].evaluate((later) => localStorage.setItem("later", later), String(LIFE));
    await pages[0].evaluate(() => void session.refresh().catch(() => {}));
    assert.equal((await arrived).status(), 200);
    const others = all(pages.slice(1), tokens);
    await pages[1].waitForTimeout(200);
    const began = performance.now();
    const devtools = await site.context.newCDPSession(pages[0]);
    // It never answers: the process is gone.
    devtools.send("Page.crash").catch(() => {});
    const got = await others;
    const took = performance.now() - began;
    t.diagnostic(`${Math.round(took)} ms`);
    assert.ok(took < 6000, `${took} ms`);
    assert.equal(new Set(got.map(({ accessToken }) => accessToken)).size, 1);
    assert.equal(site.refreshes(), 2, "the one that was lost, and one for all");
    await nobodyIsSignedOut(pages.slice(1));
  });

  test("the tab that holds the lock hangs: on a real pool with a grace period the others go on without it after 5 s", async (t) => {
    const site = await visit(t, 60);
    const pages = await openTabs(site, 4);
    await pages[0].evaluate((name) => void navigator.locks.request(name, () => new Promise(() => {})), `cognito-email-mfa.${POOL_ID}.${site.clientId}.refresh`);
    const began = performance.now();
    await expire(pages.slice(1), 1);
    const took = performance.now() - began;
    t.diagnostic(`${Math.round(took)} ms, ${site.refreshes()} refreshes`);
    assert.ok(took > 4900 && took < 8000, `${took} ms`);
    assert.ok(site.refreshes() >= 1 && site.refreshes() <= 3, `${site.refreshes()} refreshes`);
    assert.deepEqual(site.sent.refused, []);
    await nobodyIsSignedOut(pages.slice(1));
  });
});
