// The session in Node, by a clock of the test's own: when tokens are refreshed, what ends a session
// and what does not.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Grants, jwt, refusal, result } from '../support/grants.mjs';
import { CODE, PASSWORD, Pool } from '../support/pool.mjs';

const dist = new URL('../../../target/npm/dist/', import.meta.url);
const { Cognito, CognitoError } = await import(new URL('index.js', dist));

const NOON = Date.UTC(2026, 10, 22, 12);
const KEY = 'cognito-email-mfa.us-east-1_Example1.exampleclient';

const ended = (code, more = {}) => (error) => {
  assert.ok(error instanceof CognitoError, String(error?.stack));
  assert.equal(error.code, code, error.message);
  for (const [name, value] of Object.entries(more)) assert.equal(error[name], value, name);
  return true;
};

// A store as an application would write one. Tabs that share it see the same record.
class Store {
  records = new Map();
  get = async (key) => this.records.get(key);
  set = async (key, text) => void this.records.set(key, text);
  remove = async (key) => void this.records.delete(key);
}

// A clock that stands still until the test moves it, and no chance.
function stopClock(t) {
  t.mock.timers.enable({ apis: ['setTimeout', 'Date'], now: NOON });
  t.mock.method(Math, 'random', () => 0.5);
  t.mock.method(performance, 'now', () => Date.now());
}

async function pass(t, seconds) {
  t.mock.timers.tick(seconds * 1000);
  await settle();
}

