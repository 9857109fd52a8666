// What a usual sign-in does not need is not loaded for it, and is loaded when it is needed.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { createContext, runInContext } from 'node:vm';
import { Cognito, credentials, dist, ended, init } from '../support/client.mjs';
import { CODE, Pool } from '../support/pool.mjs';

const { challengesLoader, cognitoWith } = await import(new URL('cognito.js', dist));
const { compile, start } = await import(new URL('loading.js', dist));
const ours = () => readFile(new URL('challenges-core_bg.wasm', dist));

// A pool that asks for a new password after the one that is typed.
function strict(more) {
  const pool = new Pool();
  pool.edit = (operation, reply) =>
    operation === 'PASSWORD_VERIFIER' ? { ...pool.challenge('NEW_PASSWORD_REQUIRED'), ...more } : reply;
  return pool;
}

// The class as a page has it that serves the second module by this source.
function pageWith(source) {
  return cognitoWith(init, challengesLoader(source));
}

test('password, wrong code, new code, right code: one module is enough', async (t) => {
  const source = t.mock.fn(ours);
  const cognito = new (pageWith(source))(new Pool().options);
  await cognito.prepare();
  let step = await cognito.signIn(credentials);
  step = await step.answer('999999');
  step = await step.resend();
  step.save();
  assert.equal((await step.answer(CODE)).kind, 'signedIn');
  assert.equal(source.mock.callCount(), 0);
});

test('the second module is loaded at the first challenge that is no code, and once', async (t) => {
  const source = t.mock.fn(ours);
  const Page = pageWith(source);
  for (let round = 0; round < 2; round += 1) {
    const step = await new Page(strict().options).signIn(credentials);
    assert.equal(step.kind, 'newPassword');
    assert.equal((await step.answer('Another-Horse-10')).kind, 'signedIn');
  }
  assert.equal(source.mock.callCount(), 1);
});

test('a second module that cannot be loaded is an error with its cause, and the next sign-in loads it again', async () => {
  const cause = new TypeError('Failed to fetch');
  const sources = [Promise.reject(cause), ours()];
  sources[0].catch(() => {});
  const Page = pageWith(() => sources.shift());
  await assert.rejects(new Page(strict().options).signIn(credentials), ended('wasm_unavailable', { cause }));
  assert.equal((await new Page(strict().options).signIn(credentials)).kind, 'newPassword');
});

test('loading the second module is bounded, and can be aborted', async () => {
  const Page = pageWith(() => new Promise(() => {}));
  const pool = strict();
  await assert.rejects(new Page({ ...pool.options, timeoutMs: 300 }).signIn(credentials), ended('timeout'));
  const controller = new AbortController();
  const signingIn = new Page(pool.options).signIn({ ...credentials, signal: controller.signal });
  setTimeout(() => controller.abort(), 300);
  await assert.rejects(signingIn, ended('aborted'));
});

test('a challenge that the second module cannot read is the pool\'s fault, with the trace of its reply', async () => {
  const pool = strict({ ChallengeName: 'WEB_AUTHN', ChallengeParameters: { CREDENTIAL_REQUEST_OPTIONS: '{' } });
  await assert.rejects(new Cognito(pool.options).signIn(credentials), ended('bad_reply', { status: 200, requestId: 'request-7' }));
});

test('the random bytes are wiped when the secret is made of them', async (t) => {
  const draw = t.mock.method(crypto, 'getRandomValues');
  await new Cognito(new Pool().options).prepare();
  const [{ result }] = draw.mock.calls;
  assert.equal(result.length, 64);
  assert.ok(result.every((byte) => byte === 0));
});

test('broken random numbers are told with what the platform said of them', async (t) => {
  const cause = new Error('no entropy');
  t.mock.method(crypto, 'getRandomValues', () => {
    throw cause;
  });
  await assert.rejects(new Cognito(new Pool().options).signIn(credentials), ended('no_randomness', { cause }));
});

test('a module comes in any form, and from any realm, or is refused', async () => {
  const bytes = await readFile(new URL('core_bg.wasm', dist));
  const wasm = { headers: { 'content-type': 'application/wasm' } };
  // As a sandbox has it: neither is of a class of ours.
  const foreign = (text) =>
    runInContext(`const { buffer } = new Uint8Array(bytes); ${text}`, createContext({ bytes: [...bytes] }));
  const module = foreign('new WebAssembly.Module(buffer)');
  assert.ok(!(module instanceof WebAssembly.Module));
  for (const source of [
    bytes, new Uint8Array(bytes).buffer, foreign('buffer'), await WebAssembly.compile(bytes), module,
    new Response(bytes), new Response(bytes, wasm), Promise.resolve(new Response(bytes, wasm)),
    new URL(`data:application/wasm;base64,${bytes.toString('base64')}`),
  ]) {
    assert.ok(WebAssembly.Module.exports(await compile(source)).length > 0);
  }
  for (const [source, name] of [
    [new Response('', { status: 404 }), 'TypeError'], [new Response('no wasm'), 'CompileError'], [7, 'TypeError'],
  ]) {
    await assert.rejects(compile(source), { name });
  }
});

test('what a password is proved with is freed with the proof, and where nothing begins', async (t) => {
  const { Ephemeral } = await import(new URL('core.js', dist));
  const made = t.mock.method(Ephemeral, 'of').mock;
  const freed = t.mock.method(Ephemeral.prototype, 'free').mock;
  const cognito = new Cognito(new Pool().options);
  await cognito.signIn(credentials);
  assert.equal(freed.callCount(), 1);
  for (const bad of [{ username: '' }, { password: '' }, { clientMetadata: { action: 'x' } }]) {
    await assert.rejects(cognito.signIn({ ...credentials, ...bad }), { code: 'invalid_argument' });
  }
  assert.equal(made.callCount(), 4);
  assert.equal(freed.callCount(), 4);
});

test('what the pool calls the user need not be what a person may type', async () => {
  for (const USERNAME of ['x'.repeat(129), 'a\u0007b']) {
    const pool = strict();
    const asks = pool.edit;
    pool.edit = (operation, reply) => {
      const { ChallengeParameters, ...asked } = asks(operation, reply);
      return operation === 'PASSWORD_VERIFIER' ? { ...asked, ChallengeParameters: { ...ChallengeParameters, USERNAME } } : reply;
    };
    const step = await new Cognito(pool.options).signIn(credentials);
    assert.equal(step.kind, 'newPassword');
    await step.answer('Another-Horse-10');
    assert.equal(pool.requests.at(-1).body.ChallengeResponses.USERNAME, USERNAME);
  }
});

test('a module that is not of the package is refused, every time', async () => {
  const glue = { __wbg_set_wasm() {} };
  const empty = new WebAssembly.Module(Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0));
  for (let time = 0; time < 2; time += 1) await assert.rejects(start(empty, glue), TypeError);
});
