// The keys that amazon-cognito-identity-js and Amplify leave in localStorage, and what becomes of them.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Grants, result } from '../support/grants.mjs';
import { Pool } from '../support/pool.mjs';

const dist = new URL('../../../target/npm/dist/', import.meta.url);
const { Cognito } = await import(new URL('index.js', dist));
const { openSession } = await import(new URL('session.js', dist));
const { adopt } = await import(new URL('adopt.js', dist));

const PREFIX = 'CognitoIdentityServiceProvider.exampleclient';
const NAME = 'first.last@example.com';
const DEVICE = { deviceKey: 'us-east-1_device', deviceGroupKey: '-group', randomPasswordKey: 'secret' };
// Written as the two families write them; clockDrift is in seconds here and in milliseconds there.
const FAMILIES = {
  'identity-js': { clockDrift: '-2', userData: '{"Username":"x"}' },
  'amplify v6': { clockDrift: '1312', signInDetails: '{"loginId":"x","authFlowType":"CUSTOM_WITH_SRP"}' },
};

class Old extends Map {
  getItem = (key) => this.get(key) ?? null;
  setItem = (key, value) => void this.set(key, String(value));
  removeItem = (key) => void this.delete(key);
}

function left(tokens, more = {}) {
  const { AccessToken, IdToken, RefreshToken } = tokens;
  const old = new Old([['unrelated', 'stays'], [`${PREFIX}.LastAuthUser`, NAME]]);
  const entries = { idToken: IdToken, accessToken: AccessToken, refreshToken: RefreshToken, ...more };
  for (const [name, value] of Object.entries(entries)) {
    if (value !== undefined) old.set(`${PREFIX}.${NAME}.${name}`, value);
  }
  return old;
}

async function refreshed(pool) {
  for (let turn = 0; pool.requests.length === 0 && turn < 100; turn += 1) await new Promise((resolve) => setTimeout(resolve, 10));
  await new Promise((resolve) => setTimeout(resolve, 20));
}

function store() {
  const records = new Map();
  return { records, get: (key) => records.get(key), set: (key, text) => void records.set(key, text), remove: (key) => void records.delete(key) };
}

for (const [family, keys] of Object.entries(FAMILIES)) {
  test(`${family}: the person stays signed in, once, and the old keys go`, async () => {
    const pool = new Pool({ grants: new Grants({ rotation: { graceMs: 0 } }) });
    const old = left(pool.grants.begin().AuthenticationResult, keys);
    const session = openSession(new Cognito(pool.options), { store: store() });
    assert.equal(await adopt(session, { from: old }), true);
    assert.equal(session.state.user.email, 'user@example.com');
    assert.deepEqual([...old.keys()], ['unrelated']);
    await refreshed(pool);
    assert.equal(pool.grants.refreshed, 1);
    assert.ok(pool.grants.accepts((await session.tokens()).refreshToken));
    assert.equal(await adopt(session, { from: old }), false);
  });
}

test('a pool in the place of a session is a mistake that is named, and the old keys stay', async () => {
  const old = left({ AccessToken: 'a', IdToken: 'i', RefreshToken: 'r' });
  const cognito = new Cognito(new Pool().options);
  await assert.rejects(adopt(cognito, { from: old }), { name: 'TypeError', code: 'invalid_argument', message: /^session\.keep: / });
  await assert.rejects(adopt(undefined, { from: old }), { code: 'invalid_argument' });
  assert.ok(old.has(`${PREFIX}.LastAuthUser`));
});

test('tokens that have expired are adopted for their refresh token', async () => {
  const pool = new Pool();
  pool.grants.begin();
  const iat = Math.floor(Date.now() / 1000) - 86_400;
  const old = left(result({ iat, exp: iat + 3600 }, { RefreshToken: 'refresh' }));
  const session = openSession(new Cognito(pool.options), { store: store() });
  assert.equal(await adopt(session, { from: old }), true);
  assert.ok((await session.tokens()).expiresAt > Date.now());
  assert.equal(pool.grants.refreshed, 1);
});

test('offline, what was adopted is kept', async () => {
  const pool = new Pool();
  const old = left(pool.grants.begin().AuthenticationResult);
  pool.edit = () => { throw new TypeError('fetch failed'); };
  const session = openSession(new Cognito(pool.options), { store: store() });
  assert.equal(await adopt(session, { from: old }), true);
  await refreshed(pool);
  assert.equal(session.state.kind, 'signedIn');
  assert.equal((await session.tokens()).refreshToken, 'refresh');
});

test('a remembered device goes along with every refresh, and stays where it is', async () => {
  const pool = new Pool();
  const old = left(pool.grants.begin().AuthenticationResult, DEVICE);
  const session = openSession(new Cognito(pool.options), { store: store() });
  await adopt(session, { from: old });
  await refreshed(pool);
  await session.refresh();
  assert.deepEqual(pool.requests.map(({ body }) => body.DeviceKey), [DEVICE.deviceKey, DEVICE.deviceKey]);
  assert.equal(old.size, 1 + Object.keys(DEVICE).length);
});

test('what cannot be adopted stays, and nobody is signed in', async () => {
  const good = result({}, { RefreshToken: 'refresh' });
  const cases = [
    new Old(),
    new Old([[`${PREFIX}.LastAuthUser`, NAME]]),
    left({ ...good, IdToken: undefined }),
    left({ ...good, AccessToken: 'x' }),
    left(result({ iss: 'https://cognito-idp.us-east-1.amazonaws.com/us-east-1_Other' }, {})),
  ];
  for (const old of cases) {
    const pool = new Pool();
    const session = openSession(new Cognito(pool.options));
    const before = [...old];
    assert.equal(await adopt(session, { from: old }), false);
    assert.equal(session.state.kind, 'signedOut');
    assert.deepEqual([...old], before);
    assert.equal(pool.requests.length, 0);
  }
});

test('where somebody is signed in already, the old keys only go', async () => {
  const pool = new Pool();
  const { AccessToken: accessToken, IdToken: idToken } = result({ sub: 'already-here' }, {});
  const session = openSession(new Cognito(pool.options));
  await session.keep({ accessToken, idToken });
  const old = left(pool.grants.begin().AuthenticationResult);
  assert.equal(await adopt(session, { from: old }), false);
  assert.equal(session.state.user.sub, 'already-here');
  assert.deepEqual([...old.keys()], ['unrelated']);
});

test('if the new record does not stand, the old keys stay and are not used up', async (t) => {
  globalThis.reportError = () => {};
  t.after(() => delete globalThis.reportError);
  const pool = new Pool({ grants: new Grants({ rotation: { graceMs: 0 } }) });
  const old = left(pool.grants.begin().AuthenticationResult);
  const full = { ...store(), set() { throw new Error('full'); } };
  const session = openSession(new Cognito(pool.options), { store: full });
  assert.equal(await adopt(session, { from: old }), false);
  assert.equal(session.state.kind, 'signedIn');
  assert.equal(old.size, 5);
  assert.equal(pool.requests.length, 0);
});

test('without a storage there is nothing to adopt', async () => {
  assert.equal(await adopt(openSession(new Cognito(new Pool().options))), false);
});
