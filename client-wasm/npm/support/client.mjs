// What the tests of the sign-in share: the package as it will be packed, and how they look at errors.
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { PASSWORD, Pool } from './pool.mjs';

export const dist = new URL('../../../target/npm/dist/', import.meta.url);
export const { Cognito, CognitoError, init } = await import(new URL('index.js', dist));

export const credentials = { username: 'user@example.com', password: PASSWORD };

export const ended = (code, more = {}) => (error) => {
  assert.ok(error instanceof CognitoError, String(error?.stack));
  assert.equal(error.code, code, error.message);
  for (const [name, value] of Object.entries(more)) assert.equal(error[name], value, name);
  return true;
};

export const misused = (field) => (error) => {
  assert.ok(error instanceof TypeError, String(error?.stack));
  assert.equal(error.code, 'invalid_argument');
  assert.match(error.message, new RegExp(`^${field}`));
  return true;
};

export async function prompt(pool = new Pool(), options = {}) {
  const step = await new Cognito({ ...pool.options, ...options }).signIn(credentials);
  assert.equal(step.kind, 'code');
  return step;
}

// A server on this machine that answers so. Gives its address.
export async function listening(t, answer) {
  const server = createServer(answer).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${server.address().port}/`;
}

export const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));
