// Tokens that are not what the pool issues: none of them signs anybody in, refreshes a session, is
// kept, or is read from a store.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { jwt, result } from '../support/grants.mjs';
import { CODE, PASSWORD, Pool } from '../support/pool.mjs';

const dist = new URL('../../../target/npm/dist/', import.meta.url);
const { Cognito } = await import(new URL('index.js', dist));
const { openSession } = await import(new URL('session.js', dist));

const HOUR = 3600;
const now = () => Math.floor(Date.now() / 1000);
const claimsOf = (token) => JSON.parse(Buffer.from(token.split('.')[1], 'base64url').toString());
const altered = (name, change, header) => (tokens) => ({
  ...tokens,
  [name]: jwt({ ...claimsOf(tokens[name]), ...change }, header),
});
const id = (change, header) => altered('IdToken', change, header);
const access = (change, header) => altered('AccessToken', change, header);
const both = (change) => (tokens) => id(change)(access(change)(tokens));

const FORGERIES = {
  'alg none': id({}, { alg: 'none', kid: 'key-1' }),
  'alg HS256': access({}, { alg: 'HS256', kid: 'key-1' }),
  'no kid': id({}, { alg: 'RS256' }),
  'another pool': id({ iss: 'https://cognito-idp.us-east-1.amazonaws.com/us-east-1_Example2' }),
  'another region': access({ iss: 'https://cognito-idp.eu-west-1.amazonaws.com/us-east-1_Example1' }),
  'a host that ends alike': both({ iss: 'https://evil.example/us-east-1_Example1' }),
  'an issuer that goes on': id({ iss: 'https://cognito-idp.us-east-1.amazonaws.com/us-east-1_Example1/' }),
  'no issuer': access({ iss: undefined }),
  'another audience': id({ aud: 'otherclient' }),
  'a list of audiences': id({ aud: ['exampleclient'] }),
  'another client': access({ client_id: 'otherclient' }),
  'an access token that says id': access({ token_use: 'id' }),
  'an ID token that says access': id({ token_use: 'access' }),
  'swapped tokens': ({ AccessToken, IdToken, ...more }) => ({ ...more, AccessToken: IdToken, IdToken: AccessToken }),
  'the ID token twice': (tokens) => ({ ...tokens, AccessToken: tokens.IdToken }),
  'an ID token of somebody else': id({ sub: 'somebody-else' }),
  'no sub': both({ sub: undefined }),
  'another user name': access({ username: 'somebody-else' }),
  'exp in the past': () => both({ iat: now() - 2 * HOUR, exp: now() - HOUR })(result({}, {})),
  'exp as text': id({ exp: String(now() + HOUR) }),
  'iat in the future': () => both({ iat: now() + HOUR, exp: now() + 2 * HOUR })(result({}, {})),
  'a life of years': access({ exp: now() + 1e8 }),
  'four parts': (tokens) => ({ ...tokens, IdToken: `${tokens.IdToken}.c2ln` }),
  'two parts': (tokens) => ({ ...tokens, IdToken: tokens.IdToken.split('.').slice(0, 2).join('.') }),
  'no signature': (tokens) => ({ ...tokens, AccessToken: tokens.AccessToken.replace(/[^.]+$/, '') }),
  'bad base64': (tokens) => ({ ...tokens, IdToken: tokens.IdToken.replace('.', '.=') }),
  'no JSON': (tokens) => ({ ...tokens, IdToken: tokens.IdToken.replace(/\.[^.]+\./, '.bm8.') }),
  'a list for claims': (tokens) => ({ ...tokens, IdToken: tokens.IdToken.replace(/\.[^.]+\./, '.W10.') }),
  'a megabyte': id({ filler: 'x'.repeat(700_000) }),
  'no ID token': ({ IdToken, ...tokens }) => tokens,
  'a number': (tokens) => ({ ...tokens, AccessToken: 7 }),
};

const dated = (reply) => ({ ...reply, headers: { ...reply.headers, Date: new Date().toUTCString() } });
const refused = (error) => error.code === 'bad_reply' && !/eyJ/.test(error.stack);
const timely = (name) => !['exp in the past', 'iat in the future'].includes(name);

test('there are 25 forgeries at least', () => assert.ok(Object.keys(FORGERIES).length >= 25));

