// What the tokens say, and whether it fits the pool, the client and each other. Signatures are
// for those who receive the tokens: here TLS says that they come from the pool, unless the
// application has them checked, too.
import { CognitoError } from './errors.js';
import { isIssuer } from './pool-address.js';

const LONGEST_TOKEN = 1 << 18;
const LONGEST_LIFE = 86_400; // seconds, Cognito's limit
const CLOCK_SLACK = 300;
// Without the pool's own time there is this device's, which may be off. TLS would not have
// worked with a clock that is off by much more.
const DEVICE_SLACK = 86_400;

// The one way in for tokens that the pool has just issued: gives the claims of both, or throws.
export async function checkTokens(tokens, poolNow, pool, signal) {
  const claims = readClaims(tokens, pool);
  checkTimes(claims, poolNow);
  await pool.verifyTokens?.verify(tokens, pool, signal);
  return claims;
}

// Gives the claims of both tokens, or throws `bad_reply`.
export function readClaims({ accessToken, idToken }, pool) {
  const id = decode('the ID token', idToken);
  const access = decode('the access token', accessToken);
  for (const [name, claims, use] of [['ID', id, 'id'], ['access', access, 'access']]) {
    expect(isIssuer(claims.iss, pool), `the ${name} token: iss is not the pool`);
    expect(claims.token_use === use, `the ${name} token: token_use is not ${use}`);
    expect(typeof claims.sub === 'string' && claims.sub !== '', `the ${name} token: there is no sub`);
    expect(isLife(claims), `the ${name} token: iat and exp are no life of a token`);
  }
  expect(id.aud === pool.clientId, 'the ID token: aud is not the client');
  expect(access.client_id === pool.clientId, 'the access token: client_id is not the client');
  expect(id.sub === access.sub, 'the tokens have different subs');
  const names = [id['cognito:username'], access.username].filter((name) => name !== undefined);
  expect(new Set(names).size < 2, 'the tokens have different user names');
  return { id, access };
}

// Throws `bad_reply` unless new tokens are valid now. `poolNow` is the pool's time in
// milliseconds, if it told.
function checkTimes({ id, access }, poolNow) {
  const now = (poolNow ?? Date.now()) / 1000;
  const slack = poolNow === undefined ? DEVICE_SLACK : CLOCK_SLACK;
  for (const [name, { exp, iat }] of [['ID', id], ['access', access]]) {
    expect(iat <= now + slack, `the ${name} token: iat is in the future`);
    expect(exp > now - (poolNow === undefined ? slack : 0), `the ${name} token: exp is in the past`);
  }
}

export function userOf({ id }) {
  return {
    username: id['cognito:username'] ?? id.sub,
    sub: id.sub,
    ...(typeof id.email === 'string' ? { email: id.email } : {}),
    claims: id,
  };
}

function isLife({ iat, exp }) {
  return Number.isSafeInteger(iat) && Number.isSafeInteger(exp) && exp > iat && exp - iat <= LONGEST_LIFE;
}

function decode(name, token) {
  headerOf(name, token);
  return parse(name, token.split('.')[1]);
}

export function headerOf(name, token) {
  expect(typeof token === 'string' && token.length <= LONGEST_TOKEN, `${name}: expected a text of moderate length`);
  const parts = token.split('.');
  const isBase64url = (part) => /^[\w-]+$/.test(part) && part.length % 4 !== 1;
  expect(parts.length === 3 && parts.every(isBase64url), `${name}: expected three parts in base64url`);
  const header = parse(name, parts[0]);
  expect(header.alg === 'RS256' && typeof header.kid === 'string', `${name}: expected alg RS256 and a kid`);
  return header;
}

export function base64url(part) {
  return Uint8Array.from(atob(part.replaceAll('-', '+').replaceAll('_', '/')), (char) => char.charCodeAt(0));
}

function parse(name, part) {
  let value;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(base64url(part)));
  } catch {
    // The parser's own message would quote the token.
  }
  expect(typeof value === 'object' && value !== null && !Array.isArray(value), `${name} cannot be read`);
  return value;
}

function expect(holds, message) {
  if (!holds) throw new CognitoError('bad_reply', message);
}
