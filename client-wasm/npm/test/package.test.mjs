// A sign-in with the built package, as it will be packed, against a pool that shares no code with
// it. Built by `cargo xtask package`; run by `node --test client-wasm/npm/test/`.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Cognito, credentials, dist, ended, misused, prompt } from '../support/client.mjs';
import { CODE, PASSWORD, Pool } from '../support/pool.mjs';

const slim = await import(new URL('slim.node.js', dist));

test('the right code signs in', async () => {
  const pool = new Pool();
  const step = await prompt(pool);
  assert.deepEqual(
    { ...step, expiresAt: undefined, resendAt: undefined },
    {
      kind: 'code', wrong: false, sent: true, sentTo: 'u***@e***', codeLength: 6, attemptsLeft: 3,
      expiresAt: undefined, resendAt: undefined,
    },
  );
  assert.ok(Math.abs(step.expiresAt - Date.now() - 180_000) < 5000);
  assert.ok(Math.abs(step.resendAt - Date.now() - 30_000) < 5000);
  const last = await step.answer(' 012 345 ');
  assert.equal(last.kind, 'signedIn');
  assert.equal(last.tokens.refreshToken, 'refresh');
  assert.ok(Math.abs(last.tokens.expiresAt - Date.now() - 3_600_000) < 5000);
  assert.equal(last.user.email, 'user@example.com');
  assert.equal(last.user.claims.name, 'Zoë');
  assert.deepEqual(
    pool.requests.map(({ target }) => target.split('.')[1]),
    ['InitiateAuth', 'RespondToAuthChallenge', 'RespondToAuthChallenge'],
  );
  assert.equal(pool.requests[0].url, 'https://cognito-idp.us-east-1.amazonaws.com/');
  assert.equal(pool.requests[0].headers.get('content-type'), 'application/x-amz-json-1.1');
});

test('the slim entry signs in too', async () => {
  const pool = new Pool();
  const step = await new slim.Cognito(pool.options).signIn(credentials);
  assert.equal((await step.answer(CODE)).kind, 'signedIn');
});

test('a prepared secret serves one sign-in, and the next draws its own', async (t) => {
  const pool = new Pool();
  const cognito = new Cognito(pool.options);
  const draws = t.mock.method(crypto, 'getRandomValues').mock;
  await Promise.all([cognito.prepare(), cognito.prepare()]);
  assert.equal(draws.callCount(), 1);
  await cognito.signIn(credentials);
  assert.equal(draws.callCount(), 1);
  await cognito.signIn(credentials);
  assert.equal(draws.callCount(), 2);
  const publics = pool.requests.flatMap(({ body }) => body.AuthParameters?.SRP_A ?? []);
  assert.equal(new Set(publics).size, 2);
});

for (const [of, password] of Object.entries({ Uint8Array: new TextEncoder().encode(PASSWORD), Buffer: Buffer.from(PASSWORD) })) {
  test(`a password may come as bytes in a ${of}, which are left as they are`, async () => {
    const step = await new Cognito(new Pool().options).signIn({ ...credentials, password });
    assert.equal((await step.answer(CODE)).kind, 'signedIn');
    assert.equal(new TextDecoder().decode(password), PASSWORD);
  });
}

test('a password may come as bytes, which the caller may wipe at once', async () => {
  const cognito = new Cognito(new Pool().options);
  const password = new TextEncoder().encode(PASSWORD);
  const signingIn = cognito.signIn({ ...credentials, password });
  assert.equal(new TextDecoder().decode(password), PASSWORD);
  password.fill(0);
  assert.equal((await signingIn).kind, 'code');
});

test('a wrong code is a step; three end the sign-in', async () => {
  let step = await prompt();
  for (const left of [2, 1]) {
    step = await step.answer('999999');
    assert.deepEqual([step.kind, step.wrong, step.sent, step.attemptsLeft], ['code', true, false, left]);
  }
  await assert.rejects(
    step.answer('999999'),
    ended('code_attempts_exceeded', {
      exception: 'NotAuthorizedException', status: 400, requestId: 'request-7',
    }),
  );
});

