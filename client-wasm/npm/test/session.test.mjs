// The session in Node: what lands in it, who hears of it, and its end.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { jwt, refusal, result } from '../support/grants.mjs';
import { CODE, PASSWORD, Pool } from '../support/pool.mjs';
import { Cognito, KEY, NOON, Store, dist, ended, opened, openSession, pass, poolWith, settle, signedIn, stopClock } from '../support/session.mjs';

test('a sign-in lands in the session, and who subscribed hears of it once', async () => {
  const pool = new Pool({ bytesOfB: 8 });
  const cognito = new Cognito(pool.options);
  const session = openSession(cognito);
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
});

test('without a session nothing is refreshed', async (t) => {
  const pool = poolWith({ rotation: { graceMs: 0 } });
  const cognito = new Cognito(pool.options);
  const step = await (await cognito.signIn({ username: 'user@example.com', password: PASSWORD })).answer(CODE);
  stopClock(t);
  await pass(t, 3600);
  assert.equal(pool.grants.refreshed, 0);
  assert.ok(pool.grants.accepts(step.tokens.refreshToken));
});

test('a closed session does nothing by itself, and finishes what it has begun', async (t) => {
  stopClock(t);
  const pool = poolWith({ rotation: { graceMs: 0 } });
  const store = new Store();
  const cognito = new Cognito(pool.options);
  const session = openSession(cognito, { store });
  const { AccessToken: accessToken, IdToken: idToken, RefreshToken: refreshToken } = pool.grants.begin().AuthenticationResult;
  await session.keep({ accessToken, idToken, refreshToken });
  let letGo;
  pool.edit = (_operation, reply) => new Promise((resolve) => (letGo = () => resolve(reply)));
  await pass(t, 2881);
  await pass(t, 1); // Without locks the tabs take turns.
  session.close();
  letGo();
  await pass(t, 1);
  assert.ok(pool.grants.accepts(JSON.parse(store.records.get(KEY)).refreshToken), 'the rotated token is lost');
  pool.edit = (_operation, reply) => reply;
  await pass(t, 7200);
  assert.equal(pool.grants.refreshed, 1);
  const heard = [];
  session.subscribe((state) => heard.push(state.kind));
  const other = openSession(cognito, { store });
  await other.opened;
  await other.signOut();
  await pass(t, 1);
  assert.deepEqual(heard, [], 'it listens to others');
  await session.signOut();
  assert.deepEqual(heard, ['signedOut']);
});

test('a sign-in after the close does not land', async () => {
  const pool = new Pool({ bytesOfB: 8 });
  const cognito = new Cognito(pool.options);
  const [closed, open] = [openSession(cognito), openSession(cognito)];
  closed.close();
  closed.close();
  await (await cognito.signIn({ username: 'user@example.com', password: PASSWORD })).answer(CODE);
  assert.deepEqual([closed.state.kind, open.state.kind], ['signedOut', 'signedIn']);
});

test('the device of a sign-in goes along with every refresh', async () => {
  const pool = new Pool({ bytesOfB: 8 });
  const newDevice = { DeviceKey: 'us-east-1_new', DeviceGroupKey: '-group' };
  pool.edit = (operation, reply) => {
    if (operation !== 'CUSTOM_CHALLENGE') return reply;
    return { AuthenticationResult: { ...reply.AuthenticationResult, NewDeviceMetadata: newDevice } };
  };
  const cognito = new Cognito(pool.options);
  const session = openSession(cognito);
  const step = await (await cognito.signIn({ username: 'user@example.com', password: PASSWORD })).answer(CODE);
  assert.equal(step.tokens.deviceKey, newDevice.DeviceKey);
  pool.edit = (_operation, reply) => reply;
  assert.equal((await session.refresh()).deviceKey, newDevice.DeviceKey);
  assert.equal(pool.requests.at(-1).body.DeviceKey, newDevice.DeviceKey);
});

test('a sign-in is over when its listeners are, whatever they throw', async (t) => {
  const told = [];
  globalThis.reportError = (error) => told.push(error.message);
  t.after(() => delete globalThis.reportError);
  const cognito = new Cognito(new Pool({ bytesOfB: 8 }).options);
  const heard = [];
  const listener = async (step) => {
    await settle();
    heard.push(step);
  };
  const unsubscribe = [cognito.onSignedIn(listener), cognito.onSignedIn(listener)];
  cognito.onSignedIn(() => { throw new Error('mine'); });
  cognito.onSignedIn(async () => { throw new Error('mine, later'); });
  unsubscribe[0]();
  const step = await (await cognito.signIn({ username: 'user@example.com', password: PASSWORD })).answer(CODE);
  assert.deepEqual(heard, [step]);
  assert.deepEqual(told, ['mine', 'mine, later']);
  assert.throws(() => cognito.onSignedIn(), (error) => error.code === 'invalid_argument');
  assert.throws(() => openSession(cognito).subscribe(), (error) => error.code === 'invalid_argument');
});

