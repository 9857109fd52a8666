// The replies of a sign-in, each arriving in every way that a network, a gateway or a firewall may think of: the
// documented error, no answer sent twice; and then the same client signs somebody in.
//
// With EXTENT=all every reply; else those of the usual sign-in and of a refresh.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { startLocalCognito } from "../support/local-cognito.mjs";
import { ARRIVALS, LATE_MS, timesSent } from "./arrivals.mjs";
import { ALL } from "./extent.mjs";
import { clientOf, CognitoError, judgeTokens } from "./people.mjs";
import { SCENES, Stage } from "./scenes.mjs";
import { assertShape } from "./shape.mjs";

const USUAL = ["the beginning", "the proof of the password", "the right code", "a refresh"];
const scenes = ALL ? Object.keys(SCENES) : USUAL;
// A busy machine takes its time, even for what is not late.
const PATIENT_MS = 15_000;
const HASTY_MS = LATE_MS - 1000;
let server;

before(async () => (server = await startLocalCognito()));
after(() => server?.stop());

describe("a reply arrives otherwise", { concurrency: 4 }, () => {
  for (const name of scenes) {
    for (const pace of ["at once", "too late"]) {
      const arrivals = Object.entries(ARRIVALS).filter(([, { slow }]) => (pace === "too late") === (slow ?? false));
      test(`${name}: ${arrivals.length} ways, ${pace}`, async (t) => {
        const scene = SCENES[name];
        const pool = await scene.pool(server);
        const timeoutMs = pace === "too late" ? HASTY_MS : PATIENT_MS;
        const { proxy, cognito } = await clientOf(t, server, pool, { timeoutMs });
        const stage = new Stage(server, pool, cognito, scene);
        const failures = [];
        for (const [arrival, { code, fault }] of arrivals) {
          try {
            await meets(code, { proxy, stage, scene, pool, fault, timeoutMs });
          } catch (error) {
            failures.push(`${arrival}: ${error.message.split("\n")[0]}`);
          }
          proxy.heal();
          const call = await stage.enter();
          await judgeTokens(await stage.finish(await call()), server, pool);
        }
        assert.deepEqual(failures, []);
        assert.deepEqual(proxy.elsewhere, []);
      });
    }
  }
});

async function meets(code, { proxy, stage, scene, pool, fault, timeoutMs }) {
  const call = await stage.enter();
  proxy.spoil(scene.reply, fault);
  const sent = () => proxy.wire.filter((name) => name === scene.reply).length;
  const before = sent();
  const start = performance.now();
  const outcome = await call().catch((error) => error);
  const took = performance.now() - start;
  proxy.heal();
  assert.equal(sent() - before, timesSent(scene.reply, code), "times on the wire");
  // Nobody waits for what a `Retry-After` says, nor longer than the limit of the operations before.
  assert.ok(took < 2 * timeoutMs, `${took} ms`);
  if (outcome instanceof CognitoError) {
    const passes = ["network", "timeout", "throttled", "pool_unavailable"].includes(code);
    return assert.deepEqual([outcome.code, outcome.retryable], [code, passes], outcome.message);
  }
  if (outcome instanceof Error) throw outcome;
  assert.equal(code, undefined, `a step of the kind ${outcome.kind}`);
  assertShape(outcome);
  return judgeTokens(await stage.finish(outcome), server, pool);
}
