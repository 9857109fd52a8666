// Every challenge of Cognito's, answered through the built package, against a pool that shares no
// code with it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CODE, NEW_DEVICE, PASSWORD, Pool, SECRET, refusal, tokens } from '../support/pool.mjs';

const dist = new URL('../../../target/npm/dist/', import.meta.url);
const { Cognito, CognitoError, requestPasskey } = await import(new URL('index.js', dist));

const credentials = { username: 'user@example.com', password: PASSWORD };
const ended = (code) => (error) => {
  assert.ok(error instanceof CognitoError, String(error?.stack));
  assert.equal(error.code, code, error.message);
  return true;
};
const misused = (field) => (error) => {
  assert.ok(error instanceof TypeError, String(error?.stack));
  assert.equal(error.code, 'invalid_argument');
  assert.match(error.message, new RegExp(`^${field}`));
  return true;
};

// Signs in where the pool itself asks for what follows the password.
async function after(name, parameters, edit = (_operation, reply) => reply) {
  const pool = new Pool({ bytesOfB: 16 });
  pool.edit = (operation, reply) =>
    operation === 'PASSWORD_VERIFIER'
      ? { ...pool.challenge(name, parameters) }
      : edit(operation, reply);
  const step = await new Cognito({ ...pool.options, flow: 'srp' }).signIn(credentials);
  return { pool, step, responses: () => pool.requests.at(-1).body.ChallengeResponses };
}

async function choose(pool, input) {
  const step = await new Cognito({ ...pool.options, flow: 'choice' }).signIn(input);
  assert.equal(step.kind, 'choice');
  return step;
}

test('the first reply of USER_SRP_AUTH has no session', async () => {
  const { pool, step } = await after('EMAIL_OTP', { CODE_DELIVERY_DELIVERY_MEDIUM: 'EMAIL' });
  assert.deepEqual({ ...step }, { kind: 'code', medium: 'email', wrong: false, sent: true });
  assert.equal(pool.requests[0].body.AuthFlow, 'USER_SRP_AUTH');
  assert.equal(pool.requests[1].body.Session, undefined);
});

test('a code of each kind, wrong and right', async () => {
  for (const [name, field, medium] of [
    ['EMAIL_OTP', 'EMAIL_OTP_CODE', 'email'],
    ['SMS_OTP', 'SMS_OTP_CODE', 'sms'],
    ['SMS_MFA', 'SMS_MFA_CODE', 'sms'],
    ['SOFTWARE_TOKEN_MFA', 'SOFTWARE_TOKEN_MFA_CODE', 'authenticator'],
  ]) {
    let session;
    const { pool, step, responses } = await after(
      name,
      { CODE_DELIVERY_DESTINATION: '+*******1234' },
      (operation, reply) => {
        if (operation !== name) return reply;
        session ??= pool.requests.at(-1).body.Session;
        const right = pool.requests.at(-1).body.ChallengeResponses[field] === CODE;
        return right ? reply : refusal('Invalid code or auth state for the user.', 'CodeMismatchException');
      },
    );
    assert.deepEqual([step.medium, step.sent, step.sentTo], [medium, medium !== 'authenticator', '+*******1234']);
    await assert.rejects(step.answer('no digits'), ended('invalid_code'));
    const wrong = await step.answer('999 999');
    assert.deepEqual([wrong.kind, wrong.wrong, wrong.sent, wrong.medium], ['code', true, false, medium]);
    // What the pool says of its session by then is the pool's; the client keeps the one it has.
    assert.equal(responses()[field], '999999');
    assert.equal(responses().USERNAME, '7f0c2f3e-1111-4222-8333-444455556666');
    assert.ok(session);
    await assert.rejects(wrong.answer(CODE), ended('session_expired'));
    assert.equal(pool.requests.at(-1).body.Session, session);
    const { step: again } = await after(name, {});
    assert.equal((await again.answer(CODE)).kind, 'signedIn');
  }
});

