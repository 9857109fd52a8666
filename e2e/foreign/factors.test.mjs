// What the pool itself asks for: AWS' own client of many years and our package take turns on one
// local-cognito, so that each judges the server that the other signs in to.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import aws from "amazon-cognito-identity-js";
import { startLocalCognito } from "../support/local-cognito.mjs";
import { totp } from "../support/totp.mjs";

const { Cognito } = await import(new URL("../../target/npm/dist/index.js", import.meta.url));
const { Account } = await import(new URL("../../target/npm/dist/account.js", import.meta.url));
const NUMBER = "+12065550108";
const PASSWORD = "Correct-Horse-9";
let server;

before(async () => (server = await startLocalCognito()));
after(() => server?.stop());

test("a temporary password is replaced by the foreign client, and then by ours", async () => {
  const pool = await createPool({ Schema: [{ Name: "given_name", Required: true }] });
  await pool.createUser("ada", { temporary: true });
  const { user, outcome } = await pool.foreignSignIn("ada", "Temporary-1");
  assert.equal(outcome.kind, "newPassword");
  assert.deepEqual(outcome.required, ["given_name"]);
  assert.equal(outcome.attributes.email, "ada@example.com");
  const done = await outcomeOf((callbacks) =>
    user.completeNewPasswordChallenge(PASSWORD, { given_name: "Ada" }, callbacks));
  assert.equal(done.kind, "signedIn");

  await pool.createUser("bob", { temporary: true });
  const step = await pool.ours.signIn({ username: "bob", password: "Temporary-1" });
  assert.deepEqual([step.kind, step.requiredAttributes], ["newPassword", ["given_name"]]);
  const last = await step.answer(PASSWORD, { attributes: { given_name: "Bob" } });
  assert.equal(last.user.claims.given_name, "Bob");
});

test("an authenticator that one client sets up serves the other", async () => {
  const mfa = { MfaConfiguration: "ON", SoftwareTokenMfaConfiguration: { Enabled: true } };
  const pool = await createPool({}, mfa);
  await pool.createUser("ada");
  const { user, outcome } = await pool.foreignSignIn("ada", PASSWORD);
  assert.equal(outcome.kind, "mfaSetup");
  const { secret } = await outcomeOf((callbacks) => user.associateSoftwareToken(callbacks));
  const verified = await outcomeOf((callbacks) => user.verifySoftwareToken(totp(secret), "phone", callbacks));
  assert.equal(verified.kind, "signedIn");
  const step = await pool.ours.signIn({ username: "ada", password: PASSWORD });
  assert.deepEqual([step.kind, step.medium], ["code", "authenticator"]);
  assert.equal((await step.answer(totp(secret))).kind, "signedIn");

  await pool.createUser("bob");
  const choice = await pool.ours.signIn({ username: "bob", password: PASSWORD });
  const setUp = await choice.choose("SOFTWARE_TOKEN_MFA");
  assert.equal((await setUp.answer(totp(setUp.secret))).kind, "signedIn");
  const again = await pool.foreignSignIn("bob", PASSWORD);
  assert.equal(again.outcome.kind, "totp");
  const last = await outcomeOf((callbacks) =>
    again.user.sendMFACode(totp(setUp.secret), callbacks, "SOFTWARE_TOKEN_MFA"));
  assert.equal(last.kind, "signedIn");
});

