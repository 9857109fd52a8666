// What ends a session: a refusal, or the person.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { refusal, result } from '../support/grants.mjs';
import { Pool } from '../support/pool.mjs';
import { KEY, Store, ended, opened, operations, pass, poolWith, settle, signedIn, stopClock } from '../support/session.mjs';

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

test('tokens of somebody else are refused, and end the session', async () => {
  const pool = new Pool();
  const session = await signedIn(pool);
  pool.edit = () => ({ AuthenticationResult: result({ sub: 'somebody-else' }, {}) });
  await assert.rejects(session.refresh(), ended('signed_out'));
  assert.equal(session.state.kind, 'signedOut');
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
