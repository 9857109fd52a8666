// What a caller hands over: used as it is, or named.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Cognito, credentials, misused, prompt } from '../support/client.mjs';
import { CODE, Pool } from '../support/pool.mjs';

test('options that cannot work are named', () => {
  const good = new Pool().options;
  const cases = [
    [undefined, 'userPoolId'],
    [{ ...good, userPoolId: 7 }, 'userPoolId'],
    [{ ...good, clientId: null }, 'clientId'],
    [{ ...good, fetch: 'fetch' }, 'fetch'],
    [{ ...good, flow: 'USER_AUTH' }, 'flow'],
    [{ ...good, timeoutMs: 0 }, 'timeoutMs'],
    [{ ...good, timeoutMs: NaN }, 'timeoutMs'],
    [{ ...good, headers: { 'not a name': 'x' } }, 'headers'],
    [{ ...good, headers: 7 }, 'headers'],
    [{ ...good, endpoint: 'http://cognito.example.com/' }, 'endpoint'],
    [{ ...good, endpoint: 'javascript:alert(1)' }, 'endpoint'],
    [{ ...good, endpoint: '/relative' }, 'endpoint'],
    [{ ...good, endpoint: 'https://user:secret@example.com/' }, 'endpoint'],
    [{ ...good, endpoint: 'https://example.com/#fragment' }, 'endpoint'],
    [{ ...good, endpoint: 'http://127.0.0.1.example.com/' }, 'endpoint'],
    [{ ...good, verifyToken: {} }, 'verifyToken:'],
    [{ ...good, timeout: 1_000 }, 'timeout:'],
    ['us-east-1_Example1', 'userPoolId'],
  ];
  for (const [options, field] of cases) {
    assert.throws(() => new Cognito(options), misused(field));
  }
  for (const endpoint of ['https://example.com/proxy', 'http://localhost:8080', 'http://[::1]:1/']) {
    new Cognito({ ...good, endpoint });
  }
});

test('what is undefined counts as left out', async () => {
  const absent = (...names) => Object.fromEntries(names.map((name) => [name, undefined]));
  const { userPoolId, clientId, fetch } = new Pool().options;
  const cognito = new Cognito({
    ...absent('endpoint', 'endpointVariant', 'headers', 'timeoutMs', 'flow', 'authSessionValidity', 'verifyTokens', 'userContextData', 'region'),
    userPoolId, clientId, fetch,
  });
  const step = await cognito.signIn({ ...credentials, ...absent('preferred', 'device', 'clientMetadata', 'signal') });
  assert.equal((await step.answer(CODE, absent('signal'))).kind, 'signedIn');
});

test('pool and credentials that cannot work are named, and nothing is sent', async () => {
  const pool = new Pool();
  const cases = [
    [{ userPoolId: 'us-east-1' }, {}, 'userPoolId'],
    [{ userPoolId: 'us-east-1_a_b' }, {}, 'userPoolId'],
    [{ clientId: 'https://example.com' }, {}, 'clientId'],
    [{}, { username: '' }, 'username'],
    [{}, { username: 'a\0b' }, 'username'],
    [{}, { username: 'a'.repeat(129) }, 'username'],
    [{}, { username: undefined }, 'username'],
    [{}, { password: '' }, 'password'],
    [{}, { password: 'p'.repeat(1025) }, 'password'],
    [{}, { password: 7 }, 'password'],
    [{}, { password: undefined }, 'password'],
    [{}, { preferred: 'EMAIL_OTP' }, 'preferred'],
    [{ flow: 'choice' }, { preferred: 'SMS' }, 'preferred'],
    [{ flow: 'choice' }, { password: undefined, preferred: 'PASSWORD_SRP' }, 'password'],
    [{}, { device: {} }, 'device'],
    [{}, { device: { deviceKey: '', deviceGroupKey: 'g', devicePassword: 'p' } }, 'deviceKey'],
    [{}, { clientMetadata: { locale: 7 } }, 'clientMetadata'],
    [{}, { clientMetadata: null }, 'clientMetadata'],
    [{}, { clientMetadata: 'fr' }, 'clientMetadata'],
    [{}, { signal: new AbortController() }, 'signal'],
    [{}, { signal: null }, 'signal'],
    [{}, { clientMetadata: { action: 'resend' } }, 'clientMetadata'],
  ];
  for (const [options, input, field] of cases) {
    const cognito = new Cognito({ ...pool.options, ...options });
    await assert.rejects(cognito.signIn({ ...credentials, ...input }), misused(field));
  }
  await assert.rejects(new Cognito(pool.options).signIn(), misused('username'));
  assert.equal(pool.requests.length, 0);
});

test('own headers, metadata and endpoint are used', async () => {
  const pool = new Pool();
  const headers = { 'x-waf-token': 'seven', 'X-Amz-Target': 'evil' };
  const endpoint = 'https://proxy.example.com/cognito';
  const cognito = new Cognito({ ...pool.options, headers, endpoint });
  await cognito.signIn({ ...credentials, clientMetadata: { locale: 'fr' } });
  const [begin, password] = pool.requests;
  assert.equal(begin.headers.get('x-waf-token'), 'seven');
  assert.match(begin.target, /InitiateAuth$/);
  assert.equal(begin.url, endpoint);
  assert.equal(begin.body.ClientMetadata, undefined);
  assert.deepEqual(password.body.ClientMetadata, { locale: 'fr' });
});

test('a signal of another kind is named, and the step can still be used', async (t) => {
  const unhandled = t.mock.fn();
  process.on('unhandledRejection', unhandled);
  t.after(() => process.off('unhandledRejection', unhandled));
  const step = await prompt(new Pool(), { timeoutMs: 200 });
  for (const signal of [new AbortController(), {}, 7]) {
    await assert.rejects(step.answer(CODE, { signal }), misused('signal'));
  }
  await new Promise((resolve) => setTimeout(resolve, 250));
  assert.equal(unhandled.mock.callCount(), 0);
  assert.equal((await step.answer(CODE)).kind, 'signedIn');
});

test('options and credentials may be frozen, and what their getters throw comes through', async () => {
  const pool = new Pool();
  const step = await new Cognito(Object.freeze(pool.options)).signIn(Object.freeze({ ...credentials }));
  assert.equal(step.kind, 'code');
  const trap = new Proxy({}, { get() { throw new RangeError('mine'); } });
  assert.throws(() => new Cognito(trap), RangeError);
  await assert.rejects(new Cognito(pool.options).signIn(trap), RangeError);
  await assert.rejects(step.answer(CODE, trap), RangeError);
  assert.equal((await step.answer(CODE)).kind, 'signedIn');
});
