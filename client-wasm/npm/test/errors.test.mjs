// Whatever comes back, or does not: an error with a code.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Cognito, CognitoError, credentials, ended, listening, prompt } from '../support/client.mjs';
import { CODE, PASSWORD, Pool, refusal } from '../support/pool.mjs';

// How often the beginning is sent; everything else is sent once.
const ATTEMPTS = { network: 2, pool_unavailable: 2, throttled: 3 };

test('every fault of an exchange: a code, no secret, and no answer sent twice', async (t) => {
  const html = (status) => new Response('<html>captive portal</html>', { status });
  const never = (request) =>
    new Promise((_, reject) => request.signal.addEventListener('abort', () => reject(request.signal.reason)));
  const halfBody = () => {
    const body = new ReadableStream({
      start(controller) {
        controller.enqueue(new TextEncoder().encode('{"Chall'));
        controller.error(new Error('connection reset'));
      },
    });
    return new Response(body);
  };
  const faults = {
    'the network fails': [() => { throw new TypeError('fetch failed'); }, 'network'],
    'the body is cut off': [halfBody, 'network'],
    'nothing comes': [(request) => never(request), 'timeout'],
    'html with 200': [() => html(200), 'bad_reply'],
    'html with 502': [() => html(502), 'pool_unavailable'],
    'html with 403': [() => html(403), 'forbidden'],
    'a 500': [() => refusal('x', 'InternalErrorException'), 'pool_unavailable'],
    'throttling': [() => refusal('x', 'TooManyRequestsException'), 'throttled'],
    'a quota': [() => refusal('x', 'LimitExceededException'), 'limit_exceeded'],
    'an empty body': [() => new Response(''), 'bad_reply'],
    'a list': [() => new Response('[]'), 'bad_reply'],
    'null': [() => new Response('null'), 'bad_reply'],
    'deep nesting': [() => new Response('['.repeat(1e6)), 'bad_reply'],
    'two megabytes': [() => new Response(`{"a":"${'x'.repeat(2e6)}"}`), 'bad_reply'],
    'a body without end': [() => new Response(endless()), 'bad_reply'],
    'a character cut in two': [
      () => new Response(new Uint8Array([...new TextEncoder().encode('{"__type":"LimitExceededException"}'), 0xc3])),
      'bad_reply',
    ],
    'huge numbers': [() => new Response('{"ChallengeName":1e999,"Session":-1e999}'), 'bad_reply'],
    'a key twice': [() => new Response('{"ChallengeName":"X","ChallengeName":7}'), 'bad_reply'],
    'a prototype': [() => new Response('{"__proto__":{"ChallengeName":"CUSTOM_CHALLENGE"}}'), 'bad_reply'],
    'mail that fails': [
      () => refusal('CreateAuthChallenge failed with error MAIL_NOT_SENT.', 'UserLambdaValidationException'),
      'mail_not_sent',
    ],
    'too many mails': [
      () => refusal('CreateAuthChallenge failed with error TOO_MANY_MAILS.', 'UserLambdaValidationException'),
      'limit_exceeded',
    ],
    'too many wrong codes': [
      () => refusal('CreateAuthChallenge failed with error TOO_MANY_ATTEMPTS.', 'UserLambdaValidationException'),
      'locked_out',
    ],
  };
  for (const [name, [fault, code]] of Object.entries(faults)) {
    for (const at of ['InitiateAuth', 'PASSWORD_VERIFIER', 'CUSTOM_CHALLENGE']) {
      await t.test(`${name} at ${at}`, async () => {
        const pool = new Pool();
        pool.edit = (operation, reply, request) => (operation === at ? fault(request) : reply);
        const cognito = new Cognito({ ...pool.options, timeoutMs: code === 'timeout' ? 300 : 5000 });
        const run = async () => (await cognito.signIn(credentials)).answer(CODE);
        await assert.rejects(run(), (error) => {
          ended(code)(error);
          for (const secret of [PASSWORD, CODE]) assert.ok(!`${error.stack}`.includes(secret));
          return true;
        });
        const same = pool.requests.filter(({ body, target }) => (body.ChallengeName ?? target.split('.')[1]) === at);
        assert.equal(same.length, at === 'InitiateAuth' ? (ATTEMPTS[code] ?? 1) : 1);
      });
    }
  }
});

// A body of megabyte after megabyte, which counts what is taken of it.
function endless(taken = { megabytes: 0 }) {
  return new ReadableStream({
    pull(controller) {
      taken.megabytes += 1;
      controller.enqueue(new Uint8Array(1 << 20).fill(32));
    },
  });
}

test('no more of a body is read than a reply can have', async () => {
  const pool = new Pool();
  const taken = { megabytes: 0 };
  pool.edit = () => new Response(endless(taken));
  await assert.rejects(new Cognito(pool.options).signIn(credentials), ended('bad_reply'));
  assert.ok(taken.megabytes <= 4, `${taken.megabytes} MB`);
});

test('a byte order mark does no harm', async () => {
  const pool = new Pool();
  pool.edit = (_operation, { status, headers, ...json }) => new Response(`\ufeff${JSON.stringify(json)}`);
  assert.equal((await (await prompt(pool)).answer(CODE)).kind, 'signedIn');
});

