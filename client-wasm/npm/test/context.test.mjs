// What goes along with requests: UserContextData for threat protection, ClientMetadata for triggers.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Cognito, credentials, dist, misused } from '../support/client.mjs';
import { CODE, Pool } from '../support/pool.mjs';
import { Grants } from '../support/grants.mjs';

const { Account } = await import(new URL('account.js', dist));
const { openSession } = await import(new URL('session.js', dist));

async function signInWith(userContextData) {
  const pool = new Pool();
  const cognito = new Cognito({ ...pool.options, userContextData });
  const step = await (await cognito.signIn(credentials)).resend();
  assert.equal((await step.answer(CODE)).kind, 'signedIn');
  return pool.requests.map(({ body }) => body.UserContextData);
}

test('the user context is asked for anew and sent with every request of a sign-in', async () => {
  const asked = [];
  const sent = await signInWith((username) => {
    asked.push(username);
    return `risk "${asked.length}"\\`;
  });
  assert.deepEqual(asked, Array(4).fill('user@example.com'));
  assert.deepEqual(sent, [1, 2, 3, 4].map((count) => ({ EncodedData: `risk "${count}"\\` })));
});

test('where there is no user context, none is sent', async () => {
  for (const nothing of [undefined, null, '']) {
    assert.deepEqual(await signInWith(() => nothing), Array(4).fill(undefined));
  }
});

test('what the user context throws is reported, and ends nothing', async (t) => {
  const reported = t.mock.fn();
  globalThis.reportError = reported;
  t.after(() => delete globalThis.reportError);
  const broken = new Error('no script');
  assert.deepEqual(await signInWith(() => { throw broken; }), Array(4).fill(undefined));
  assert.deepEqual(reported.mock.calls.map(({ arguments: [error] }) => error), Array(4).fill(broken));
  assert.deepEqual(await signInWith(async () => 'late'), Array(4).fill(undefined));
  assert.match(reported.mock.calls.at(-1).arguments[0].message, /^userContextData: expected a string or nothing, got object/);
  assert.throws(() => new Cognito({ ...new Pool().options, userContextData: 'risk' }), misused('userContextData'));
});

test('the account sends it where the operation names its user, unless the input has its own', async () => {
  const sent = {};
  const fetch = async (request) => {
    const { UserContextData } = await request.json();
    sent[request.headers.get('X-Amz-Target').split('.')[1]] = UserContextData?.EncodedData;
    return new Response('{"CodeDeliveryDetails":{},"UserSub":"s","UserConfirmed":false}');
  };
  const options = { userPoolId: 'us-east-1_Example1', clientId: 'c', fetch };
  const account = new Account({ ...options, userContextData: (username) => `risk of ${username}` });
  const username = 'ada';
  await account.signUp({ username, password: 'p' });
  await account.confirmSignUp({ username, code: '1' });
  await account.resendConfirmationCode({ username });
  await account.forgotPassword({ username, userContext: { encodedData: 'own' } });
  await account.confirmForgotPassword({ username, code: '1', password: 'p' });
  await account.deleteUser({ accessToken: 't' });
  assert.deepEqual(sent, {
    SignUp: 'risk of ada', ConfirmSignUp: 'risk of ada', ResendConfirmationCode: 'risk of ada',
    ForgotPassword: 'own', ConfirmForgotPassword: 'risk of ada', DeleteUser: undefined,
  });
});

test('a refresh carries the client metadata of its session, and the user context where Cognito takes it', async () => {
  for (const [knows, expected] of [
    ['GetTokensFromRefreshToken', undefined],
    ['REFRESH_TOKEN_AUTH', { EncodedData: 'risk' }],
  ]) {
    const pool = new Pool({ grants: new Grants({ knows: [knows] }) });
    const cognito = new Cognito({ ...pool.options, userContextData: () => 'risk' });
    const clientMetadata = { plan: 'pro' };
    const session = openSession(cognito, { clientMetadata });
    clientMetadata.plan = 'changed later';
    await (await cognito.signIn(credentials)).answer(CODE);
    await session.refresh();
    const { body } = pool.requests.at(-1);
    assert.deepEqual(body.ClientMetadata, { plan: 'pro' });
    assert.deepEqual(body.UserContextData, expected);
    session.close();
  }
  const cognito = new Cognito(new Pool().options);
  assert.throws(() => openSession(cognito, { clientMetadata: { plan: 7 } }), misused('clientMetadata.plan'));
  assert.throws(() => openSession(cognito, { clientMetadata: 'pro' }), misused('clientMetadata'));
});
