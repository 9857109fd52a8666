// Who loses interest is told so at once, and nothing more is sent.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Cognito, credentials, dist, ended, pause, prompt } from '../support/client.mjs';
import { CODE, Pool, refusal } from '../support/pool.mjs';
import { Store, openSession } from '../support/session.mjs';

test('loading the module is bounded too, and can be aborted', async () => {
  const { cognitoWith, loader } = await import(new URL('cognito.js', dist));
  const Stuck = cognitoWith(loader(() => new Promise(() => {})));
  const pool = new Pool();
  const cognito = new Stuck({ ...pool.options, timeoutMs: 100 });
  await assert.rejects(cognito.signIn(credentials), ended('timeout'));
  const controller = new AbortController();
  const signingIn = cognito.signIn({ ...credentials, signal: controller.signal });
  controller.abort();
  await assert.rejects(signingIn, ended('aborted'));
  const Broken = cognitoWith(loader(() => { throw new Error('no such file'); }));
  await assert.rejects(new Broken(pool.options).signIn(credentials), ended('wasm_unavailable'));
  assert.equal(pool.requests.length, 0);
});

// What is under way when the signal fires: what the pool is asked last, and what the caller waits for.
const STATES = {
  'the beginning': { at: 'InitiateAuth' },
  'the proof of the password': { at: 'PASSWORD_VERIFIER' },
  'the answer with a code': { at: 'CUSTOM_CHALLENGE', go: (step, signal) => step.answer(CODE, { signal }) },
  'the wish for a new code': { at: 'CUSTOM_CHALLENGE', go: (step, signal) => step.resend({ signal }) },
};

test('an abort settles at once and sends nothing more', async (t) => {
  for (const [name, { at, go }] of Object.entries(STATES)) {
    await t.test(`during ${name}`, async (t) => {
      const { pool, cognito, controller, late } = begun(t);
      const { signal } = controller;
      const asked = withResolvers();
      // The reply comes all the same, when nobody waits for it any more.
      pool.edit = async (operation, reply) => {
        if (operation !== at) return reply;
        asked.resolve();
        await pause(100);
        return reply;
      };
      const run = async () => {
        const step = await cognito.signIn({ ...credentials, signal });
        return go(step, signal);
      };
      await settlesAtOnce(t, { running: run(), reached: asked.promise, controller, pool });
      assert.equal(late.mock.callCount(), 0);
    });
  }
});

test('an abort while the module loads settles at once, and sends nothing', async (t) => {
  const { cognitoWith, loader } = await import(new URL('cognito.js', dist));
  const Slow = cognitoWith(loader(() => pause(150).then(() => { throw new Error('too late'); })));
  const { pool, controller } = begun(t);
  const running = new Slow(pool.options).signIn({ ...credentials, signal: controller.signal });
  await settlesAtOnce(t, { running, reached: pause(20), controller, pool });
  assert.equal(pool.requests.length, 0);
});

test('an abort between two attempts settles at once, and there is no second one', async (t) => {
  for (const [fault, status] of [['TooManyRequestsException', 400], ['InternalErrorException', 500]]) {
    const { pool, cognito, controller } = begun(t);
    const asked = withResolvers();
    pool.edit = () => {
      asked.resolve();
      return { ...refusal('x', fault), status };
    };
    const running = cognito.signIn({ ...credentials, signal: controller.signal });
    // The first pause lasts 125 ms at least.
    const reached = asked.promise.then(() => pause(40));
    await settlesAtOnce(t, { running, reached, controller, pool, rest: 400 });
    assert.equal(pool.requests.length, 1);
  }
});

test('an abort while a refresh waits for another tab settles at once; the lock stays with the refresh', async (t) => {
  const real = Object.getOwnPropertyDescriptor(globalThis, 'navigator');
  const waiting = withResolvers();
  const request = () => {
    waiting.resolve();
    return new Promise(() => {});
  };
  Object.defineProperty(globalThis, 'navigator', { value: { locks: { request } }, configurable: true });
  t.after(() => (real ? Object.defineProperty(globalThis, 'navigator', real) : delete globalThis.navigator));
  const { pool, cognito, controller } = begun(t);
  const session = openSession(cognito, { store: new Store() });
  t.after(() => session.close());
  await (await cognito.signIn(credentials)).answer(CODE);
  const running = session.refresh({ signal: controller.signal });
  await settlesAtOnce(t, { running, reached: waiting.promise, controller, pool });
  assert.equal(session.state.kind, 'signedIn');
});

test('after an abort the step is spent: its answer may have arrived', async () => {
  const pool = new Pool();
  const step = await prompt(pool);
  const controller = new AbortController();
  const answering = step.answer(CODE, { signal: controller.signal });
  controller.abort();
  await assert.rejects(answering, ended('aborted'));
  await assert.rejects(step.answer(CODE), ended('spent'));
});

test('a signal that has fired before costs nothing', async () => {
  const pool = new Pool();
  const signal = AbortSignal.abort();
  await assert.rejects(new Cognito(pool.options).signIn({ ...credentials, signal }), ended('aborted'));
  assert.equal(pool.requests.length, 0);
  const step = await prompt(pool);
  await assert.rejects(step.answer(CODE, { signal }), ended('aborted'));
  assert.equal((await step.answer(CODE)).kind, 'signedIn');
});

// A pool, a client, and what must not be called after an abort.
function begun(t) {
  const pool = new Pool();
  const cognito = new Cognito(pool.options);
  const late = t.mock.fn();
  cognito.onSignedIn(late);
  return { pool, cognito, late, controller: new AbortController() };
}

async function settlesAtOnce(t, { running, reached, controller, pool, rest = 150 }) {
  const outcome = assert.rejects(running, (error) => ended('aborted')(error) && error.cause.message === 'left');
  await reached;
  const sent = pool.requests.length;
  const start = performance.now();
  controller.abort(new Error('left'));
  await outcome;
  const took = performance.now() - start;
  t.diagnostic(`${took.toFixed(1)} ms`);
  assert.ok(took < 50, `${took} ms`);
  await pause(rest);
  assert.equal(pool.requests.length, sent);
}

function withResolvers() {
  let resolve;
  const promise = new Promise((settle) => (resolve = settle));
  return { promise, resolve };
}
