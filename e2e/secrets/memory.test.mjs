// No secret of a sign-in stays in the memory of the core: not after its end, not after an abort, and
// not after any failure. The memory is searched for every part of every secret, in each form that
// the kernels keep numbers in; in the middle of a sign-in, that same search has to find them.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { describe, test } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";
import { KERNELS, Scan } from "./forms.mjs";
import { Handshake } from "./handshake.mjs";
import { ENDS, reply, SETTINGS } from "./pool.mjs";
import { watch } from "./watched.mjs";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const DIST = path.join(path.resolve(process.env.PACKAGE ?? path.join(ROOT, "target/npm")), "dist");
/** Node 20 has relaxed vectors behind it. */
const RELAXED = "--experimental-wasm-relaxed-simd";
const { CORE } = process.env;

// In a Node of its own each, for the package starts one core and no other.
if (!CORE) {
  describe("no secret stays in the memory", { concurrency: true }, () => {
    for (const core of Object.keys(KERNELS)) {
      test(`of ${core}`, async () => {
        const args = [RELAXED, "--test", "--test-reporter=spec", import.meta.filename];
        const child = spawn(process.execPath, args, { env: { ...process.env, CORE: core, NODE_TEST_CONTEXT: undefined } });
        let output = "";
        for (const stream of [child.stdout, child.stderr]) stream.on("data", (text) => (output += text));
        const status = await new Promise((resolve) => child.once("close", resolve));
        assert.equal(status, 0, output);
        assert.ok(Number(/pass (\d+)/.exec(output)[1]) > Object.keys(ENDS).length, output);
      });
    }
  });
}

if (CORE) describe(`the memory of ${CORE}`, async () => {
  watch();
  const { Cognito, init } = await import(pathToFileURL(path.join(DIST, "index.js")));
  await init(await readFile(path.join(DIST, `${CORE}_bg.wasm`)));
  const memory = () => Buffer.concat(watched.memories.map(({ buffer }) => Buffer.from(buffer)));

  for (const [name, { end, answer, ...how }] of Object.entries(ENDS)) {
    test(`holds no secret after ${name}`, async () => {
      const handshake = new Handshake();
      const controller = new AbortController();
      const reached = (state) => state === how.abortAt && controller.abort();
      watched.entropy = [handshake.a];
      watched.onCall = reached;
      const cognito = new Cognito({ ...SETTINGS, ...how.options, fetch: pool(handshake, how, reached) });
      const given = { username: "user@example.com", password: handshake.password, signal: controller.signal };
      const signingIn = cognito.signIn({ ...given, ...how.credentials });
      const outcome = await signingIn.then((step) => (answer ? step.answer(answer) : step)).catch((error) => error);
      assert.equal(outcome.code ?? outcome.kind, end, outcome.stack);
      assert.deepEqual(await new Scan(handshake, CORE).findInTheEnd(memory), new Map());
    });
  }

  test("holds, while it computes, what is searched, in the forms that are searched", async () => {
    const handshake = new Handshake();
    const scan = new Scan(handshake, CORE);
    const found = new Map();
    watched.entropy = [handshake.a];
    watched.onCall = (call) => {
      const names = new Set([...(found.get(call) ?? []), ...scan.find(memory()).keys()]);
      found.set(call, names);
    };
    const cognito = new Cognito({ ...SETTINGS, fetch: pool(handshake, {}) });
    await cognito.signIn({ username: "user@example.com", password: handshake.password });
    watched.onCall = undefined;
    const among = (call, ...names) => {
      for (const name of names) assert.ok(found.get(call).has(name), `${name} ${call}: ${[...found.get(call)]}`);
    };
    among("after ephemeral_of", "a");
    among("before ephemeral_agree", "a", "password");
    among("after ephemeral_agree", "x", "a + u·x");
    among("after ephemeral_advance", "B − k·g^x", "power of B − k·g^x");
    among("before ephemeral_sign", "S");
  });

  test("is searched for every part of what it may hold", () => {
    const handshake = new Handshake();
    const scan = new Scan(handshake, CORE);
    const names = new Set();
    for (const { name, bytes } of scan.parts()) {
      if (names.has(name)) continue;
      names.add(name);
      assert.ok(scan.find(Buffer.concat([Buffer.alloc(77), bytes, Buffer.alloc(9)])).has(name), name);
    }
    assert.ok(names.size > 15, [...names].join());
    assert.equal(new Scan(new Handshake(), CORE).find(memory()).size, 0, "what nobody has seen is not found");
  });
});

/** The other side, as the `fetch` of a client. */
function pool(handshake, how, asked = () => {}) {
  return async (request) => {
    const answer = await reply(handshake, how, JSON.parse(await request.text()), asked);
    if (!answer) throw new TypeError("cut off");
    return Response.json(answer, { status: answer.__type ? 400 : 200 });
  };
}
