// AWS' own client of many years signs in to local-cognito, with the triggers that are deployed.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import aws from "amazon-cognito-identity-js";
import { CLIENT_ID, POOL_ID, startLocalCognito } from "../support/local-cognito.mjs";
import { codeIn, wrong } from "../support/mail.mjs";
import { localPool, verifyTokens } from "../support/tokens.mjs";

const PASSWORD = "Correct-Horse-9";
let server;

before(async () => (server = await startLocalCognito()));
after(() => server?.stop());

test("right password and right code give tokens that verify", async () => {
  const { username, user, outcome } = await passwordStep("right@example.com", PASSWORD);
  assert.equal(outcome.kind, "challenge");
  assert.equal(outcome.parameters.CODE_DELIVERY_DELIVERY_MEDIUM, "EMAIL");
  assert.equal(outcome.parameters.CODE_DELIVERY_DESTINATION, "r***@e***");
  assert.equal(outcome.parameters.ATTEMPTS_LEFT, "3");
  const signedIn = await answer(user, await lastCode(username));
  assert.equal(signedIn.kind, "signedIn");
  const claims = await verify(signedIn.session);
  assert.equal(claims.id.email, username);
  assert.equal(claims.id.email_verified, true);
  assert.equal(claims.access.sub, claims.id.sub);
  assert.notEqual(signedIn.session.getRefreshToken().getToken(), "");
});

test("the refresh token gives new tokens that verify", async () => {
  const { username, user } = await passwordStep("refresh@example.com", PASSWORD);
  const { session } = await answer(user, await lastCode(username));
  const claims = await verify(await refreshed(user, session));
  assert.equal(claims.id.email, username);
});

test("a wrong password is refused in Cognito's words, and no mail is sent", async () => {
  const { username, outcome } = await passwordStep("wrong-password@example.com", "Correct-Horse-8");
  assert.equal(outcome.kind, "error");
  assert.equal(outcome.error.code, "NotAuthorizedException");
  assert.equal(outcome.error.message, "Incorrect username or password.");
  assert.deepEqual(await server.mails(username), []);
});

test("an unknown user is refused in the same words", async () => {
  const { user, details } = foreignUser("nobody@example.com", PASSWORD);
  const outcome = await outcomeOf((callbacks) => user.authenticateUser(details, callbacks));
  assert.equal(outcome.kind, "error");
  assert.equal(outcome.error.code, "NotAuthorizedException");
  assert.equal(outcome.error.message, "Incorrect username or password.");
});

test("after a wrong code the right one still signs in", async () => {
  const { username, user } = await passwordStep("second-try@example.com", PASSWORD);
  const code = await lastCode(username);
  const again = await answer(user, wrong(code));
  assert.equal(again.kind, "challenge");
  assert.equal(again.parameters.ATTEMPTS_LEFT, "2");
  assert.equal(again.parameters.CODE_SENT, "false");
  const signedIn = await answer(user, code);
  assert.equal(signedIn.kind, "signedIn");
  await verify(signedIn.session);
});

test("three wrong codes end the sign-in, and the right one comes too late", async () => {
  const { username, user } = await passwordStep("three-wrong@example.com", PASSWORD);
  const code = await lastCode(username);
  assert.equal((await answer(user, wrong(code))).kind, "challenge");
  assert.equal((await answer(user, wrong(code))).kind, "challenge");
  for (const late of [wrong(code), code]) {
    const ended = await answer(user, late);
    assert.equal(ended.kind, "error");
    assert.equal(ended.error.code, "NotAuthorizedException");
  }
});

