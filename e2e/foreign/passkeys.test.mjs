// Amplify and this package in one Chromium, with one authenticator and one pool: the passkey that
// one of them has registered signs in to the other.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { launch } from "../support/browser.mjs";
import { startLocalCognito } from "../support/local-cognito.mjs";

const PASSWORD = "Correct-Horse-9";
const USERNAME = "ada";
const AMPLIFY = `
  import * as auth from "@aws-amplify/auth";
  import { cognitoUserPoolsTokenProvider } from "@aws-amplify/auth/cognito";
  import { Amplify, defaultStorage } from "@aws-amplify/core";
  const { userPoolId, clientId } = globalThis.pool;
  const Auth = { Cognito: { userPoolId, userPoolClientId: clientId, userPoolEndpoint: location.origin + "/" } };
  // As the package around these two puts them together.
  cognitoUserPoolsTokenProvider.setAuthConfig(Auth);
  cognitoUserPoolsTokenProvider.setKeyValueStorage(defaultStorage);
  Amplify.configure({ Auth }, { Auth: { tokenProvider: cognitoUserPoolsTokenProvider } });
  globalThis.auth = auth;
`;
let browser;
let server;

before(async () => ([browser, server] = await Promise.all([launch(), startLocalCognito()])));
after(() => Promise.all([browser?.close(), server?.stop()]));

test("a passkey that Amplify registers is listed, used and deleted by either client", async (t) => {
  const page = await visit(t);
  const byPassword = { username: USERNAME, password: PASSWORD };
  const listed = await page.evaluate(async (byPassword) => {
    const options = { authFlowType: "USER_AUTH", preferredChallenge: "PASSWORD_SRP" };
    await auth.signIn({ ...byPassword, options });
    await auth.associateWebAuthnCredential();
    const { credentials } = await auth.listWebAuthnCredentials();
    await auth.signOut();
    return credentials.map(({ createdAt, ...rest }) => ({ ...rest, year: createdAt.getFullYear() }));
  }, byPassword);
  assert.equal(listed.length, 1);
  const [{ credentialId, ...rest }] = listed;
  assert.deepEqual(rest, {
    friendlyCredentialName: "Passkey",
    relyingPartyId: "localhost",
    authenticatorAttachment: "platform",
    authenticatorTransports: ["internal"],
    year: new Date().getFullYear(),
  });

  const signedIn = await page.evaluate(async (username) => {
    const options = { authFlowType: "USER_AUTH", preferredChallenge: "WEB_AUTHN" };
    const { isSignedIn } = await auth.signIn({ username, options });
    const { tokens } = await auth.fetchAuthSession();
    return { isSignedIn, accessToken: String(tokens.accessToken) };
  }, USERNAME);
  assert.equal(signedIn.isSignedIn, true);
  await server.call("GetUser", { AccessToken: signedIn.accessToken });

  const ours = await page.evaluate(async (username) => {
    const step = await cognito.signIn({ username, preferred: "WEB_AUTHN" });
    const last = await step.answer(await requestPasskey(step.options));
    return { allowed: step.options.allowCredentials, kind: last.kind, username: last.user.username };
  }, USERNAME);
  assert.deepEqual(ours.allowed.map(({ id }) => id), [credentialId]);
  assert.deepEqual([ours.kind, ours.username], ["signedIn", USERNAME]);

  const left = await page.evaluate(async ({ credentialId, username }) => {
    await auth.deleteWebAuthnCredential({ credentialId });
    return (await cognito.signIn({ username })).options;
  }, { credentialId, username: USERNAME });
  assert.deepEqual(left, ["PASSWORD_SRP", "PASSWORD"]);
});

// A page with both clients and an authenticator, on a pool with one user.
async function visit(t) {
  const { outputFiles } = await build({
    stdin: { contents: AMPLIFY, resolveDir: fileURLToPath(new URL("..", import.meta.url)) },
    bundle: true,
    write: false,
    format: "iife",
    logLevel: "silent",
  });
  const pool = await createPool();
  const context = await browser.newContext();
  t.after(() => context.close());
  await context.route("**/tab", (route) => route.fulfill({ contentType: "text/html", body: "<!doctype html><title>Tab</title>" }));
  const page = await context.newPage();
  // Addresses have no passkeys, names do.
  await page.goto(`http://localhost:${new URL(server.url).port}/tab`);
  const devtools = await context.newCDPSession(page);
  await devtools.send("WebAuthn.enable");
  const verifies = { hasUserVerification: true, isUserVerified: true, automaticPresenceSimulation: true };
  await devtools.send("WebAuthn.addVirtualAuthenticator", {
    options: { protocol: "ctap2", transport: "internal", hasResidentKey: true, ...verifies },
  });
  await page.evaluate(async (pool) => {
    const { Cognito, requestPasskey } = await import("/pkg/index.js");
    const cognito = new Cognito({ ...pool, endpoint: location.origin, flow: "choice" });
    Object.assign(globalThis, { pool, cognito, requestPasskey });
  }, pool);
  await page.evaluate(outputFiles[0].text);
  return page;
}

async function createPool() {
  const Policies = { SignInPolicy: { AllowedFirstAuthFactors: ["PASSWORD", "WEB_AUTHN"] } };
  const { UserPool: { Id: UserPoolId } } = await server.call("CreateUserPool", { PoolName: "p", Policies });
  const WebAuthnConfiguration = { RelyingPartyId: "localhost", UserVerification: "required" };
  await server.call("SetUserPoolMfaConfig", { UserPoolId, WebAuthnConfiguration });
  const ExplicitAuthFlows = ["ALLOW_USER_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"];
  const { UserPoolClient } = await server.call("CreateUserPoolClient", { UserPoolId, ClientName: "c", ExplicitAuthFlows });
  await server.call("AdminCreateUser", { UserPoolId, Username: USERNAME });
  await server.call("AdminSetUserPassword", { UserPoolId, Username: USERNAME, Password: PASSWORD, Permanent: true });
  return { userPoolId: UserPoolId, clientId: UserPoolClient.ClientId };
}
