// When tokens are refreshed and how, by a clock of the test's own, and what trouble does to them.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { refusal, result } from '../support/grants.mjs';
import { Pool } from '../support/pool.mjs';
import { CognitoError, NOON, ended, opened, operations, pass, poolWith, settle, signedIn, stopClock } from '../support/session.mjs';

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
    () => refusal('PreTokenGeneration invocation failed due to error AccessDeniedException.'),
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

test('the rest after a failure is over by the clock that nobody sets', async (t) => {
  stopClock(t);
  let running = NOON;
  t.mock.method(performance, 'now', () => running);
  const pool = new Pool();
  const session = await signedIn(pool);
  pool.edit = () => new Response('<html>', { status: 403 });
  await assert.rejects(session.refresh(), ended('forbidden'));
  pool.edit = (_operation, reply) => reply;
  // The clock had been ahead, and is set.
  t.mock.method(Date, 'now', () => NOON - 7_200_000);
  running += 31_000;
  await session.tokens();
  await settle();
  assert.equal(pool.requests.length, 2);
});

test('a refresh that fails after its caller has gone is nobody\'s unhandled rejection', async (t) => {
  const unhandled = t.mock.fn();
  process.on('unhandledRejection', unhandled);
  t.after(() => process.off('unhandledRejection', unhandled));
  for (let turns = 0; turns < 10; turns += 1) {
    const pool = new Pool();
    const session = await signedIn(pool);
    pool.edit = () => refusal('later', 'SomethingNewException');
    const gone = new AbortController();
    const refreshing = assert.rejects(session.refresh({ signal: gone.signal }), ended('aborted'));
    for (let turn = 0; turn < turns; turn += 1) await null;
    gone.abort();
    await refreshing;
    await settle();
  }
  assert.equal(unhandled.mock.callCount(), 0);
});
