// Amplify in the flows of a pool without triggers: the account, what a pool asks after the password, devices.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import * as auth from "@aws-amplify/auth";
import { cognitoUserPoolsTokenProvider } from "@aws-amplify/auth/cognito";
import { Amplify } from "@aws-amplify/core";
import { POOL_ID, SRP_ONLY_CLIENT_ID, startLocalCognito } from "../support/local-cognito.mjs";
import { codeIn, wrong } from "../support/mail.mjs";
import { createPerson, createPool, PASSWORD } from "../support/people.mjs";
import { localPool, verifyTokens } from "../support/tokens.mjs";
import { totp } from "../support/totp.mjs";

const NEW_PASSWORD = "Correct-Horse-10";
const SRP_ONLY = { userPoolId: POOL_ID, clientId: SRP_ONLY_CLIENT_ID };
// Where Amplify looks for the name of a device. Node 20 has none.
globalThis.navigator ??= { userAgent: "node", platform: "node" };
let server;

before(async () => (server = await startLocalCognito()));
after(() => server?.stop());

test("an account from its sign-up until it is deleted", async () => {
  use(SRP_ONLY);
  const username = "amplify.account@example.com";
  const { nextStep } = await auth.signUp({ username, password: PASSWORD });
  assert.deepEqual([nextStep.signUpStep, nextStep.codeDeliveryDetails.destination], ["CONFIRM_SIGN_UP", "a***@e***"]);
  await auth.resendSignUpCode({ username });
  const code = await lastCode(username);
  await assert.rejects(auth.confirmSignUp({ username, confirmationCode: wrong(code) }), { name: "CodeMismatchException" });
  await auth.confirmSignUp({ username, confirmationCode: code });

  await auth.resetPassword({ username });
  await auth.confirmResetPassword({ username, confirmationCode: await lastCode(username), newPassword: NEW_PASSWORD });
  await assert.rejects(signIn({ username, password: PASSWORD }), {
    name: "NotAuthorizedException", message: "Incorrect username or password.",
  });
  assert.equal((await signIn({ username, password: NEW_PASSWORD })).signInStep, "DONE");
  await verify(SRP_ONLY);
  await auth.updatePassword({ oldPassword: NEW_PASSWORD, newPassword: PASSWORD });

  const email = "amplify.new@example.com";
  await auth.updateUserAttributes({ userAttributes: { email, name: "Zoë" } });
  await auth.confirmUserAttribute({ userAttributeKey: "email", confirmationCode: await lastCode(email) });
  await auth.sendUserAttributeVerificationCode({ userAttributeKey: "email" });
  await auth.confirmUserAttribute({ userAttributeKey: "email", confirmationCode: await lastCode(email) });
  await auth.deleteUserAttributes({ userAttributeKeys: ["name"] });
  const { sub, ...attributes } = await auth.fetchUserAttributes();
  assert.deepEqual(attributes, { email, email_verified: "true" });

  const before = String((await auth.fetchAuthSession()).tokens.accessToken);
  await auth.fetchAuthSession({ forceRefresh: true });
  await verify(SRP_ONLY);
  assert.notEqual(String((await auth.fetchAuthSession()).tokens.accessToken), before);
  await auth.signOut({ global: true });
  await assert.rejects(server.call("GetUser", { AccessToken: before }), /Access Token has been revoked/);
  await signIn({ username: email, password: PASSWORD });
  await auth.deleteUser();
  await assert.rejects(signIn({ username: email, password: PASSWORD }), { name: "NotAuthorizedException" });
});

test("a sign-out here revokes the refresh token", async () => {
  const pool = await created({});
  await signIn(await createPerson(server, pool));
  const accessToken = String((await auth.fetchAuthSession()).tokens.accessToken);
  await auth.signOut();
  await assert.rejects(server.call("GetUser", { AccessToken: accessToken }), /Access Token has been revoked/);
});

test("a temporary password is replaced, with the attribute that is missing", async () => {
  const pool = await created({ Schema: [{ Name: "given_name", Required: true }] });
  const person = await createPerson(server, pool, { temporary: true });
  const asked = await signIn(person);
  assert.deepEqual([asked.signInStep, asked.missingAttributes], ["CONFIRM_SIGN_IN_WITH_NEW_PASSWORD_REQUIRED", ["given_name"]]);
  const options = { userAttributes: { given_name: "Ada" } };
  assert.equal((await confirm(PASSWORD, options)).signInStep, "DONE");
  assert.equal((await verify(pool)).id.given_name, "Ada");
});

