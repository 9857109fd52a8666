// Every argument of every export with values that no caller hands over on purpose. What comes of it
// is what is documented, or works; nothing hangs; and the same client signs in afterwards.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HOSTILE, Mine } from '../support/hostile.mjs';
import { CODE, NEW_DEVICE, PASSWORD, Pool } from '../support/pool.mjs';

const dist = new URL('../../../target/npm/dist/', import.meta.url);
const { Cognito, CognitoError, requestPasskey } = await import(new URL('index.js', dist));
const { openSession } = await import(new URL('session.js', dist));
const { jwks } = await import(new URL('jwks.js', dist));
const { adopt } = await import(new URL('adopt.js', dist));
const { Account } = await import(new URL('account.js', dist));

// How long an answer may take where nothing is sent over a network.
const LONGEST = 20_000;
const credentials = { username: 'user@example.com', password: PASSWORD };
const device = { deviceKey: NEW_DEVICE.DeviceKey, deviceGroupKey: NEW_DEVICE.DeviceGroupKey, devicePassword: 'p' };
const quickPool = () => new Pool({ bytesOfB: 16 });
const client = (more) => new Cognito({ ...quickPool().options, timeoutMs: 5_000, ...more });

// Puts a value in a place: a path of names, the empty one for the whole.
function put(whole, [name, ...rest], value) {
  if (name === undefined) return value;
  const copy = Array.isArray(whole) ? [...whole] : { ...whole };
  copy[name] = put(whole?.[name], rest, value);
  return copy;
}

// Whether an error is one of those that are documented for an argument that cannot work, and tells
// nothing of the password.
function isDocumented(error) {
  if (error instanceof Mine) return true;
  // The engine's own words, as a getter's would be: of a proxy, a class, or a signal that is none.
  const engines = /revoked|without 'new'/.test(error.message) || error.code === 'ERR_INVALID_THIS';
  if (error instanceof TypeError && engines) return true;
  const documented =
    (error instanceof TypeError && error.code === 'invalid_argument') || error instanceof CognitoError;
  return documented && error.message.length < 2_000 && !error.message.includes(PASSWORD);
}

async function outcome(call) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error('nothing came of it')), LONGEST);
  });
  try {
    return { value: await Promise.race([call(), late]) };
  } catch (error) {
    return { error };
  } finally {
    clearTimeout(timer);
  }
}

// Tries every value in every place, and says which of them come to something else.
async function attempt(t, places, call, { values = Object.entries(HOSTILE) } = {}) {
  const unhandled = [];
  const note = (error) => unhandled.push(error);
  const reported = t.mock.method(console, 'error', () => {});
  process.on('unhandledRejection', note);
  t.after(() => process.off('unhandledRejection', note));
  const wrong = [];
  for (const place of places) {
    for (const [name, make] of values) {
      const { error } = await outcome(() => call(place, make()));
      if (error !== undefined && !isDocumented(error)) {
        wrong.push(`${place.join('.') || 'all'} = ${name}: ${error?.stack?.split('\n').slice(0, 3).join(' ') ?? String(error)}`);
      }
    }
  }
  await new Promise((resolve) => setTimeout(resolve, 20));
  reported.mock.restore();
  const others = unhandled.filter((error) => !(error instanceof Mine));
  assert.ok(wrong.length + others.length === 0, [...wrong, ...others.map((error) => `nobody caught ${error?.stack}`)].join('\n'));
}

const signsIn = async (cognito) => {
  const step = await cognito.signIn(credentials);
  assert.equal((await step.answer(CODE)).kind, 'signedIn');
};

test('options of the client: taken or named, and what is taken works', async (t) => {
  const names = ['userPoolId', 'clientId', 'endpoint', 'endpointVariant', 'fetch', 'headers', 'timeoutMs', 'flow',
    'authSessionValidity', 'verifyTokens', 'userContextData'];
  const places = [[], ...names.map((name) => [name]), ['headers', 'x'], ['verifyTokens', 'prepare'], ['verifyTokens', 'verify']];
  const verifyTokens = { prepare: async () => {}, verify: async () => {} };
  await attempt(t, places, async (place, value) => {
    const good = { ...quickPool().options, timeoutMs: 100, ...(place[0] === 'verifyTokens' && { verifyTokens }) };
    const cognito = new Cognito(put(good, place, value));
    assert.equal(typeof cognito.settings.timeoutMs, 'number');
    await cognito.signIn(credentials);
  });
});

test('what a fetch replies is a reply or an error', async (t) => {
  await attempt(t, [['reply'], ['status'], ['headers'], ['json'], ['text']], async (place, value) => {
    const reply = { status: 200, ok: true, headers: new Headers(), json: async () => ({}), text: async () => '{}' };
    const given = place[0] === 'reply' ? value : put(reply, place, value);
    await client({ fetch: async () => given, timeoutMs: 100 }).signIn(credentials);
  });
});

