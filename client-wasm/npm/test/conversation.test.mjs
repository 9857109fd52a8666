// The usual way of a sign-in is written twice: in the crate `protocol`, and for those who have to
// load it, in conversation.js. Whatever a pool replies, both must ask the pool for the same, ask
// the person for the same, and end with the same error.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';

const dist = new URL('../../../target/npm/dist/', import.meta.url);
const small = await import(new URL('core.js', dist));
const { SignIn } = await import(new URL('conversation.js', dist));
const { start } = await import(new URL('loading.js', dist));
const measure = await import(new URL('challenges-core.js', dist));
for (const [glue, name] of [[small, 'core_bg.wasm'], [measure, 'challenges-core_bg.wasm']]) {
  await start(await WebAssembly.compile(await readFile(new URL(name, dist))), glue.glue);
}

const SESSION = 'a-session-of-20-or-more-characters';
const TOKEN = 'aaaa.bbbb.cccc';
const VERIFIER = {
  ChallengeName: 'PASSWORD_VERIFIER',
  Session: SESSION,
  ChallengeParameters: {
    USERNAME: 'the-sub',
    USER_ID_FOR_SRP: 'the-user',
    SALT: '43a1f00d9e8b7a6655443322110fedcb',
    SRP_B: `9${'0123456789abcdef'.repeat(47)}fedcba987654321`,
    SECRET_BLOCK: 'c2VjcmV0IGJsb2NrIQ==',
  },
};
const CODE = {
  ChallengeName: 'CUSTOM_CHALLENGE',
  Session: SESSION,
  ChallengeParameters: {
    USERNAME: 'the-sub',
    CODE_DELIVERY_DELIVERY_MEDIUM: 'EMAIL',
    CODE_DELIVERY_DESTINATION: 'u***@e***',
    CODE_LENGTH: '6',
    CODE_SENT: 'true',
    ATTEMPTS_LEFT: '3',
    EXPIRES_IN: '300',
    RESEND_IN: '30',
  },
};
const TOKENS = {
  AuthenticationResult: {
    AccessToken: TOKEN,
    IdToken: TOKEN,
    RefreshToken: 'opaque',
    TokenType: 'Bearer',
    ExpiresIn: 3600,
    NewDeviceMetadata: { DeviceKey: 'key', DeviceGroupKey: 'group' },
  },
};
const REPLIES = [VERIFIER, CODE, TOKENS];
const ACTS = ['123456', '654321', undefined, '111111'];

const SETTING = {
  pool: 'us-east-1_Example1',
  client: 'exampleclient',
  username: 'user@example.com',
  password: 'Correct-Horse-9',
  flow: 'custom',
  metadata: {},
};
const BEGUN = [VERIFIER, CODE];

function ours(setting) {
  const ephemeral = small.Ephemeral.of(new Uint8Array(64).fill(7));
  while (!ephemeral.advance());
  return begun({ ...SETTING, ...setting }, ephemeral);
}

function begun({ pool, client, username, password, flow, metadata }, ephemeral) {
  const signIn = new SignIn(pool, client, username, utf8(password), flow, ephemeral);
  for (const [key, value] of Object.entries(metadata)) signIn.withClientMetadata(key, value);
  return signIn;
}

function theirs(setting) {
  const { pool, client, username, password, flow, metadata } = { ...SETTING, ...setting };
  return new measure.SignIn(pool, client, username, utf8(password), Object.entries(metadata).flat(), [flow], [], undefined);
}

// At the first code already, without the arithmetic that leads there.
async function oursAtCode(setting) {
  const ephemeral = { publicHex: () => 'a', agree: () => true, advance: () => true, sign: () => new Uint8Array(32), free: () => {} };
  const signIn = begun({ ...SETTING, ...setting }, ephemeral);
  for (const body of BEGUN) {
    signIn.request();
    await signIn.receive(200, undefined, body, undefined, 0);
  }
  return signIn;
}

function theirsAtCode(setting) {
  const { pool, client, metadata } = { ...SETTING, ...setting };
  return measure.SignIn.resume(pool, client, 'the-sub', Object.entries(metadata).flat(), [], CODE, 'sent');
}

