// What people do with their account: this package and AWS' own client of many years take turns at
// the same pool, so that neither is right by agreement with the server alone.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import aws from "amazon-cognito-identity-js";
import { POOL_ID, SRP_ONLY_CLIENT_ID as CLIENT_ID, startLocalCognito } from "../support/local-cognito.mjs";
import { codeIn, wrong } from "../support/mail.mjs";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const PACKAGE = path.resolve(process.env.PACKAGE ?? path.join(ROOT, "target/npm"));
const { Account } = await import(pathToFileURL(path.join(PACKAGE, "dist/account.js")));

const PASSWORD = "Correct-Horse-9";
const NEW_PASSWORD = "Correct-Horse-10";
let server;
let account;
let pool;

before(async () => {
  server = await startLocalCognito();
  account = new Account({ userPoolId: POOL_ID, clientId: CLIENT_ID, endpoint: server.url });
  pool = new aws.CognitoUserPool({ UserPoolId: POOL_ID, ClientId: CLIENT_ID, endpoint: server.url });
});
after(() => server?.stop());

test("whom we sign up, the foreign client confirms, and the other way round", async () => {
  const ours = "ours@example.com";
  const { sub, confirmed, delivery } = await account.signUp({
    username: ours, password: PASSWORD, attributes: { name: "Ada" },
  });
  assert.deepEqual({ confirmed, delivery }, { confirmed: false, delivery: { sentTo: "o***@e***", medium: "EMAIL", attribute: "email" } });
  await assert.rejects(account.signUp({ username: ours, password: PASSWORD }), { code: "username_exists" });
  const code = await lastCode(ours);
  await assert.rejects(account.confirmSignUp({ username: ours, code: wrong(code) }), {
    code: "wrong_code", exception: "CodeMismatchException", status: 400,
  });
  await called((done) => user(ours).confirmRegistration(code, false, done));
  await assert.rejects(account.confirmSignUp({ username: ours, code }), { code: "already_confirmed" });
  const session = await signIn(ours, PASSWORD);
  assert.equal(session.getIdToken().payload.sub, sub);
  assert.equal(session.getIdToken().payload.name, "Ada");

  const theirs = "theirs@example.com";
  await called((done) => pool.signUp(theirs, PASSWORD, [], [], done));
  await called((done) => user(theirs).resendConfirmationCode(done));
  await account.confirmSignUp({ username: theirs, code: await lastCode(theirs) });
  await signIn(theirs, PASSWORD);
});

test("a forgotten password is replaced by either client", async () => {
  const username = "forgetful@example.com";
  await server.createUser({ username, password: PASSWORD });
  await account.forgotPassword({ username });
  await confirmPassword(username, await lastCode(username), NEW_PASSWORD);
  await signIn(username, NEW_PASSWORD);
  await new Promise((onSuccess, onFailure) => user(username).forgotPassword({ onSuccess, onFailure }));
  const code = await lastCode(username);
  await account.confirmForgotPassword({ username, code, password: PASSWORD });
  await signIn(username, PASSWORD);
  await assert.rejects(account.confirmForgotPassword({ username, code, password: PASSWORD }), { code: "code_expired" });
  await assert.rejects(confirmPassword(username, code, PASSWORD), { code: "ExpiredCodeException" });
});

test("the password is changed by either client", async () => {
  const username = "changing@example.com";
  await server.createUser({ username, password: PASSWORD });
  const { accessToken, foreign } = await tokensOf(username, PASSWORD);
  await assert.rejects(
    account.changePassword({ accessToken, previous: "Correct-Horse-8", proposed: NEW_PASSWORD }),
    { code: "bad_credentials" },
  );
  await assert.rejects(
    account.changePassword({ accessToken, previous: PASSWORD, proposed: "short" }),
    { code: "password_not_accepted" },
  );
  await account.changePassword({ accessToken, previous: PASSWORD, proposed: NEW_PASSWORD });
  await called((done) => foreign.changePassword(NEW_PASSWORD, PASSWORD, done));
  await signIn(username, PASSWORD);
});