test("devices: both clients are remembered, prove themselves, and survive being forgotten", async () => {
  const pool = await createPool({ DeviceConfiguration: {} });
  await pool.createUser("ada");
  const first = await pool.foreignSignIn("ada", PASSWORD);
  assert.equal(first.outcome.kind, "signedIn");
  const key = first.user.deviceKey;
  assert.match(key, /^us-east-1_/);
  const second = await pool.foreignSignIn("ada", PASSWORD);
  assert.equal(second.outcome.kind, "signedIn");
  assert.equal(second.user.deviceKey, key, "no other device was announced");

  const ours = await pool.ours.signIn({ username: "ada", password: PASSWORD });
  const { accessToken } = ours.tokens;
  const device = await pool.ours.rememberDevice({ accessToken, newDevice: ours.newDevice });
  const remembered = await pool.ours.signIn({ username: "ada", password: PASSWORD, device });
  assert.deepEqual([remembered.newDevice, remembered.deviceForgotten], [undefined, undefined]);
  await server.call("ForgetDevice", { AccessToken: accessToken, DeviceKey: device.deviceKey });
  const healed = await pool.ours.signIn({ username: "ada", password: PASSWORD, device });
  assert.equal(healed.deviceForgotten, true);
});

test("a code by mail: Cognito's own e-mail MFA with one option", async () => {
  const pool = await createPool({}, { MfaConfiguration: "ON", EmailMfaConfiguration: {} });
  await pool.createUser("ada");
  const step = await pool.ours.signIn({ username: "ada", password: PASSWORD });
  assert.deepEqual([step.kind, step.medium, step.sentTo], ["code", "email", "a***@e***"]);
  const [mail] = await server.mails("ada@example.com");
  const wrong = await step.answer("00000000");
  assert.deepEqual([wrong.kind, wrong.wrong], ["code", true]);
  assert.equal((await wrong.answer(/\d{8}/.exec(mail.text)[0])).kind, "signedIn");
});

test("a code by text message, which one client asks for and the other then, too", async () => {
  const pool = await createPool({}, { MfaConfiguration: "OPTIONAL", SmsMfaConfiguration: {}, EmailMfaConfiguration: {} });
  await pool.createUser("ada");
  const plain = await pool.ours.signIn({ username: "ada", password: PASSWORD });
  const { accessToken } = plain.tokens;
  await pool.account.setMfaPreference({ accessToken, sms: { enabled: true, preferred: true }, email: { enabled: true } });
  const expected = { preferred: "SMS_MFA", enabled: ["SMS_MFA", "EMAIL_OTP"] };
  assert.deepEqual(await pool.account.mfaPreference({ accessToken }), expected);

  const step = await pool.ours.signIn({ username: "ada", password: PASSWORD });
  assert.deepEqual([step.kind, step.medium, step.sentTo], ["code", "sms", "+*******0108"]);
  const wrong = await step.answer("000000");
  assert.deepEqual([wrong.kind, wrong.wrong], ["code", true]);
  assert.equal((await wrong.answer(await lastText())).kind, "signedIn");

  const { user, outcome } = await pool.foreignSignIn("ada", PASSWORD);
  assert.equal(outcome.kind, "sms");
  const last = await outcomeOf(async (callbacks) => user.sendMFACode(await lastText(), callbacks, "SMS_MFA"));
  assert.equal(last.kind, "signedIn");
  const data = await new Promise((resolve, reject) =>
    user.getUserData((error, data) => (error ? reject(error) : resolve(data)), { bypassCache: true }));
  assert.deepEqual([data.PreferredMfaSetting, data.UserMFASettingList], [expected.preferred, expected.enabled]);
  const off = { Enabled: false, PreferredMfa: false };
  await new Promise((resolve, reject) =>
    user.setUserMfaPreference(off, null, (error) => (error ? reject(error) : resolve())));
  assert.deepEqual(await pool.account.mfaPreference({ accessToken }), { enabled: ["EMAIL_OTP"] });
});

test("of several second factors without a preferred one, the person chooses the text message", async () => {
  const pool = await createPool({}, { MfaConfiguration: "ON", SmsMfaConfiguration: {}, EmailMfaConfiguration: {} });
  await pool.createUser("ada");
  const choice = await pool.ours.signIn({ username: "ada", password: PASSWORD });
  assert.deepEqual([choice.kind, choice.options], ["choice", ["EMAIL_OTP", "SMS_MFA"]]);
  const step = await choice.choose("SMS_MFA");
  assert.deepEqual([step.kind, step.medium], ["code", "sms"]);
  assert.equal((await step.answer(await lastText())).kind, "signedIn");
});