// All that a driver sees. `acts` says what the person does at each code: a text, or nothing for a
// new one. The first is done at once where a code is asked for already.
async function transcript(begin, setting, replies, acts) {
  const seen = [];
  const acting = acts.values();
  const act = () => {
    const { value: typed } = acting.next();
    if (typed === undefined) signIn.resend();
    else signIn.answer(typed, []);
  };
  let signIn;
  try {
    signIn = await begin(setting);
    if (begin === oursAtCode || begin === theirsAtCode) act();
    for (const { status = 200, errorType, date, body } of replies) {
      const request = signIn.request(setting.context);
      seen.push({ ...request, body: masked(JSON.parse(request.body)) });
      const step = await signIn.receive(status, errorType, body, date, 1_546_322_769);
      if (!step) continue;
      seen.push(step);
      // What is no code is for the other module.
      if (step.kind !== 'code') break;
      seen.push(signIn.username());
      act();
    }
  } catch ({ code, message, exception = '', trigger }) {
    seen.push({ code, message, exception, trigger });
  }
  signIn?.free();
  return seen;
}

// Each draws its own `a`.
function masked(body) {
  if (body.AuthParameters) {
    assert.match(body.AuthParameters.SRP_A, /^[0-9a-f]{1,768}$/);
    body.AuthParameters.SRP_A = 'A';
  }
  if (body.ChallengeResponses?.PASSWORD_CLAIM_SIGNATURE) {
    assert.match(body.ChallengeResponses.PASSWORD_CLAIM_SIGNATURE, /^[A-Za-z0-9+/]{43}=$/);
    body.ChallengeResponses.PASSWORD_CLAIM_SIGNATURE = 'signature';
  }
  return body;
}

async function same(setting, replies, acts = ACTS) {
  return compared(await transcript(ours, setting, replies, acts), await transcript(theirs, setting, replies, acts), replies);
}

async function sameFromCode(setting, replies, acts = ACTS) {
  return compared(await transcript(oursAtCode, setting, replies, acts), await transcript(theirsAtCode, setting, replies, acts), replies);
}

function compared(small, measure, replies) {
  const left = small.findIndex((entry) => entry?.kind === 'other');
  if (left >= 0) {
    // Then it is for the other module to say, and it may well say that the reply is bad.
    const { kind = 'an error' } = measure[left] ?? {};
    assert.ok(!['code', 'signedIn'].includes(kind), kind);
    small.length = measure.length = left;
  }
  assert.deepEqual(small, measure, JSON.stringify(replies).slice(-2000));
  return measure;
}

function utf8(text) {
  return text === undefined ? undefined : new TextEncoder().encode(text);
}

const without = (object, name) => Object.fromEntries(Object.entries(object).filter(([key]) => key !== name));

// Every member of a body, by its path.
function* members(body, path = []) {
  for (const [name, value] of Object.entries(body)) {
    yield [...path, name];
    if (typeof value === 'object' && value !== null) yield* members(value, [...path, name]);
  }
}

function changed(body, [name, ...rest], value) {
  if (rest.length > 0) return { ...body, [name]: changed(body[name], rest, value) };
  return value === undefined ? without(body, name) : { ...body, [name]: value };
}

const VALUES = [
  undefined, null, true, 7, 0, -1, 1.5, 86_400, 86_401, '', 'x', ' ', 'toString', '__proto__', [], ['a'], {}, { a: 'b' },
  'a.b', 'a.b.c', '-', '-f', '-00', '0', '00', 'f', 'F0', 'zz', '１２', '+5', '-5', '007', '4294967295', '4294967296', '99', 'EMAIL', 'SMS', 'true',
  'f'.repeat(64), 'f'.repeat(65), `-${'f'.repeat(64)}`, 'f'.repeat(768), 'f'.repeat(769), 'x'.repeat(19), 'x'.repeat(20), 'x'.repeat(4097), 'ü'.repeat(2049),
  '🐎'.repeat(321), 'c2VjcmV0', 'c2VjcmV0IQ=', 'c2Vj cmV0', 'c2VjcmV0IQ==\n', 'Zh==', 'a'.repeat(8196),
  'EMAIL_OTP', 'SMS_MFA', 'SMS_OTP', 'SOFTWARE_TOKEN_MFA', 'CUSTOM_CHALLENGE', 'PASSWORD_VERIFIER', 'NEW_PASSWORD_REQUIRED', 'DEVICE_SRP_AUTH', 'SELECT_MFA_TYPE', 'MFA_SETUP', 'WEB_AUTHN', 'NEW_ONE',
];