test('triggers of another make tell and ask what they like', async () => {
  const asked = { question: 'Which way is up?', picture: 'https://example.com/1.png', USERNAME: 'u' };
  const { step, responses } = await after('CUSTOM_CHALLENGE', asked);
  assert.deepEqual(step.parameters, asked);
  assert.throws(() => (step.parameters.question = ''), TypeError);
  await step.answer(' the-other way {"x":1} ');
  assert.equal(responses().ANSWER, 'the-other way {"x":1}');
});

test('a temporary password is replaced', async () => {
  const { step, responses } = await after('NEW_PASSWORD_REQUIRED', {
    requiredAttributes: '["userAttributes.given_name"]',
    userAttributes: '{"email":"user@example.com"}',
  });
  assert.deepEqual(
    { ...step },
    { kind: 'newPassword', requiredAttributes: ['given_name'], attributes: { email: 'user@example.com' } },
  );
  await assert.rejects(step.answer('New-Horse-10'), misused('attributes'));
  await assert.rejects(step.answer(7), misused('newPassword'));
  await assert.rejects(step.answer('New-Horse-10', { attributes: { given_name: 7 } }), misused('attributes.given_name'));
  const last = await step.answer('New-Horse-10', { attributes: { given_name: 'Ada' } });
  assert.equal(last.kind, 'signedIn');
  assert.deepEqual(responses(), {
    USERNAME: '7f0c2f3e-1111-4222-8333-444455556666',
    NEW_PASSWORD: 'New-Horse-10',
    'userAttributes.given_name': 'Ada',
  });
});

test('a new password that the pool does not take is asked for again', async () => {
  const { step } = await after('NEW_PASSWORD_REQUIRED', {}, (operation, reply) =>
    operation === 'NEW_PASSWORD_REQUIRED'
      ? refusal('Password not long enough', 'InvalidPasswordException')
      : reply);
  const again = await step.answer('short');
  assert.deepEqual([again.kind, again.rejected], ['newPassword', 'Password not long enough']);
});

test('a second factor is chosen', async () => {
  const { step, responses } = await after('SELECT_MFA_TYPE', {
    MFAS_CAN_CHOOSE: '["SMS_MFA","SOFTWARE_TOKEN_MFA"]',
  });
  assert.deepEqual(
    { ...step },
    { kind: 'choice', purpose: 'secondFactor', options: ['SMS_MFA', 'SOFTWARE_TOKEN_MFA'] },
  );
  await assert.rejects(step.choose('EMAIL_OTP'), misused('option'));
  const code = await step.choose('SOFTWARE_TOKEN_MFA');
  assert.deepEqual([code.kind, code.medium], ['code', 'authenticator']);
  assert.equal(responses().ANSWER, 'SOFTWARE_TOKEN_MFA');
});

test('an authenticator is set up', async () => {
  const { pool, step } = await after('MFA_SETUP', { MFAS_CAN_SETUP: '["SOFTWARE_TOKEN_MFA","EMAIL_OTP"]' });
  assert.deepEqual([step.kind, step.purpose], ['choice', 'setUp']);
  const setUp = await step.choose('SOFTWARE_TOKEN_MFA');
  assert.deepEqual({ ...setUp }, { kind: 'authenticator', wrong: false, secret: SECRET });
  assert.equal(
    setUp.uri({ issuer: 'My App', account: 'user@example.com' }),
    `otpauth://totp/My%20App:user%40example.com?secret=${SECRET}&issuer=My%20App`,
  );
  await assert.rejects(setUp.answer('1'), ended('invalid_code'));
  const wrong = await setUp.answer('999999');
  assert.deepEqual([wrong.kind, wrong.wrong, wrong.secret], ['authenticator', true, SECRET]);
  assert.equal((await wrong.answer(CODE)).kind, 'signedIn');
  assert.deepEqual(
    pool.requests.slice(2).map(({ target, body }) => body.ChallengeName ?? target.split('.')[1]),
    ['AssociateSoftwareToken', 'VerifySoftwareToken', 'VerifySoftwareToken', 'MFA_SETUP'],
  );
});

