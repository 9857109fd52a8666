// AWS' SDK for JavaScript with cognito-srp-helper, which does the arithmetic: every flow that the two have, and the
// refusals by the classes that the SDK makes of them.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import * as sdk from "@aws-sdk/client-cognito-identity-provider";
import * as srp from "cognito-srp-helper";
import { CLIENT_ID, POOL_ID, ROTATING_CLIENT_ID, SRP_ONLY_CLIENT_ID, startLocalCognito } from "../support/local-cognito.mjs";
import { codeIn, wrong } from "../support/mail.mjs";
import { createPerson, createPool, PASSWORD } from "../support/people.mjs";
import { localPool, verifyTokens } from "../support/tokens.mjs";
import { totp } from "../support/totp.mjs";

const NEW_PASSWORD = "Correct-Horse-10";
const OF_TRIGGERS = { userPoolId: POOL_ID, clientId: CLIENT_ID };
const SRP_ONLY = { userPoolId: POOL_ID, clientId: SRP_ONLY_CLIENT_ID };
let server;
let client;

before(async () => {
  server = await startLocalCognito();
  client = new sdk.CognitoIdentityProviderClient({
    endpoint: server.url,
    region: "us-east-1",
    credentials: { accessKeyId: "none", secretAccessKey: "none" },
    maxAttempts: 1,
  });
});
after(async () => {
  client?.destroy();
  await server?.stop();
});

test("CUSTOM_AUTH with SRP: a wrong code, a new one too soon, the right one", async () => {
  const person = await createPerson(server, OF_TRIGGERS);
  const prompt = await proved(person, OF_TRIGGERS, "CUSTOM_AUTH");
  assert.equal(prompt.ChallengeName, "CUSTOM_CHALLENGE");
  assert.equal(prompt.ChallengeParameters.ATTEMPTS_LEFT, "3");
  const code = await person.mailed();
  const again = await answered(prompt, OF_TRIGGERS, { ANSWER: wrong(code) });
  assert.equal(again.ChallengeParameters.ATTEMPTS_LEFT, "2");
  const resent = await answered(again, OF_TRIGGERS, { ANSWER: "resend" }, { action: "resend" });
  assert.equal(resent.ChallengeParameters.CODE_SENT, "false");
  const { AuthenticationResult } = await answered(resent, OF_TRIGGERS, { ANSWER: code });
  const { id } = await verify(AuthenticationResult, OF_TRIGGERS);
  assert.equal(id.email, person.email);
});

test("CUSTOM_AUTH without SRP is refused by the triggers, which ask for the password first", async () => {
  const { username } = await createPerson(server, OF_TRIGGERS);
  const input = { ClientId: CLIENT_ID, AuthFlow: "CUSTOM_AUTH", AuthParameters: { USERNAME: username } };
  await assert.rejects(client.send(new sdk.InitiateAuthCommand(input)), sdk.NotAuthorizedException);
});

test("a wrong password and an unknown user are refused in the same words, by the SDK's class", async () => {
  const person = await createPerson(server, SRP_ONLY);
  for (const input of [{ ...person, password: "Correct-Horse-8" }, { ...person, username: "unknown@example.com" }]) {
    await assert.rejects(proved(input, SRP_ONLY, "USER_SRP_AUTH"), (error) => {
      assert.ok(error instanceof sdk.NotAuthorizedException, error.name);
      assert.equal(error.message, "Incorrect username or password.");
      return true;
    });
  }
});

