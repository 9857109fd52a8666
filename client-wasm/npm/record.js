// What is kept of a session: one text in one place, so that it is never half there.
import { readClaims, userOf } from './claims.js';
import { invalidArgument } from './errors.js';
import { optional, text } from './options.js';

const VERSION = 1;
const TEXTS = ['accessToken', 'idToken', 'tokenType'];
const OPTIONAL_TEXTS = ['refreshToken', 'deviceKey'];
const DAY = 86_400_000;

export function recordKey({ userPoolId, clientId }) {
  return `cognito-email-mfa.${userPoolId}.${clientId}`;
}

// A record: the tokens, when they came and when they end by this device's clock (milliseconds
// since 1970), who they are for, and the text of it all. Throws a TypeError, or `bad_reply`.
export function recordOf(tokens, pool) {
  const { accessToken, idToken, refreshToken, tokenType = 'Bearer', deviceKey, expiresAt } = tokens ?? {};
  optional('refreshToken', refreshToken);
  text('tokenType', tokenType);
  optional('deviceKey', deviceKey);
  const claims = readClaims({ accessToken, idToken }, pool);
  const life = (claims.access.exp - claims.access.iat) * 1000;
  const ends = expiresAt === undefined ? claims.access.exp * 1000 : timeOf(expiresAt);
  // Tokens may have been elsewhere for a while, and last no longer than they say.
  const receivedAt = Math.min(Date.now(), ends - life);
  return complete({
    accessToken, idToken, refreshToken, tokenType, deviceKey, receivedAt, expiresAt: Math.min(ends, receivedAt + life),
  }, claims);
}

// A record of tokens that have just come.
export function freshRecord({ expiresIn, ...tokens }, claims) {
  const receivedAt = Date.now();
  return complete({ ...tokens, receivedAt, expiresAt: receivedAt + expiresIn * 1000 }, claims);
}

// The record of a text, or undefined if it is none, or another pool's.
export function readRecord(text, pool) {
  try {
    const { version, ...record } = JSON.parse(text);
    const { receivedAt, expiresAt } = record;
    const sound =
      version === VERSION &&
      TEXTS.every((name) => typeof record[name] === 'string') &&
      OPTIONAL_TEXTS.every((name) => ['string', 'undefined'].includes(typeof record[name])) &&
      Number.isFinite(receivedAt) && expiresAt - receivedAt > 0 && expiresAt - receivedAt <= DAY;
    return sound ? complete(record, readClaims(record, pool)) : undefined;
  } catch {
    return undefined;
  }
}

export function tokensOf({ accessToken, idToken, refreshToken, tokenType, deviceKey, expiresAt }) {
  return {
    accessToken,
    idToken,
    ...(refreshToken === undefined ? {} : { refreshToken }),
    ...(deviceKey === undefined ? {} : { deviceKey }),
    tokenType,
    expiresAt: new Date(expiresAt),
  };
}

// A date that went through JSON is a text, and would never come.
function timeOf(expiresAt) {
  const time = expiresAt instanceof Date ? expiresAt.getTime() : NaN;
  if (Number.isFinite(time)) return time;
  const got = expiresAt instanceof Date ? 'an invalid one' : typeof expiresAt;
  throw invalidArgument(`expiresAt: expected a Date, got ${got}`);
}

function complete(record, claims) {
  const { accessToken, idToken, refreshToken, tokenType, deviceKey, receivedAt, expiresAt } = record;
  const kept = { accessToken, idToken, refreshToken, tokenType, deviceKey, receivedAt, expiresAt };
  return {
    ...kept,
    text: JSON.stringify({ version: VERSION, ...kept }),
    user: userOf(claims),
    origin: claims.access.origin_jti,
  };
}
