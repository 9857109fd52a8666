// The packed package in pages and workers, by each bundler without a setting, and without any.

import assert from "node:assert/strict";
import { cp } from "node:fs/promises";
import { after, before, describe, test } from "node:test";
import { launch } from "../support/browser.mjs";
import { startLocalCognito } from "../support/local-cognito.mjs";
import { esbuild } from "./consumers/esbuild.mjs";
import { rollup } from "./consumers/rollup.mjs";
import { vite, viteDev } from "./consumers/vite.mjs";
import { webpack } from "./consumers/webpack.mjs";
import { poolOf, signInFor } from "./support/conversation.mjs";
import { Workshop } from "./support/project.mjs";
import { serve } from "./support/site.mjs";

describe("the packed package in a page and in a worker", () => {
  let server;
  let browser;
  let workshop;
  let project;

  before(async () => {
    server = await startLocalCognito();
    browser = await launch();
    workshop = await Workshop.open();
    project = await workshop.project("app", "app");
  });
  after(() => Promise.all([server?.stop(), browser?.close(), workshop?.close()]));

  for (const build of [vite, webpack, esbuild, rollup]) {
    test(`built by ${build.name}, it signs in`, async (t) => {
      const out = workshop.path(build.name);
      assert.deepEqual(await build(project, out), [], "warnings of the build");
      await signsIn(t, await serve(out));
    });
  }

  test("served by the development server of Vite, it signs in", async (t) => {
    const site = await viteDev(project);
    await signsIn(t, site);
    assert.deepEqual(site.warnings, []);
  });

  test("without a bundler, by an import map, it signs in", async (t) => {
    const plain = workshop.path("plain");
    await cp(project, plain, { recursive: true });
    await cp(new URL("plain/", import.meta.url), plain, { recursive: true });
    await signsIn(t, await serve(plain));
  });

  async function signsIn(t, site) {
    const context = await browser.newContext();
    const complaints = [];
    t.after(async () => {
      await context.close();
      await site.stop();
      // A wrong password is refused with a status that the browser mentions.
      const refused = /^Failed to load resource: the server responded with a status of 400 /;
      assert.deepEqual(complaints.filter((line) => !refused.test(line)), [], "the page complains");
    });
    const page = await context.newPage();
    page.setDefaultTimeout(15_000);
    page.on("pageerror", (error) => complaints.push(`uncaught: ${error.stack || error}`));
    page.on("console", (message) => {
      if (["error", "warning", "assert"].includes(message.type())) complaints.push(message.text());
    });
    await page.goto(`${site.url}?${new URLSearchParams(poolOf(server))}`);
    await page.waitForFunction(() => globalThis.app);
    for (const place of ["page", "worker"]) {
      const call = ([place, method, argument]) => globalThis.app[place](method, argument);
      await signInFor(server, (method, argument) => page.evaluate(call, [place, method, argument]));
    }
  }
});
