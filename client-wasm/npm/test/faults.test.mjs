// Each fault at each request of a sign-in, and at the refresh, over real sockets: how often it was
// on the wire, how soon the call settled, and whether the client works afterwards.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Cognito, credentials, dist, ended } from '../support/client.mjs';
import { FAULTS, FaultProxy } from '../support/fault-proxy.mjs';
import { CODE, Pool } from '../support/pool.mjs';

const { openSession } = await import(new URL('session.js', dist));

// Two seconds, because a busy machine takes its time for a proof.
const timeoutMs = 2000;
const SLACK_MS = 500;
// By the fault: the code of the error, and how often what may be repeated is on the wire.
const OUTCOMES = {
  'the connection breaks before it is read': ['network', 2],
  'the connection breaks after it has arrived': ['network', 2],
  'the connection is reset': ['network', 2],
  'the pool fails with a 500': ['pool_unavailable', 2],
  'a gateway answers 502 in HTML': ['pool_unavailable', 2],
  'it is turned away with a 429': ['throttled', 3],
  'the answer does not come': ['timeout', 1],
  'half of the answer comes': ['network', 2],
};
// The requests, by how many answers came before.
const CALLS = ['InitiateAuth', 'PASSWORD_VERIFIER', 'CUSTOM_CHALLENGE'];

async function behindProxy(t) {
  const proxy = new FaultProxy(new Pool());
  const { fetch: _, ...options } = new Pool().options;
  const cognito = new Cognito({ ...options, endpoint: await proxy.listen(t), timeoutMs });
  return { proxy, cognito };
}

// How often the requests from here on are on the wire, and how long it takes until the call fails.
async function failing(proxy, code, call) {
  const before = proxy.wire;
  const start = performance.now();
  await assert.rejects(call, ended(code, { retryable: true }));
  const took = performance.now() - start;
  // Nothing comes later.
  await new Promise((resolve) => setTimeout(resolve, 50));
  return { wire: proxy.wire - before, took };
}

async function signsIn(cognito) {
  const step = await cognito.signIn(credentials);
  return (await step.answer(CODE)).kind;
}

test('every fault has its outcome here', () => {
  assert.deepEqual(Object.keys(OUTCOMES), Object.keys(FAULTS));
});

for (const [name, [code, attempts]] of Object.entries(OUTCOMES)) {
  for (const [after, at] of CALLS.entries()) {
    test(`${name} at ${at}: an answer is on the wire once, and the client works afterwards`, async (t) => {
      const { proxy, cognito } = await behindProxy(t);
      // The first load of the module is not what is measured.
      await cognito.prepare();
      proxy.fault = { name, after };
      let call = () => cognito.signIn(credentials);
      if (at === 'CUSTOM_CHALLENGE') {
        const step = await call();
        call = () => step.answer(CODE);
      }
      const answered = proxy.answered;
      const { wire, took } = await failing(proxy, code, call);
      const own = wire - (after - answered);
      assert.equal(own, at === 'InitiateAuth' ? attempts : 1);
      const operations = after - answered + 1;
      assert.ok(took < operations * timeoutMs + SLACK_MS, `${took} ms`);
      t.diagnostic(`${own} on the wire, ${Math.round(took)} ms`);
      proxy.fault = undefined;
      assert.equal(await signsIn(cognito), 'signedIn');
    });
  }

  test(`${name} at the refresh: it is bounded, signs nobody out, and the next one succeeds`, async (t) => {
    const { proxy, cognito } = await behindProxy(t);
    const session = openSession(cognito);
    t.after(() => session.close());
    await signsIn(cognito);
    const { accessToken } = await session.tokens();
    proxy.fault = { name, after: proxy.answered };
    const { wire, took } = await failing(proxy, code, () => session.refresh());
    assert.equal(wire, code === 'timeout' ? 1 : 3);
    assert.ok(took < timeoutMs + SLACK_MS, `${took} ms`);
    t.diagnostic(`${wire} on the wire, ${Math.round(took)} ms`);
    assert.equal(session.state.kind, 'signedIn');
    assert.equal((await session.tokens()).accessToken, accessToken);
    proxy.fault = undefined;
    assert.notEqual((await session.refresh()).accessToken, accessToken);
  });
}

test('a fault that passes costs the beginning a repetition, and the person nothing', async (t) => {
  for (const name of ['the connection is reset', 'the pool fails with a 500', 'it is turned away with a 429']) {
    const { proxy, cognito } = await behindProxy(t);
    proxy.fault = { name, after: 0 };
    const signingIn = cognito.signIn(credentials);
    while (proxy.wire === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    await new Promise((resolve) => setTimeout(resolve, 20));
    proxy.fault = undefined;
    assert.equal((await signingIn).kind, 'code', name);
    assert.equal(proxy.wire, 3, name);
  }
});