test('an ID token that cannot be read is no sign-in', async () => {
  const bad = ['a.b.c', 'e30.e30.c2ln', `e30.${Buffer.from('[]').toString('base64url')}.c2ln`, 'e30.//.c2ln'];
  for (const idToken of bad) {
    const pool = new Pool();
    pool.edit = (operation, reply) => {
      if (operation === 'CUSTOM_CHALLENGE') reply.AuthenticationResult.IdToken = idToken;
      return reply;
    };
    const step = await prompt(pool);
    await assert.rejects(step.answer(CODE), ended('bad_reply'), idToken);
  }
});

test('random numbers that are missing or broken end the sign-in before anything is sent', async () => {
  const real = Object.getOwnPropertyDescriptor(globalThis, 'crypto');
  const broken = [
    undefined,
    {},
    { getRandomValues() { throw new Error('no entropy'); } },
    { getRandomValues: (array) => array.fill(0) },
  ];
  try {
    for (const value of broken) {
      Object.defineProperty(globalThis, 'crypto', { value, configurable: true });
      const pool = new Pool();
      await assert.rejects(new Cognito(pool.options).signIn(credentials), ended('no_randomness'));
      assert.equal(pool.requests.length, 0);
    }
  } finally {
    Object.defineProperty(globalThis, 'crypto', real);
  }
});

test('a preparation that failed is nobody\'s to catch, and the sign-in draws again', async (t) => {
  const unhandled = t.mock.fn();
  process.on('unhandledRejection', unhandled);
  t.after(() => process.off('unhandledRejection', unhandled));
  const real = Object.getOwnPropertyDescriptor(globalThis, 'crypto');
  const cognito = new Cognito(new Pool().options);
  Object.defineProperty(globalThis, 'crypto', { value: undefined, configurable: true });
  try {
    cognito.prepare();
    await assert.rejects(cognito.prepare(), ended('no_randomness'));
  } finally {
    Object.defineProperty(globalThis, 'crypto', real);
  }
  await new Promise((resolve) => setImmediate(resolve));
  assert.equal(unhandled.mock.callCount(), 0);
  assert.equal((await cognito.signIn(credentials)).kind, 'code');
});

test('without fetch, a sign-in says that the pool cannot be reached', async () => {
  const { fetch } = globalThis;
  try {
    globalThis.fetch = undefined;
    const { fetch: _, ...options } = new Pool().options;
    await assert.rejects(new Cognito(options).signIn(credentials), ended('network'));
  } finally {
    globalThis.fetch = fetch;
  }
});

test('a redirect is not followed: credentials go to the endpoint and nowhere else', async (t) => {
  let followed = 0;
  const elsewhere = await listening(t, (_request, response) => {
    followed += 1;
    response.end('{}');
  });
  for (const status of [301, 302, 303, 307, 308]) {
    const endpoint = await listening(t, (_request, response) => {
      response.writeHead(status, { Location: elsewhere }).end();
    });
    const { fetch: _, ...options } = new Pool().options;
    await assert.rejects(new Cognito({ ...options, endpoint }).signIn(credentials), ended('network'));
  }
  assert.equal(followed, 0);
});

test('a body that trickles in meets the time limit', async (t) => {
  const endpoint = await listening(t, (_request, response) => {
    response.writeHead(200, { 'Content-Type': 'application/x-amz-json-1.1' });
    const timer = setInterval(() => response.write(' '), 20);
    response.on('close', () => clearInterval(timer));
  });
  const { fetch: _, ...options } = new Pool().options;
  const cognito = new Cognito({ ...options, endpoint, timeoutMs: 200 });
  await assert.rejects(cognito.signIn(credentials), ended('timeout'));
});

// The words of the pool, and what they mean at the beginning, after the proof, and after a code.
const NOT_AUTHORIZED = {
  'Incorrect username or password.': ['bad_credentials', 'bad_credentials', 'code_attempts_exceeded'],
  'Password attempts exceeded': ['locked_out', 'locked_out', 'locked_out'],
  'Invalid session for the user.': ['session_expired', 'session_expired', 'session_expired'],
  'Invalid session for the user, session is expired.': ['session_expired', 'session_expired', 'session_expired'],
  'Invalid session for the user, session can only be used once.': ['session_used', 'session_used', 'session_used'],
  'Unable to verify secret hash for client x': ['misconfigured', 'misconfigured', 'misconfigured'],
  'Client x is configured with secret but SECRET_HASH was not received': ['misconfigured', 'misconfigured', 'misconfigured'],
  'User is disabled.': ['user_disabled', 'user_disabled', 'user_disabled'],
  'PreAuthentication failed with error Not on Sundays..': ['trigger_failed', 'trigger_failed', 'trigger_failed'],
  'What nobody has seen yet': ['bad_credentials', 'bad_credentials', 'code_attempts_exceeded'],
};

