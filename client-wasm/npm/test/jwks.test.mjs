// Signatures by the pool's keys: no forgery signs anybody in, refreshes a session or is kept, and
// AWS' own verifier is of the same mind on each.
import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import { result } from '../support/grants.mjs';
import { CODE, PASSWORD, Pool } from '../support/pool.mjs';
import { FORGERIES, OTHER, POOL } from '../support/signer.mjs';

const dist = new URL('../../../target/npm/dist/', import.meta.url);
const { Cognito, CognitoError } = await import(new URL('index.js', dist));
const { openSession } = await import(new URL('session.js', dist));
const { jwks } = await import(new URL('jwks.js', dist));
const { CognitoJwtVerifier } = createRequire(new URL('../../../e2e/package.json', import.meta.url))('aws-jwt-verify');

const credentials = { username: 'user@example.com', password: PASSWORD };
const judge = CognitoJwtVerifier.create({ userPoolId: 'us-east-1_Example1', clientId: 'exampleclient', tokenUse: null });
judge.cacheJwks(POOL.jwks);
const judgeSays = (token, tokenUse) => judge.verifySync(token, { tokenUse }).token_use === tokenUse;

const refused = (error) => {
  assert.ok(error instanceof CognitoError, String(error?.stack));
  assert.ok(['bad_signature', 'bad_reply'].includes(error.code), error.message);
  assert.equal(error.retryable, false);
  assert.ok(!/eyJ/.test(error.stack), 'an error shows a token');
  return true;
};
const ended = (code) => (error) => {
  assert.ok(error instanceof CognitoError, String(error?.stack));
  assert.equal(error.code, code, error.message);
  return true;
};

// A pool that signs, and publishes its keys.
class SigningPool extends Pool {
  asked = [];
  keys = () => Response.json(POOL.jwks);
  issue = (tokens) => tokens;

  constructor(options) {
    super({ bytesOfB: 8, ...options });
    this.edit = (_operation, reply) =>
      reply.AuthenticationResult ? { ...reply, AuthenticationResult: this.issue(POOL.signed(reply.AuthenticationResult)) } : reply;
  }

  async fetch(request) {
    if (request.method === 'POST') return super.fetch(request);
    this.asked.push(request);
    return this.keys(request);
  }

  get options() {
    return { ...super.options, verifyTokens: jwks() };
  }
}

async function signIn(pool, options = {}) {
  const cognito = new Cognito({ ...pool.options, ...options });
  const session = openSession(cognito);
  const step = await cognito.signIn(credentials);
  return { cognito, session, last: step.answer(CODE) };
}

const given = ({ AccessToken, IdToken, RefreshToken }) => ({ accessToken: AccessToken, idToken: IdToken, refreshToken: RefreshToken });
const operations = (pool) => pool.requests.map(({ target }) => target.split('.')[1]);

test('there are 25 forgeries at least', () => assert.ok(Object.keys(FORGERIES).length >= 25));

test('what the pool signs is taken, by us and by the judge', async () => {
  const pool = new SigningPool();
  const { session, last } = await signIn(pool);
  const { tokens } = await last;
  assert.ok(judgeSays(tokens.idToken, 'id') && judgeSays(tokens.accessToken, 'access'));
  const { idToken } = await session.refresh();
  assert.ok(judgeSays(idToken, 'id'));
  assert.notEqual(idToken, tokens.idToken);
  assert.equal(pool.asked.length, 1, 'the keys are fetched once');
});

for (const [name, forge] of Object.entries(FORGERIES)) {
  test(`${name}: nobody is signed in`, async () => {
    const pool = new SigningPool();
    pool.issue = ({ AccessToken, ...tokens }) => ({ ...tokens, AccessToken: forge(AccessToken) });
    const { session, last } = await signIn(pool);
    await assert.rejects(last, refused);
    assert.equal(session.state.kind, 'signedOut');
  });

  test(`${name}: no refresh, nothing is kept, the session stays, and AWS' verifier is of the same mind`, async () => {
    const pool = new SigningPool();
    const session = openSession(new Cognito(pool.options));
    const first = POOL.signed(pool.grants.begin().AuthenticationResult);
    await session.keep(given(first));
    pool.issue = ({ IdToken, ...tokens }) => ({ ...tokens, IdToken: forge(IdToken) });
    await assert.rejects(session.refresh(), refused);
    for (const [member, use] of [['IdToken', 'id'], ['AccessToken', 'access']]) {
      const forged = { ...first, [member]: forge(first[member]) };
      await assert.rejects(session.keep(given(forged)), refused);
      assert.throws(() => judgeSays(forged[member], use), use);
      assert.ok(judgeSays(first[member], use));
    }
    assert.equal((await session.tokens()).accessToken, first.AccessToken);
  });
}

