// A page that is reloaded while the person looks for the code: what is saved goes on in another
// client that knows nothing but that.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CODE, NEW_DEVICE, PASSWORD, Pool, refusal } from '../support/pool.mjs';

const dist = new URL('../../../target/npm/dist/', import.meta.url);
const { Cognito, CognitoError } = await import(new URL('index.js', dist));
const { openSession } = await import(new URL('session.js', dist));

const NOON = Date.UTC(2026, 10, 22, 12);
const credentials = { username: 'user@example.com', password: PASSWORD, clientMetadata: { locale: 'fr' } };
const ended = (code) => (error) => {
  assert.ok(error instanceof CognitoError, String(error?.stack));
  assert.equal(error.code, code, error.message);
  return true;
};
const misused = (field) => (error) => {
  assert.ok(error instanceof TypeError, String(error?.stack));
  assert.equal(error.code, 'invalid_argument');
  assert.ok(error.message.startsWith(`${field}:`), error.message);
  return true;
};
const stored = (saved) => JSON.parse(JSON.stringify(saved));
const shown = (step) => ({ ...step });

async function atCode(options = {}, more = {}) {
  const pool = new Pool({ bytesOfB: 8 });
  const step = await new Cognito({ ...pool.options, ...options }).signIn({ ...credentials, ...more });
  assert.equal(step.kind, 'code');
  return { pool, step, reloaded: () => new Cognito({ ...pool.options, ...options }) };
}

// Where the pool itself asks for what follows the password.
async function after(name, parameters, edit = (_operation, reply) => reply) {
  const pool = new Pool({ bytesOfB: 8 });
  pool.edit = (operation, reply) =>
    operation === 'PASSWORD_VERIFIER' ? pool.challenge(name, parameters) : edit(operation, reply);
  const cognito = new Cognito({ ...pool.options, flow: 'srp' });
  return { pool, step: await cognito.signIn(credentials), reloaded: () => new Cognito({ ...pool.options, flow: 'srp' }) };
}

test('the same step comes back, without a request, and its answer signs in', async () => {
  const { pool, step, reloaded } = await atCode();
  const saved = stored(step.save());
  const asked = pool.requests.length;
  const cognito = reloaded();
  const session = openSession(cognito);
  const resumed = await cognito.resume(saved);
  assert.equal(pool.requests.length, asked);
  assert.deepEqual(shown(resumed), shown(step));
  assert.deepEqual(stored(resumed.save()), saved);
  const last = await resumed.answer(CODE);
  assert.equal(last.kind, 'signedIn');
  assert.deepEqual(pool.requests.at(-1).body.ClientMetadata, { locale: 'fr' });
  assert.equal((await session.tokens()).accessToken, last.tokens.accessToken);
});

test('what is saved has the session and the name, and neither password nor proof', async () => {
  const { pool, step } = await atCode();
  const saved = step.save();
  const { Session, ChallengeResponses } = pool.requests.at(-1).body;
  assert.ok(Session);
  assert.deepEqual(Object.keys(saved).sort(), [
    'challengeName', 'challengeParameters', 'clientId', 'clientMetadata', 'receivedAt', 'sent', 'session',
    'sessionEndsAt', 'userPoolId', 'username', 'version', 'wrong',
  ]);
  assert.equal(saved.challengeName, 'CUSTOM_CHALLENGE');
  assert.equal(saved.username, ChallengeResponses.USERNAME);
  const text = JSON.stringify(saved);
  for (const secret of [PASSWORD, ChallengeResponses.PASSWORD_CLAIM_SIGNATURE, ChallengeResponses.PASSWORD_CLAIM_SECRET_BLOCK]) {
    assert.ok(secret && !text.includes(secret));
  }
  // A step shows what it says, and not what would be saved of it.
  assert.ok(!JSON.stringify(step).includes(saved.session));
});

test('after a wrong code, and after a new one', async () => {
  const { pool, step, reloaded } = await atCode();
  const wrong = await reloaded().resume(stored((await step.answer('999999')).save()));
  assert.deepEqual([wrong.wrong, wrong.sent, wrong.attemptsLeft], [true, false, 2]);
  const fresh = await reloaded().resume(stored((await wrong.resend()).save()));
  assert.deepEqual([fresh.wrong, fresh.sent, fresh.attemptsLeft], [false, true, 2]);
  assert.equal(pool.requests.at(-1).body.ClientMetadata.action, 'resend');
  assert.equal((await fresh.answer(CODE)).kind, 'signedIn');
});