test('mail is set up as a second factor', async () => {
  const { step, responses } = await after('MFA_SETUP', { MFAS_CAN_SETUP: '["EMAIL_OTP"]' });
  await assert.rejects(step.choose('EMAIL_OTP'), misused('email'));
  // A password is never taken for anything else.
  await assert.rejects(step.choose('EMAIL_OTP', { password: 'p@ssword' }), misused('email'));
  assert.equal((await step.choose('EMAIL_OTP', { password: 'p@ssword', email: 'user@example.com' })).kind, 'signedIn');
  assert.equal(responses().EMAIL, 'user@example.com');
});

test('a first factor is chosen, and the password sent if it is exactly that', async () => {
  const sent = (pool) => JSON.stringify(pool.requests.map(({ body }) => body)).includes(PASSWORD);
  const { username } = credentials;

  let pool = new Pool({ bytesOfB: 16 });
  let step = await choose(pool, credentials);
  assert.deepEqual(step.options, ['PASSWORD_SRP', 'PASSWORD', 'EMAIL_OTP', 'WEB_AUTHN']);
  assert.equal((await step.choose('PASSWORD_SRP')).kind, 'code');
  assert.ok(!sent(pool));

  pool = new Pool({ bytesOfB: 16 });
  step = await choose(pool, { username });
  await assert.rejects(step.choose('PASSWORD_SRP'), misused('password'));
  assert.equal((await step.choose('PASSWORD_SRP', { password: PASSWORD })).kind, 'code');
  assert.ok(!sent(pool));

  pool = new Pool();
  step = await choose(pool, credentials);
  assert.equal((await step.choose('EMAIL_OTP')).kind, 'code');
  assert.ok(!sent(pool));

  pool = new Pool();
  step = await choose(pool, credentials);
  assert.equal((await step.choose('PASSWORD')).kind, 'signedIn');
  assert.ok(sent(pool));

  // A pool that asks for it gets it from the person alone.
  pool = new Pool();
  pool.edit = (operation, reply) => (operation === 'InitiateAuth' ? pool.challenge('PASSWORD') : reply);
  step = await new Cognito({ ...pool.options, flow: 'choice' }).signIn(credentials);
  assert.deepEqual({ ...step }, { kind: 'password', factor: 'PASSWORD' });
  assert.ok(!sent(pool));
  assert.equal((await step.answer(PASSWORD)).kind, 'signedIn');
});

test('a preference is sent with the first request', async () => {
  const pool = new Pool({ bytesOfB: 16 });
  const cognito = new Cognito({ ...pool.options, flow: 'choice' });
  assert.equal((await cognito.signIn({ ...credentials, preferred: 'PASSWORD_SRP' })).kind, 'code');
  const { AuthFlow, AuthParameters } = pool.requests[0].body;
  assert.deepEqual([AuthFlow, AuthParameters.PREFERRED_CHALLENGE], ['USER_AUTH', 'PASSWORD_SRP']);
  assert.ok(AuthParameters.SRP_A);
});

const REQUEST_OPTIONS = {
  challenge: 'Y2hhbGxlbmdl', rpId: 'example.com', timeout: 1000, userVerification: 'preferred',
  allowCredentials: [{ type: 'public-key', id: 'aWQ', transports: ['internal'] }],
};