async function settle() {
  for (let turn = 0; turn < 50; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

function signedIn(pool, options = {}) {
  return opened(pool, options, pool.grants.begin().AuthenticationResult);
}

async function opened(pool, options, { AccessToken, IdToken, RefreshToken, ExpiresIn } = {}) {
  const { session } = new Cognito({ ...pool.options, ...options });
  await session.opened;
  if (AccessToken) {
    const expiresAt = new Date(Date.now() + ExpiresIn * 1000);
    await session.keep({ accessToken: AccessToken, idToken: IdToken, refreshToken: RefreshToken, expiresAt });
  }
  return session;
}

const operations = (pool) => pool.requests.map(({ target }) => target.split('.')[1]);
const poolWith = (grants) => new Pool({ grants: new Grants(grants) });

test('a sign-in lands in the session, and who subscribed hears of it once', async () => {
  const pool = new Pool({ bytesOfB: 8 });
  const cognito = new Cognito(pool.options);
  const { session } = cognito;
  const heard = [];
  const unsubscribe = session.subscribe((state) => heard.push(state));
  assert.deepEqual(session.state, { kind: 'signedOut' });
  await assert.rejects(session.tokens(), ended('signed_out', { retryable: false }));
  const step = await (await cognito.signIn({ username: 'user@example.com', password: PASSWORD })).answer(CODE);
  assert.equal(session.state.kind, 'signedIn');
  assert.deepEqual(session.state.user, step.user);
  assert.equal(session.state, session.state);
  assert.deepEqual(heard, [session.state]);
  assert.deepEqual(await session.tokens(), step.tokens);
  unsubscribe();
  await session.signOut();
  assert.equal(heard.length, 1);
  assert.equal(cognito.session, session);
  assert.deepEqual([cognito.userPoolId, cognito.clientId], ['us-east-1_Example1', 'exampleclient']);
});

test('a session that nobody asks for refreshes nothing', async (t) => {
  const pool = poolWith({ rotation: { graceMs: 0 } });
  const cognito = new Cognito(pool.options);
  const step = await (await cognito.signIn({ username: 'user@example.com', password: PASSWORD })).answer(CODE);
  stopClock(t);
  await pass(t, 3600);
  assert.equal(pool.grants.refreshed, 0);
  assert.ok(pool.grants.accepts(step.tokens.refreshToken));
});

test('tokens are refreshed when four fifths of their life are over, and not before', async (t) => {
  stopClock(t);
  const pool = new Pool();
  const session = await signedIn(pool);
  const first = await session.tokens();
  await pass(t, 2879);
  assert.equal(pool.grants.refreshed, 0);
  await pass(t, 1);
  assert.equal(pool.grants.refreshed, 1);
  const second = await session.tokens();
  assert.notEqual(second.accessToken, first.accessToken);
  assert.equal(second.refreshToken, 'refresh');
  assert.equal(second.expiresAt.getTime(), NOON + 2_880_000 + 3_600_000);
  assert.deepEqual(session.state.expiresAt, second.expiresAt);
  await pass(t, 2880);
  assert.equal(pool.grants.refreshed, 2);
});

test('the moment is spread by a tenth', async (t) => {
  for (const [chance, seconds] of [[0, 2592], [0.999999, 3167]]) {
    await t.test(`${chance}`, async (t) => {
      stopClock(t);
      t.mock.method(Math, 'random', () => chance);
      const pool = new Pool();
      await signedIn(pool);
      await pass(t, seconds - 1);
      assert.equal(pool.grants.refreshed, 0);
      await pass(t, 2);
      assert.equal(pool.grants.refreshed, 1);
    });
  }
});

test('a rotated refresh token is kept, and used next', async (t) => {
  stopClock(t);
  const pool = poolWith({ rotation: { graceMs: 0 } });
  const session = await signedIn(pool);
  for (let round = 0; round < 5; round += 1) await pass(t, 2881);
  assert.equal(pool.grants.refreshed, 5);
  assert.equal(pool.grants.reused, 0);
  const sent = pool.requests.map(({ body }) => body.RefreshToken);
  assert.equal(new Set(sent).size, 5);
  assert.ok(pool.grants.accepts((await session.tokens()).refreshToken));
  assert.deepEqual(new Set(operations(pool)), new Set(['GetTokensFromRefreshToken']));
});

test('where the operation is unknown, REFRESH_TOKEN_AUTH is used from then on', async (t) => {
  const ways = ['UnknownOperationException', 'OperationNotEnabledException', 'UnsupportedOperationException', 'FeatureUnavailableInTierException'];
  for (const exception of ways) {
    const pool = poolWith({ knows: ['REFRESH_TOKEN_AUTH'] });
    pool.edit = (_operation, reply) => (reply.__type === 'UnknownOperationException' ? { ...reply, __type: exception } : reply);
    const session = await signedIn(pool);
    await session.refresh();
    await session.refresh();
    assert.deepEqual(operations(pool), ['GetTokensFromRefreshToken', 'InitiateAuth', 'InitiateAuth'], exception);
    assert.equal((await session.tokens()).refreshToken, 'refresh');
  }
});

test('five callers at once make one request', async (t) => {
  stopClock(t);
  const pool = new Pool();
  const session = await signedIn(pool);
  t.mock.timers.setTime(NOON + 3_600_000);
  const all = await Promise.all([1, 2, 3, 4, 5].map(() => session.tokens()));
  assert.equal(new Set(all.map(({ accessToken }) => accessToken)).size, 1);
  assert.equal(pool.grants.refreshed, 1);
});

test('tokens that are due but good are handed out at once', async (t) => {
  stopClock(t);
  const pool = new Pool();
  const session = await signedIn(pool);
  const { accessToken } = await session.tokens();
  let letGo;
  pool.edit = (_operation, reply) => new Promise((resolve) => (letGo = () => resolve(reply)));
  await pass(t, 3000);
  assert.equal((await session.tokens()).accessToken, accessToken);
  letGo();
  await settle();
  assert.notEqual((await session.tokens()).accessToken, accessToken);
  assert.equal(pool.grants.refreshed, 1);
});

test('trouble that passes keeps the tokens, is retryable, and is followed by a rest', async (t) => {
  const troubles = {
    network: () => { throw new TypeError('fetch failed'); },
    pool_unavailable: () => new Response('<html>', { status: 502 }),
    throttled: () => refusal('Rate exceeded', 'TooManyRequestsException'),
  };
  for (const [code, trouble] of Object.entries(troubles)) {
    await t.test(code, async (t) => {
      const pool = new Pool();
      stopClock(t);
      const session = await signedIn(pool);
      const states = [];
      session.subscribe((state) => states.push(state.kind));
      pool.edit = trouble;
      t.mock.timers.setTime(NOON + 3_700_000);
      const asked = assert.rejects(session.tokens(), ended(code, { retryable: true }));
      for (let turn = 0; turn < 4; turn += 1) await pass(t, 1);
      await asked;
      assert.equal(pool.requests.length, 3);
      await assert.rejects(session.tokens(), ended(code, { retryable: true }));
      await pass(t, 25);
      assert.equal(pool.requests.length, 3, 'the pool was not left alone');
      pool.edit = (_operation, reply) => reply;
      await pass(t, 10);
      assert.equal(pool.requests.length, 4);
      assert.deepEqual(states, ['signedIn']);
      assert.equal((await session.tokens()).refreshToken, 'refresh');
    });
  }
});

test('what is no refusal ends no session', async () => {
  const replies = [
    () => new Response('<html>captive portal</html>'),
    () => new Response('<html>blocked</html>', { status: 403 }),
    () => Response.json({ message: 'who are you' }, { status: 401 }),
    () => Response.json({ AuthenticationResult: {} }),
    () => Response.json([]),
    () => new Response(''),
    () => refusal('Request not allowed due to WAF block.', 'ForbiddenException'),
    () => refusal('PreTokenGeneration failed with error x.', 'UserLambdaValidationException'),
    () => refusal('no such client', 'ResourceNotFoundException'),
    () => refusal('Unable to verify secret hash for client exampleclient'),
    () => refusal('later', 'SomethingNewException'),
  ];
  for (const reply of replies) {
    const pool = new Pool();
    const session = await signedIn(pool);
    pool.edit = reply;
    await assert.rejects(session.refresh(), (error) => error instanceof CognitoError && !error.retryable);
    assert.equal(session.state.kind, 'signedIn');
    assert.equal(pool.requests.length, 1, 'tried again');
  }
});

test('a definite refusal signs out, in one request, and says why', async () => {
  const refusals = {
    NotAuthorizedException: 'Refresh Token has expired',
    TokenRevokedException: 'x',
    RefreshTokenReuseException: 'x',
    UserNotFoundException: 'x',
    PasswordResetRequiredException: 'x',
    UserNotConfirmedException: 'x',
  };
  for (const [exception, message] of Object.entries(refusals)) {
    const pool = new Pool();
    const session = await signedIn(pool);
    pool.edit = () => refusal(message, exception);
    await assert.rejects(session.refresh(), ended('signed_out', { exception, status: 400 }));
    assert.equal(session.state.kind, 'signedOut');
    assert.equal(session.state.cause.exception, exception);
    await assert.rejects(session.tokens(), ended('signed_out', { exception }));
    assert.equal(pool.requests.length, 1);
  }
});

test('a failure shows no token', async () => {
  for (const reply of [() => refusal('x'), () => { throw new TypeError('fetch failed'); }, () => Response.json({ AuthenticationResult: { AccessToken: 'eyJ.x.y' } })]) {
    const pool = new Pool();
    const session = await signedIn(pool);
    const tokens = await session.tokens();
    pool.edit = reply;
    const error = await session.refresh().catch((thrown) => thrown);
    const shown = `${error.stack} ${error.cause?.stack} ${JSON.stringify(error)}`;
    for (const secret of [tokens.accessToken, tokens.idToken, "'refresh'", 'eyJ.x.y']) assert.ok(!shown.includes(secret));
  }
});

test('tokens of somebody else are refused, and end the session', async () => {
  const pool = new Pool();
  const session = await signedIn(pool);
  pool.edit = () => ({ AuthenticationResult: result({ sub: 'somebody-else' }, {}) });
  await assert.rejects(session.refresh(), ended('signed_out'));
  assert.equal(session.state.kind, 'signedOut');
});

test('an abort ends the waiting, not the refresh', async (t) => {
  const pool = new Pool();
  const session = await signedIn(pool);
  let letGo;
  pool.edit = (_operation, reply) => new Promise((resolve) => (letGo = () => resolve(reply)));
  const controller = new AbortController();
  const [left, stays] = [session.refresh({ signal: controller.signal }), session.refresh()];
  await settle();
  controller.abort(new Error('left'));
  await assert.rejects(left, (error) => ended('aborted')(error) && error.cause.message === 'left');
  letGo();
  assert.equal((await stays).refreshToken, 'refresh');
  assert.equal(pool.requests.length, 1);
  await assert.rejects(session.tokens({ signal: AbortSignal.abort() }), ended('aborted'));
  await assert.rejects(session.tokens({ signal: 7 }), TypeError);
});

test('a clock that is put back is not believed', async (t) => {
  stopClock(t);
  const pool = new Pool();
  const session = await signedIn(pool);
  const day = 86_400_000;
  t.mock.method(Date, 'now', () => NOON - day);
  await session.tokens();
  await settle();
  assert.equal(pool.grants.refreshed, 1);
});

test('without a refresh token the session lasts as long as the tokens', async (t) => {
  stopClock(t);
  const pool = new Pool();
  const session = await opened(pool, {}, result({}, {}));
  await pass(t, 3500);
  assert.equal((await session.tokens()).refreshToken, undefined);
  await pass(t, 100);
  await pass(t, 1);
  assert.equal(session.state.kind, 'signedOut');
  await assert.rejects(session.tokens(), ended('signed_out'));
  assert.equal(pool.requests.length, 0);
});

test('signing out clears the store first, then revokes', async () => {
  const pool = new Pool();
  const store = new Store();
  const session = await signedIn(pool, { store });
  assert.deepEqual([...store.records.keys()], [KEY]);
  let left;
  pool.edit = (_operation, reply) => {
    left = store.records.size;
    return reply;
  };
  await session.signOut();
  assert.equal(left, 0);
  assert.deepEqual(operations(pool), ['RevokeToken']);
  assert.deepEqual(pool.requests[0].body, { Token: 'refresh', ClientId: 'exampleclient' });
  assert.deepEqual(session.state, { kind: 'signedOut' });
  assert.ok(!pool.grants.accepts('refresh'));
  await session.signOut();
  assert.equal(pool.requests.length, 1);
});

test('signing out works offline, and tells that nothing was revoked', async (t) => {
  stopClock(t);
  const pool = new Pool();
  const session = await signedIn(pool);
  pool.edit = () => { throw new TypeError('fetch failed'); };
  const leaving = assert.rejects(session.signOut(), ended('network', { retryable: true }));
  for (let turn = 0; turn < 3; turn += 1) await pass(t, 1);
  await leaving;
  assert.equal(session.state.kind, 'signedOut');
  for (const exception of ['UnsupportedOperationException', 'UnauthorizedException', 'UnsupportedTokenTypeException']) {
    const other = new Pool();
    const again = await signedIn(other);
    other.edit = () => refusal('x', exception);
    await again.signOut();
  }
});

test('signing out everywhere ends the other sessions too', async () => {
  const pool = new Pool();
  const [here, there] = [await signedIn(pool), await signedIn(pool)];
  pool.edit = () => new Response('', { status: 503 });
  await assert.rejects(here.signOutEverywhere(), ended('pool_unavailable', { retryable: true }));
  assert.equal(here.state.kind, 'signedIn', 'it can be tried again');
  pool.edit = (_operation, reply) => reply;
  await here.signOutEverywhere();
  assert.equal(operations(pool).at(-1), 'GlobalSignOut');
  assert.equal(here.state.kind, 'signedOut');
  await assert.rejects(there.refresh(), ended('signed_out', { exception: 'NotAuthorizedException' }));
});

test('signing out everywhere says so when the token may not', async () => {
  const pool = new Pool();
  const session = await signedIn(pool);
  pool.edit = () => refusal('Access Token does not have required scopes');
  await assert.rejects(session.signOutEverywhere(), ended('refused'));
  assert.equal(session.state.kind, 'signedIn');
  pool.edit = () => refusal('Access Token has been revoked');
  await session.signOutEverywhere();
  assert.equal(session.state.kind, 'signedOut');
});

test('tokens that arrive after the sign-out are dropped and revoked', async () => {
  const pool = poolWith({ rotation: { graceMs: 1000 } });
  const session = await signedIn(pool);
  let letGo;
  pool.edit = (operation, reply) =>
    operation === 'GetTokensFromRefreshToken' ? new Promise((resolve) => (letGo = () => resolve(reply))) : reply;
  const refreshing = assert.rejects(session.refresh(), ended('signed_out'));
  await settle();
  await session.signOut();
  letGo();
  await refreshing;
  await settle();
  assert.equal(session.state.kind, 'signedOut');
  const revoked = pool.requests.filter(({ target }) => target.endsWith('RevokeToken')).map(({ body }) => body.Token);
  assert.equal(revoked.length, 2);
  assert.equal(revoked[0], 'refresh');
});

test('who has signed out here is not signed in again by a page that was refreshing', async () => {
  const pool = poolWith({ rotation: { graceMs: 1000 } });
  const store = new Store();
  const [here, there] = [await signedIn(pool, { store }), await opened(pool, { store })];
  const late = await there.refresh();
  await here.signOut();
  await there.keep(late);
  for (let turn = 0; store.records.size > 0 && turn < 100; turn += 1) await new Promise((resolve) => setTimeout(resolve, 10));
  await new Promise((resolve) => setTimeout(resolve, 50));
  assert.deepEqual([here.state.kind, there.state.kind, store.records.size], ['signedOut', 'signedOut', 0]);
  const { AccessToken: accessToken, IdToken: idToken } = pool.grants.begin().AuthenticationResult;
  await there.keep({ accessToken, idToken });
  for (let turn = 0; here.state.kind === 'signedOut' && turn < 100; turn += 1) await new Promise((resolve) => setTimeout(resolve, 10));
  assert.equal(here.state.kind, 'signedIn', 'the next sign-in is another');
});

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

test('a listener that throws disturbs nobody', async (t) => {
  const told = [];
  globalThis.reportError = (error) => told.push(error.message);
  t.after(() => delete globalThis.reportError);
  const pool = new Pool();
  const { session } = new Cognito(pool.options);
  const heard = [];
  session.subscribe(() => { throw new Error('mine'); });
  const unsubscribe = session.subscribe((state) => {
    heard.push(state.kind);
    unsubscribe();
  });
  session.subscribe((state) => heard.push(state.kind));
  const { AccessToken, IdToken } = result({}, {});
  await session.keep({ accessToken: AccessToken, idToken: IdToken });
  await session.signOut();
  assert.deepEqual(heard, ['signedIn', 'signedIn', 'signedOut']);
  assert.deepEqual(told, ['mine', 'mine']);
});

test('where there is no web storage, its stores are memory', async () => {
  for (const store of ['session', 'local']) {
    const pool = new Pool();
    const session = await signedIn(pool, { store });
    assert.equal((await session.refresh()).refreshToken, 'refresh');
    await session.signOut();
  }
});

test('a store is named or has three methods', () => {
  const { options } = new Pool();
  for (const store of ['cookie', null, 7, {}, { get() {}, set() {} }]) {
    assert.throws(() => new Cognito({ ...options, store }), (error) => error instanceof TypeError && error.message.startsWith('store:'));
  }
});

test('tokens from elsewhere are kept if they fit, and refused if not', async () => {
  const pool = new Pool();
  const session = await opened(pool);
  await assert.rejects(session.keep({ accessToken: jwt({}), idToken: jwt({}) }), ended('bad_reply'));
  await assert.rejects(session.keep({}), ended('bad_reply'));
  assert.equal(session.state.kind, 'signedOut');
});

test('a program with a session ends by itself', async () => {
  const { execFile } = await import('node:child_process');
  const program = `
    const { Cognito } = await import(${JSON.stringify(new URL('index.js', dist).href)});
    const { Pool } = await import(${JSON.stringify(new URL('../support/pool.mjs', import.meta.url).href)});
    const pool = new Pool();
    const records = new Map();
    const store = { get: async (k) => records.get(k), set: async (k, v) => void records.set(k, v), remove: async (k) => void records.delete(k) };
    const { session } = new Cognito({ ...pool.options, store });
    const { AccessToken: accessToken, IdToken: idToken, RefreshToken: refreshToken } = pool.grants.begin().AuthenticationResult;
    await session.keep({ accessToken, idToken, refreshToken });
    console.log((await session.refresh()).refreshToken);`;
  const out = await new Promise((resolve, reject) => {
    execFile(process.execPath, ['--input-type=module', '-e', program], { timeout: 15_000 }, (error, text) => (error ? reject(error) : resolve(text)));
  });
  assert.equal(out.trim(), 'refresh');
});
