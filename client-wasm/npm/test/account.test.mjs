// The account's entry of the built package, against a pool that answers what a test says.
import assert from 'node:assert/strict';
import { test } from 'node:test';

const dist = new URL('../../../target/npm/dist/', import.meta.url);
const { Account, CognitoError, init } = await import(new URL('account.js', dist));
const index = await import(new URL('index.js', dist));

const DELIVERY = { Destination: 'u***@e***', DeliveryMedium: 'EMAIL', AttributeName: 'email' };
const delivery = { sentTo: 'u***@e***', medium: 'EMAIL', attribute: 'email' };
const accessToken = 'access-token';
const username = 'user@example.com';

// An account at a pool with these replies, the last one for ever, and the requests that it got.
function accountAt(...replies) {
  const requests = [];
  const fetch = async (request) => {
    const target = request.headers.get('X-Amz-Target').split('.')[1];
    requests.push({ target, body: JSON.parse(await request.text()), request });
    const reply = replies.length > 1 ? replies.shift() : replies[0];
    if (reply instanceof Error) throw reply;
    if (reply instanceof Response) return reply;
    const { status = 200, ...json } = reply;
    return Response.json(json, { status, headers: { 'x-amzn-RequestId': 'request-7' } });
  };
  const options = { userPoolId: 'us-east-1_Example1', clientId: 'exampleclient', fetch };
  return { account: new Account(options), requests };
}

const refusal = (__type, message = '', status = 400) => ({ status, __type, message });

// Method, input, Cognito's operation, request, reply, result.
const CALLS = [
  [
    'signUp', { username, password: 'Correct-Horse-9', attributes: { name: 'Ada' } },
    'SignUp',
    {
      ClientId: 'exampleclient', Username: username, Password: 'Correct-Horse-9',
      UserAttributes: [{ Name: 'name', Value: 'Ada' }],
    },
    { UserConfirmed: false, UserSub: 'sub-1', CodeDeliveryDetails: DELIVERY },
    { sub: 'sub-1', confirmed: false, delivery },
  ],
  [
    'confirmSignUp', { username, code: '123 456', clientMetadata: { k: 'v' } },
    'ConfirmSignUp',
    { ClientId: 'exampleclient', Username: username, ConfirmationCode: '123456', ClientMetadata: { k: 'v' } },
  ],
  [
    'resendConfirmationCode', { username },
    'ResendConfirmationCode', { ClientId: 'exampleclient', Username: username },
    { CodeDeliveryDetails: DELIVERY }, { delivery },
  ],
  [
    'forgotPassword', { username, userContext: { encodedData: 'risk' } },
    'ForgotPassword',
    { ClientId: 'exampleclient', Username: username, UserContextData: { EncodedData: 'risk' } },
    { CodeDeliveryDetails: DELIVERY }, { delivery },
  ],
  [
    'confirmForgotPassword', { username, code: '123456', password: 'New-Horse-10' },
    'ConfirmForgotPassword',
    { ClientId: 'exampleclient', Username: username, ConfirmationCode: '123456', Password: 'New-Horse-10' },
  ],
  [
    'changePassword', { accessToken, previous: 'old "quoted"', proposed: 'new \u0001 ü' },
    'ChangePassword',
    { AccessToken: accessToken, PreviousPassword: 'old "quoted"', ProposedPassword: 'new \u0001 ü' },
  ],
  [
    'userAttributes', { accessToken },
    'GetUser', { AccessToken: accessToken },
    { Username: 'u', UserAttributes: [{ Name: 'sub', Value: 's' }, { Name: 'name', Value: 'Zoë' }] },
    { username: 'u', attributes: { sub: 's', name: 'Zoë' } },
  ],
  [
    'updateUserAttributes', { accessToken, attributes: { email: 'new@example.com' } },
    'UpdateUserAttributes',
    { AccessToken: accessToken, UserAttributes: [{ Name: 'email', Value: 'new@example.com' }] },
    { CodeDeliveryDetailsList: [DELIVERY] }, { deliveries: [delivery] },
  ],
  [
    'sendAttributeCode', { accessToken, attribute: 'email' },
    'GetUserAttributeVerificationCode', { AccessToken: accessToken, AttributeName: 'email' },
    { CodeDeliveryDetails: DELIVERY }, { delivery },
  ],
  [
    'verifyUserAttribute', { accessToken, attribute: 'email', code: '123456' },
    'VerifyUserAttribute', { AccessToken: accessToken, AttributeName: 'email', Code: '123456' },
  ],
  [
    'deleteUserAttributes', { accessToken, attributes: ['name', 'locale'] },
    'DeleteUserAttributes', { AccessToken: accessToken, UserAttributeNames: ['name', 'locale'] },
  ],
  ['deleteUser', { accessToken }, 'DeleteUser', { AccessToken: accessToken }],
  ['revokeToken', { refreshToken: 'r' }, 'RevokeToken', { ClientId: 'exampleclient', Token: 'r' }],
  ['globalSignOut', { accessToken }, 'GlobalSignOut', { AccessToken: accessToken }],
  [
    'devices', { accessToken, limit: 10, next: 'page-2' },
    'ListDevices', { AccessToken: accessToken, Limit: 10, PaginationToken: 'page-2' },
    {
      Devices: [{
        DeviceKey: 'd', DeviceAttributes: [{ Name: 'device_name', Value: 'Laptop' }],
        DeviceCreateDate: 1_790_000_000.5, DeviceLastAuthenticatedDate: 1_790_000_001,
      }],
      PaginationToken: 'page-3',
    },
    {
      devices: [{
        deviceKey: 'd', attributes: { device_name: 'Laptop' },
        created: new Date(1_790_000_000_500), lastAuthenticated: new Date(1_790_000_001_000),
      }],
      next: 'page-3',
    },
  ],
  ['forgetDevice', { accessToken, deviceKey: 'd' }, 'ForgetDevice', { AccessToken: accessToken, DeviceKey: 'd' }],
  [
    'updateDeviceStatus', { accessToken, deviceKey: 'd', remembered: true },
    'UpdateDeviceStatus',
    { AccessToken: accessToken, DeviceKey: 'd', DeviceRememberedStatus: 'remembered' },
  ],
  [
    'mfaPreference', { accessToken },
    'GetUser', { AccessToken: accessToken },
    { Username: 'u', PreferredMfaSetting: 'EMAIL_OTP', UserMFASettingList: ['EMAIL_OTP'] },
    { preferred: 'EMAIL_OTP', enabled: ['EMAIL_OTP'] },
  ],
  [
    'setMfaPreference', { accessToken, email: { enabled: true, preferred: true } },
    'SetUserMFAPreference',
    { AccessToken: accessToken, EmailMfaSettings: { Enabled: true, PreferredMfa: true } },
  ],
];
const REPEATED = ['userAttributes', 'revokeToken', 'globalSignOut', 'devices', 'mfaPreference'];