test('the times go on where they were, and a new question begins a new wait', async (t) => {
  t.mock.timers.enable({ apis: ['Date'], now: NOON });
  const { step, reloaded } = await atCode({ authSessionValidity: 5 });
  const saved = stored(step.save());
  assert.deepEqual([saved.receivedAt, saved.sessionEndsAt], [NOON, NOON + 300_000]);
  t.mock.timers.tick(100_000);
  const resumed = await reloaded().resume(saved);
  assert.deepEqual([resumed.expiresAt.getTime(), resumed.resendAt.getTime()], [NOON + 180_000, NOON + 30_000]);
  const wrong = (await resumed.answer('999999')).save();
  assert.deepEqual([wrong.receivedAt, wrong.sessionEndsAt], [NOON + 100_000, NOON + 400_000]);
});

test('when the pool has forgotten the session it is over, without a request', async (t) => {
  for (const [minutes, options] of [[3, {}], [3, { authSessionValidity: 3 }], [15, { authSessionValidity: 15 }]]) {
    t.mock.timers.enable({ apis: ['Date'], now: NOON });
    const { pool, step, reloaded } = await atCode(options);
    const saved = stored(step.save());
    t.mock.timers.tick(minutes * 60_000 - 1);
    assert.equal((await reloaded().resume(saved)).kind, 'code');
    t.mock.timers.tick(1);
    const asked = pool.requests.length;
    await assert.rejects(reloaded().resume(saved), ended('session_expired'));
    t.mock.timers.setTime(NOON - minutes * 60_000);
    await assert.rejects(reloaded().resume(saved), ended('session_expired'), 'a clock that was put back');
    assert.equal(pool.requests.length, asked);
    t.mock.timers.reset();
  }
});

test('the pool has the last word on its session', async () => {
  const { step, reloaded } = await atCode();
  const [one, two] = await Promise.all([reloaded(), reloaded()].map((cognito) => cognito.resume(step.save())));
  assert.equal((await one.answer(CODE)).kind, 'signedIn');
  await assert.rejects(two.answer(CODE), ended('session_expired'));
});

test('codes of every kind, after a wrong one too, which leaves the question as it was', async (t) => {
  for (const [name, field, medium] of [
    ['EMAIL_OTP', 'EMAIL_OTP_CODE', 'email'],
    ['SMS_OTP', 'SMS_OTP_CODE', 'sms'],
    ['SMS_MFA', 'SMS_MFA_CODE', 'sms'],
    ['SOFTWARE_TOKEN_MFA', 'SOFTWARE_TOKEN_MFA_CODE', 'authenticator'],
  ]) {
    t.mock.timers.enable({ apis: ['Date'], now: NOON });
    const mismatch = refusal('Invalid code or auth state for the user.', 'CodeMismatchException');
    const { step, reloaded } = await after(name, { CODE_DELIVERY_DESTINATION: '+*1234' }, (operation, reply) =>
      operation === name ? mismatch : reply);
    const resumed = await reloaded().resume(stored(step.save()));
    assert.deepEqual(shown(resumed), shown(step), name);
    t.mock.timers.tick(60_000);
    const wrong = await resumed.answer('999999');
    assert.deepEqual([wrong.wrong, wrong.medium, wrong.sentTo], [true, medium, '+*1234']);
    assert.equal(wrong.save().receivedAt, NOON, 'the same session goes on');
    assert.equal((await reloaded().resume(stored(wrong.save()))).wrong, true);

    const right = await after(name, {});
    assert.equal((await (await right.reloaded().resume(stored(right.step.save()))).answer(CODE)).kind, 'signedIn');
    assert.equal(right.pool.requests.at(-1).body.ChallengeResponses[field], CODE);
    t.mock.timers.reset();
  }
});

test('a new password, a passkey and a challenge of another name are saved too', async () => {
  const cases = [
    ['NEW_PASSWORD_REQUIRED', { userAttributes: '{"email":"a@b"}', requiredAttributes: '["userAttributes.name"]' },
      (step) => step.answer('Next-Horse-9', { attributes: { name: 'Ada' } })],
    ['WEB_AUTHN', { CREDENTIAL_REQUEST_OPTIONS: '{"challenge":"x"}' }, (step) => step.answer({ id: 'credential' })],
    ['NEXT_YEARS', { QUESTION: '?' }, (step) => step.answer({ ANSWER: '!' })],
  ];
  for (const [name, parameters, answer] of cases) {
    const { step, reloaded } = await after(name, parameters);
    const resumed = await reloaded().resume(stored(step.save()));
    assert.deepEqual(shown(resumed), shown(step), name);
    assert.equal((await answer(resumed)).kind, 'signedIn', name);
  }
});