test('the two conversations agree on a sign-in, a wrong code, a new code and the metadata', async () => {
  const replies = [VERIFIER, CODE, CODE, CODE, TOKENS].map((body) => ({ body }));
  for (const flow of ['custom', 'srp']) {
    for (const context of [undefined, 'risk']) {
      const seen = await same({ flow, context, metadata: { locale: 'de', ip: '::1' } }, replies, ['000000', undefined, '123 456']);
      assert.equal(seen.at(-1).kind, 'signedIn');
      assert.deepEqual(seen.filter(({ kind }) => kind === 'code').map(({ wrong, sent }) => [wrong, sent]), [[false, true], [true, false], [false, true]]);
    }
  }
});

test('the two conversations agree whatever is in a field of a reply', async () => {
  const bodies = [undefined, null, 7, 'text', true, [], [CODE], {}];
  for (const path of members(VERIFIER)) {
    for (const value of VALUES) await same({}, [{ body: changed(VERIFIER, path, value) }, { body: TOKENS }]);
  }
  for (const value of VALUES) await same({ flow: 'srp' }, [{ body: changed(VERIFIER, ['Session'], value) }, { body: CODE }]);
  for (const body of bodies) await same({}, [{ body }]);
  for (const reply of [CODE, TOKENS]) {
    for (const path of members(reply)) {
      for (const value of VALUES) {
        const body = changed(reply, path, value);
        for (const act of ['123456', undefined]) await sameFromCode({}, [{ body }, { body: TOKENS }], [act, '123456']);
      }
    }
    for (const body of bodies) await sameFromCode({}, [{ body }]);
  }
});

test('the two conversations agree on tokens beside a challenge, and on codes of every kind', async () => {
  for (const name of VALUES.filter((value) => typeof value === 'string')) {
    const asked = { ...CODE, ChallengeName: name };
    for (const body of [{ ...asked, ...TOKENS }, asked, without(asked, 'Session'), { ...asked, ChallengeParameters: {} }]) {
      for (const typed of ['123456', ' 123-456 ', '', 'abc', '1'.repeat(65), '1'.repeat(64), 'ü'.repeat(1025), '１２３４５６', '12 34\u300056', '\ufeffabc', '\u0085abc\u3000', undefined]) {
        await sameFromCode({}, [body, body, TOKENS].map((body) => ({ body })), ['123456', typed, '123456']);
      }
    }
    await same({ flow: 'srp' }, [VERIFIER, asked].map((body) => ({ body })));
  }
});

