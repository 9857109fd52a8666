// The demo page, and the packed package in a page and in a worker under a strict policy: the same in
// every engine.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, before, describe, test } from "node:test";
import { newUser } from "../browser/person.mjs";
import { poolOf, signInFor } from "../bundlers/support/conversation.mjs";
import { Workshop } from "../bundlers/support/project.mjs";
import { serve } from "../bundlers/support/site.mjs";
import { startElementSite } from "../support/element-site.mjs";
import { startLocalCognito } from "../support/local-cognito.mjs";
import { codeIn, wrong } from "../support/mail.mjs";
import { engines } from "./support/engines.mjs";

test("Chromium is here at least", () => assert.equal(engines[0]?.name, "Chromium"));

for (const { name, agent, start } of engines) {
  describe(`signing in with ${name}`, () => {
    let server;
    let workshop;
    let site;
    let browser;

    before(async () => {
      server = await startLocalCognito();
      workshop = await Workshop.open();
      browser = await start();
      const entries = await readFile(new URL("package.js", import.meta.url), "utf8");
      const project = await workshop.project("app", "app", { "package.js": entries });
      site = await serve(project, { "content-security-policy": policy("'self' 'wasm-unsafe-eval'") });
    });
    after(() => Promise.all([browser?.stop(), site?.stop(), server?.stop(), workshop?.close()]));

    const policy = (scripts) =>
      `default-src 'none'; script-src ${scripts}; worker-src 'self'; connect-src ${server.url}; img-src data:`;

    async function openApp(address, options = {}) {
      const tab = await browser.open(`${address}?${new URLSearchParams({ ...poolOf(server), ...options })}`);
      await tab.until(() => globalThis.app !== undefined);
      return tab;
    }

    const call = (tab, place) => (method, argument) =>
      tab.run((place, method, argument) => app[place](method, argument), place, method, argument ?? null);

    test(`${name}: it is what it is taken for`, async () => {
      const tab = await browser.open(site.url);
      assert.match(await tab.run(() => navigator.userAgent), agent);
    });

    test(`${name}: the demo page: a wrong code, a new one, the right one`, async () => {
      const user = await newUser(server);
      const tab = await browser.open(server.url);
      const heading = (text) => tab.until((text) =>
        [...document.querySelectorAll("h2")].some((heading) => heading.checkVisibility() && heading.textContent.includes(text)), text);
      const notice = (text) => tab.until((text) =>
        [...document.querySelectorAll(".notice")].some((notice) => notice.checkVisibility() && notice.textContent.includes(text)), text);
      const code = async (count) => codeIn((await mails(user, count)).at(-1).text);

      await heading("Sign in");
      await tab.type("#username", user.username);
      await tab.type("#password", user.password);
      await tab.click("#password-screen button[type=submit]");
      await heading("Check your email");
      await tab.type("#code", wrong(await code(1)));
      await tab.click("#code-screen button[type=submit]");
      await notice("That is not the code.");
      await server.advance(31);
      await later(tab, 31);
      await tab.until(() => document.querySelector("#resend").getAttribute("aria-disabled") !== "true");
      await tab.click("#resend");
      await notice("A new code is on its way.");
      await tab.type("#code", await code(2));
      await tab.click("#code-screen button[type=submit]");
      await heading("You are signed in");
      assert.match(await tab.run(() => document.querySelector("#claims").textContent), new RegExp(user.username));
    });

    for (const place of ["page", "worker"]) {
      test(`${name}: a ${place} under a strict Content-Security-Policy signs in, refreshes and signs out`, async () => {
        await signInFor(server, call(await openApp(site.url), place));
      });
    }

    test(`${name}: a policy without 'wasm-unsafe-eval' is an error that names it`, async (t) => {
      const strict = await serve(workshop.path("app"), { "content-security-policy": policy("'self'") });
      t.after(() => strict.stop());
      const tab = await openApp(strict.url);
      assert.deepEqual(await call(tab, "page")("prepare"), { error: "wasm_unavailable" });
    });

    test(`${name}: the custom element: the code sends itself, is wrong, and is corrected`, async (t) => {
      const user = await newUser(server);
      const { userPoolId, clientId } = poolOf(server);
      const page = `<!doctype html><html lang="en"><title>Sign in</title><script type="module" src="app.js"></script>
        <cognito-sign-in user-pool-id="${userPoolId}" client-id="${clientId}"></cognito-sign-in></html>`;
      const script = `import { defineSignIn } from "/pkg/element.js";
        addEventListener("signed-in", ({ detail }) => (document.title = "Hello " + detail.user.email));
        document.querySelector("cognito-sign-in").setAttribute("endpoint", location.href);
        defineSignIn();`;
      const elementSite = await startElementSite(server.url, { "/": page, "/app.js": script });
      t.after(() => elementSite.stop());
      const tab = await browser.open(elementSite.url);
      const shows = (selector) => tab.until((selector) => document.querySelector(selector)?.checkVisibility(), selector);
      const code = "input[autocomplete=one-time-code]";

      await shows("input[type=password]");
      await tab.type("input[autocomplete=username]", user.username);
      await tab.type("input[type=password]", user.password);
      await tab.click("cognito-sign-in button[type=submit]");
      await shows(code);
      const right = codeIn((await mails(user, 1)).at(-1).text);
      await tab.type(code, wrong(right));
      await shows(`${code}[aria-invalid=true]`);
      await tab.type(code, right);
      await tab.click("cognito-sign-in button[type=submit]");
      await tab.until((title) => document.title === title, `Hello ${user.username}`);
    });

    test(`${name}: two tabs share a session, one refresh, and the sign-out`, async () => {
      const user = await newUser(server);
      const tabs = [await openApp(site.url, { store: "local" }), await openApp(site.url, { store: "local" })];
      const [first, second] = tabs.map((tab) => call(tab, "page"));
      const isNow = (tab, kind) => tab.until(async (kind) => (await app.page("state")).value === kind, kind);
      await first("signIn", user);
      const { value: step } = await first("answer", codeIn((await mails(user, 1)).at(-1).text));
      assert.equal(step.kind, "signedIn");
      await isNow(tabs[1], "signedIn");
      assert.equal((await second("tokens")).value.accessToken, step.tokens.accessToken);

      // The tokens expire in both tabs, and both ask at once.
      await server.advance(3_700);
      for (const tab of tabs) {
        await later(tab, 3_700);
        await tab.run(() => void (window.asked = app.page("tokens")));
      }
      const replies = await Promise.all(tabs.map((tab) => tab.run(() => window.asked)));
      assert.deepEqual(replies.map(({ error }) => error), [undefined, undefined]);
      const [fresh, other] = replies.map(({ value }) => value.accessToken);
      assert.notEqual(fresh, step.tokens.accessToken);
      assert.equal(other, fresh);

      await second("signOut");
      await isNow(tabs[0], "signedOut");
      assert.equal(await tabs[0].run(() => localStorage.length), 0);
    });

    // Puts the page's clock forward. Firefox runs a driver's scripts beside the page: what is the
    // page's own is reached through `window`.
    const later = (tab, seconds) =>
      tab.run((milliseconds) => {
        const real = window.Date.now;
        window.Date.now = () => real() + milliseconds;
      }, seconds * 1000);

    // Waits for as many mails to a person.
    async function mails({ username }, count) {
      for (let tries = 0; tries < 100; tries += 1) {
        const mails = await server.mails(username);
        if (mails.length >= count) return mails;
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
      throw new Error(`fewer than ${count} mails`);
    }
  });
}