test('a passkey: JSON in, JSON out', async () => {
  const pool = new Pool();
  pool.edit = (operation, reply) =>
    operation === 'InitiateAuth'
      ? pool.challenge('WEB_AUTHN', { CREDENTIAL_REQUEST_OPTIONS: JSON.stringify(REQUEST_OPTIONS) })
      : reply;
  const cognito = new Cognito({ ...pool.options, flow: 'choice' });
  const step = await cognito.signIn({ username: 'user@example.com', preferred: 'WEB_AUTHN' });
  assert.deepEqual({ ...step }, { kind: 'passkey', options: REQUEST_OPTIONS });
  for (const bad of [undefined, null, 'text']) await assert.rejects(step.answer(bad), misused('credential'));
  const credential = { id: 'aWQ', type: 'public-key' };
  assert.equal((await step.answer(credential)).kind, 'signedIn');
  assert.deepEqual(JSON.parse(pool.requests.at(-1).body.ChallengeResponses.CREDENTIAL), credential);
});

test('the platform is asked for a passkey in its own terms', async (t) => {
  const bytes = (text) => new TextEncoder().encode(text).buffer;
  const get = t.mock.fn(async () => ({
    id: 'aWQ', rawId: bytes('id'), type: 'public-key', authenticatorAttachment: 'platform',
    response: {
      clientDataJSON: bytes('{}'), authenticatorData: bytes('data?>'), signature: bytes('sig'), userHandle: null,
    },
  }));
  const real = Object.getOwnPropertyDescriptor(globalThis, 'navigator');
  Object.defineProperty(globalThis, 'navigator', { value: { credentials: { get } }, configurable: true });
  t.after(() => (real ? Object.defineProperty(globalThis, 'navigator', real) : delete globalThis.navigator));
  assert.deepEqual(await requestPasskey(REQUEST_OPTIONS), {
    id: 'aWQ', rawId: 'aWQ', type: 'public-key', authenticatorAttachment: 'platform', clientExtensionResults: {},
    response: { clientDataJSON: 'e30', authenticatorData: 'ZGF0YT8-', signature: 'c2ln' },
  });
  const { publicKey } = get.mock.calls[0].arguments[0];
  assert.equal(new TextDecoder().decode(publicKey.challenge), 'challenge');
  assert.equal(new TextDecoder().decode(publicKey.allowCredentials[0].id), 'id');
  get.mock.mockImplementation(async () => { throw new DOMException('no', 'NotAllowedError'); });
  await assert.rejects(requestPasskey(REQUEST_OPTIONS), ended('passkey_failed'));
  get.mock.mockImplementation(async () => null);
  await assert.rejects(requestPasskey(REQUEST_OPTIONS), ended('passkey_failed'));
});

test('what is unknown is handed back, and can be answered', async () => {
  for (const name of ['ADMIN_NO_SRP_AUTH', 'MFA_SETUP', 'SOMETHING_NEW']) {
    const { pool, step, responses } = await after(name, { hint: 'blue', odd: 1 });
    assert.deepEqual([step.kind, step.name, step.parameters], ['challenge', name, { hint: 'blue' }]);
    assert.match(step.session, /^session-/);
    await assert.rejects(step.answer({ ANSWER: 7 }), misused('responses.ANSWER'));
    assert.equal((await step.answer({ ANSWER: 'sky' })).kind, 'signedIn');
    assert.deepEqual(responses(), { ANSWER: 'sky', USERNAME: '7f0c2f3e-1111-4222-8333-444455556666' });
    assert.equal(pool.requests.at(-1).body.Session, step.session);
    await assert.rejects(step.answer({}), ended('spent'));
  }
});

// A pool that remembers devices.
function tracking({ confirms = false } = {}) {
  const pool = new Pool({ bytesOfB: 16 });
  pool.confirms = confirms;
  pool.edit = (operation, reply) => {
    if (operation !== 'PASSWORD_VERIFIER' || reply.__type) return reply;
    if (pool.requests.at(-1).body.ChallengeResponses.DEVICE_KEY) return pool.challenge('DEVICE_SRP_AUTH');
    const signedIn = tokens();
    signedIn.AuthenticationResult.NewDeviceMetadata = NEW_DEVICE;
    return signedIn;
  };
  const cognito = new Cognito({ ...pool.options, flow: 'srp' });
  const operations = () =>
    pool.requests.map(({ target, body }) => body.ChallengeName ?? target.split('.')[1]);
  return { pool, cognito, operations };
}

