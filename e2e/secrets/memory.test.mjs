// No secret of a sign-in stays in the memory of the core: not after its end, not after an abort, and
// not after any failure. The memory is searched for every part of every secret, in each form that
// the kernels keep numbers in; in the middle of a sign-in, that same search has to find them.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { describe, test } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";
import { tokens } from "../../client-wasm/npm/support/pool.mjs";
import { KERNELS, Scan } from "./forms.mjs";
import { Handshake } from "./handshake.mjs";
import { watch } from "./watched.mjs";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const DIST = path.join(path.resolve(process.env.PACKAGE ?? path.join(ROOT, "target/npm")), "dist");
/** Node 20 has relaxed vectors behind it. */
const RELAXED = "--experimental-wasm-relaxed-simd";
const { CORE } = process.env;

const SESSION = "s".repeat(64);
const CODE_ASKED = { ChallengeName: "CUSTOM_CHALLENGE", Session: SESSION, ChallengeParameters: { RESEND_IN: "30" } };
const REFUSED = { __type: "NotAuthorizedException", message: "Incorrect username or password." };

/** How a sign-in ends: what is altered of the pool, and what the caller does. */
const ENDS = {
  "the tokens": { end: "signedIn", act: async (signingIn) => (await signingIn).answer("012345") },
  "the code is still awaited": { end: "code" },
  "a wrong password": { end: "bad_credentials", PASSWORD_VERIFIER: () => REFUSED },
  "a refusal at the beginning": { end: "bad_credentials", InitiateAuth: () => REFUSED },
  "no challenge of the password": { end: "bad_reply", InitiateAuth: () => CODE_ASKED },
  "a B that is zero": { end: "bad_reply", InitiateAuth: (reply) => altered(reply, { SRP_B: "0" }) },
  "a B that is no number": { end: "bad_reply", InitiateAuth: (reply) => altered(reply, { SRP_B: "xyz" }) },
  "a salt that is none": { end: "bad_reply", InitiateAuth: (reply) => altered(reply, { SALT: "-" }) },
  "a secret block that is none": { end: "bad_reply", InitiateAuth: (reply) => altered(reply, { SECRET_BLOCK: "=" }) },
  "a network that fails with the proof": { end: "network", PASSWORD_VERIFIER: () => { throw new TypeError("cut off"); } },
  "a pool that does not answer": { end: "timeout", InitiateAuth: () => new Promise(() => {}), options: { timeoutMs: 60 } },
  "a challenge of another module": {
    end: "challenge",
    PASSWORD_VERIFIER: () => ({ ...CODE_ASKED, ChallengeName: "SOMETHING_NEW" }),
  },
  "a name that is none": { end: "invalid_argument", credentials: { username: "" } },
  "an abort while the pool is asked": { end: "aborted", abortAt: "InitiateAuth" },
  "an abort while A is computed": { end: "aborted", abortAt: "after ephemeral_of" },
  "an abort while S is computed": { end: "aborted", abortAt: "after ephemeral_agree" },
  "an abort while the proof is on its way": { end: "aborted", abortAt: "PASSWORD_VERIFIER" },
};

for (const core of CORE ? [] : Object.keys(KERNELS)) {
  test(`no secret stays in the memory of ${core}`, async (t) => {
    // In a Node of its own, for the package starts one core and no other.
    const args = [RELAXED, "--test", "--test-reporter=spec", import.meta.filename];
    const child = spawn(process.execPath, args, { env: { ...process.env, CORE: core, NODE_TEST_CONTEXT: undefined } });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (text) => (output += text));
    const status = await new Promise((resolve) => child.once("close", resolve));
    assert.equal(status, 0, output);
    assert.ok(Number(/pass (\d+)/.exec(output)[1]) > Object.keys(ENDS).length, output);
  });
}

describe(`the memory of ${CORE}`, { skip: !CORE }, async () => {
  if (!CORE) return;
  watch();
  const { Cognito, init } = await import(pathToFileURL(path.join(DIST, "index.js")));
  await init(await readFile(path.join(DIST, `${CORE}_bg.wasm`)));
  const memory = () => Buffer.concat(watched.memories.map(({ buffer }) => Buffer.from(buffer)));

  for (const [name, { end, act = (signingIn) => signingIn, ...how }] of Object.entries(ENDS)) {
    test(`holds no secret after ${name}`, async () => {
      const handshake = new Handshake();
      const controller = new AbortController();
      watched.entropy = [handshake.a];
      watched.onCall = (call) => call === how.abortAt && controller.abort();
      const cognito = new Cognito({ userPoolId: "us-east-1_Example1", clientId: "exampleclient", ...how.options, fetch: pool(handshake, how, controller) });
      const { password } = handshake;
      const given = { username: "user@example.com", password, signal: controller.signal, ...how.credentials };
      const outcome = await act(cognito.signIn(given)).catch((error) => error);
      // An abort settles at once; what is under way ends with its part.
      if (how.abortAt) await new Promise((resolve) => setTimeout(resolve, 100));
      assert.equal(outcome.code ?? outcome.kind, end, outcome.stack);
      assert.deepEqual(new Scan(handshake, CORE).find(memory()), new Map());
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
    const cognito = new Cognito({ userPoolId: "us-east-1_Example1", clientId: "exampleclient", fetch: pool(handshake, {}) });
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

/** The other side, which knows the handshake. */
function pool(handshake, how, controller) {
  return async (request) => {
    const body = JSON.parse(await request.text());
    const operation = body.ChallengeName ?? "InitiateAuth";
    if (operation === how.abortAt) controller.abort();
    const reply = await (how[operation] ?? ((usual) => usual))(usualReply(handshake, operation, body));
    return Response.json(reply, { status: reply.__type ? 400 : 200 });
  };
}

function usualReply(handshake, operation, { AuthParameters, ChallengeResponses }) {
  switch (operation) {
    case "InitiateAuth":
      assert.equal(AuthParameters.SRP_A, handshake.A.toString(16), "`a` is the one that is searched");
      return { ChallengeName: "PASSWORD_VERIFIER", Session: SESSION, ChallengeParameters: handshake.parameters };
    case "PASSWORD_VERIFIER":
      assert.ok(handshake.accepts(ChallengeResponses), "S and the key are those that are searched");
      return CODE_ASKED;
    default:
      return tokens();
  }
}

function altered(reply, parameters) {
  return { ...reply, ChallengeParameters: { ...reply.ChallengeParameters, ...parameters } };
}
