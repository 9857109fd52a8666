// The built package, as it will be packed, against a pool that shares no code with it.
// Built by `cargo xtask package`; run by `node --test client-wasm/npm/test/`.
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { test } from 'node:test';
import { CODE, PASSWORD, Pool, refusal } from '../support/pool.mjs';

const dist = new URL('../../../target/npm/dist/', import.meta.url);
const { Cognito, CognitoError } = await import(new URL('index.js', dist));
const slim = await import(new URL('slim.node.js', dist));

const credentials = { username: 'user@example.com', password: PASSWORD };
const ended = (code, more = {}) => (error) => {
  assert.ok(error instanceof CognitoError, String(error?.stack));
  assert.equal(error.code, code, error.message);
  for (const [name, value] of Object.entries(more)) assert.equal(error[name], value, name);
  return true;
};
const misused = (field) => (error) => {
  assert.ok(error instanceof TypeError, String(error?.stack));
  assert.equal(error.code, 'invalid_argument');
  assert.match(error.message, new RegExp(`^${field}`));
  return true;
};

async function prompt(pool = new Pool(), options = {}) {
  const step = await new Cognito({ ...pool.options, ...options }).signIn(credentials);
  assert.equal(step.kind, 'code');
  return step;
}

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

test('options that cannot work are named', () => {
  const good = new Pool().options;
  const cases = [
    [undefined, 'userPoolId'],
    [{ ...good, userPoolId: 7 }, 'userPoolId'],
    [{ ...good, clientId: null }, 'clientId'],
    [{ ...good, fetch: 'fetch' }, 'fetch'],
    [{ ...good, flow: 'USER_AUTH' }, 'flow'],
    [{ ...good, timeoutMs: 0 }, 'timeoutMs'],
    [{ ...good, timeoutMs: NaN }, 'timeoutMs'],
    [{ ...good, headers: { 'not a name': 'x' } }, 'headers'],
    [{ ...good, headers: 7 }, 'headers'],
    [{ ...good, endpoint: 'http://cognito.example.com/' }, 'endpoint'],
    [{ ...good, endpoint: 'javascript:alert(1)' }, 'endpoint'],
    [{ ...good, endpoint: '/relative' }, 'endpoint'],
    [{ ...good, endpoint: 'https://user:secret@example.com/' }, 'endpoint'],
    [{ ...good, endpoint: 'https://example.com/#fragment' }, 'endpoint'],
    [{ ...good, endpoint: 'http://127.0.0.1.example.com/' }, 'endpoint'],
  ];
  for (const [options, field] of cases) {
    assert.throws(() => new Cognito(options), misused(field));
  }
  for (const endpoint of ['https://example.com/proxy', 'http://localhost:8080', 'http://[::1]:1/']) {
    new Cognito({ ...good, endpoint });
  }
});

test('pool and credentials that cannot work are named, and nothing is sent', async () => {
  const pool = new Pool();
  const cases = [
    [{ userPoolId: 'us-east-1' }, {}, 'userPoolId'],
    [{ userPoolId: 'us-east-1_a_b' }, {}, 'userPoolId'],
    [{ clientId: 'https://example.com' }, {}, 'clientId'],
    [{}, { username: '' }, 'username'],
    [{}, { username: 'a\0b' }, 'username'],
    [{}, { username: 'a'.repeat(129) }, 'username'],
    [{}, { username: undefined }, 'username'],
    [{}, { password: '' }, 'password'],
    [{}, { password: 'p'.repeat(1025) }, 'password'],
    [{}, { password: 7 }, 'password'],
    [{}, { password: undefined }, 'password'],
    [{}, { preferred: 'EMAIL_OTP' }, 'preferred'],
    [{ flow: 'choice' }, { preferred: 'SMS' }, 'preferred'],
    [{ flow: 'choice' }, { password: undefined, preferred: 'PASSWORD_SRP' }, 'password'],
    [{}, { device: {} }, 'device'],
    [{}, { device: { deviceKey: '', deviceGroupKey: 'g', devicePassword: 'p' } }, 'deviceKey'],
    [{}, { clientMetadata: { locale: 7 } }, 'clientMetadata'],
    [{}, { clientMetadata: null }, 'clientMetadata'],
    [{}, { clientMetadata: 'fr' }, 'clientMetadata'],
    [{}, { signal: new AbortController() }, 'signal'],
    [{}, { signal: null }, 'signal'],
    [{}, { clientMetadata: { action: 'resend' } }, 'clientMetadata'],
  ];
  for (const [options, input, field] of cases) {
    const cognito = new Cognito({ ...pool.options, ...options });
    await assert.rejects(cognito.signIn({ ...credentials, ...input }), misused(field));
  }
  await assert.rejects(new Cognito(pool.options).signIn(), misused('username'));
  assert.equal(pool.requests.length, 0);
});