test("refresh without rotation and with, and the classes of their refusals", async () => {
  const person = await createPerson(server, SRP_ONLY);
  const { AuthenticationResult: first } = await proved(person, SRP_ONLY, "USER_SRP_AUTH");
  const old = await client.send(new sdk.InitiateAuthCommand({
    ClientId: SRP_ONLY_CLIENT_ID, AuthFlow: "REFRESH_TOKEN_AUTH", AuthParameters: { REFRESH_TOKEN: first.RefreshToken },
  }));
  await verify(old.AuthenticationResult, SRP_ONLY);
  await client.send(new sdk.RevokeTokenCommand({ ClientId: SRP_ONLY_CLIENT_ID, Token: first.RefreshToken }));
  await assert.rejects(refreshed(first.RefreshToken, SRP_ONLY_CLIENT_ID), sdk.NotAuthorizedException);

  const pool = { userPoolId: POOL_ID, clientId: ROTATING_CLIENT_ID };
  const prompt = await proved(person, pool, "CUSTOM_AUTH");
  const { AuthenticationResult } = await answered(prompt, pool, { ANSWER: await person.mailed() });
  const next = await refreshed(AuthenticationResult.RefreshToken, ROTATING_CLIENT_ID);
  await verify(next.AuthenticationResult, pool);
  assert.notEqual(next.AuthenticationResult.RefreshToken, AuthenticationResult.RefreshToken);
  await server.advance(11);
  const reused = refreshed(AuthenticationResult.RefreshToken, ROTATING_CLIENT_ID);
  await assert.rejects(reused, sdk.RefreshTokenReuseException);
});

test("a temporary password is replaced", async () => {
  const pool = await createPool(server, "srp", { Schema: [{ Name: "given_name", Required: true }] });
  const person = await createPerson(server, pool, { temporary: true });
  const asked = await proved(person, pool, "USER_SRP_AUTH");
  assert.equal(asked.ChallengeName, "NEW_PASSWORD_REQUIRED");
  await assert.rejects(
    answered(asked, pool, { NEW_PASSWORD: "short", "userAttributes.given_name": "Ada" }, undefined, person),
    sdk.InvalidPasswordException,
  );
  const responses = { NEW_PASSWORD: PASSWORD, "userAttributes.given_name": "Ada" };
  const { AuthenticationResult } = await answered(asked, pool, responses, undefined, person);
  assert.equal((await verify(AuthenticationResult, pool)).id.given_name, "Ada");
});

test("second factors: an authenticator that is set up, a text message and a mail", async () => {
  const pool = await createPool(server, "srp", {}, {
    MfaConfiguration: "ON", SoftwareTokenMfaConfiguration: { Enabled: true }, SmsMfaConfiguration: {}, EmailMfaConfiguration: {},
  });
  const person = await createPerson(server, pool);
  const choice = await proved(person, pool, "USER_SRP_AUTH");
  assert.equal(choice.ChallengeName, "SELECT_MFA_TYPE");
  const text = await answered(choice, pool, { ANSWER: "SMS_MFA" }, undefined, person);
  assert.equal(text.ChallengeName, "SMS_MFA");
  const wrongCode = answered(text, pool, { SMS_MFA_CODE: wrong(await person.texted()) }, undefined, person);
  await assert.rejects(wrongCode, sdk.CodeMismatchException);
  const { AuthenticationResult } = await answered(text, pool, { SMS_MFA_CODE: await person.texted() }, undefined, person);
  await verify(AuthenticationResult, pool);

  const mail = await answered(await proved(person, pool, "USER_SRP_AUTH"), pool, { ANSWER: "EMAIL_OTP" }, undefined, person);
  const [code] = /\d{8}/.exec((await server.mails(person.email)).at(-1).text);
  await verify((await answered(mail, pool, { EMAIL_OTP_CODE: code }, undefined, person)).AuthenticationResult, pool);

  const only = await createPool(server, "srp", {}, {
    MfaConfiguration: "ON", SoftwareTokenMfaConfiguration: { Enabled: true },
  });
  const other = await createPerson(server, only);
  const setUp = await proved(other, only, "USER_SRP_AUTH");
  const { SecretCode, Session } = await client.send(new sdk.AssociateSoftwareTokenCommand({ Session: setUp.Session }));
  const verified = await client.send(new sdk.VerifySoftwareTokenCommand({ Session, UserCode: totp(SecretCode) }));
  assert.equal(verified.Status, "SUCCESS");
  const done = await answered({ ...setUp, Session: verified.Session }, only, {}, undefined, other);
  await verify(done.AuthenticationResult, only);
  const asked = await proved(other, only, "USER_SRP_AUTH");
  assert.equal(asked.ChallengeName, "SOFTWARE_TOKEN_MFA");
  const last = await answered(asked, only, { SOFTWARE_TOKEN_MFA_CODE: totp(SecretCode) }, undefined, other);
  await verify(last.AuthenticationResult, only);
});