test('each method is one request of its operation, and its reply a value', async () => {
  for (const [method, input, target, body, reply = {}, result] of CALLS) {
    const { account, requests } = accountAt(reply);
    assert.deepEqual(await account[method](input), result, method);
    assert.equal(requests.length, 1, method);
    assert.equal(requests[0].target, target);
    assert.deepEqual(requests[0].body, body, method);
    assert.equal(requests[0].request.url, 'https://cognito-idp.us-east-1.amazonaws.com/');
    assert.equal(requests[0].request.headers.get('content-type'), 'application/x-amz-json-1.1');
    assert.equal(requests[0].request.redirect, 'error');
  }
  const methods = Object.getOwnPropertyNames(Account.prototype).filter((name) => name !== 'constructor');
  assert.deepEqual(methods.sort(), CALLS.map(([method]) => method).sort(), 'all of them');
});

test('what is undefined counts as left out', async () => {
  const names = ['clientMetadata', 'userContext', 'validationData', 'forceAliasCreation', 'limit', 'next', 'email', 'sms', 'totp', 'signal'];
  const absent = Object.fromEntries(names.map((name) => [name, undefined]));
  for (const [method, input, , body, reply = {}, result] of CALLS) {
    const { account, requests } = accountAt(reply);
    assert.deepEqual(await account[method]({ ...absent, ...input }), result, method);
    assert.deepEqual(requests[0].body, body, method);
  }
});

test('an empty body is a reply where nothing is said', async () => {
  for (const [method, input, , , reply] of CALLS) {
    const { account } = accountAt(new Response(''));
    if (reply === undefined) assert.equal(await account[method](input), undefined);
    else await assert.rejects(account[method](input), { name: 'CognitoError', code: 'bad_reply' }, method);
  }
});

test('what an input lacks is named, and a secret is not quoted', async () => {
  const { account, requests } = accountAt({});
  for (const [method, input] of CALLS) {
    for (const field of Object.keys(input)) {
      for (const wrong of [Symbol('secret'), () => 'secret', 1n << 70n, [{}]]) {
        await assert.rejects(account[method]({ ...input, [field]: wrong }), (error) => {
          assert.ok(error instanceof TypeError, `${method}.${field} ${error}`);
          assert.equal(error.code, 'invalid_argument');
          assert.match(error.message, new RegExp(`^${field}(\\.0|\\.enabled|\\.encodedData)?: expected `));
          assert.doesNotMatch(error.message, /secret/);
          return true;
        }, `${method}.${field} ${typeof wrong}`);
      }
    }
    await assert.rejects(account[method](), { name: 'TypeError', code: 'invalid_argument' }, method);
  }
  assert.equal(requests.length, 0);
  await assert.rejects(account.signUp({ username, password: 7, attributes: {} }), {
    message: 'password: expected a string of 1 to 256 characters, got a number',
  });
  await assert.rejects(account.signUp({ username, password: 'p', attributes: { name: 7 } }), {
    message: 'attributes.name: expected a string of 0 to 2048 characters, got a number',
  });
  await assert.rejects(account.userAttributes({ accessToken, signal: 1 }), { code: 'invalid_argument' });
  assert.throws(() => new Account({ userPoolId: 1, clientId: 'c' }), { code: 'invalid_argument' });
  const misspelled = { userPoolId: 'us-east-1_Example1', clientId: 'exampleclient', time: 1 };
  assert.throws(() => new Account(misspelled), { code: 'invalid_argument', message: /^time: / });
});