test('own headers, metadata and endpoint are used', async () => {
  const pool = new Pool();
  const headers = { 'x-waf-token': 'seven', 'X-Amz-Target': 'evil' };
  const endpoint = 'https://proxy.example.com/cognito';
  const cognito = new Cognito({ ...pool.options, headers, endpoint });
  await cognito.signIn({ ...credentials, clientMetadata: { locale: 'fr' } });
  const [begin, password] = pool.requests;
  assert.equal(begin.headers.get('x-waf-token'), 'seven');
  assert.match(begin.target, /InitiateAuth$/);
  assert.equal(begin.url, endpoint);
  assert.equal(begin.body.ClientMetadata, undefined);
  assert.deepEqual(password.body.ClientMetadata, { locale: 'fr' });
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

test('every fault of an exchange: one request, a code, no secret', async (t) => {
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
      'throttled',
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
        const cognito = new Cognito({ ...pool.options, timeoutMs: 300 });
        const run = async () => (await cognito.signIn(credentials)).answer(CODE);
        await assert.rejects(run(), (error) => {
          ended(code)(error);
          for (const secret of [PASSWORD, CODE]) assert.ok(!`${error.stack}`.includes(secret));
          return true;
        });
        const same = pool.requests.filter(({ body, target }) => (body.ChallengeName ?? target.split('.')[1]) === at);
        assert.equal(same.length, 1);
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

test('a signal of another kind is named, and the step can still be used', async (t) => {
  const unhandled = t.mock.fn();
  process.on('unhandledRejection', unhandled);
  t.after(() => process.off('unhandledRejection', unhandled));
  const step = await prompt(new Pool(), { timeoutMs: 200 });
  for (const signal of [new AbortController(), {}, 7]) {
    await assert.rejects(step.answer(CODE, { signal }), misused('signal'));
  }
  await new Promise((resolve) => setTimeout(resolve, 250));
  assert.equal(unhandled.mock.callCount(), 0);
  assert.equal((await step.answer(CODE)).kind, 'signedIn');
});

test('loading the module is bounded too, and can be aborted', async () => {
  const { cognitoWith, loader } = await import(new URL('cognito.js', dist));
  const Stuck = cognitoWith(loader(() => new Promise(() => {})));
  const pool = new Pool();
  const cognito = new Stuck({ ...pool.options, timeoutMs: 100 });
  await assert.rejects(cognito.signIn(credentials), ended('timeout'));
  const controller = new AbortController();
  const signingIn = cognito.signIn({ ...credentials, signal: controller.signal });
  controller.abort();
  await assert.rejects(signingIn, ended('aborted'));
  const Broken = cognitoWith(loader(() => { throw new Error('no such file'); }));
  await assert.rejects(new Broken(pool.options).signIn(credentials), ended('wasm_unavailable'));
  assert.equal(pool.requests.length, 0);
});

test('an abort settles at once and sends nothing more', async () => {
  for (const at of ['InitiateAuth', 'PASSWORD_VERIFIER', 'CUSTOM_CHALLENGE']) {
    const pool = new Pool();
    const controller = new AbortController();
    let abortedAt;
    pool.edit = (operation, reply) => {
      if (operation !== at) return reply;
      abortedAt = performance.now();
      controller.abort(new Error('left'));
      return new Promise(() => {});
    };
    const { signal } = controller;
    const cognito = new Cognito(pool.options);
    const run = async () => (await cognito.signIn({ ...credentials, signal })).answer(CODE, { signal });
    await assert.rejects(run(), (error) => ended('aborted')(error) && error.cause.message === 'left');
    assert.ok(performance.now() - abortedAt < 50);
    const sent = pool.requests.length;
    await new Promise((resolve) => setTimeout(resolve, 20));
    assert.equal(pool.requests.length, sent);
  }
});

test('after an abort the step is spent: its answer may have arrived', async () => {
  const pool = new Pool();
  const step = await prompt(pool);
  const controller = new AbortController();
  const answering = step.answer(CODE, { signal: controller.signal });
  controller.abort();
  await assert.rejects(answering, ended('aborted'));
  await assert.rejects(step.answer(CODE), ended('spent'));
});

test('a signal that has fired before costs nothing', async () => {
  const pool = new Pool();
  const signal = AbortSignal.abort();
  await assert.rejects(new Cognito(pool.options).signIn({ ...credentials, signal }), ended('aborted'));
  assert.equal(pool.requests.length, 0);
  const step = await prompt(pool);
  await assert.rejects(step.answer(CODE, { signal }), ended('aborted'));
  assert.equal((await step.answer(CODE)).kind, 'signedIn');
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

test('two sign-ins at once do not meet', async () => {
  const pools = [new Pool(), new Pool()];
  const steps = await Promise.all(pools.map((pool) => prompt(pool)));
  const last = await Promise.all(steps.map((step) => step.answer(CODE)));
  assert.deepEqual(last.map(({ kind }) => kind), ['signedIn', 'signedIn']);
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

test('options and credentials may be frozen, and what their getters throw comes through', async () => {
  const pool = new Pool();
  const step = await new Cognito(Object.freeze(pool.options)).signIn(Object.freeze({ ...credentials }));
  assert.equal(step.kind, 'code');
  const trap = new Proxy({}, { get() { throw new RangeError('mine'); } });
  assert.throws(() => new Cognito(trap), RangeError);
  await assert.rejects(new Cognito(pool.options).signIn(trap), RangeError);
  await assert.rejects(step.answer(CODE, trap), RangeError);
  assert.equal((await step.answer(CODE)).kind, 'signedIn');
});

// Over real sockets, through the platform's own fetch.
async function listening(t, answer) {
  const server = createServer(answer).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${server.address().port}/`;
}

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

test('a connection that is reset is one request', async (t) => {
  let requests = 0;
  const endpoint = await listening(t, (request) => {
    requests += 1;
    request.socket.destroy();
  });
  const { fetch: _, ...options } = new Pool().options;
  await assert.rejects(new Cognito({ ...options, endpoint }).signIn(credentials), ended('network'));
  assert.equal(requests, 1);
});