test('the messages in a NotAuthorizedException are told apart, by where they come', async () => {
  for (const [message, codes] of Object.entries(NOT_AUTHORIZED)) {
    for (const [index, at] of ['InitiateAuth', 'PASSWORD_VERIFIER', 'CUSTOM_CHALLENGE'].entries()) {
      const pool = new Pool({ bytesOfB: 2 });
      pool.edit = (operation, reply) => (operation === at ? refusal(message) : reply);
      const run = async () => (await new Cognito(pool.options).signIn(credentials)).answer(CODE);
      await assert.rejects(run(), ended(codes[index], { exception: 'NotAuthorizedException', status: 400 }), `${message} at ${at}`);
    }
  }
});

test('a trigger that failed is named', async () => {
  for (const [exception, message, trigger] of [
    ['UserLambdaValidationException', 'CreateAuthChallenge failed with error BAD_EVENT.', 'CreateAuthChallenge'],
    ['UserLambdaValidationException', 'DefineAuthChallenge failed with error x.', 'DefineAuthChallenge'],
    ['UnexpectedLambdaException', 'VerifyAuthChallengeResponse invocation failed due to error Timeout.', 'VerifyAuthChallengeResponse'],
    ['InvalidLambdaResponseException', 'Unrecognizable lambda output', undefined],
  ]) {
    const pool = new Pool({ bytesOfB: 2 });
    pool.edit = (operation, reply) => (operation === 'PASSWORD_VERIFIER' ? refusal(message, exception) : reply);
    const signingIn = new Cognito(pool.options).signIn(credentials);
    await assert.rejects(signingIn, ended('trigger_failed', { trigger, exception, requestId: 'request-7' }));
  }
});

// Errors in every form that is known: body, headers, status, code, exception.
const FORMS = [
  ['{"__type":"UserNotConfirmedException","message":"m"}', {}, 400, 'user_not_confirmed', 'UserNotConfirmedException'],
  ['{"__type":"com.amazonaws.cognito#UserNotConfirmedException"}', {}, 400, 'user_not_confirmed', 'UserNotConfirmedException'],
  ['{"code":"UserNotConfirmedException","Message":"m"}', {}, 400, 'user_not_confirmed', 'UserNotConfirmedException'],
  ['', { 'x-amzn-ErrorType': 'UserNotConfirmedException:' }, 400, 'user_not_confirmed', 'UserNotConfirmedException'],
  ['', { 'x-amzn-ErrorType': 'UserNotConfirmedException:http://internal/' }, 400, 'user_not_confirmed', 'UserNotConfirmedException'],
  ['{"__type":"UserNotConfirmedException"}', { 'x-amzn-ErrorType': '' }, 400, 'user_not_confirmed', 'UserNotConfirmedException'],
  ['{"__type":"UserNotConfirmedException"}', {}, 200, 'user_not_confirmed', 'UserNotConfirmedException'],
  ['\ufeff{"__type":"UserNotConfirmedException"}', { 'content-type': 'text/plain' }, 400, 'user_not_confirmed', 'UserNotConfirmedException'],
  ['{"__type":"ForbiddenException","message":"Request not allowed due to WAF block."}', {}, 403, 'forbidden', 'ForbiddenException'],
  ['<html>blocked</html>', { 'content-type': 'text/html' }, 403, 'forbidden', undefined],
  ['{"message":"Forbidden"}', {}, 403, 'forbidden', undefined],
  ['', {}, 400, 'bad_reply', undefined],
  ['', {}, 204, 'bad_reply', undefined],
  ['<html>no such page</html>', { 'content-type': 'text/html' }, 404, 'bad_reply', undefined],
  ['<html>portal</html>', { 'content-type': 'text/html' }, 200, 'bad_reply', undefined],
  ['{"AccessToken":"eyJsecret', { 'content-type': 'application/json' }, 200, 'bad_reply', undefined],
  ['', {}, 200, 'bad_reply', undefined],
];

test('errors are read in every form that they come in, with status and request id', async () => {
  for (const [body, headers, status, code, exception] of FORMS) {
    const pool = new Pool({ bytesOfB: 2 });
    const answer = () => new Response(status === 204 ? null : body, { status, headers: { 'x-amzn-RequestId': 'r-1', ...headers } });
    pool.edit = (operation, reply) => (operation === 'PASSWORD_VERIFIER' ? answer() : reply);
    const name = `${status} ${body} ${JSON.stringify(headers)}`;
    await assert.rejects(new Cognito(pool.options).signIn(credentials), (error) => {
      ended(code, { exception, status, requestId: 'r-1' })(error);
      // The parser's own error would quote what it could not read.
      if (code === 'bad_reply') assert.ok(error.cause instanceof SyntaxError);
      assert.doesNotMatch(`${error.message} ${error.cause}`, /eyJsecret/);
      return true;
    }, name);
  }
});

test('what a page cannot tell from a broken connection is said in the message, and the cause is kept', async () => {
  const cause = new TypeError('Failed to fetch');
  const cognito = new Cognito({ ...new Pool().options, fetch: async () => { throw cause; } });
  await assert.rejects(cognito.signIn(credentials), (error) => {
    assert.match(error.message, /CORS/);
    return ended('network', { cause, retryable: true })(error);
  });
});
