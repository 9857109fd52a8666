// The packed package in Node, as a project that installed it meets it.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { createRequire } from "node:module";
import path from "node:path";
import { after, before, describe, test } from "node:test";
import { pathToFileURL } from "node:url";
import { startLocalCognito } from "../support/local-cognito.mjs";
import { poolOf, signInFor } from "./support/conversation.mjs";
import { Workshop } from "./support/project.mjs";

describe("the packed package in Node", () => {
  let server;
  let workshop;
  let project;

  before(async () => {
    server = await startLocalCognito();
    workshop = await Workshop.open();
    project = await workshop.project("app", "app");
  });
  after(() => Promise.all([server?.stop(), workshop?.close()]));

  const load = (name) => import(pathToFileURL(path.join(project, name)));

  test("imported, it signs in", async () => {
    const [{ start }, entries] = await Promise.all([load("app.js"), load("package.js")]);
    await signInFor(server, start(entries, poolOf(server)));
  });

  test("required by a CommonJS module, it signs in where Node can, and else names the way", async () => {
    const require = createRequire(path.join(project, "server.cjs"));
    if (!process.features.require_module) {
      assert.throws(() => require("cognito-email-mfa"), { code: "ERR_REQUIRE_ESM" });
      return;
    }
    const names = ["", "/account", "/adopt", "/jwks", "/session"];
    const entries = Object.assign({}, ...names.map((name) => require(`cognito-email-mfa${name}`)));
    const { start } = await load("app.js");
    await signInFor(server, start(entries, poolOf(server)));
  });

  test("the slim entry reads its wasm from disk, and signs in", async () => {
    const require = createRequire(path.join(project, "server.js"));
    const [{ start }, entries, slim] = await Promise.all([
      load("app.js"), load("package.js"), import(pathToFileURL(require.resolve("cognito-email-mfa/slim"))),
    ]);
    await signInFor(server, start({ ...entries, Cognito: slim.Cognito }, poolOf(server)));
  });

  test("an import alone says nothing, adds no global, and lets the program end", async () => {
    const script = `
      const before = Object.getOwnPropertyNames(globalThis).join();
      await import("./package.js");
      if (Object.getOwnPropertyNames(globalThis).join() !== before) throw new Error("a new global");
      process.on("exit", () => console.log("end"));`;
    const { status, stdout, stderr } = spawnSync(process.execPath, ["--input-type=module", "--eval", script], {
      cwd: project,
      encoding: "utf8",
      timeout: 20_000,
    });
    assert.deepEqual({ status, stdout, stderr }, { status: 0, stdout: "end\n", stderr: "" });
  });
});
