// The packed package where nothing but a precompiled WebAssembly.Module is allowed.

import assert from "node:assert/strict";
import { EdgeVM } from "@edge-runtime/vm";
import { build } from "esbuild";
import { readFile, readdir } from "node:fs/promises";
import path from "node:path";
import { after, before, describe, test } from "node:test";
import { startLocalCognito } from "../support/local-cognito.mjs";
import { poolOf, signInFor } from "./support/conversation.mjs";
import { Workshop } from "./support/project.mjs";
import { startWorkerd } from "./support/workerd.mjs";

describe("the packed package at the edge", () => {
  let server;
  let workshop;
  let project;

  before(async () => {
    [server, workshop] = await Promise.all([startLocalCognito(), Workshop.open()]);
    project = await workshop.project("app", "app", "edge");
  });
  after(() => Promise.all([server?.stop(), workshop?.close()]));

  for (const condition of ["workerd", "edge-light"]) {
    test(`a bundle with the condition ${condition} has no wasm in its text, and names it once`, async () => {
      const out = await bundle(condition, "esm");
      const names = await readdir(out);
      assert.deepEqual(names.map((name) => name.replace(/-[A-Z0-9]+\.wasm$/, ".wasm")).sort(),
        ["account-core_bg.wasm", "core_bg.wasm", "server.js"]);
      const text = await readFile(path.join(out, "server.js"), "utf8");
      // How the bytes of every module begin, in base64.
      assert.ok(!text.includes("AGFzbQ"));
      assert.equal(text.match(/import .* from "\.\/[a-z_-]+-[A-Z0-9]+\.wasm/g).length, 2);
    });
  }

  test("in workerd it signs in", async (t) => {
    const workerd = await startWorkerd(await bundle("workerd", "esm"));
    t.after(() => workerd.stop());
    await signInFor(server, async (method, argument) => {
      const body = JSON.stringify({ method, argument, pool: poolOf(server) });
      const reply = await fetch(workerd.url, { method: "POST", body });
      assert.equal(reply.status, 200, workerd.log());
      return reply.json();
    });
    assert.equal(workerd.log(), "");
  });

  // Next.js runs its edge functions in this sandbox, hands them their modules compiled, and lets them
  // compile nothing.
  test("in the edge runtime of Next.js, which refuses to compile bytes, it signs in", async () => {
    const out = await bundle("edge-light", "cjs");
    const vm = new EdgeVM({ codeGeneration: { strings: false, wasm: false } });
    const modules = {};
    for (const name of (await readdir(out)).filter((name) => name.endsWith(".wasm"))) {
      modules[`./${name}`] = await WebAssembly.compile(await readFile(path.join(out, name)));
    }
    const bytes = "new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0])";
    await assert.rejects(vm.evaluate(`WebAssembly.compile(${bytes})`), { name: "CompileError" });
    await assert.rejects(vm.evaluate(`WebAssembly.instantiate(${bytes})`), { name: "CompileError" });
    const program = await readFile(path.join(out, "server.js"), "utf8");
    const { respond } = vm.evaluate(`(require) => { const module = { exports: {} };\n${program}\nreturn module.exports; }`)(
      (name) => modules[name.replace("?module", "")],
    );
    const { Request } = vm.context;
    await signInFor(server, async (method, argument) => {
      const body = JSON.stringify({ method, argument, pool: poolOf(server) });
      const reply = await respond(new Request("http://edge/", { method: "POST", body }));
      assert.equal(reply.status, 200);
      return reply.json();
    });
  });

  // As these servers' own tools do: wasm is a file beside the bundle.
  async function bundle(condition, format) {
    const out = workshop.path(`${condition}-${format}`);
    const { warnings } = await build({
      absWorkingDir: project,
      entryPoints: ["server.js"],
      bundle: true,
      format,
      conditions: [condition, "worker", "browser"],
      loader: { ".wasm": "copy" },
      outdir: out,
      logLevel: "silent",
    });
    assert.deepEqual(warnings, []);
    return out;
  }
});