test("a resend by clientMetadata sends a new code; the old one is wrong then", async () => {
  const { username, user } = await passwordStep("resend@example.com", PASSWORD);
  const first = await lastCode(username);
  const tooSoon = await answer(user, "resend", { action: "resend" });
  assert.equal(tooSoon.kind, "challenge");
  assert.equal(tooSoon.parameters.CODE_SENT, "false");
  assert.equal((await server.mails(username)).length, 1);
  await server.advance(31);
  const resent = await answer(user, "resend", { action: "resend" });
  assert.equal(resent.parameters.CODE_SENT, "true");
  assert.equal(resent.parameters.ATTEMPTS_LEFT, "3");
  const mails = await server.mails(username);
  assert.equal(mails.length, 2);
  const second = await lastCode(username);
  assert.notEqual(second, first);
  assert.equal((await answer(user, first)).parameters?.ATTEMPTS_LEFT, "2");
  assert.equal((await answer(user, second)).kind, "signedIn");
});

test("a sign-out everywhere ends what another sign-in had; one here revokes the refresh token", async () => {
  const { username, user } = await passwordStep("leaves@example.com", PASSWORD);
  const first = await answer(user, await lastCode(username));
  await new Promise((onSuccess, onFailure) => user.globalSignOut({ onSuccess, onFailure }));
  await assert.rejects(refreshed(user, first.session), { code: "NotAuthorizedException" });

  await server.advance(31); // One mail in 30 seconds.
  const other = foreignUser(username, PASSWORD);
  await outcomeOf((callbacks) => other.user.authenticateUser(other.details, callbacks));
  const second = await answer(other.user, await lastCode(username));
  assert.equal(second.kind, "signedIn");
  await new Promise((resolve) => other.user.signOut(resolve));
  await assert.rejects(refreshed(other.user, second.session), { message: "Refresh Token has been revoked" });
});

test("a user who deletes the account is unknown from then on", async () => {
  const { username, user } = await passwordStep("is.gone@example.com", PASSWORD);
  await answer(user, await lastCode(username));
  await new Promise((resolve, reject) => user.deleteUser((error) => (error ? reject(error) : resolve())));
  const again = foreignUser(username, PASSWORD);
  const outcome = await outcomeOf((callbacks) => again.user.authenticateUser(again.details, callbacks));
  assert.equal(outcome.error.message, "Incorrect username or password.");
});

/** Creates a user and submits a password for it. */
async function passwordStep(username, password) {
  await server.createUser({ username, password: PASSWORD });
  const { user, details } = foreignUser(username, password);
  const outcome = await outcomeOf((callbacks) => user.authenticateUser(details, callbacks));
  return { username, user, outcome };
}

function foreignUser(username, password) {
  const pool = new aws.CognitoUserPool({ UserPoolId: POOL_ID, ClientId: CLIENT_ID, endpoint: server.url });
  const user = new aws.CognitoUser({ Username: username, Pool: pool });
  user.setAuthenticationFlowType("CUSTOM_AUTH");
  return { user, details: new aws.AuthenticationDetails({ Username: username, Password: password }) };
}

function answer(user, text, clientMetadata) {
  return outcomeOf((callbacks) => user.sendCustomChallengeAnswer(text, callbacks, clientMetadata));
}

function refreshed(user, session) {
  return new Promise((resolve, reject) =>
    user.refreshSession(session.getRefreshToken(), (error, fresh) => (error ? reject(error) : resolve(fresh))));
}

function outcomeOf(call) {
  return new Promise((resolve) =>
    call({
      onSuccess: (session) => resolve({ kind: "signedIn", session }),
      onFailure: (error) => resolve({ kind: "error", error }),
      customChallenge: (parameters) => resolve({ kind: "challenge", parameters }),
    }));
}

async function lastCode(username) {
  const mails = await server.mails(username);
  assert.ok(mails.length > 0, `no mail to ${username}`);
  return codeIn(mails.at(-1).text);
}

function verify(session) {
  const tokens = {
    accessToken: session.getAccessToken().getJwtToken(),
    idToken: session.getIdToken().getJwtToken(),
  };
  return verifyTokens(tokens, localPool(server.url, POOL_ID, CLIENT_ID));
}
