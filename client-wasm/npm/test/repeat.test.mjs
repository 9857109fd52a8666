// What is sent again and what is not, beyond the faults of `faults.test.mjs`.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Cognito, credentials, ended } from '../support/client.mjs';
import { Pool, refusal } from '../support/pool.mjs';

test('a beginning that mails a code or tries a password is sent once', async () => {
  const ways = { PASSWORD_SRP: 3, EMAIL_OTP: 1, SMS_OTP: 1, WEB_AUTHN: 1, PASSWORD: 1 };
  for (const [preferred, attempts] of Object.entries(ways)) {
    const pool = new Pool();
    pool.edit = () => refusal('Rate exceeded', 'TooManyRequestsException');
    const cognito = new Cognito({ ...pool.options, flow: 'choice' });
    await assert.rejects(cognito.signIn({ ...credentials, preferred }), ended('throttled'));
    assert.equal(pool.requests.length, attempts, preferred);
  }
});

test('a repetition is the same request', async () => {
  const pool = new Pool();
  const lost = [new TypeError('fetch failed')];
  pool.edit = (_operation, reply) => {
    if (lost.length > 0) throw lost.pop();
    return reply;
  };
  assert.equal((await new Cognito(pool.options).signIn(credentials)).kind, 'code');
  const [first, second] = pool.requests;
  assert.deepEqual(second.body, first.body);
  assert.equal(pool.requests.length, 3);
});

test('pauses and repetitions stay within the time limit, and the error is that of the pool', async () => {
  const pool = new Pool();
  pool.edit = () => refusal('Rate exceeded', 'TooManyRequestsException');
  for (const [timeoutMs, most] of [[100, 1], [450, 2]]) {
    pool.requests = [];
    const cognito = new Cognito({ ...pool.options, timeoutMs });
    await cognito.prepare();
    const start = performance.now();
    await assert.rejects(cognito.signIn(credentials), ended('throttled'));
    const took = performance.now() - start;
    assert.ok(took < timeoutMs + 200, `${took} ms`);
    assert.ok(pool.requests.length <= most, `${pool.requests.length}`);
  }
});

test('after a timeout nothing is sent again', async () => {
  const pool = new Pool();
  pool.edit = () => new Promise(() => {});
  await assert.rejects(new Cognito({ ...pool.options, timeoutMs: 200 }).signIn(credentials), ended('timeout'));
  await new Promise((resolve) => setTimeout(resolve, 600));
  assert.equal(pool.requests.length, 1);
});

test('a quota that is used up passes later, and is not asked for again at once', async () => {
  const pool = new Pool();
  pool.edit = () => refusal('Attempt limit exceeded, please try after some time.', 'LimitExceededException');
  await assert.rejects(new Cognito(pool.options).signIn(credentials), ended('limit_exceeded', { retryable: true }));
  assert.equal(pool.requests.length, 1);
});
