// The packed package where nothing but a precompiled WebAssembly.Module is allowed.

import assert from "node:assert/strict";
import { EdgeVM } from "@edge-runtime/vm";
import { build } from "esbuild";
import { once } from "node:events";
import { readFile, readdir } from "node:fs/promises";
import { createServer } from "node:http";
import path from "node:path";
import { after, before, describe, test } from "node:test";
import { startLocalCognito } from "../support/local-cognito.mjs";
import { poolOf, signInFor } from "./support/conversation.mjs";
import { Workshop } from "./support/project.mjs";
import { startWorkerd } from "./support/workerd.mjs";

const LIMIT_MS = 20_000;

describe("the packed package at the edge", () => {
  let server;
  let workshop;
  let project;

  before(async () => {
    server = await startLocalCognito();
    workshop = await Workshop.open();
    project = await workshop.project("app", "app", "edge");
  });
  after(() => Promise.all([server?.stop(), workshop?.close()]));

  for (const condition of ["workerd", "edge-light"]) {
    test(`a bundle with the condition ${condition} has no wasm in its text, and names it once`, async () => {
      const out = await bundle(condition, "esm");
      const names = await readdir(out);
      assert.deepEqual(names.map((name) => name.replace(/-[A-Z0-9]+\.wasm$/, ".wasm")).sort(),
        ["account-core_bg.wasm", "challenges-core_bg.wasm", "server.js"]);
      const text = await readFile(path.join(out, "server.js"), "utf8");
      // How the bytes of every module begin, in base64.
      assert.ok(!text.includes("AGFzbQ"));
      assert.equal(text.match(/import .* from "\.\/[a-z_-]+-[A-Z0-9]+\.wasm/g).length, 2);
    });
  }

  test("in workerd it signs in", async (t) => {
    const { call, log } = await openWorkerd(t);
    await signInFor(server, call);
    assert.equal(log(), "");
  });

  test("in workerd, requests that come at once or are given up stand in nobody's way", async (t) => {
    const { call, url } = await openWorkerd(t);
    const body = JSON.stringify({ method: "prepare", pool: poolOf(server) });
    await assert.rejects(fetch(url, { method: "POST", body, signal: AbortSignal.timeout(2) }), { name: "TimeoutError" });
    const replies = await Promise.all(Array.from({ length: 5 }, () => call("prepare")));
    assert.deepEqual(replies.map(({ error }) => error), Array(5).fill(undefined));
    await signInFor(server, call);
  });

  test("in workerd a redirect is not followed either", async (t) => {
    const { call } = await openWorkerd(t);
    let followed = 0;
    const elsewhere = await listen(t, (_request, response) => {
      followed += 1;
      response.end("{}");
    });
    const endpoint = await listen(t, (_request, response) => response.writeHead(307, { location: elsewhere }).end());
    const { error } = await call("signIn", { username: "a@example.com", password: "Correct-Horse-9" }, { endpoint });
    assert.equal(error, "bad_reply");
    assert.equal(followed, 0);
  });

  async function openWorkerd(t) {
    const { url, log, stop } = await startWorkerd(await bundle("workerd", "esm"));
    t.after(stop);
    const call = async (method, argument, options) => {
      const body = JSON.stringify({ method, argument, pool: { ...poolOf(server), ...options } });
      const reply = await fetch(url, { method: "POST", body, signal: AbortSignal.timeout(LIMIT_MS) });
      assert.equal(reply.status, 200, log());
      return reply.json();
    };
    return { call, url, log };
  }

  async function listen(t, answer) {
    const listener = createServer(answer).listen(0, "127.0.0.1");
    await once(listener, "listening");
    t.after(() => listener.close());
    return `http://127.0.0.1:${listener.address().port}/`;
  }

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