test('refusals have codes, the request id, and the trigger', async () => {
  for (const [exception, message, code] of [
    ['CodeMismatchException', 'Invalid verification code provided, please try again.', 'wrong_code'],
    ['ExpiredCodeException', 'Invalid code provided, please request a code again.', 'code_expired'],
    ['LimitExceededException', 'Attempt limit exceeded, please try after some time.', 'limit_exceeded'],
    ['NotAuthorizedException', 'User cannot be confirmed. Current status is CONFIRMED', 'already_confirmed'],
    ['UserNotFoundException', 'Username/client id combination not found.', 'user_not_found'],
    ['AliasExistsException', 'An account with the given email already exists.', 'alias_exists'],
  ]) {
    const { account } = accountAt(refusal(exception, message));
    await assert.rejects(account.confirmSignUp({ username, code: '1' }), (error) => {
      assert.ok(error instanceof CognitoError && error instanceof index.CognitoError);
      assert.deepEqual(
        { ...error }, { name: 'CognitoError', code, retryable: code === 'limit_exceeded', exception, status: 400, requestId: 'request-7' },
      );
      return true;
    });
  }
  const { account } = accountAt(
    refusal('UserLambdaValidationException', 'PreSignUp failed with error Only our own domain..'),
  );
  await assert.rejects(account.signUp({ username, password: 'p' }), {
    code: 'trigger_failed', trigger: 'PreSignUp', exception: 'UserLambdaValidationException',
  });
});

test('what sends a mail or changes something is sent once, whatever happens', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const causes = [
    [new TypeError('fetch failed'), 'network'],
    [refusal('InternalErrorException', '', 500), 'pool_unavailable'],
    [refusal('TooManyRequestsException'), 'throttled'],
  ];
  for (const [method, input] of CALLS) {
    for (const [cause, code] of causes) {
      const { account, requests } = accountAt(cause);
      let over = false;
      const outcome = account[method](input).finally(() => (over = true));
      outcome.catch(() => {});
      // Turns of the event loop for the requests, ticks for the pauses between them.
      for (let turn = 0; !over && turn < 2000; turn += 1) {
        await new Promise(setImmediate);
        if (!over && turn % 20 === 19) t.mock.timers.tick(100);
      }
      await assert.rejects(outcome, { code, retryable: true }, method);
      assert.equal(requests.length, REPEATED.includes(method) ? 3 : 1, `${method} ${code}`);
    }
  }
});

test('a repetition may succeed; a sign-out that had arrived is done', async () => {
  const lost = new TypeError('fetch failed');
  const { account } = accountAt(lost, { Username: 'u', UserAttributes: [] });
  assert.deepEqual(await account.userAttributes({ accessToken }), { username: 'u', attributes: {} });
  const revoked = refusal('NotAuthorizedException', 'Access Token has been revoked');
  await accountAt(lost, revoked).account.globalSignOut({ accessToken });
  await assert.rejects(
    accountAt(revoked).account.globalSignOut({ accessToken }), { code: 'token_rejected' },
  );
});

test('whatever answers in the place of Cognito is an error with a code', async () => {
  const html = () => new Response('<html>', { status: 403, headers: { 'content-type': 'text/html' } });
  const bodies = ['[]', 'null', '7', '"x"', '{', '{"Username":7}', '{"Username":"u","UserAttributes":{}}'];
  await assert.rejects(accountAt(html()).account.deleteUser({ accessToken }), { code: 'forbidden', status: 403 });
  for (const body of bodies) {
    const { account } = accountAt(new Response(body));
    await assert.rejects(account.userAttributes({ accessToken }), { code: 'bad_reply' }, body);
  }
  const { account } = accountAt({ Username: 'u', UserAttributes: [{ Name: '__proto__', Value: 'x' }] });
  const { attributes } = await account.userAttributes({ accessToken });
  assert.equal(Object.getPrototypeOf(attributes), Object.prototype);
});

test('a signal ends a call at once, also between two attempts', async () => {
  const controller = new AbortController();
  const { account } = accountAt(refusal('TooManyRequestsException'));
  const call = account.userAttributes({ accessToken, signal: controller.signal });
  setTimeout(() => controller.abort(), 100);
  const start = performance.now();
  await assert.rejects(call, { code: 'aborted' });
  assert.ok(performance.now() - start < 250);
  await assert.rejects(account.deleteUser({ accessToken, signal: AbortSignal.abort() }), { code: 'aborted' });
});

test('the module may be loaded ahead, and is loaded once', async () => {
  assert.equal(await init(), await init());
});