test('what would have to hold a secret cannot be saved', async () => {
  const pool = new Pool({ bytesOfB: 8 });
  const choice = await new Cognito({ ...pool.options, flow: 'choice' }).signIn(credentials);
  assert.equal(choice.kind, 'choice');
  assert.equal(choice.save, undefined);
  const { step } = await after('MFA_SETUP', { MFAS_CAN_SETUP: '["SOFTWARE_TOKEN_MFA"]' });
  const authenticator = await step.choose('SOFTWARE_TOKEN_MFA');
  assert.equal(authenticator.kind, 'authenticator');
  assert.equal(authenticator.save, undefined);
});

test('a step that was answered, or is being answered, cannot be saved', async () => {
  const { step } = await atCode();
  const answering = step.answer(CODE);
  assert.throws(() => step.save(), ended('busy'));
  await answering;
  assert.throws(() => step.save(), ended('spent'));
});

test('a remembered device is handed over again, and goes with the answer', async () => {
  const { DeviceKey: deviceKey, DeviceGroupKey: deviceGroupKey } = NEW_DEVICE;
  const pool = new Pool({ bytesOfB: 8 });
  const cognito = new Cognito(pool.options);
  const device = await cognito.rememberDevice({ accessToken: 'a', newDevice: { deviceKey, deviceGroupKey } });
  const step = await cognito.signIn({ ...credentials, device });
  const saved = stored(step.save());
  assert.ok(!JSON.stringify(saved).includes(device.devicePassword));
  const { tokens } = await (await new Cognito(pool.options).resume(saved, { device })).answer(CODE);
  assert.equal(pool.requests.at(-1).body.ChallengeResponses.DEVICE_KEY, deviceKey);
  assert.equal(tokens.deviceKey, deviceKey);
});

test('what was altered is refused by its name, without a request, and the next try is free', async () => {
  const { pool, step, reloaded } = await atCode();
  const saved = stored(step.save());
  const asked = pool.requests.length;
  const cases = {
    version: [0, 2, '1', null, {}],
    userPoolId: ['us-east-1_Other', '', undefined, 7],
    clientId: ['otherclient', null],
    username: [7, undefined],
    clientMetadata: [undefined, null, 'text', { a: 1 }],
    challengeName: [undefined, 7],
    session: [undefined, 7, {}],
    challengeParameters: [undefined, null, { CODE_LENGTH: 6 }],
    wrong: [undefined, 'yes', 1],
    sent: [undefined, null],
    receivedAt: ['now', undefined, Infinity, null],
    sessionEndsAt: [saved.receivedAt, saved.receivedAt - 1, saved.receivedAt + 900_001, NaN, '9'],
  };
  for (const [name, values] of Object.entries(cases)) {
    for (const value of values) {
      const field = new RegExp(`^saved\\.(${name}|sessionEndsAt)`);
      await assert.rejects(reloaded().resume({ ...saved, [name]: value }), (error) => {
        assert.ok(error instanceof TypeError, `${name} ${String(value)}: ${error}`);
        assert.match(error.message, field);
        return true;
      });
    }
  }
  for (const value of [undefined, null, 'text', 7]) await assert.rejects(reloaded().resume(value), misused('saved'));
  const inside = { Session: { session: 'short' }, username: { username: '' }, challengeName: { challengeName: 'PASSWORD_VERIFIER' } };
  await assert.rejects(reloaded().resume({ ...saved, ...inside.Session }), misused('Session'));
  await assert.rejects(reloaded().resume({ ...saved, ...inside.username }), misused('username'));
  await assert.rejects(reloaded().resume({ ...saved, clientMetadata: { action: 'resend' } }), misused('clientMetadata'));
  // Nothing that a page would answer with a password, unless it asks for one by itself.
  assert.equal((await reloaded().resume({ ...saved, ...inside.challengeName })).kind, 'challenge');
  assert.equal(pool.requests.length, asked);
  assert.equal((await (await reloaded().resume(saved)).answer(CODE)).kind, 'signedIn');
});

test('a caller who has left is not given the step', async () => {
  const { step, reloaded } = await atCode();
  await assert.rejects(reloaded().resume(step.save(), { signal: AbortSignal.abort() }), ended('aborted'));
  await assert.rejects(reloaded().resume(step.save(), { signal: 7 }), misused('signal'));
  await assert.rejects(reloaded().resume(step.save(), { device: {} }), misused('device.deviceKey'));
});

test('authSessionValidity is whole minutes from 3 to 15', () => {
  const { options } = new Pool();
  for (const minutes of [2, 16, 3.5, '5', null, NaN]) {
    assert.throws(() => new Cognito({ ...options, authSessionValidity: minutes }), misused('authSessionValidity'));
  }
  assert.equal(new Cognito(options).settings.authSessionValidity, 3);
});
