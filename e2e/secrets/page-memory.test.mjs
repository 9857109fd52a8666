// The same in a browser: no secret of a sign-in stays in the memory of the core that a page loads.

import assert from "node:assert/strict";
import path from "node:path";
import { test } from "node:test";
import { launch, openPage } from "../support/browser.mjs";
import { startElementSite } from "../support/element-site.mjs";
import { KERNELS, Scan } from "./forms.mjs";
import { Handshake } from "./handshake.mjs";
import { ENDS, reply, SETTINGS } from "./pool.mjs";
import { watch } from "./watched.mjs";

const CORES = new Map(Object.keys(KERNELS).map((core) => [`${core}-inline.js`, core]));

test("no secret stays in the memory of the core that Chromium loads", async (t) => {
  const site = await startElementSite(undefined, { "/": "<!doctype html><title>Page</title>" });
  t.after(() => site.stop());
  const browser = await launch();
  t.after(() => browser.close());
  const { page, core, answerAs } = await visit(t, browser, site);

  await t.test("while it computes, what is searched is there", async () => {
    const handshake = new Handshake();
    await page.evaluate(prepare, { settings: SETTINGS, entropy: [...handshake.a] });
    assert.deepEqual([...new Scan(handshake, core()).find(await memory(page)).keys()], ["a"]);
  });

  for (const [name, end] of Object.entries(ENDS)) {
    await t.test(`none after ${name}`, async () => {
      const handshake = new Handshake();
      answerAs(handshake, end);
      const { abortAt, answer, credentials, options } = end;
      const given = { password: handshake.password, ...credentials };
      const entropy = [...handshake.a];
      const outcome = await page.evaluate(signIn, { settings: { ...SETTINGS, ...options }, given, entropy, answer, abortAt });
      assert.equal(outcome, end.end);
      assert.deepEqual(await new Scan(handshake, core()).findInTheEnd(() => memory(page)), new Map());
    });
  }
});

/** A page, the name of the core that it has loaded, and what sets the pool behind it. */
async function visit(t, browser, site) {
  const ends = Object.values(ENDS).map(({ end }) => end);
  const times = (end) => ends.filter((other) => other === end).length;
  const expected = { refusals: times("bad_credentials"), lost: times("network") };
  const loaded = [];
  let pool;
  const page = await openPage(t, browser, site.url, expected, async (page) => {
    page.on("request", (request) => loaded.push(path.basename(request.url())));
    await page.addInitScript(watch);
    await page.route(site.url, async (route) => {
      if (route.request().method() !== "POST") return route.continue();
      const { handshake, how } = pool;
      const reached = (operation) => operation === how.abortAt && page.evaluate(() => leave());
      const answer = await reply(handshake, how, route.request().postDataJSON(), reached);
      if (!answer) return route.abort("connectionreset");
      // Nobody waits for it any more after an abort.
      return route.fulfill({ json: answer, status: answer.__type ? 400 : 200 }).catch(() => {});
    });
  });
  const core = () => CORES.get(loaded.find((script) => CORES.has(script)));
  return { page, core, answerAs: (handshake, how) => (pool = { handshake, how }) };
}

// These two run in the page.

async function signIn({ settings, given, entropy, answer, abortAt }) {
  const { Cognito } = await import("/pkg/index.js");
  const controller = new AbortController();
  globalThis.leave = () => controller.abort();
  watched.entropy = [entropy];
  watched.onCall = (call) => call === abortAt && leave();
  const cognito = new Cognito({ ...settings, endpoint: location.href });
  const signingIn = cognito.signIn({ username: "user@example.com", signal: controller.signal, ...given });
  const outcome = await signingIn.then((step) => (answer ? step.answer(answer) : step)).catch((error) => error);
  return outcome.code ?? outcome.kind;
}

async function prepare({ settings, entropy }) {
  const { Cognito } = await import("/pkg/index.js");
  watched.entropy = [entropy];
  await new Cognito({ ...settings, endpoint: location.href }).prepare();
}

/** That of every module in the page. */
async function memory(page) {
  const memories = await page.evaluate(() => Promise.all(watched.memories.map(({ buffer }) => new Promise((resolve) => {
    const reader = new FileReader();
    reader.onload = () => resolve(reader.result.split(",")[1]);
    reader.readAsDataURL(new Blob([buffer]));
  }))));
  assert.ok(memories.length > 0, "the page has loaded a module");
  return Buffer.concat(memories.map((base64) => Buffer.from(base64, "base64")));
}