test("a device is confirmed, proves itself, is listed, changed and forgotten", async () => {
  const pool = await createPool(server, "srp", { DeviceConfiguration: {} });
  const person = await createPerson(server, pool);
  const { AuthenticationResult } = await proved(person, pool, "USER_SRP_AUTH");
  const { AccessToken, NewDeviceMetadata: { DeviceKey, DeviceGroupKey } } = AuthenticationResult;
  const { DeviceSecretVerifierConfig, DeviceRandomPassword } = srp.createDeviceVerifier(DeviceKey, DeviceGroupKey);
  await client.send(new sdk.ConfirmDeviceCommand({ AccessToken, DeviceKey, DeviceName: "laptop", DeviceSecretVerifierConfig }));

  const { session, reply } = await provedBy(person, pool, "USER_SRP_AUTH", { DEVICE_KEY: DeviceKey });
  assert.equal(reply.ChallengeName, "DEVICE_SRP_AUTH");
  const asked = await respond(srp.wrapAuthChallenge(session, {
    ClientId: pool.clientId,
    ChallengeName: "DEVICE_SRP_AUTH",
    ChallengeResponses: { USERNAME: person.username, DEVICE_KEY: DeviceKey },
    Session: reply.Session,
  }));
  const signed = srp.signSrpSessionWithDevice(session, asked, DeviceGroupKey, DeviceRandomPassword);
  const done = await respond(srp.wrapAuthChallenge(signed, {
    ClientId: pool.clientId,
    ChallengeName: "DEVICE_PASSWORD_VERIFIER",
    ChallengeResponses: { USERNAME: person.username, DEVICE_KEY: DeviceKey },
    Session: asked.Session,
  }));
  await verify(done.AuthenticationResult, pool);

  const { Devices } = await client.send(new sdk.ListDevicesCommand({ AccessToken }));
  assert.deepEqual(Devices.map((device) => device.DeviceKey), [DeviceKey]);
  assert.ok(Devices[0].DeviceCreateDate instanceof Date);
  const status = { AccessToken, DeviceKey, DeviceRememberedStatus: "not_remembered" };
  await client.send(new sdk.UpdateDeviceStatusCommand(status));
  const { Device } = await client.send(new sdk.GetDeviceCommand({ AccessToken, DeviceKey }));
  const attributes = Object.fromEntries(Device.DeviceAttributes.map(({ Name, Value }) => [Name, Value]));
  assert.equal(attributes["dev:device_remembered_status"] ?? attributes["device_status"], "not_remembered");
  await client.send(new sdk.ForgetDeviceCommand({ AccessToken, DeviceKey }));
  const gone = client.send(new sdk.GetDeviceCommand({ AccessToken, DeviceKey }));
  await assert.rejects(gone, sdk.ResourceNotFoundException);
});

