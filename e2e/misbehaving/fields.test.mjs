// Each field of each reply of a sign-in, spoilt in each way: the documented error, or a sign-in that
// goes on; and then the same client signs somebody in.
//
// With EXTENT=all in six ways, with a sign-in after each spoilt reply; else in three, with one after each field.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { startLocalCognito } from "../support/local-cognito.mjs";
import { ALL } from "./extent.mjs";
import { documented, DOCUMENTED, fieldsOf, KINDS, spoil } from "./fields.mjs";
import { clientOf, CognitoError, judgeTokens } from "./people.mjs";
import { SCENES, Stage } from "./scenes.mjs";
import { assertShape } from "./shape.mjs";

const kinds = ALL ? Object.keys(KINDS) : ["missing", "of another type", "empty"];
const healedEvery = ALL ? 1 : kinds.length;
let server;

before(async () => (server = await startLocalCognito()));
after(() => server?.stop());

describe("one field is spoilt", { concurrency: 3 }, () => {
  for (const [name, scene] of Object.entries(SCENES)) {
    test(`${name}: ${scene.reply}`, async (t) => {
      const pool = await scene.pool(server);
      const { proxy, cognito } = await clientOf(t, server, pool);
      const stage = new Stage(server, pool, cognito, scene);

      // What a good reply has, and that all of it is documented.
      let reply;
      proxy.spoil(scene.reply, (exchange) => exchange.alter((body) => (reply = body)));
      await signsIn(stage, pool, () => proxy.heal());
      assert.deepEqual(fieldsOf(reply).sort(), Object.keys(DOCUMENTED[name]).sort());

      let cases = 0;
      const failures = [];
      for (const field of fieldsOf(reply)) {
        for (const kind of kinds) {
          cases += 1;
          try {
            await meets(documented(name, field, kind), { proxy, stage, scene, pool }, field, kind);
          } catch (error) {
            failures.push(`${field} ${kind}: ${error.message.split("\n")[0]}`);
          }
          proxy.heal();
          if (cases % healedEvery === 0) await signsIn(stage, pool);
        }
      }
      t.diagnostic(`${cases} spoilt replies`);
      assert.deepEqual(failures, []);
    });
  }
});

async function meets(expected, { proxy, stage, scene, pool }, field, kind) {
  const call = await stage.enter();
  proxy.spoil(scene.reply, (exchange) => exchange.alter((body) => spoil(body, field, kind)));
  const outcome = await call().catch((error) => error);
  proxy.heal();
  if (outcome instanceof CognitoError) {
    return assert.deepEqual([outcome.code, outcome.retryable], [expected, false], outcome.message);
  }
  if (outcome instanceof Error) throw outcome;
  assertShape(outcome);
  if (expected !== "goes on") return assert.equal(outcome.kind, expected);
  return judgeTokens(await stage.finish(outcome), server, pool);
}

async function signsIn(stage, pool, heal = () => {}) {
  const call = await stage.enter();
  const step = await call();
  heal();
  await judgeTokens(await stage.finish(step), server, pool);
}