test('credentials: taken or named, and the client signs in afterwards', async (t) => {
  const names = ['username', 'password', 'preferred', 'device', 'clientMetadata', 'signal'];
  const places = [[], ...names.map((name) => [name]), ...Object.keys(device).map((name) => ['device', name]), ['clientMetadata', 'x']];
  for (const flow of ['custom', 'choice']) {
    const cognito = client({ flow });
    await attempt(t, places, (place, value) => {
      const good = place[0] === 'device' ? { ...credentials, device } : credentials;
      return cognito.signIn(put(good, place, value));
    });
    const { kind } = await cognito.signIn(credentials);
    assert.equal(kind, flow === 'custom' ? 'code' : 'choice');
  }
});

// A client whose pool begins with this challenge, without a password: it is quick.
function choosing(name, parameters) {
  const pool = quickPool();
  pool.edit = (operation, reply) => (operation === 'InitiateAuth' ? pool.challenge(name, parameters) : reply);
  const cognito = new Cognito({ ...pool.options, flow: 'choice', timeoutMs: 5_000 });
  return { cognito, credentials: { username: 'user@example.com' } };
}

test('answers to a code: taken or named, and the same step can be answered', async (t) => {
  const { cognito, credentials } = choosing('CUSTOM_CHALLENGE', { CODE_LENGTH: '6', RESEND_IN: '30' });
  for (const [method, good, places] of [
    ['answer', [CODE, {}], [['0'], ['1'], ['1', 'signal']]],
    ['resend', [{}], [['0'], ['0', 'signal']]],
  ]) {
    await attempt(t, places, async (place, value) => {
      const step = await cognito.signIn(credentials);
      try {
        await step[method](...put(good, place, value));
      } catch (error) {
        // Nothing was sent: the step is as it was.
        if (error.code === 'invalid_argument' || error.code === 'invalid_code') await step.answer(CODE);
        throw error;
      }
    });
  }
});

// The steps that few sign-ins come to, each with its method and its good arguments.
const STEPS = [
  ['NEW_PASSWORD_REQUIRED', { requiredAttributes: '["userAttributes.name"]' }, 'answer', ['New-Horse-10', { attributes: { name: 'Ada' } }],
    [['0'], ['1'], ['1', 'attributes'], ['1', 'attributes', 'name'], ['1', 'signal']]],
  ['SELECT_MFA_TYPE', { MFAS_CAN_CHOOSE: '["EMAIL_OTP","SOFTWARE_TOKEN_MFA"]' }, 'choose', ['EMAIL_OTP', {}],
    [['0'], ['1'], ['1', 'password'], ['1', 'email'], ['1', 'signal']]],
  ['WEB_AUTHN', { CREDENTIAL_REQUEST_OPTIONS: '{"challenge":"AAAA"}' }, 'answer', [{ id: 'AAAA' }, {}],
    [['0'], ['0', 'id'], ['1'], ['1', 'signal']]],
  ['ANOTHER', { x: 'y' }, 'answer', [{ ANSWER: 'z' }, {}], [['0'], ['0', 'ANSWER'], ['1'], ['1', 'signal']]],
];

for (const [name, parameters, method, good, places] of STEPS) {
  test(`answers to ${name}: taken or named`, async (t) => {
    const { cognito, credentials } = choosing(name, parameters);
    await attempt(t, places, async (place, value) => {
      const step = await cognito.signIn(credentials);
      assert.equal(typeof step[method], 'function', step.kind);
      await step[method](...put(good, place, value));
    });
  });
}

test('what was saved: taken or named, and the client signs in afterwards', async (t) => {
  const cognito = client();
  const saved = (await cognito.signIn(credentials)).save();
  assert.equal((await cognito.resume(saved)).kind, 'code');
  const names = Object.keys(saved).map((name) => ['0', name]);
  const deeper = ['challengeParameters', 'CODE_LENGTH'];
  await attempt(t, [['0'], ...names, ['0', ...deeper], ['1'], ['1', 'device'], ['1', 'signal']], (place, value) =>
    cognito.resume(...put([saved, {}], place, value)));
  await signsIn(cognito);
});

test('a device to be remembered: taken or named', async (t) => {
  const cognito = client();
  const newDevice = { deviceKey: NEW_DEVICE.DeviceKey, deviceGroupKey: NEW_DEVICE.DeviceGroupKey };
  const { accessToken } = (await (await cognito.signIn(credentials)).answer(CODE)).tokens;
  const places = [[], ['accessToken'], ['newDevice'], ['newDevice', 'deviceKey'], ['newDevice', 'deviceGroupKey'], ['name'], ['signal']];
  await attempt(t, places, (place, value) => cognito.rememberDevice(put({ accessToken, newDevice, name: 'n' }, place, value)));
  await signsIn(cognito);
});

