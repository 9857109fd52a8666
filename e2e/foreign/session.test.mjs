// The package's session on a pool that shares no code with it, and the keys that AWS' own client
// of many years really leaves behind.

import assert from "node:assert/strict";
import path from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";
import aws from "amazon-cognito-identity-js";
import { CLIENT_ID, POOL_ID, startLocalCognito } from "../support/local-cognito.mjs";
import { codeIn } from "../support/mail.mjs";
import { localPool, verifyTokens } from "../support/tokens.mjs";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const DIST = path.join(path.resolve(process.env.PACKAGE ?? path.join(ROOT, "target/npm")), "dist");
const { Cognito } = await import(pathToFileURL(path.join(DIST, "index.js")));
const { openSession } = await import(pathToFileURL(path.join(DIST, "session.js")));
const { adopt } = await import(pathToFileURL(path.join(DIST, "adopt.js")));
const PASSWORD = "Correct-Horse-9";
let server;

before(async () => (server = await startLocalCognito()));
after(() => server?.stop());

test("tokens that were refreshed verify, and those of before are no longer asked for", async () => {
  const { session, step } = await signedIn("refreshes@example.com");
  const refreshed = await session.refresh();
  assert.notEqual(refreshed.accessToken, step.tokens.accessToken);
  const { id } = await verify(refreshed);
  assert.equal(id.email, "refreshes@example.com");
  assert.deepEqual(await session.tokens(), refreshed);
  assert.deepEqual(await server.call("GetUser", { AccessToken: refreshed.accessToken }).then(({ Username }) => Username), session.state.user.username);
});

test("a sign-out revokes, and the pool then refuses what was kept", async () => {
  const { session, step } = await signedIn("leaves@example.com");
  await session.signOut();
  await assert.rejects(server.call("GetUser", { AccessToken: step.tokens.accessToken }), /NotAuthorizedException/);
  await session.keep(step.tokens);
  await assert.rejects(session.refresh(), { code: "signed_out", exception: "NotAuthorizedException" });
  assert.equal(session.state.kind, "signedOut");
});

test("a sign-out everywhere ends the session of another device", async () => {
  const { session } = await signedIn("everywhere@example.com");
  await server.advance(31); // One mail in 30 seconds.
  const other = await signIn("everywhere@example.com");
  await session.signOutEverywhere();
  await assert.rejects(other.session.refresh(), { code: "signed_out" });
});

test("what amazon-cognito-identity-js left is adopted, and refreshed by this package", async () => {
  const username = "changes.over@example.com";
  const storage = new OldStorage();
  await signInByTheOldClient(username, storage);
  assert.ok(storage.getItem(`CognitoIdentityServiceProvider.${CLIENT_ID}.LastAuthUser`));
  const old = storage.entries.size;
  assert.ok(old >= 5, `${old} keys`);
  const session = openSession(new Cognito(options()));
  assert.equal(await adopt(session, { from: storage }), true);
  assert.deepEqual([...storage.entries.keys()], []);
  assert.equal(session.state.user.email, username);
  await verify(await session.refresh());
  assert.equal(await adopt(session, { from: storage }), false);
});

class OldStorage {
  entries = new Map();
  getItem = (key) => this.entries.get(key) ?? null;
  setItem = (key, value) => void this.entries.set(key, String(value));
  removeItem = (key) => void this.entries.delete(key);
  clear = () => this.entries.clear();
}

function options() {
  return { userPoolId: POOL_ID, clientId: CLIENT_ID, endpoint: server.url };
}

async function signedIn(username) {
  await server.createUser({ username, password: PASSWORD });
  return signIn(username);
}

async function signIn(username) {
  const cognito = new Cognito(options());
  const session = openSession(cognito);
  const step = await (await cognito.signIn({ username, password: PASSWORD })).answer(await lastCode(username));
  assert.equal(step.kind, "signedIn");
  return { session, step };
}

async function signInByTheOldClient(username, storage) {
  await server.createUser({ username, password: PASSWORD });
  const pool = new aws.CognitoUserPool({ UserPoolId: POOL_ID, ClientId: CLIENT_ID, endpoint: server.url, Storage: storage });
  const user = new aws.CognitoUser({ Username: username, Pool: pool, Storage: storage });
  user.setAuthenticationFlowType("CUSTOM_AUTH");
  const details = new aws.AuthenticationDetails({ Username: username, Password: PASSWORD });
  await new Promise((resolve, reject) =>
    user.authenticateUser(details, {
      onFailure: reject,
      onSuccess: resolve,
      customChallenge: async () => user.sendCustomChallengeAnswer(await lastCode(username), { onFailure: reject, onSuccess: resolve }),
    }));
}

async function lastCode(username) {
  return codeIn((await server.mails(username)).at(-1).text);
}

function verify(tokens) {
  return verifyTokens(tokens, localPool(server.url, POOL_ID, CLIENT_ID));
}
