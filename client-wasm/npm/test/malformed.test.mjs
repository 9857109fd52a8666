// Anything may answer in the pool's place. A panic would leave the module broken for good, so
// the same module has to sign in after all of it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CODE, PASSWORD, Pool } from '../support/pool.mjs';

const dist = new URL('../../../target/npm/dist/', import.meta.url);
const { Cognito, init } = await import(new URL('index.js', dist));
const { SignIn } = await import(new URL('core.js', dist));

// Replies near what Cognito sends, made of random parts.
function hostile(depth = 0) {
  const pick = (list) => list[Math.floor(Math.random() * list.length)];
  const leaf = () =>
    pick([
      null, true, 0, -1, 1e99, '', 'PASSWORD_VERIFIER', 'CUSTOM_CHALLENGE', 'x'.repeat(30), '-1', 'ff', '\ud800',
      'NotAuthorizedException', '\u0000', '０',
    ]);
  if (depth > 3 || Math.random() < 0.3) return leaf();
  if (Math.random() < 0.1) return Array.from({ length: 3 }, () => hostile(depth + 1));
  const names = [
    'ChallengeName', 'Session', 'ChallengeParameters', 'AuthenticationResult', 'SRP_B', 'SALT', 'SECRET_BLOCK',
    'USER_ID_FOR_SRP', 'AccessToken', 'IdToken', 'ExpiresIn', '__type', 'message', '__proto__', 'constructor',
  ];
  return Object.fromEntries(Array.from({ length: 6 }, () => [pick(names), hostile(depth + 1)]));
}

test('after 10,000 malformed replies the same module still signs in', async () => {
  await init();
  const fields = ['SRP_B', 'SALT', 'SECRET_BLOCK', 'USER_ID_FOR_SRP', 'USERNAME'];
  const outcomes = new Map();
  const count = (outcome) => outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
  for (let round = 0; round < 10_000; round += 1) {
    const body = hostile();
    if (round % 2 === 0 && body && typeof body === 'object') {
      Object.assign(body, { ChallengeName: 'PASSWORD_VERIFIER', Session: 's'.repeat(20) });
      body.ChallengeParameters = Object.fromEntries(fields.map((field) => [field, hostile(3)]));
    }
    const flow = new SignIn('us-east-1_Example1', 'c', undefined, 'user', new Uint8Array([1]), [], undefined);
    await flow.post(new Headers(), new AbortController().signal, async () => new Response());
    try {
      const step = flow.receive(Math.random() < 0.8 ? 200 : 400, new Headers(), body);
      count(step?.kind);
    } catch (error) {
      assert.equal(typeof error.code, 'string', String(error?.stack ?? error));
      count(error.code);
    }
    flow.free();
  }
  assert.ok(outcomes.get('bad_reply') > 5000, JSON.stringify([...outcomes]));
  const cognito = new Cognito(new Pool().options);
  const step = await cognito.signIn({ username: 'user@example.com', password: PASSWORD });
  assert.equal((await step.answer(CODE)).kind, 'signedIn');
});
