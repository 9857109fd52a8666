// Amplify signs in to local-cognito, and what it leaves in a storage is taken over by the package.

import assert from "node:assert/strict";
import path from "node:path";
import { after, before, beforeEach, test } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";
import { confirmSignIn, fetchAuthSession, signIn } from "@aws-amplify/auth";
import { cognitoUserPoolsTokenProvider } from "@aws-amplify/auth/cognito";
import { Amplify } from "@aws-amplify/core";
import { CLIENT_ID, POOL_ID, startLocalCognito } from "../support/local-cognito.mjs";
import { codeIn, wrong } from "../support/mail.mjs";
import { localPool, verifyTokens } from "../support/tokens.mjs";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const DIST = path.join(path.resolve(process.env.PACKAGE ?? path.join(ROOT, "target/npm")), "dist");
const { Cognito } = await import(pathToFileURL(path.join(DIST, "index.js")));
const { openSession } = await import(pathToFileURL(path.join(DIST, "session.js")));
const { adopt } = await import(pathToFileURL(path.join(DIST, "adopt.js")));
const PASSWORD = "Correct-Horse-9";
const CUSTOM = "CONFIRM_SIGN_IN_WITH_CUSTOM_CHALLENGE";
let server;
let storage;

before(async () => (server = await startLocalCognito()));
after(() => server?.stop());
beforeEach(() => {
  storage = new OldStorage();
  const Auth = { Cognito: { userPoolId: POOL_ID, userPoolClientId: CLIENT_ID, userPoolEndpoint: server.url } };
  // As the package around these two puts them together.
  cognitoUserPoolsTokenProvider.setAuthConfig(Auth);
  cognitoUserPoolsTokenProvider.setKeyValueStorage(storage);
  Amplify.configure({ Auth }, { Auth: { tokenProvider: cognitoUserPoolsTokenProvider } });
});

test("Amplify signs in with a wrong code and then the right one", async () => {
  const username = "amplify@example.com";
  assert.equal(await begin(username), CUSTOM);
  const code = await lastCode(username);
  const again = await confirmSignIn({ challengeResponse: wrong(code) });
  assert.equal(again.nextStep.signInStep, CUSTOM);
  const last = await confirmSignIn({ challengeResponse: code });
  assert.equal(last.nextStep.signInStep, "DONE");
  const { tokens } = await fetchAuthSession();
  const { id } = await verify({ accessToken: String(tokens.accessToken), idToken: String(tokens.idToken) });
  assert.equal(id.email, username);
});

test("Amplify asks for a new code by clientMetadata, and the old one is wrong then", async () => {
  const username = "amplify.resends@example.com";
  await begin(username);
  const first = await lastCode(username);
  await server.advance(31); // One mail in 30 seconds.
  const options = { clientMetadata: { action: "resend" } };
  const resent = await confirmSignIn({ challengeResponse: "resend", options });
  assert.equal(resent.nextStep.additionalInfo.CODE_SENT, "true");
  const second = await lastCode(username);
  assert.notEqual(second, first);
  assert.equal((await confirmSignIn({ challengeResponse: first })).nextStep.signInStep, CUSTOM);
  assert.equal((await confirmSignIn({ challengeResponse: second })).nextStep.signInStep, "DONE");
});

test("what Amplify left is adopted, and refreshed by this package", async () => {
  const username = "amplify.leaves@example.com";
  await begin(username);
  await confirmSignIn({ challengeResponse: await lastCode(username) });
  const old = storage.entries.size;
  assert.ok(old >= 5, `${old} keys`);
  const session = openSession(new Cognito({ userPoolId: POOL_ID, clientId: CLIENT_ID, endpoint: server.url }));
  assert.equal(await adopt(session, { from: storage }), true);
  assert.deepEqual([...storage.entries.keys()], []);
  assert.equal(session.state.user.email, username);
  await verify(await session.refresh());
  assert.equal((await fetchAuthSession()).tokens, undefined);
});

class OldStorage {
  entries = new Map();
  getItem = async (key) => this.entries.get(key) ?? null;
  setItem = async (key, value) => void this.entries.set(key, value);
  removeItem = async (key) => void this.entries.delete(key);
  clear = async () => this.entries.clear();
}

async function begin(username) {
  await server.createUser({ username, password: PASSWORD });
  const { nextStep } = await signIn({ username, password: PASSWORD, options: { authFlowType: "CUSTOM_WITH_SRP" } });
  return nextStep.signInStep;
}

async function lastCode(username) {
  return codeIn((await server.mails(username)).at(-1).text);
}

function verify(tokens) {
  return verifyTokens(tokens, localPool(server.url, POOL_ID, CLIENT_ID));
}
