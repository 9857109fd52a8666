// The React entry in StrictMode, bundled with React 18 and with React 19: people sign in for real.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { launch, openPage } from "../support/browser.mjs";
import { startElementSite } from "../support/element-site.mjs";
import { CLIENT_ID, POOL_ID, startLocalCognito } from "../support/local-cognito.mjs";
import { codeIn, wrong } from "../support/mail.mjs";
import { bundleWithReact } from "../support/react-site.mjs";
import { newUser, until } from "./person.mjs";

for (const version of ["18", "19"]) {
  describe(`the hooks with React ${version}`, () => {
    let server;
    let browser;
    let site;

    before(async () => {
      server = await startLocalCognito();
      browser = await launch();
      const script = await bundleWithReact("react-app.jsx", version);
      assert.match(script, new RegExp(`ersion = "${version}\\.`), "another React is in the bundle");
      const page = '<!doctype html><html lang="en"><meta charset="utf-8"><title>React</title><div id="root"></div><script type="module" src="/app.js"></script></html>';
      site = await startElementSite(server.url, { "/": page, "/app.js": script });
    });
    after(async () => {
      await site?.stop();
      await Promise.all([server?.stop(), browser?.close()]);
    });

    // `automatic` are credentials with which the page signs in by an effect.
    async function visit(t, { refusals, automatic } = {}) {
      const requests = [];
      const page = await openPage(t, browser, site.url, { refusals }, async (page) => {
        page.on("request", (request) => {
          const target = request.headers()["x-amz-target"];
          if (target) requests.push(target.split(".")[1]);
        });
        await page.addInitScript((globals) => Object.assign(globalThis, globals), {
          pool: { userPoolId: POOL_ID, clientId: CLIENT_ID }, reactVersion: version, automatic,
        });
      });
      page.setDefaultTimeout(6_000);
      return { page, requests, shows: (id, text) => page.locator(`#${id}`, { hasText: new RegExp(`^${text}$`) }).waitFor() };
    }

    async function givePassword(page, { username, password }) {
      await page.getByLabel("Name").fill(username);
      await page.getByLabel("Password").fill(password);
      await page.getByRole("button", { name: "Continue" }).click();
    }

    async function giveCode(page, code) {
      await page.getByLabel("Code").fill(code);
      await page.getByRole("button", { name: "Confirm" }).click();
    }

    const codeFor = async ({ username }) => codeIn((await server.mails(username)).at(-1).text);

    test("a person signs in, is seen by every component, and signs out", async (t) => {
      const [user, { page, shows, requests }] = await Promise.all([newUser(server), visit(t)]);
      await shows("who", "nobody");
      await givePassword(page, user);
      await shows("kind", "code");
      const code = await codeFor(user);
      await giveCode(page, wrong(code));
      await shows("attempts", "2");
      await shows("error", "none");
      await giveCode(page, "12");
      await shows("error", "invalid_code");
      await shows("kind", "code");
      await giveCode(page, code);
      await shows("kind", "signedIn");
      await shows("who", user.username);
      assert.deepEqual(requests, ["InitiateAuth", ...Array(3).fill("RespondToAuthChallenge")]);
      await page.getByRole("button", { name: "Sign out" }).click();
      await shows("who", "nobody");
    });

    test("an error is a value, and the sign-in can be tried again", async (t) => {
      const [user, { page, shows }] = await Promise.all([newUser(server), visit(t, { refusals: 1 })]);
      await givePassword(page, { ...user, password: "Wrong-Horse-9" });
      await shows("error", "bad_credentials");
      await shows("kind", "none");
      await givePassword(page, user);
      await shows("kind", "code");
      await shows("error", "none");
      await page.getByRole("button", { name: "Reset" }).click();
      await shows("kind", "none");
    });

    test("an effect that runs twice sends one sign-in and one mail", async (t) => {
      const user = await newUser(server);
      const { shows, requests } = await visit(t, { automatic: user });
      await shows("kind", "code");
      assert.deepEqual(requests, ["InitiateAuth", "RespondToAuthChallenge"]);
      assert.equal((await server.mails(user.username)).length, 1);
    });

    test("a component that is unmounted ends its sign-in on the way", async (t) => {
      const [user, { page, shows, requests }] = await Promise.all([newUser(server), visit(t)]);
      const held = [];
      await page.route(site.url, (route) => (route.request().method() === "POST" ? void held.push(route) : route.continue()));
      await givePassword(page, user);
      await until(() => held.length === 1);
      const failed = page.waitForEvent("requestfailed");
      await page.evaluate(() => setShown(false));
      assert.match((await failed).failure().errorText, /ERR_ABORTED/);
      await page.unroute(site.url);
      await page.evaluate(() => setShown(true));
      await shows("kind", "none");
      await shows("error", "none");
      await shows("pending", "false");
      assert.deepEqual(requests, ["InitiateAuth"]);
    });
  });
}