test("second factors: a text message, a mail, and an authenticator that is set up", async () => {
  const pool = await created({}, { MfaConfiguration: "ON", SmsMfaConfiguration: {}, EmailMfaConfiguration: {} });
  const person = await createPerson(server, pool);
  assert.equal((await signIn(person)).signInStep, "CONTINUE_SIGN_IN_WITH_MFA_SELECTION");
  assert.equal((await confirm("SMS")).signInStep, "CONFIRM_SIGN_IN_WITH_SMS_CODE");
  await assert.rejects(confirm(wrong(await person.texted())), { name: "CodeMismatchException" });
  assert.equal((await confirm(await person.texted())).signInStep, "DONE");
  await verify(pool);
  await auth.updateMFAPreference({ email: "PREFERRED", sms: "ENABLED" });
  assert.deepEqual(await auth.fetchMFAPreference(), { enabled: ["SMS", "EMAIL"], preferred: "EMAIL" });
  await auth.signOut();
  assert.equal((await signIn(person)).signInStep, "CONFIRM_SIGN_IN_WITH_EMAIL_CODE");
  const [code] = /\d{8}/.exec((await server.mails(person.email)).at(-1).text);
  assert.equal((await confirm(code)).signInStep, "DONE");
  await auth.signOut();

  const ofApp = await created({}, { MfaConfiguration: "ON", SoftwareTokenMfaConfiguration: { Enabled: true } });
  const other = await createPerson(server, ofApp);
  const setUp = await signIn(other);
  assert.equal(setUp.signInStep, "CONTINUE_SIGN_IN_WITH_TOTP_SETUP");
  const { sharedSecret } = setUp.totpSetupDetails;
  assert.equal((await confirm(totp(sharedSecret))).signInStep, "DONE");
  await auth.signOut();
  assert.equal((await signIn(other)).signInStep, "CONFIRM_SIGN_IN_WITH_TOTP_CODE");
  assert.equal((await confirm(totp(sharedSecret))).signInStep, "DONE");
  await verify(ofApp);
  await auth.signOut();
});

test("a device is confirmed, remembered, listed and forgotten; it proves itself at the next sign-in", async () => {
  const pool = await created({ DeviceConfiguration: {} });
  const person = await createPerson(server, pool);
  assert.equal((await signIn(person)).signInStep, "DONE");
  await auth.rememberDevice();
  const [device] = await auth.fetchDevices();
  assert.match(device.id, /^us-east-1_/);
  await auth.signOut();
  assert.equal((await signIn(person)).signInStep, "DONE");
  await verify(pool);
  assert.deepEqual((await auth.fetchDevices()).map(({ id }) => id), [device.id]);
  await auth.forgetDevice();
  assert.deepEqual(await auth.fetchDevices(), []);
  await auth.signOut();
});

test("first factors by choice: a text message, and the password", async () => {
  const pool = await created({}, { SmsMfaConfiguration: {} });
  const person = await createPerson(server, pool);
  const options = { authFlowType: "USER_AUTH" };
  const { nextStep } = await auth.signIn({ username: person.username, options });
  assert.equal(nextStep.signInStep, "CONTINUE_SIGN_IN_WITH_FIRST_FACTOR_SELECTION");
  assert.equal((await confirm("SMS_OTP")).signInStep, "CONFIRM_SIGN_IN_WITH_SMS_CODE");
  assert.equal((await confirm(await person.texted())).signInStep, "DONE");
  await verify(pool);
  await auth.signOut();
  const preferred = { ...options, preferredChallenge: "PASSWORD_SRP" };
  const byPassword = await auth.signIn({ username: person.username, password: PASSWORD, options: preferred });
  assert.equal(byPassword.nextStep.signInStep, "DONE");
  await verify(pool);
  await auth.signOut();
});

function use({ userPoolId, clientId }) {
  const Auth = { Cognito: { userPoolId, userPoolClientId: clientId, userPoolEndpoint: server.url } };
  const kept = new Map();
  // As the package around these two puts them together.
  cognitoUserPoolsTokenProvider.setAuthConfig(Auth);
  cognitoUserPoolsTokenProvider.setKeyValueStorage({
    getItem: async (key) => kept.get(key) ?? null,
    setItem: async (key, value) => void kept.set(key, value),
    removeItem: async (key) => void kept.delete(key),
    clear: async () => kept.clear(),
  });
  Amplify.configure({ Auth }, { Auth: { tokenProvider: cognitoUserPoolsTokenProvider } });
}

async function created(input, mfa) {
  const pool = await createPool(server, "srp", input, mfa);
  use(pool);
  return pool;
}

async function signIn({ username, password }) {
  return (await auth.signIn({ username, password, options: { authFlowType: "USER_SRP_AUTH" } })).nextStep;
}

async function confirm(challengeResponse, options) {
  return (await auth.confirmSignIn({ challengeResponse, options })).nextStep;
}

async function verify({ userPoolId, clientId }) {
  const { tokens } = await auth.fetchAuthSession();
  const both = { accessToken: String(tokens.accessToken), idToken: String(tokens.idToken) };
  return verifyTokens(both, localPool(server.url, userPoolId, clientId));
}

async function lastCode(address) {
  return codeIn((await server.mails(address)).at(-1).text);
}