test('a new code needs no password and spends no attempt', async () => {
  const pool = new Pool();
  const step = await (await prompt(pool)).resend();
  assert.deepEqual([step.wrong, step.sent, step.attemptsLeft], [false, true, 3]);
  assert.deepEqual(pool.requests.at(-1).body.ClientMetadata, { action: 'resend' });
  assert.equal((await step.answer(CODE)).kind, 'signedIn');
});

test('a wrong password is refused', async () => {
  const cognito = new Cognito(new Pool().options);
  await assert.rejects(
    cognito.signIn({ ...credentials, password: 'wrong' }),
    ended('bad_credentials'),
  );
});

test('what cannot be a code costs nothing', async () => {
  const pool = new Pool();
  const step = await prompt(pool);
  for (const typed of ['', '12345', '1234567', '12345a', '１２３４５６', 'Your code: 123456']) {
    await assert.rejects(step.answer(typed), ended('invalid_code'), typed);
  }
  for (const typed of [undefined, null, 123456, {}]) {
    await assert.rejects(step.answer(typed), misused('code'));
  }
  assert.equal(pool.requests.length, 2);
  assert.equal((await step.answer(CODE)).kind, 'signedIn');
});

test('a step is used once', async () => {
  const pool = new Pool();
  const step = await prompt(pool);
  const first = step.answer(CODE);
  await assert.rejects(step.answer(CODE), ended('busy'));
  await assert.rejects(step.resend(), ended('busy'));
  assert.equal((await first).kind, 'signedIn');
  await assert.rejects(step.answer(CODE), ended('spent'));
  await assert.rejects(step.resend(), ended('spent'));
  assert.equal(pool.requests.length, 3);
});

test('no resend where none is offered, and nothing is lost', async () => {
  const pool = new Pool();
  pool.edit = (_operation, reply) => {
    delete reply.ChallengeParameters?.RESEND_IN;
    return reply;
  };
  const step = await prompt(pool);
  assert.equal(step.resendAt, undefined);
  await assert.rejects(step.resend(), misused('the pool'));
  assert.equal((await step.answer(CODE)).kind, 'signedIn');
});

test('two sign-ins at once do not meet', async () => {
  const pools = [new Pool(), new Pool()];
  const steps = await Promise.all(pools.map((pool) => prompt(pool)));
  const last = await Promise.all(steps.map((step) => step.answer(CODE)));
  assert.deepEqual(last.map(({ kind }) => kind), ['signedIn', 'signedIn']);
});

test('the claim is dated by the server', async () => {
  const pool = new Pool();
  pool.edit = (_operation, reply) => ({ ...reply, headers: { Date: 'Tue, 05 Apr 2016 23:01:02 GMT' } });
  await prompt(pool);
  assert.equal(
    pool.requests[1].body.ChallengeResponses.TIMESTAMP,
    'Tue Apr 5 23:01:02 UTC 2016',
  );
});

test('the claim is dated in English and UTC, whatever clock and place the device has', async (t) => {
  const { TZ, LANG } = process.env;
  t.after(() => Object.assign(process.env, { TZ: TZ ?? 'UTC', LANG: LANG ?? 'C' }));
  const moments = {
    0: 'Thu Jan 1 00:00:00 UTC 1970',
    [Date.UTC(2024, 1, 29, 23, 59, 59, 999)]: 'Thu Feb 29 23:59:59 UTC 2024',
    [Date.UTC(2026, 11, 31, 12)]: 'Thu Dec 31 12:00:00 UTC 2026',
    [Date.UTC(2106, 1, 7, 6, 28, 16)]: 'Sun Feb 7 06:28:16 UTC 2106',
  };
  for (const [place, language] of [['Asia/Bangkok', 'th_TH'], ['America/St_Johns', 'tr_TR'], ['UTC', 'ar_EG']]) {
    Object.assign(process.env, { TZ: place, LANG: language });
    for (const [now, expected] of Object.entries(moments)) {
      const clock = t.mock.method(Date, 'now', () => Number(now));
      const pool = new Pool();
      const step = await prompt(pool);
      clock.mock.restore();
      assert.equal(pool.requests[1].body.ChallengeResponses.TIMESTAMP, expected, place);
      assert.equal(step.kind, 'code');
    }
  }
});
