// What the tests of the session share: sessions on the pool of these tests, and a clock that stands still.
import assert from 'node:assert/strict';
import { Grants } from './grants.mjs';
import { Pool } from './pool.mjs';

export const dist = new URL('../../../target/npm/dist/', import.meta.url);
export const { Cognito, CognitoError } = await import(new URL('index.js', dist));
export const { openSession } = await import(new URL('session.js', dist));

export const NOON = Date.UTC(2026, 10, 22, 12);
export const KEY = 'cognito-email-mfa.us-east-1_Example1.exampleclient';

export const ended = (code, more = {}) => (error) => {
  assert.ok(error instanceof CognitoError, String(error?.stack));
  assert.equal(error.code, code, error.message);
  for (const [name, value] of Object.entries(more)) assert.equal(error[name], value, name);
  return true;
};

// A store as an application would write one. Tabs that share it see the same record.
export class Store {
  records = new Map();
  get = async (key) => this.records.get(key);
  set = async (key, text) => void this.records.set(key, text);
  remove = async (key) => void this.records.delete(key);
}

// A clock that stands still until the test moves it, and no chance.
export function stopClock(t) {
  t.mock.timers.enable({ apis: ['setTimeout', 'Date'], now: NOON });
  t.mock.method(Math, 'random', () => 0.5);
  t.mock.method(performance, 'now', () => Date.now());
}

export async function pass(t, seconds) {
  t.mock.timers.tick(seconds * 1000);
  await settle();
}

export async function settle() {
  for (let turn = 0; turn < 50; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

export function signedIn(pool, options = {}) {
  return opened(pool, options, pool.grants.begin().AuthenticationResult);
}

export async function opened(pool, options, { AccessToken, IdToken, RefreshToken, ExpiresIn } = {}) {
  const session = openSession(new Cognito(pool.options), options);
  await session.opened;
  if (AccessToken) {
    const expiresAt = new Date(Date.now() + ExpiresIn * 1000);
    await session.keep({ accessToken: AccessToken, idToken: IdToken, refreshToken: RefreshToken, expiresAt });
  }
  return session;
}

export const operations = (pool) => pool.requests.map(({ target }) => target.split('.')[1]);
export const poolWith = (grants) => new Pool({ grants: new Grants(grants) });