for (const [name, forge] of Object.entries(FORGERIES)) {
  test(`${name}: nobody is signed in`, async () => {
    const pool = new Pool({ bytesOfB: 8 });
    pool.edit = (operation, reply) =>
      operation === 'CUSTOM_CHALLENGE' ? dated({ AuthenticationResult: forge(result({}, { RefreshToken: 'refresh' })) }) : reply;
    const cognito = new Cognito(pool.options);
    const session = openSession(cognito);
    const step = await cognito.signIn({ username: 'user@example.com', password: PASSWORD });
    await assert.rejects(step.answer(CODE), refused);
    assert.equal(session.state.kind, 'signedOut');
  });

  test(`${name}: no refresh, and the tokens before it stay`, async () => {
    const pool = new Pool();
    const session = openSession(new Cognito(pool.options));
    const { AccessToken: accessToken, IdToken: idToken, RefreshToken: refreshToken } = pool.grants.begin().AuthenticationResult;
    await session.keep({ accessToken, idToken, refreshToken });
    pool.edit = () => dated({ AuthenticationResult: forge(result({}, {})) });
    await assert.rejects(session.refresh(), refused);
    assert.equal((await session.tokens()).accessToken, accessToken);
  });

  if (!timely(name)) continue;
  test(`${name}: nothing is kept, and nothing is read from a store`, async () => {
    const pool = new Pool();
    const tokens = result({}, {});
    const { AccessToken, IdToken } = forge(tokens);
    const session = openSession(new Cognito(pool.options));
    await assert.rejects(session.keep({ accessToken: AccessToken, idToken: IdToken }), refused);
    const record = { version: 1, accessToken: AccessToken, idToken: IdToken, tokenType: 'Bearer', receivedAt: Date.now(), expiresAt: Date.now() + 1000 };
    const store = { get: () => JSON.stringify(record), set() {}, remove() {} };
    const stored = openSession(new Cognito(pool.options), { store });
    assert.equal(stored.state.kind, 'signedOut');
  });
}

async function signInWith(options, change, date) {
  const pool = new Pool({ bytesOfB: 8 });
  pool.edit = (operation, reply) => {
    if (operation !== 'CUSTOM_CHALLENGE') return reply;
    const tokens = both(change)(result({}, {}));
    return { AuthenticationResult: tokens, headers: date ? { Date: date } : {} };
  };
  const step = await new Cognito({ ...pool.options, ...options }).signIn({ username: 'user@example.com', password: PASSWORD });
  return step.answer(CODE);
}

test('the good ones are good, in every form that pools issue', async () => {
  const official = 'https://cognito-idp.us-east-1.amazonaws.com/us-east-1_Example1';
  const endpoint = 'http://127.0.0.1:8080/';
  const good = [
    [{}, {}],
    [{}, { iss: 'https://issuer-cognito-idp.us-east-1.amazonaws.com/us-east-1_Example1' }],
    [{ endpoint }, { iss: 'http://127.0.0.1:8080/us-east-1_Example1' }],
    [{ endpoint }, { iss: official }],
    [{}, { username: undefined, 'cognito:username': undefined }],
  ];
  for (const [options, change] of good) {
    assert.equal((await signInWith(options, change)).kind, 'signedIn', JSON.stringify(change));
  }
  for (const iss of ['javascript://x/us-east-1_Example1', 'http://127.0.0.1:8080/us-east-1_Other', '/us-east-1_Example1']) {
    await assert.rejects(signInWith({ endpoint }, { iss }), refused, iss);
  }
});

test('other partitions have other issuers', async () => {
  const pool = new Pool();
  for (const [region, suffix] of [['us-gov-west-1', 'amazonaws.com'], ['cn-north-1', 'amazonaws.com.cn'], ['eusc-de-east-1', 'amazonaws.eu']]) {
    const userPoolId = `${region}_Example1`;
    const { AccessToken, IdToken } = both({ iss: `https://cognito-idp.${region}.${suffix}/${userPoolId}` })(result({}, {}));
    const session = openSession(new Cognito({ ...pool.options, userPoolId }));
    await session.keep({ accessToken: AccessToken, idToken: IdToken });
    assert.equal(session.state.kind, 'signedIn', region);
  }
});

test('a device whose clock is wrong signs in all the same', async (t) => {
  const real = Date.now();
  for (const hours of [-20, -2, 2, 20]) {
    const times = { iat: Math.floor(real / 1000), exp: Math.floor(real / 1000) + HOUR };
    const clock = t.mock.method(Date, 'now', () => real + hours * HOUR * 1000);
    for (const date of [new Date(real).toUTCString(), undefined]) {
      const { tokens } = await signInWith({}, times, date);
      assert.ok(Math.abs(tokens.expiresAt - Date.now() - HOUR * 1000) < 5000, 'by the clock of the device');
    }
    clock.mock.restore();
  }
});
