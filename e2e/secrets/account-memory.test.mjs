// The same for the module of the account: what is typed for a new password does not stay there.

import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import path from "node:path";
import { test } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";
import { Scan } from "./forms.mjs";
import { SETTINGS } from "./pool.mjs";
import { watch } from "./watched.mjs";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const DIST = path.join(path.resolve(process.env.PACKAGE ?? path.join(ROOT, "target/npm")), "dist");
watch();
const { Account } = await import(pathToFileURL(path.join(DIST, "account.js")));

const secret = () => randomBytes(30).toString("hex");
const username = "user@example.com";
/** Calls whose input is secret, and one that is refused before anything is sent. */
const CALLS = {
  changePassword: () => ({ accessToken: `a.${secret()}.c`, previous: secret(), proposed: secret() }),
  confirmForgotPassword: () => ({ username, code: "123456", password: secret() }),
  signUp: () => ({ username, password: secret(), attributes: { email: username } }),
  updateUserAttributes: () => ({ accessToken: `a.${secret()}.c`, attributes: 7 }),
};
const REPLIES = [
  () => Response.json({ UserSub: "1", UserConfirmed: true, CodeDeliveryDetails: {} }),
  () => Response.json({ __type: "NotAuthorizedException", message: "no" }, { status: 400 }),
  () => new Response("no JSON"),
  () => Promise.reject(new TypeError("cut off")),
];

for (const [name, input] of Object.entries(CALLS)) {
  test(`${name} leaves nothing in memory, whatever is replied`, async () => {
    for (const reply of REPLIES) {
      const given = input();
      const secrets = Object.entries(given).filter(([, value]) => value.length > 50);
      assert.ok(secrets.length > 0);
      let [sent, seen] = ["", false];
      watched.onCall = (_, { buffer }) => (seen ||= secrets.every(([, value]) => Buffer.from(buffer).includes(value)));
      const account = new Account({ ...SETTINGS, timeoutMs: 200, fetch: async (request) => {
        sent = await request.text();
        return reply();
      } });
      const outcome = await account[name](given).catch((error) => error);
      const isRefused = given.attributes === 7;
      assert.equal(outcome?.code === "invalid_argument", isRefused, outcome?.message);
      if (!isRefused) {
        for (const [, value] of secrets) assert.ok(sent.includes(value), "it was sent");
        assert.ok(seen, "on its way, it was in memory");
      }
      const bytes = Object.fromEntries(secrets.map(([name, value]) => [name, Buffer.from(value)]));
      const scan = new Scan({ bytes, masked: [], states: {}, exponents: {}, residues: {} }, "core");
      const memory = Buffer.concat(watched.memories.map(({ buffer }) => Buffer.from(buffer)));
      assert.ok(memory.length > 0);
      assert.deepEqual(scan.find(memory), new Map());
    }
  });
}