test("an account from its sign-up until it is deleted", async () => {
  const Username = "sdk@example.com";
  const ClientId = SRP_ONLY_CLIENT_ID;
  const { UserConfirmed, CodeDeliveryDetails } = await client.send(new sdk.SignUpCommand({ ClientId, Username, Password: PASSWORD }));
  assert.equal(UserConfirmed, false);
  assert.deepEqual(CodeDeliveryDetails, { AttributeName: "email", DeliveryMedium: "EMAIL", Destination: "s***@e***" });
  const person = { username: Username, password: PASSWORD };
  await assert.rejects(proved(person, SRP_ONLY, "USER_SRP_AUTH"), sdk.UserNotConfirmedException);
  await client.send(new sdk.ResendConfirmationCodeCommand({ ClientId, Username }));
  const confirm = async (ConfirmationCode) => client.send(new sdk.ConfirmSignUpCommand({ ClientId, Username, ConfirmationCode }));
  await assert.rejects(confirm(wrong(await lastCode(Username))), sdk.CodeMismatchException);
  await confirm(await lastCode(Username));
  await assert.rejects(
    client.send(new sdk.SignUpCommand({ ClientId, Username, Password: PASSWORD })),
    sdk.UsernameExistsException,
  );

  await client.send(new sdk.ForgotPasswordCommand({ ClientId, Username }));
  const forgotten = { ClientId, Username, ConfirmationCode: await lastCode(Username), Password: NEW_PASSWORD };
  await client.send(new sdk.ConfirmForgotPasswordCommand(forgotten));
  const { AuthenticationResult: { AccessToken } } = await proved({ ...person, password: NEW_PASSWORD }, SRP_ONLY, "USER_SRP_AUTH");
  const changed = { AccessToken, PreviousPassword: NEW_PASSWORD, ProposedPassword: PASSWORD };
  await client.send(new sdk.ChangePasswordCommand(changed));

  const UserAttributes = [{ Name: "email", Value: "sdk.new@example.com" }, { Name: "name", Value: "Zoë" }];
  await client.send(new sdk.UpdateUserAttributesCommand({ AccessToken, UserAttributes }));
  const verified = { AccessToken, AttributeName: "email", Code: await lastCode("sdk.new@example.com") };
  await client.send(new sdk.VerifyUserAttributeCommand(verified));
  await client.send(new sdk.GetUserAttributeVerificationCodeCommand({ AccessToken, AttributeName: "email" }));
  await client.send(new sdk.DeleteUserAttributesCommand({ AccessToken, UserAttributeNames: ["name"] }));
  const user = await client.send(new sdk.GetUserCommand({ AccessToken }));
  const attributes = Object.fromEntries(user.UserAttributes.map(({ Name, Value }) => [Name, Value]));
  assert.deepEqual([attributes.email, attributes.email_verified, attributes.name], ["sdk.new@example.com", "true", undefined]);

  await client.send(new sdk.GlobalSignOutCommand({ AccessToken }));
  await assert.rejects(client.send(new sdk.GetUserCommand({ AccessToken })), sdk.NotAuthorizedException);
  const again = await proved({ username: "sdk.new@example.com", password: PASSWORD }, SRP_ONLY, "USER_SRP_AUTH");
  await client.send(new sdk.DeleteUserCommand({ AccessToken: again.AuthenticationResult.AccessToken }));
  await assert.rejects(proved({ username: "sdk.new@example.com", password: PASSWORD }, SRP_ONLY, "USER_SRP_AUTH"), sdk.NotAuthorizedException);
});

async function proved(person, pool, flow) {
  return (await provedBy(person, pool, flow)).reply;
}

// The two requests with which a password is proved, as the helper's README has them.
async function provedBy({ username, password }, { userPoolId, clientId }, AuthFlow, more = {}) {
  const session = srp.createSrpSession(username, password, userPoolId, false);
  const AuthParameters = { USERNAME: username, CHALLENGE_NAME: "SRP_A", ...more };
  const begun = await client.send(new sdk.InitiateAuthCommand(
    srp.wrapInitiateAuth(session, { ClientId: clientId, AuthFlow, AuthParameters }),
  ));
  const signed = srp.signSrpSession(session, begun);
  const reply = await respond(srp.wrapAuthChallenge(signed, {
    ClientId: clientId,
    ChallengeName: "PASSWORD_VERIFIER",
    ChallengeResponses: { USERNAME: username, ...more },
    Session: begun.Session,
  }));
  return { session: signed, reply };
}

function answered({ ChallengeName, ChallengeParameters, Session }, { clientId }, responses, ClientMetadata, person) {
  const USERNAME = ChallengeParameters?.USERNAME ?? person.username;
  return respond({ ClientId: clientId, ChallengeName, Session, ChallengeResponses: { USERNAME, ...responses }, ClientMetadata });
}

function respond(input) {
  return client.send(new sdk.RespondToAuthChallengeCommand(input));
}

function refreshed(RefreshToken, ClientId) {
  return client.send(new sdk.GetTokensFromRefreshTokenCommand({ RefreshToken, ClientId }));
}

function verify({ AccessToken, IdToken }, { userPoolId, clientId }) {
  return verifyTokens({ accessToken: AccessToken, idToken: IdToken }, localPool(server.url, userPoolId, clientId));
}

async function lastCode(address) {
  return codeIn((await server.mails(address)).at(-1).text);
}