test("a text message is a way to begin, without a password", async () => {
  const pool = await createPool({}, { SmsMfaConfiguration: {} });
  await pool.createUser("ada");
  const preferred = await pool.byChoice.signIn({ username: "ada", preferred: "SMS_OTP" });
  assert.deepEqual([preferred.kind, preferred.medium], ["code", "sms"]);
  assert.equal((await preferred.answer(await lastText())).kind, "signedIn");
  const choice = await pool.byChoice.signIn({ username: "ada" });
  assert.deepEqual(choice.options, ["PASSWORD_SRP", "PASSWORD", "SMS_OTP"]);
  const step = await choice.choose("SMS_OTP");
  assert.equal((await step.answer(await lastText())).user.claims.phone_number, NUMBER);
});

// A pool of its own with one app client, and both clients for it.
async function createPool(input, mfa) {
  const { UserPool: { Id } } = await server.call("CreateUserPool", { PoolName: "p", ...input });
  if (mfa) await server.call("SetUserPoolMfaConfig", { UserPoolId: Id, ...mfa });
  const ExplicitAuthFlows = ["ALLOW_USER_SRP_AUTH", "ALLOW_USER_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"];
  const client = { UserPoolId: Id, ClientName: "c", ExplicitAuthFlows };
  const { UserPoolClient: { ClientId } } = await server.call("CreateUserPoolClient", client);
  const options = { userPoolId: Id, clientId: ClientId, endpoint: server.url };
  // The foreign client keeps devices there.
  const Storage = memory();
  return {
    ours: new Cognito({ ...options, flow: "srp" }),
    byChoice: new Cognito({ ...options, flow: "choice" }),
    account: new Account(options),
    async createUser(Username, { temporary = false } = {}) {
      const UserAttributes = [
        { Name: "email", Value: `${Username}@example.com` },
        { Name: "email_verified", Value: "true" },
        { Name: "phone_number", Value: NUMBER },
        { Name: "phone_number_verified", Value: "true" },
      ];
      await server.call("AdminCreateUser", { UserPoolId: Id, Username, TemporaryPassword: "Temporary-1", UserAttributes });
      if (temporary) return;
      await server.call("AdminSetUserPassword", { UserPoolId: Id, Username, Password: PASSWORD, Permanent: true });
    },
    async foreignSignIn(Username, Password) {
      const Pool = new aws.CognitoUserPool({ UserPoolId: Id, ClientId, endpoint: server.url, Storage });
      const user = new aws.CognitoUser({ Username, Pool, Storage });
      const details = new aws.AuthenticationDetails({ Username, Password });
      return { user, outcome: await outcomeOf((callbacks) => user.authenticateUser(details, callbacks)) };
    },
  };
}

function outcomeOf(call) {
  return new Promise((resolve) =>
    call({
      onSuccess: (session) => resolve({ kind: "signedIn", session }),
      onFailure: (error) => resolve({ kind: "error", error }),
      newPasswordRequired: (attributes, required) => resolve({ kind: "newPassword", attributes, required }),
      mfaSetup: () => resolve({ kind: "mfaSetup" }),
      mfaRequired: () => resolve({ kind: "sms" }),
      totpRequired: () => resolve({ kind: "totp" }),
      associateSecretCode: (secret) => resolve({ kind: "secret", secret }),
    }));
}

async function lastText() {
  const messages = await server.mails(NUMBER);
  const { medium, text } = messages.at(-1);
  assert.equal(medium, "SMS");
  return /\d{6}/.exec(text)[0];
}

function memory() {
  const kept = new Map();
  return {
    setItem: (key, value) => kept.set(key, value),
    getItem: (key) => kept.get(key) ?? null,
    removeItem: (key) => kept.delete(key),
    clear: () => kept.clear(),
  };
}