test('the two conversations agree on what every refusal means, at every request', async () => {
  const names = [
    'NotAuthorized', 'UserNotFound', 'UnexpectedLambda', 'InvalidLambdaResponse', 'UserLambdaValidation', 'TooManyRequests', 'LimitExceeded',
    'UserNotConfirmed', 'PasswordResetRequired', 'ExpiredCode', 'CodeMismatch', 'CodeDeliveryFailure', 'ResourceNotFound', 'InvalidParameter',
    'InvalidUserPoolConfiguration', 'UnsupportedOperation', 'OperationNotEnabled', 'FeatureUnavailableInTier', 'MFAMethodNotFound',
    'SoftwareTokenMFANotFound', 'InvalidSmsRoleAccessPolicy', 'InvalidSmsRoleTrustRelationship', 'InvalidEmailRoleAccessPolicy', 'Forbidden',
    'InternalError', 'InvalidPassword', 'Serialization', '', 'constructor',
  ].map((name) => `${name}Exception`);
  const forms = [(name) => name, (name) => `com.amazonaws.cognito#${name}`, (name) => `${name}:http://internal/x,y`, (name) => ` ${name} , x`];
  const messages = [
    undefined, '', 'Incorrect username or password.', 'Password attempts exceeded', 'User is disabled.', 'Invalid session for the user.',
    'Invalid session for the user, session can only be used once.', 'Client is configured with SECRET but', 'Device does not exist.',
    'CreateAuthChallenge failed with error MAIL_NOT_SENT.', 'VerifyAuthChallengeResponse failed with error TOO_MANY_ATTEMPTS.',
    'CreateAuthChallenge failed with error TOO_MANY_MAILS', 'DefineAuthChallenge invocation failed due to configuration.', 'Two words failed with error x',
    'constructor', 'x'.repeat(1025), '🐎'.repeat(1025), 7,
  ];
  for (const name of [...names, 'NoSuffix', 'toString', '']) {
    for (const form of forms) {
      for (const message of messages) {
        for (const status of [200, 400, 403, 429, 500]) {
          const refused = { status, body: { __type: form(name), message } };
          for (const act of ['123456', undefined]) await sameFromCode({}, [refused, { body: TOKENS }], [act, '123456']);
        }
      }
    }
    for (const message of messages) {
      const refused = { status: 400, body: { __type: name, message } };
      await same({}, [refused]);
      if (message === undefined || message.length > 100) await same({}, [{ body: VERIFIER }, refused]);
    }
  }
  for (const more of [{ errorType: 'ForbiddenException' }, { errorType: '' }, { errorType: 'x#LimitExceededException:y' }]) {
    for (const body of [undefined, {}, { __type: 'InternalErrorException' }, { code: 'ExpiredCodeException' }, { __type: '', code: 'X' }, { Message: 'Up' }]) {
      for (const status of [200, 302, 400, 403, 404, 418, 429, 502]) await same({}, [{ status, body, ...more }]);
    }
  }
});

test('the two conversations agree on what the caller may hand over', async () => {
  const texts = ['', 'x', 'x'.repeat(128), 'x'.repeat(129), '🐎'.repeat(128), 'a\u0085b', 'us-east-1_', '_x', 'a_b_c', 'a-_b', 'A_9', 'ü_b', `r_${'x'.repeat(53)}`, `r_${'x'.repeat(54)}`, 'a+b', 'a b', '"\\\u0001'];
  for (const text of texts) {
    for (const name of ['pool', 'client', 'username', 'password']) await same({ [name]: text }, [{ body: VERIFIER }]);
    await same({ metadata: { [text]: text } }, [VERIFIER, CODE, TOKENS].map((body) => ({ body })));
  }
  for (const password of [undefined, 'x'.repeat(1024), 'x'.repeat(1025), 'ü']) await same({ password }, [{ body: VERIFIER }]);
  for (const metadata of [{ action: 'resend' }, { Action: 'x' }, JSON.parse('{"__proto__":"x"}')]) await same({ metadata }, REPLIES.map((body) => ({ body })));
});

test('the two conversations date the claim by the pool, and by the device where the pool does not tell', async () => {
  for (const date of [undefined, 0, 1, 951_782_400, 1_709_164_800, 1_790_000_000.9, 4_102_444_800, 253_402_300_799, 253_402_300_800]) {
    const [, { body }] = await same({}, [{ body: VERIFIER, date }, { body: CODE }]);
    assert.match(body.ChallengeResponses.TIMESTAMP, /^[A-Z][a-z]{2} [A-Z][a-z]{2} [1-9]\d? \d\d:\d\d:\d\d UTC \d{4}$/);
  }
});

test('the two conversations agree on replies put together at random', async () => {
  const random = generator(20_261_122);
  const one = (list) => list[Math.floor(random() * list.length)];
  for (let round = 0; round < 20_000; round += 1) {
    const replies = Array.from({ length: 4 }, () => {
      let body = one([CODE, CODE, TOKENS, VERIFIER]);
      for (let change = random() * 4; change > 2; change -= 1) {
        const paths = [...members(body)];
        if (paths.length > 0) body = changed(body, one(paths), one(VALUES)) ?? body;
      }
      return { body, status: random() < 0.05 ? one([400, 403, 500]) : 200 };
    });
    const acts = Array.from({ length: 5 }, () => one(['123456', undefined, '', 'abc', '12-34-56']));
    await sameFromCode({}, replies, acts);
  }
});

// mulberry32, by Tommy Ettinger, public domain: the same numbers each time.
function generator(state) {
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
