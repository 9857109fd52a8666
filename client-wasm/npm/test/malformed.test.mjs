// Anything may answer in the pool's place. A panic would leave the module broken for good, so
// the same module has to sign in after all of it.
//
// To repeat a run: SEED=… node --test client-wasm/npm/test/malformed.test.mjs
// Before a release: REPLIES=10000
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CODE, PASSWORD, Pool } from '../support/pool.mjs';

const dist = new URL('../../../target/npm/dist/', import.meta.url);
const { Cognito, CognitoError } = await import(new URL('index.js', dist));
const credentials = { username: 'user@example.com', password: PASSWORD };

const WRONG = '999999';
const replies = Number(process.env.REPLIES ?? 2_000);
const seed = Number(process.env.SEED ?? Date.now() % 2 ** 32);

// Mulberry32: small, and the same everywhere.
let state = seed;
function random() {
  state = (state + 0x6d2b79f5) | 0;
  let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
  mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
  return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
}
const pick = (list) => list[Math.floor(random() * list.length)];

const LEAVES = [
  null, true, 0, -1, 1e99, '', 'PASSWORD_VERIFIER', 'CUSTOM_CHALLENGE', 'x'.repeat(30), 'x'.repeat(5000), '-1',
  'ff', 'f'.repeat(768), '\ud800', 'NotAuthorizedException', '\u0000', '０', 'a.b.c', [], {}, [[]],
];
const NAMES = [
  'ChallengeName', 'Session', 'ChallengeParameters', 'AuthenticationResult', 'SRP_B', 'SALT', 'SECRET_BLOCK',
  'USER_ID_FOR_SRP', 'AccessToken', 'IdToken', 'ExpiresIn', '__type', 'message', 'constructor',
];

// Replaces, removes or adds a member of a valid reply: in the later rounds most often of
// the parameters, after which the sign-in goes on.
function alter(reply) {
  const parts = [reply.ChallengeParameters, reply.ChallengeParameters, reply, reply.AuthenticationResult];
  const object = pick(parts.filter((part) => part && typeof part === 'object'));
  const name = random() < 0.8 ? pick(Object.keys(object)) : pick(NAMES);
  if (name === undefined || name === 'status') return;
  if (random() < 0.2) delete object[name];
  else object[name] = pick(LEAVES);
}

test(`after ${replies} malformed replies the same module still signs in`, async (t) => {
  t.diagnostic(`seed ${seed}`);
  const outcomes = new Map();
  let altered = 0;
  while (altered < replies) {
    const pool = new Pool({ attempts: 12, bytesOfB: 2 });
    // The first replies stay whole in most rounds, so that the later are reached.
    const likely = { InitiateAuth: 0.2, PASSWORD_VERIFIER: 0.2, CUSTOM_CHALLENGE: 0.8 };
    pool.edit = (operation, reply) => {
      if (random() < likely[operation]) {
        altered += 1;
        alter(reply);
        if (random() < 0.3) alter(reply);
      }
      return reply;
    };
    let outcome;
    try {
      let step = await new Cognito(pool.options).signIn(credentials);
      for (let round = 0; step.kind === 'code' && round < 20; round += 1) {
        step = await (random() < 0.3 && step.resendAt ? step.resend() : step.answer(random() < 0.1 ? CODE : WRONG));
      }
      outcome = step.kind;
    } catch (error) {
      assert.ok(error instanceof CognitoError, String(error?.stack ?? error));
      outcome = error.code;
    }
    outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
  }
  t.diagnostic(JSON.stringify(Object.fromEntries(outcomes)));
  for (const seen of ['bad_reply', 'signedIn', 'challenge', 'code_attempts_exceeded', 'bad_credentials']) {
    assert.ok(outcomes.has(seen), `${seen} was never seen`);
  }
  const step = await new Cognito(new Pool().options).signIn(credentials);
  assert.equal((await step.answer(CODE)).kind, 'signedIn');
});
