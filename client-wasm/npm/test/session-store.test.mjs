// Where a session is kept, and the pages that share it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { refusal } from '../support/grants.mjs';
import { Pool } from '../support/pool.mjs';
import { Cognito, KEY, Store, ended, opened, openSession, poolWith, signedIn } from '../support/session.mjs';

test('a store of the application keeps one record, and gives it to the next page', async () => {
  const pool = new Pool();
  const store = new Store();
  const first = await signedIn(pool, { store });
  const record = JSON.parse(store.records.get(KEY));
  assert.deepEqual(Object.keys(record).sort(), ['accessToken', 'expiresAt', 'idToken', 'receivedAt', 'refreshToken', 'tokenType', 'version']);
  const second = await opened(pool, { store });
  assert.deepEqual(second.state, first.state);
  assert.deepEqual(await second.tokens(), await first.tokens());
  assert.equal(pool.requests.length, 0);
});

test('what one page does to the record reaches another, as one event', async () => {
  const pool = poolWith({ rotation: { graceMs: 0 } });
  const store = new Store();
  const [here, there] = [await opened(pool, { store }), await opened(pool, { store })];
  const heard = [];
  there.subscribe((state) => heard.push(state.kind));
  const { AccessToken, IdToken, RefreshToken } = pool.grants.begin().AuthenticationResult;
  const until = async (count) => {
    for (let turn = 0; heard.length < count && turn < 200; turn += 1) await new Promise((resolve) => setTimeout(resolve, 10));
  };
  await here.keep({ accessToken: AccessToken, idToken: IdToken, refreshToken: RefreshToken });
  await until(1);
  await here.refresh();
  await until(2);
  assert.deepEqual(await there.tokens(), await here.tokens());
  await here.signOut();
  await until(3);
  await new Promise((resolve) => setTimeout(resolve, 50));
  assert.deepEqual(heard, ['signedIn', 'signedIn', 'signedOut']);
});

test('a refusal is about the token that was sent: what another page was given stands', async () => {
  const pool = poolWith({ rotation: { graceMs: 0 } });
  const store = new Store();
  const session = await signedIn(pool, { store });
  const input = { RefreshToken: 'refresh', ClientId: 'exampleclient' };
  const { AccessToken, IdToken, RefreshToken } = pool.grants.answer('GetTokensFromRefreshToken', input).AuthenticationResult;
  // The other page writes while this one is being refused.
  pool.edit = (_operation, reply) => {
    const record = JSON.parse(store.records.get(KEY));
    store.records.set(KEY, JSON.stringify({ ...record, accessToken: AccessToken, idToken: IdToken, refreshToken: RefreshToken }));
    return reply;
  };
  assert.equal((await session.refresh()).refreshToken, RefreshToken);
  assert.equal(session.state.kind, 'signedIn');
  assert.equal(pool.requests.length, 1);
});

test('two pages that ask at once make one refresh', async (t) => {
  const pool = poolWith({ rotation: { graceMs: 0 } });
  const store = new Store();
  const pages = [await signedIn(pool, { store }), await opened(pool, { store })];
  const chances = [0.1, 0.6];
  t.mock.method(Math, 'random', () => chances.shift() ?? 0.5);
  const [here, there] = await Promise.all(pages.map((session) => session.refresh()));
  assert.deepEqual(here, there);
  assert.equal(pool.requests.length, 1);
});

test('a record that cannot be replaced is removed: its refresh token may have been used', async (t) => {
  globalThis.reportError = () => {};
  t.after(() => delete globalThis.reportError);
  const pool = poolWith({ rotation: { graceMs: 0 } });
  const store = new Store();
  const session = await signedIn(pool, { store });
  store.set = async () => { throw new Error('full'); };
  const tokens = await session.refresh();
  assert.equal(store.records.size, 0);
  assert.deepEqual(await session.tokens(), tokens);
});