test('the two tokens in each other’s place, and tokens of another pool, are refused', async () => {
  for (const issue of [
    ({ AccessToken, IdToken, ...more }) => ({ ...more, AccessToken: IdToken, IdToken: AccessToken }),
    (tokens) => OTHER.signed(tokens),
  ]) {
    const pool = new SigningPool();
    pool.issue = issue;
    await assert.rejects((await signIn(pool)).last, refused);
  }
});

test('without verifyTokens no keys are fetched, and signatures are for others to check', async () => {
  const pool = new SigningPool();
  pool.issue = (tokens) => OTHER.signed(tokens);
  assert.equal((await (await signIn(pool, { verifyTokens: undefined })).last).kind, 'signedIn');
  assert.equal(pool.asked.length, 0);
});

test('the keys come from the issuer, from under the endpoint, or from where the application says', async () => {
  const path = 'us-east-1_Example1/.well-known/jwks.json';
  for (const [options, address] of [
    [{}, `https://cognito-idp.us-east-1.amazonaws.com/${path}`],
    [{ endpoint: 'http://127.0.0.1:8080/' }, `http://127.0.0.1:8080/${path}`],
    [{ endpoint: 'https://proxy.example/cognito' }, `https://proxy.example/cognito/${path}`],
    [{ verifyTokens: jwks({ url: 'https://proxy.example/keys' }) }, 'https://proxy.example/keys'],
  ]) {
    const pool = new SigningPool();
    const { last } = await signIn(pool, { headers: { 'x-waf': 'secret' }, ...options });
    assert.equal((await last).kind, 'signedIn');
    const [{ url, method, credentials, redirect, headers }] = pool.asked;
    assert.deepEqual([url, method, credentials, redirect], [address, 'GET', 'omit', 'error']);
    assert.equal(headers.get('x-waf'), null, 'which a server of others would have to allow');
  }
});

test('keys that somebody on the way could alter are not fetched', () => {
  for (const url of [7, '/keys', 'http://proxy.example/keys', 'data:application/json,{"keys":[]}', 'ftp://127.0.0.1/keys']) {
    assert.throws(() => jwks({ url }), { name: 'TypeError', code: 'invalid_argument', message: /^url: expected / });
  }
  for (const url of ['https://proxy.example/keys?version=2', 'http://127.0.0.1:8080/keys']) jwks({ url });
});

test('a new key is fetched once, and a kid that nobody has not more often than every 30 seconds', async (t) => {
  let now = 1000;
  t.mock.method(performance, 'now', () => now);
  const pool = new SigningPool();
  const [first, second] = POOL.jwks.keys;
  pool.keys = () => Response.json({ keys: [first] });
  const { session, last } = await signIn(pool);
  await last;
  pool.keys = () => Response.json({ keys: [first, second] });
  pool.issue = (tokens) => POOL.signed(tokens, { kid: 'key-2' });
  await assert.rejects(session.refresh(), ended('bad_signature'));
  assert.equal(pool.asked.length, 1, 'it was asked just now');
  now += 30_000;
  await Promise.all([session.refresh(), session.keep(given(POOL.signed(result({}, { RefreshToken: 'refresh' }), { kid: 'key-2' })))]);
  assert.equal(pool.asked.length, 2);
  assert.equal(pool.asked[1].cache, 'no-cache');
  pool.issue = (tokens) => OTHER.signed(tokens);
  for (const [seconds, asked] of [[29, 2], [1, 3], [29, 3], [1, 4]]) {
    now += seconds * 1000;
    await assert.rejects(session.refresh(), ended('bad_signature'));
    assert.equal(pool.asked.length, asked);
  }
});

test('a key that the pool has withdrawn is trusted for a day at most', async (t) => {
  let now = 1000;
  t.mock.method(performance, 'now', () => now);
  const pool = new SigningPool();
  const tokens = given(POOL.signed(result({}, {})));
  const session = openSession(new Cognito(pool.options));
  await session.keep(tokens);
  pool.keys = () => Response.json({ keys: [POOL.jwks.keys[1]] });
  now += 86_399_000;
  await session.keep(tokens);
  now += 1000;
  await assert.rejects(session.keep(tokens), ended('bad_signature'));
});

