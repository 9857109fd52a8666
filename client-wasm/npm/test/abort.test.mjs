// Who loses interest is told so at once, and nothing more is sent.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Cognito, credentials, dist, ended, pause, prompt } from '../support/client.mjs';
import { CODE, Pool, refusal } from '../support/pool.mjs';

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

test('an abort settles at once and sends nothing more', async () => {
  for (const at of ['InitiateAuth', 'PASSWORD_VERIFIER', 'CUSTOM_CHALLENGE']) {
    const pool = new Pool();
    const controller = new AbortController();
    let abortedAt;
    pool.edit = (operation, reply) => {
      if (operation !== at) return reply;
      abortedAt = performance.now();
      controller.abort(new Error('left'));
      return new Promise(() => {});
    };
    const { signal } = controller;
    const cognito = new Cognito(pool.options);
    const run = async () => (await cognito.signIn({ ...credentials, signal })).answer(CODE, { signal });
    await assert.rejects(run(), (error) => ended('aborted')(error) && error.cause.message === 'left');
    assert.ok(performance.now() - abortedAt < 50);
    const sent = pool.requests.length;
    await new Promise((resolve) => setTimeout(resolve, 20));
    assert.equal(pool.requests.length, sent);
  }
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
