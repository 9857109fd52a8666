// Refresh tokens that rotate: this package, Amplify and boto3 on the same app client, and what
// becomes of AWS' own client of many years there.

import assert from "node:assert/strict";
import path from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";
import { confirmSignIn, fetchAuthSession, signIn as amplifySignIn, signOut } from "@aws-amplify/auth";
import { cognitoUserPoolsTokenProvider } from "@aws-amplify/auth/cognito";
import { Amplify } from "@aws-amplify/core";
import aws from "amazon-cognito-identity-js";
import { POOL_ID, ROTATING_CLIENT_ID as CLIENT_ID, startLocalCognito } from "../support/local-cognito.mjs";
import { codeIn } from "../support/mail.mjs";
import { runPython } from "../support/python.mjs";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const DIST = path.join(path.resolve(process.env.PACKAGE ?? path.join(ROOT, "target/npm")), "dist");
const { Cognito } = await import(pathToFileURL(path.join(DIST, "index.js")));
const { openSession } = await import(pathToFileURL(path.join(DIST, "session.js")));
const PASSWORD = "Correct-Horse-9";
const GRACE = 10;
let server;

before(async () => (server = await startLocalCognito()));
after(() => server?.stop());

test("the refresh token that a refresh brought is the one that the next refresh sends", async () => {
  const { session, sent } = await signedIn("rotates@example.com");
  const kept = [(await session.tokens()).refreshToken];
  for (let round = 0; round < 3; round += 1) {
    await server.advance(GRACE + 1);
    kept.push((await session.refresh()).refreshToken);
  }
  assert.equal(new Set(kept).size, 4);
  assert.deepEqual(sent.map(({ RefreshToken }) => RefreshToken), kept.slice(0, 3));
});

test("a refresh whose reply was lost is asked for again, which the grace period allows", async () => {
  const { session, sent, loseReplies } = await signedIn("lost@example.com");
  loseReplies(1);
  const { refreshToken } = await session.refresh();
  assert.equal(sent.length, 2);
  assert.equal(sent[0].RefreshToken, sent[1].RefreshToken);
  await server.advance(GRACE + 1);
  assert.notEqual((await session.refresh()).refreshToken, refreshToken);
});

test("replies that are lost for longer than the grace period end the session, and it says why", async () => {
  const { session, loseReplies } = await signedIn("lost.longer@example.com");
  loseReplies(3);
  await assert.rejects(session.refresh(), { code: "network", retryable: true });
  assert.equal(session.state.kind, "signedIn");
  await server.advance(GRACE + 1);
  await assert.rejects(session.refresh(), { code: "signed_out", exception: "RefreshTokenReuseException" });
  assert.equal(session.state.kind, "signedOut");
});

test("boto3 refreshes with rotation, and knows the refusal of a used token by its class", async () => {
  const { session } = await signedIn("python.rotates@example.com");
  const first = (await session.tokens()).refreshToken;
  const { refreshToken: second } = await refreshByPython(first);
  assert.notEqual(second, first);
  assert.notEqual((await refreshByPython(first)).refreshToken, second, "within the grace period");
  await server.advance(GRACE + 1);
  const refused = await refreshByPython(first);
  assert.deepEqual([refused.error.Code, refused.reused], ["RefreshTokenReuseException", true]);
  assert.equal(typeof (await refreshByPython(second)).refreshToken, "string");
});

test("Amplify refreshes here time after time", async () => {
  const username = "amplify.rotates@example.com";
  await server.createUser({ username, password: PASSWORD });
  const Auth = { Cognito: { userPoolId: POOL_ID, userPoolClientId: CLIENT_ID, userPoolEndpoint: server.url } };
  const kept = new Map();
  cognitoUserPoolsTokenProvider.setAuthConfig(Auth);
  cognitoUserPoolsTokenProvider.setKeyValueStorage({
    getItem: async (key) => kept.get(key) ?? null,
    setItem: async (key, value) => void kept.set(key, value),
    removeItem: async (key) => void kept.delete(key),
    clear: async () => kept.clear(),
  });
  Amplify.configure({ Auth }, { Auth: { tokenProvider: cognitoUserPoolsTokenProvider } });
  await amplifySignIn({ username, password: PASSWORD, options: { authFlowType: "CUSTOM_WITH_SRP" } });
  await confirmSignIn({ challengeResponse: await lastCode(username) });
  const seen = new Set();
  for (let round = 0; round < 3; round += 1) {
    await server.advance(GRACE + 1);
    const { tokens } = await fetchAuthSession({ forceRefresh: true });
    seen.add(String(tokens.accessToken));
  }
  assert.equal(seen.size, 3);
  await signOut();
});

test("amazon-cognito-identity-js, which knows the old way to refresh only, is refused", async () => {
  const { session } = await signedIn("old.way@example.com");
  const { refreshToken } = await session.tokens();
  const Pool = new aws.CognitoUserPool({ UserPoolId: POOL_ID, ClientId: CLIENT_ID, endpoint: server.url });
  const user = new aws.CognitoUser({ Username: "old.way@example.com", Pool });
  const token = new aws.CognitoRefreshToken({ RefreshToken: refreshToken });
  const error = await new Promise((resolve) => user.refreshSession(token, resolve));
  assert.equal(error.code, "InvalidParameterException");
  assert.equal(typeof (await session.refresh()).refreshToken, "string");
});

// A session, the refreshes it has sent, and a way to lose the replies to the next ones.
async function signedIn(username) {
  await server.createUser({ username, password: PASSWORD });
  const sent = [];
  let losses = 0;
  async function fetchOrLose(request) {
    const isRefresh = request.headers.get("x-amz-target").endsWith("GetTokensFromRefreshToken");
    if (isRefresh) sent.push(await request.clone().json());
    const reply = await fetch(request);
    if (!isRefresh || losses === 0) return reply;
    losses -= 1;
    throw new TypeError("the connection is gone");
  }
  const cognito = new Cognito({ userPoolId: POOL_ID, clientId: CLIENT_ID, endpoint: server.url, fetch: fetchOrLose });
  const session = openSession(cognito);
  const step = await (await cognito.signIn({ username, password: PASSWORD })).answer(await lastCode(username));
  assert.equal(step.kind, "signedIn");
  return { session, sent, loseReplies: (count) => (losses = count) };
}

function refreshByPython(refreshToken) {
  return runPython("refresh.py", [server.url, CLIENT_ID], refreshToken);
}

async function lastCode(username) {
  return codeIn((await server.mails(username)).at(-1).text);
}