test('listeners and sessions: taken or named, and the session keeps the next sign-in', async (t) => {
  const cognito = client();
  await attempt(t, [['listener']], async (_place, value) => {
    const end = cognito.onSignedIn(value);
    end();
  });
  await attempt(t, [['0'], ['1'], ['1', 'store'], ['1', 'store', 'get'], ['1', 'clientMetadata'], ['1', 'clientMetadata', 'x']], async (place, value) => {
    const store = { get: () => null, set: () => {}, remove: () => {} };
    const good = [cognito, place[2] === 'get' ? { store } : {}];
    const session = openSession(...put(good, place, value));
    // What only looks like a client need not end a subscription.
    if (place[0] === '1') session.close();
  });
  const session = openSession(cognito);
  await attempt(t, [['subscribe'], ['tokens'], ['tokens', 'signal'], ['keep'], ['keep', 'accessToken'], ['keep', 'idToken'],
    ['keep', 'refreshToken'], ['keep', 'expiresAt'], ['signOut'], ['signOut', 'signal'], ['refresh'], ['signOutEverywhere']], async ([method, ...place], value) => {
    const given = { accessToken: 'a.e30.b', idToken: 'a.e30.b', refreshToken: 'r', expiresAt: new Date() };
    const back = session[method](put(method === 'keep' ? given : {}, place, value));
    if (method === 'subscribe') back();
    await back;
  });
  await signsIn(cognito);
  assert.equal(session.state.kind, 'signedIn');
  session.close();
});

test('keys, old storages and passkeys: taken or named', async (t) => {
  await attempt(t, [[], ['url']], async (place, value) => void jwks(put({}, place, value)));
  const session = openSession(client());
  t.after(() => session.close());
  const from = { getItem: () => null, setItem: () => {}, removeItem: () => {} };
  // A storage that never answers is waited for.
  const answering = Object.entries(HOSTILE).filter(([name]) => !name.includes('never answers'));
  await attempt(t, [['0'], ['1'], ['1', 'from'], ['1', 'from', 'getItem']],
    (place, value) => adopt(...put([session, { from }], place, value)), { values: answering });
  await attempt(t, [['0'], ['0', 'challenge'], ['1'], ['1', 'signal'], ['1', 'mediation']], (place, value) =>
    requestPasskey(...put([{ challenge: 'AAAA' }, {}], place, value)));
});

// Each method of the account with all of its fields.
const context = { clientMetadata: { k: 'v' }, userContext: { encodedData: 'risk' }, signal: undefined };
const ACCOUNT = {
  signUp: { username: 'u', password: PASSWORD, attributes: { name: 'Ada' }, ...context },
  confirmSignUp: { username: 'u', code: '123456', forceAliasCreation: true, ...context },
  resendConfirmationCode: { username: 'u', ...context },
  forgotPassword: { username: 'u', ...context },
  confirmForgotPassword: { username: 'u', code: '123456', password: PASSWORD, ...context },
  changePassword: { accessToken: 'a', previous: PASSWORD, proposed: PASSWORD, signal: undefined },
  userAttributes: { accessToken: 'a', signal: undefined },
  updateUserAttributes: { accessToken: 'a', attributes: { name: 'Ada' }, clientMetadata: { k: 'v' } },
  sendAttributeCode: { accessToken: 'a', attribute: 'email', clientMetadata: { k: 'v' } },
  verifyUserAttribute: { accessToken: 'a', attribute: 'email', code: '123456' },
  deleteUserAttributes: { accessToken: 'a', attributes: ['name'] },
  deleteUser: { accessToken: 'a' },
  revokeToken: { refreshToken: 'r' },
  globalSignOut: { accessToken: 'a' },
  devices: { accessToken: 'a', limit: 5, next: 'n' },
  forgetDevice: { accessToken: 'a', deviceKey: 'k' },
  updateDeviceStatus: { accessToken: 'a', deviceKey: 'k', remembered: true },
  mfaPreference: { accessToken: 'a' },
  setMfaPreference: { accessToken: 'a', email: { enabled: true, preferred: true }, sms: { enabled: false }, totp: { enabled: true } },
};

test('every field of every method of the account: taken or named, and the next call works', async (t) => {
  const fetch = async () => Response.json({ Username: 'u', UserAttributes: [] });
  const account = new Account({ userPoolId: 'us-east-1_Example1', clientId: 'exampleclient', fetch });
  const tried = new Set();
  for (const [method, input] of Object.entries(ACCOUNT)) {
    // A field of several methods is read by the same code.
    const names = Object.keys(input).filter((name) => !tried.has(name) && tried.add(name));
    const inside = (name) => Object.keys(Object(input[name])).map((inner) => [name, inner]);
    const places = [[], ...names.flatMap((name) => [[name], ...(typeof input[name] === 'object' ? inside(name) : [])])];
    await attempt(t, places, (place, value) => account[method](put(input, place, value)));
  }
  assert.deepEqual(await account.userAttributes({ accessToken: 'a' }), { username: 'u', attributes: {} });
});