test("attributes look the same to both, and a new address counts once it is verified", async () => {
  const username = "before@example.com";
  await server.createUser({ username, password: PASSWORD });
  const { accessToken, foreign } = await tokensOf(username, PASSWORD);
  assert.deepEqual(await account.updateUserAttributes({ accessToken, attributes: { name: "Zoë" } }), { deliveries: [] });
  const { deliveries } = await account.updateUserAttributes({ accessToken, attributes: { email: "after@example.com" } });
  assert.deepEqual(deliveries, [{ sentTo: "a***@e***", medium: "EMAIL", attribute: "email" }]);
  assert.equal((await account.userAttributes({ accessToken })).attributes.email, username);
  const code = await lastCode("after@example.com");
  await new Promise((onSuccess, onFailure) => foreign.verifyAttribute("email", code, { onSuccess, onFailure }));
  const { attributes } = await account.userAttributes({ accessToken });
  assert.deepEqual([attributes.email, attributes.email_verified, attributes.name], ["after@example.com", "true", "Zoë"]);
  const list = await called((done) => foreign.getUserAttributes(done));
  assert.deepEqual(Object.fromEntries(list.map(({ Name, Value }) => [Name, Value])), attributes);
  await account.sendAttributeCode({ accessToken, attribute: "email" });
  await account.verifyUserAttribute({ accessToken, attribute: "email", code: await lastCode("after@example.com") });
  await account.deleteUserAttributes({ accessToken, attributes: ["name"] });
  assert.equal((await account.userAttributes({ accessToken })).attributes.name, undefined);
  await assert.rejects(account.updateUserAttributes({ accessToken, attributes: { sub: "x" } }), { code: "not_permitted" });
});

test("a sign-out ends one sign-in or all of them; a user who leaves is gone", async () => {
  const username = "leaving@example.com";
  await server.createUser({ username, password: PASSWORD });
  const [one, two, three] = [await tokensOf(username, PASSWORD), await tokensOf(username, PASSWORD), await tokensOf(username, PASSWORD)];
  await account.revokeToken({ refreshToken: one.refreshToken });
  await assert.rejects(account.userAttributes({ accessToken: one.accessToken }), { code: "token_rejected" });
  await account.userAttributes({ accessToken: two.accessToken });
  await account.globalSignOut({ accessToken: two.accessToken });
  for (const { accessToken } of [two, three]) {
    await assert.rejects(account.userAttributes({ accessToken }), { code: "token_rejected" });
  }
  await assert.rejects(account.revokeToken({ refreshToken: two.accessToken }), { code: "token_rejected" });
  const { accessToken } = await tokensOf(username, PASSWORD);
  await account.deleteUser({ accessToken });
  await assert.rejects(signIn(username, PASSWORD), { code: "NotAuthorizedException" });
});

test("a mail that is not sent is said", async () => {
  await server.setFaults({ ses: "reject" });
  const username = "unreachable@example.com";
  await assert.rejects(account.signUp({ username, password: PASSWORD }), {
    code: "mail_not_sent", exception: "CodeDeliveryFailureException",
  });
  await server.setFaults({});
});

function user(username) {
  const foreign = new aws.CognitoUser({ Username: username, Pool: pool });
  foreign.setAuthenticationFlowType("USER_SRP_AUTH");
  return foreign;
}

async function tokensOf(username, password) {
  const foreign = user(username);
  const session = await signIn(username, password, foreign);
  return {
    foreign,
    accessToken: session.getAccessToken().getJwtToken(),
    refreshToken: session.getRefreshToken().getToken(),
  };
}

function signIn(Username, Password, foreign = user(Username)) {
  const details = new aws.AuthenticationDetails({ Username, Password });
  return new Promise((onSuccess, onFailure) => foreign.authenticateUser(details, { onSuccess, onFailure }));
}

function confirmPassword(username, code, password) {
  return new Promise((onSuccess, onFailure) =>
    user(username).confirmPassword(code, password, { onSuccess, onFailure }));
}

function called(call) {
  return new Promise((resolve, reject) => call((error, result) => (error ? reject(error) : resolve(result))));
}

async function lastCode(address) {
  return codeIn((await server.mails(address)).at(-1).text);
}
