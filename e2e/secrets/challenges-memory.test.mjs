// The same for the module that is loaded for other challenges: what a sign-in with a device leaves
// in its memory.

import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import path from "node:path";
import { test } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";
import { Scan } from "./forms.mjs";
import { Handshake } from "./handshake.mjs";
import { ENDS, reply, SETTINGS } from "./pool.mjs";
import { watch } from "./watched.mjs";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const DIST = path.join(path.resolve(process.env.PACKAGE ?? path.join(ROOT, "target/npm")), "dist");
watch();
const { Cognito } = await import(pathToFileURL(path.join(DIST, "index.js")));

for (const [name, { end, answer, ...how }] of Object.entries(ENDS)) {
  // Where the core is stopped, there is none here.
  if (how.abortAt?.startsWith("after")) continue;
  test(`no secret stays in the memory of the other module after ${name}`, async () => {
    const handshake = new Handshake();
    const device = { a: randomBytes(64), password: randomBytes(30).toString("base64") };
    // A sign-in that goes on may still have to prove the device.
    const isOver = end !== "code" && end !== "challenge";
    if (isOver) Object.assign(handshake.bytes, { "the device's a": device.a, "the device's password": Buffer.from(device.password) });
    watched.entropy = [device.a, handshake.a];
    const controller = new AbortController();
    const cognito = new Cognito({ ...SETTINGS, ...how.options, fetch: pool(handshake, how, controller) });
    const outcome = await cognito.signIn({
      username: "user@example.com",
      password: handshake.password,
      device: { deviceKey: "us-east-1_0a1b2c3d", deviceGroupKey: "-Group1234", devicePassword: device.password },
      signal: controller.signal,
      ...how.credentials,
    }).then((step) => (answer ? step.answer(answer) : step)).catch((error) => error);
    assert.equal(outcome.code ?? outcome.kind, end, outcome.stack);
    const memory = () => Buffer.concat(watched.memories.map(({ buffer }) => Buffer.from(buffer)));
    assert.ok(memory().length > 0);
    assert.deepEqual(await new Scan(handshake, "core").findInTheEnd(memory), new Map());
    if (!isOver) assert.ok(memory().includes(device.password), "what is still needed is there, and would be found");
  });
}

function pool(handshake, how, controller) {
  return async (request) => {
    const reached = (operation) => operation === how.abortAt && controller.abort();
    const answer = await reply(handshake, how, JSON.parse(await request.text()), reached);
    if (!answer) throw new TypeError("cut off");
    return Response.json(answer, { status: answer.__type ? 400 : 200 });
  };
}