test('a bad record is nobody signed in, and never an exception', async () => {
  const pool = new Pool();
  const store = new Store();
  await signedIn(pool, { store });
  const good = JSON.parse(store.records.get(KEY));
  const spoilt = (change) => JSON.stringify({ ...good, ...change });
  const bad = [
    '', 'null', '[]', '7', '"text"', '{', '\u0000', 'x'.repeat(1e6), '{}', '{"__proto__":{}}',
    spoilt({ version: 2 }), spoilt({ version: '1' }), spoilt({ accessToken: undefined }), spoilt({ accessToken: good.idToken }),
    spoilt({ idToken: good.accessToken }), spoilt({ idToken: 7 }), spoilt({ refreshToken: 7 }), spoilt({ refreshToken: null }),
    spoilt({ tokenType: null }), spoilt({ expiresAt: null }), spoilt({ expiresAt: 'soon' }), spoilt({ receivedAt: -1e20 }),
    spoilt({ expiresAt: good.receivedAt }), spoilt({ accessToken: `${good.accessToken}.x` }), spoilt({ deviceKey: {} }),
  ];
  for (const text of [...bad, 7, {}, []]) {
    store.records.set(KEY, text);
    const session = await opened(pool, { store });
    assert.equal(session.state.kind, 'signedOut', String(text).slice(0, 80));
    await assert.rejects(session.tokens(), ended('signed_out'));
  }
  assert.equal(pool.requests.length, 0);
});

test('what a store will not take, memory keeps, and the developer is told', async (t) => {
  const told = [];
  globalThis.reportError = (error) => told.push(error.message);
  t.after(() => delete globalThis.reportError);
  const fails = (message) => () => { throw new Error(message); };
  for (const fail of [fails, (message) => async () => fails(message)()]) {
    told.length = 0;
    const pool = new Pool();
    const store = { get: fail('no get'), set: fail('no set'), remove: fail('no remove') };
    const session = await signedIn(pool, { store });
    assert.equal((await session.tokens()).refreshToken, 'refresh');
    await session.refresh();
    await session.signOut();
    assert.equal(session.state.kind, 'signedOut');
    assert.deepEqual([...new Set(told)].sort(), ['no get', 'no remove', 'no set']);
  }
});

test('where there is no web storage, its stores are memory', async () => {
  for (const store of ['session', 'local']) {
    const pool = new Pool();
    const session = await signedIn(pool, { store });
    assert.equal((await session.refresh()).refreshToken, 'refresh');
    await session.signOut();
  }
});

test('options in the place of a pool are a mistake that is named', () => {
  for (const cognito of [undefined, { userPoolId: 'us-east-1_Example1', clientId: 'exampleclient' }]) {
    assert.throws(() => openSession(cognito), { name: 'TypeError', code: 'invalid_argument', message: /^cognito\.onSignedIn: / });
  }
});

test('a store is named or has three methods', () => {
  const cognito = new Cognito(new Pool().options);
  for (const store of ['cookie', null, 7, {}, { get() {}, set() {} }]) {
    assert.throws(() => openSession(cognito, { store }), (error) => error instanceof TypeError && error.message.startsWith('store:'));
  }
});

// A store whose first write waits until the test settles it.
function slowStore() {
  const store = new Store();
  const { set } = store;
  store.set = (key, text) => {
    store.set = set;
    return new Promise((resolve, reject) => {
      store.land = () => resolve(set(key, text));
      store.fail = reject;
    });
  };
  return store;
}

test('a write that fails late takes nothing away from the one that came after it', async (t) => {
  globalThis.reportError = () => {};
  t.after(() => delete globalThis.reportError);
  const pool = poolWith({ rotation: { graceMs: 0 } });
  const store = slowStore();
  const session = await opened(pool, { store });
  const { AccessToken, IdToken, RefreshToken } = pool.grants.begin().AuthenticationResult;
  const keeping = session.keep({ accessToken: AccessToken, idToken: IdToken, refreshToken: RefreshToken });
  const refreshing = session.refresh();
  while (pool.grants.refreshed === 0) await new Promise((resolve) => setTimeout(resolve, 1));
  store.fail(new Error('the quota is used up'));
  assert.equal(await keeping, false);
  const { refreshToken } = await refreshing;
  assert.equal(JSON.parse(store.records.get(KEY)).refreshToken, refreshToken);
  await session.refresh();
  assert.equal(session.state.kind, 'signedIn');
});

test('a write that lands late does not bring back who has signed out', async () => {
  const pool = new Pool();
  const store = slowStore();
  const session = await opened(pool, { store });
  const { AccessToken, IdToken, RefreshToken } = pool.grants.begin().AuthenticationResult;
  const keeping = session.keep({ accessToken: AccessToken, idToken: IdToken, refreshToken: RefreshToken });
  const leaving = session.signOut();
  await new Promise((resolve) => setTimeout(resolve, 5));
  assert.equal(session.state.kind, 'signedOut');
  store.land();
  await Promise.all([keeping, leaving]);
  assert.equal(store.records.size, 0);
  assert.ok(!pool.grants.accepts('refresh'));
});