test('what a session is opened with cannot be changed', () => {
  const { settings } = new Cognito(new Pool().options);
  assert.deepEqual([settings.userPoolId, settings.clientId], ['us-east-1_Example1', 'exampleclient']);
  assert.ok(Object.isFrozen(settings));
});

test('a listener that throws disturbs nobody', async (t) => {
  const told = [];
  globalThis.reportError = (error) => told.push(error.message);
  t.after(() => delete globalThis.reportError);
  const pool = new Pool();
  const session = openSession(new Cognito(pool.options));
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

test('tokens from elsewhere are kept if they fit, and refused if not', async () => {
  const pool = new Pool();
  const session = await opened(pool);
  await assert.rejects(session.keep({ accessToken: jwt({}), idToken: jwt({}) }), ended('bad_reply'));
  await assert.rejects(session.keep({}), ended('bad_reply'));
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

test('a program with a session ends by itself', async () => {
  const { execFile } = await import('node:child_process');
  const program = `
    const { Cognito } = await import(${JSON.stringify(new URL('index.js', dist).href)});
    const { openSession } = await import(${JSON.stringify(new URL('session.js', dist).href)});
    const { Pool } = await import(${JSON.stringify(new URL('../support/pool.mjs', import.meta.url).href)});
    const pool = new Pool();
    const records = new Map();
    const store = { get: async (k) => records.get(k), set: async (k, v) => void records.set(k, v), remove: async (k) => void records.delete(k) };
    const session = openSession(new Cognito(pool.options), { store });
    const { AccessToken: accessToken, IdToken: idToken, RefreshToken: refreshToken } = pool.grants.begin().AuthenticationResult;
    await session.keep({ accessToken, idToken, refreshToken });
    console.log((await session.refresh()).refreshToken);`;
  const out = await new Promise((resolve, reject) => {
    execFile(process.execPath, ['--input-type=module', '-e', program], { timeout: 15_000 }, (error, text) => (error ? reject(error) : resolve(text)));
  });
  assert.equal(out.trim(), 'refresh');
});

test('tokens of another form are refused by the name of what is wrong, and nothing changes', async () => {
  const pool = new Pool();
  const session = await signedIn(pool);
  const before = session.state;
  const { AccessToken: accessToken, IdToken: idToken } = pool.grants.begin().AuthenticationResult;
  for (const [name, value] of [
    ['expiresAt', new Date().toISOString()], ['expiresAt', new Date(NaN)], ['expiresAt', 1e12],
    ['refreshToken', null], ['refreshToken', 7], ['tokenType', null], ['deviceKey', {}],
  ]) {
    await assert.rejects(session.keep({ accessToken, idToken, [name]: value }), (error) => {
      assert.ok(error instanceof TypeError);
      assert.equal(error.code, 'invalid_argument');
      assert.ok(error.message.startsWith(`${name}: expected `), error.message);
      return true;
    });
  }
  await assert.rejects(session.keep(), ended('bad_reply'));
  assert.equal(session.state, before);
});

test('tokens last no longer than they say, whatever comes with them, and by any clock', async (t) => {
  const day = 86_400_000;
  for (const [now, expiresAt] of [[NOON, new Date(NOON + 30 * day)], [NOON - 3 * day, undefined], [NOON, new Date(0)]]) {
    await t.test(`${expiresAt}`, async (t) => {
      stopClock(t);
      const pool = new Pool();
      const store = new Store();
      const { AccessToken: accessToken, IdToken: idToken } = pool.grants.begin().AuthenticationResult;
      t.mock.timers.setTime(now);
      const session = await opened(pool, { store });
      await session.keep({ accessToken, idToken, refreshToken: 'refresh', expiresAt });
      assert.ok(session.state.expiresAt.getTime() <= now + 3_600_000);
      assert.equal((await opened(pool, { store })).state.kind, 'signedIn', 'the next page cannot read it');
    });
  }
});