test('a device is remembered, proves itself, and is forgotten when the pool has', async () => {
  const { pool, cognito, operations } = tracking();
  const first = await cognito.signIn(credentials);
  assert.deepEqual(first.newDevice, { deviceKey: NEW_DEVICE.DeviceKey, deviceGroupKey: NEW_DEVICE.DeviceGroupKey });
  const { accessToken } = first.tokens;
  const device = await cognito.rememberDevice({ accessToken, newDevice: first.newDevice, name: 'Browser' });
  assert.deepEqual(Object.keys(device), ['deviceKey', 'deviceGroupKey', 'devicePassword']);
  const { body } = pool.requests.at(-1);
  assert.deepEqual([body.AccessToken, body.DeviceName], [accessToken, 'Browser']);

  pool.requests.length = 0;
  const second = await cognito.signIn({ ...credentials, device });
  assert.deepEqual([second.kind, second.deviceForgotten], ['signedIn', undefined]);
  assert.equal(second.tokens.deviceKey, device.deviceKey, 'without it nothing is refreshed');
  assert.deepEqual(operations(), ['InitiateAuth', 'PASSWORD_VERIFIER', 'DEVICE_SRP_AUTH', 'DEVICE_PASSWORD_VERIFIER']);
  for (const { body } of pool.requests) {
    assert.equal((body.AuthParameters ?? body.ChallengeResponses).DEVICE_KEY, device.deviceKey);
  }

  const another = { ...device, devicePassword: 'another' };
  await assert.rejects(cognito.signIn({ ...credentials, device: another }), ended('device_refused'));

  pool.devices.clear();
  pool.requests.length = 0;
  const third = await cognito.signIn({ ...credentials, device });
  assert.deepEqual([third.kind, third.deviceForgotten], ['signedIn', true]);
  assert.deepEqual(operations(), ['InitiateAuth', 'InitiateAuth', 'PASSWORD_VERIFIER']);

  pool.edit = (operation, reply) => (operation === 'PASSWORD_VERIFIER' ? tokens() : reply);
  const fourth = await cognito.signIn({ ...credentials, device });
  assert.deepEqual([fourth.deviceForgotten, 'deviceKey' in fourth.tokens], [true, false]);
});

test('a device that is deleted in between is forgotten too', async () => {
  const { pool, cognito, operations } = tracking();
  const { tokens: { accessToken }, newDevice } = await cognito.signIn(credentials);
  const device = await cognito.rememberDevice({ accessToken, newDevice });
  const { edit } = pool;
  pool.edit = (operation, reply) => {
    if (operation === 'InitiateAuth') pool.devices.clear();
    return edit(operation, reply);
  };
  pool.requests.length = 0;
  const step = await cognito.signIn({ ...credentials, device });
  assert.deepEqual([step.kind, step.deviceForgotten], ['signedIn', true]);
  assert.deepEqual(operations(), ['InitiateAuth', 'PASSWORD_VERIFIER', 'PASSWORD_VERIFIER']);
});

test('where the person has to agree to a device, two requests say so', async () => {
  const { pool, cognito, operations } = tracking({ confirms: true });
  const { tokens: { accessToken }, newDevice } = await cognito.signIn(credentials);
  await cognito.rememberDevice({ accessToken, newDevice });
  assert.deepEqual(operations().slice(-2), ['ConfirmDevice', 'UpdateDeviceStatus']);
  assert.equal(pool.requests.at(-1).body.DeviceRememberedStatus, 'remembered');
  await assert.rejects(cognito.rememberDevice({ accessToken }), misused('newDevice.deviceKey'));
  await assert.rejects(cognito.rememberDevice(), misused('accessToken'));
});