const TROUBLE = {
  network: () => Promise.reject(new TypeError('fetch failed')),
  pool_unavailable: () => new Response('', { status: 503 }),
  throttled: () => new Response('', { status: 429 }),
  timeout: (request) => new Promise((_, reject) => request.signal.addEventListener('abort', () => reject(request.signal.reason))),
  bad_reply: () => new Response('<html>', { status: 200 }),
};

for (const [code, keys] of Object.entries(TROUBLE)) {
  test(`keys that cannot be had (${code}): no sign-in, and a session that stays with its refresh token unspent`, async () => {
    const pool = new SigningPool();
    pool.keys = keys;
    const options = code === 'timeout' ? { timeoutMs: 300 } : {};
    await assert.rejects((await signIn(pool, options)).last, ended(code));

    // The page was reloaded: the record is there, the keys are not yet.
    const text = JSON.stringify({ version: 1, ...given(POOL.signed(result({}, {}))), refreshToken: 'refresh', tokenType: 'Bearer', receivedAt: Date.now(), expiresAt: Date.now() + 3_600_000 });
    pool.grants.begin();
    const store = { text, get() { return this.text; }, set(_key, text) { this.text = text; }, remove() { this.text = null; } };
    const session = openSession(new Cognito({ ...pool.options, ...options }), { store });
    const sent = pool.requests.length;
    await assert.rejects(session.refresh(), ended(code));
    assert.equal(pool.requests.length, sent, `sent ${operations(pool).slice(sent)}`);
    assert.equal(session.state.kind, 'signedIn');
    pool.keys = () => Response.json(POOL.jwks);
    await session.refresh();
    assert.equal(session.state.kind, 'signedIn');
  });
}

test('other kinds of keys, and what is none, are passed over', async () => {
  const pool = new SigningPool();
  const [key] = POOL.jwks.keys;
  const bad = [null, 7, {}, { ...key, kty: 'EC' }, { ...key, use: 'enc' }, { ...key, alg: 'RS512' }, { ...key, n: '!' }, { ...key, kid: 7 }];
  pool.keys = () => Response.json({ keys: [...bad.map((one) => (one?.kid ? { ...one, kid: `${one.kid}-bad` } : one)), key] });
  assert.equal((await (await signIn(pool)).last).kind, 'signedIn');
  for (const keys of [bad, []]) {
    const other = new SigningPool();
    other.keys = () => Response.json({ keys });
    await assert.rejects((await signIn(other)).last, ended('bad_signature'));
  }
});

test('a key that is too short to trust signs for nobody', async () => {
  for (const [modulusLength, verdict] of [[1024, 'bad_signature'], [2048, undefined]]) {
    const { publicKey, privateKey: key } = generateKeyPairSync('rsa', { modulusLength });
    const pool = new SigningPool();
    pool.keys = () => Response.json({ keys: [{ ...publicKey.export({ format: 'jwk' }), kid: 'mine' }] });
    pool.issue = (tokens) => POOL.signed(tokens, { header: { alg: 'RS256', kid: 'mine' }, key });
    const { last } = await signIn(pool);
    assert.equal(await last.then(() => undefined, ({ code }) => code), verdict);
  }
});

test('a caller who leaves while the keys are awaited learns so at once', async () => {
  const pool = new SigningPool();
  pool.keys = () => new Promise(() => {});
  const cognito = new Cognito({ ...pool.options, timeoutMs: 1000 });
  const step = await cognito.signIn(credentials);
  const caller = new AbortController();
  const last = step.answer(CODE, { signal: caller.signal });
  setTimeout(() => caller.abort(), 50);
  await assert.rejects(last, ended('aborted'));
});

test('the keys are on their way while the person types', async () => {
  const pool = new SigningPool();
  await new Cognito(pool.options).prepare();
  assert.equal(pool.asked.length, 1);
});

test('where a page has no WebCrypto, or the verifier is none, it is said at once', (t) => {
  const { options } = new Pool();
  for (const verifyTokens of [null, 7, {}, jwks, { verify() {} }]) {
    assert.throws(() => new Cognito({ ...options, verifyTokens }), { name: 'TypeError', message: /^verifyTokens\./ });
  }
  t.mock.getter(globalThis, 'crypto', () => ({}));
  assert.throws(() => jwks(), { name: 'TypeError', message: /^jwks: expected crypto\.subtle/ });
});
