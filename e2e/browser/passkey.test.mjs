// Passkeys: Chromium with an authenticator of its own making, our package, and a pool that checks what
// was signed.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { launch } from "../support/browser.mjs";
import { startLocalCognito } from "../support/local-cognito.mjs";

const PASSWORD = "Correct-Horse-9";
const USERNAME = "ada";
// What `NotAuthorizedException` means after an answer.
const REFUSED = "bad_credentials";

describe("a passkey", () => {
  let browser;
  let server;
  before(async () => ([browser, server] = await Promise.all([launch(), startLocalCognito()])));
  after(() => Promise.all([browser?.close(), server?.stop()]));

  // A pool with one user, and a page of its relying party with an authenticator.
  async function visit(t, { userVerification = "preferred", hasUserVerification = true } = {}) {
    const pool = await createPool(userVerification);
    const context = await browser.newContext();
    t.after(() => context.close());
    await context.route("**/tab", (route) => route.fulfill({ contentType: "text/html", body: "<!doctype html><title>Tab</title>" }));
    const page = await context.newPage();
    // Addresses have no passkeys, names do.
    await page.goto(`http://localhost:${new URL(server.url).port}/tab`);
    const devtools = await context.newCDPSession(page);
    await devtools.send("WebAuthn.enable");
    const options = { protocol: "ctap2", transport: "internal", hasResidentKey: true, automaticPresenceSimulation: true };
    const { authenticatorId } = await devtools.send("WebAuthn.addVirtualAuthenticator", {
      options: { ...options, hasUserVerification, isUserVerified: hasUserVerification },
    });
    await page.evaluate(async (pool) => {
      const { Cognito, requestPasskey } = await import("/pkg/index.js");
      globalThis.cognito = new Cognito({ ...pool, endpoint: location.origin, flow: "choice" });
      globalThis.requestPasskey = requestPasskey;
    }, pool);
    const send = (method, more) => devtools.send(`WebAuthn.${method}`, { authenticatorId, ...more });
    return { page, send, pool };
  }

  async function createPool(UserVerification) {
    const first = { SignInPolicy: { AllowedFirstAuthFactors: ["PASSWORD", "WEB_AUTHN"] } };
    const { UserPool } = await server.call("CreateUserPool", { PoolName: "p", Policies: first });
    const UserPoolId = UserPool.Id;
    const WebAuthnConfiguration = { RelyingPartyId: "localhost", UserVerification };
    await server.call("SetUserPoolMfaConfig", { UserPoolId, WebAuthnConfiguration });
    const ExplicitAuthFlows = ["ALLOW_USER_AUTH"];
    const { UserPoolClient } = await server.call("CreateUserPoolClient", { UserPoolId, ClientName: "c", ExplicitAuthFlows });
    await server.call("AdminCreateUser", { UserPoolId, Username: USERNAME });
    await server.call("AdminSetUserPassword", { UserPoolId, Username: USERNAME, Password: PASSWORD, Permanent: true });
    return { userPoolId: UserPoolId, clientId: UserPoolClient.ClientId };
  }

  // Signs in with the password; the access token.
  const signInByPassword = (page) =>
    page.evaluate(async (credentials) => {
      const step = await cognito.signIn({ ...credentials, preferred: "PASSWORD_SRP" });
      return step.tokens.accessToken;
    }, { username: USERNAME, password: PASSWORD });

  // What the browser makes of the pool's options.
  async function createPasskey(page, AccessToken) {
    const { CredentialCreationOptions } = await server.call("StartWebAuthnRegistration", { AccessToken });
    return page.evaluate(async (options) => {
      const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(options);
      return (await navigator.credentials.create({ publicKey })).toJSON();
    }, CredentialCreationOptions);
  }

  async function register(page) {
    const AccessToken = await signInByPassword(page);
    const Credential = await createPasskey(page, AccessToken);
    await server.call("CompleteWebAuthnRegistration", { AccessToken, Credential });
    return { AccessToken, Credential };
  }

  // Begins with the passkey; the step is kept in the page.
  const begin = (page) =>
    page.evaluate(async (username) => {
      globalThis.step = await cognito.signIn({ username, preferred: "WEB_AUTHN" });
      return step.kind;
    }, USERNAME);

  // Answers with what `alter` makes of the passkey's answer; the next step, or the error's code.
  const answer = (page, alter = (credential) => credential, given) =>
    page.evaluate(async ([alter, given]) => {
      const credential = (0, eval)(alter)(await requestPasskey(step.options), given);
      globalThis.last = credential;
      return step.answer(credential).then(({ kind }) => kind, ({ code }) => code);
    }, [`(${alter})`, given]);

  test("is registered, chosen, asked for and taken: tokens without a password", async (t) => {
    const { page, send } = await visit(t);
    const { AccessToken, Credential } = await register(page);
    const { Credentials } = await server.call("ListWebAuthnCredentials", { AccessToken });
    assert.equal(Credentials.length, 1);
    const [{ CredentialId, RelyingPartyId, AuthenticatorAttachment, AuthenticatorTransports }] = Credentials;
    assert.deepEqual(
      [CredentialId, RelyingPartyId, AuthenticatorAttachment, AuthenticatorTransports],
      [Credential.id, "localhost", "platform", ["internal"]],
    );
    const factors = await server.call("GetUserAuthFactors", { AccessToken });
    assert.deepEqual(factors.ConfiguredUserAuthFactors, ["PASSWORD", "WEB_AUTHN"]);

    const chosen = await page.evaluate(async (username) => {
      const choice = await cognito.signIn({ username });
      const step = await choice.choose("WEB_AUTHN");
      const last = await step.answer(await requestPasskey(step.options));
      return { options: choice.options, kinds: [choice.kind, step.kind, last.kind], tokens: last.tokens };
    }, USERNAME);
    assert.deepEqual(chosen.options, ["PASSWORD_SRP", "PASSWORD", "WEB_AUTHN"]);
    assert.deepEqual(chosen.kinds, ["choice", "passkey", "signedIn"]);
    assert.equal((await server.call("GetUser", { AccessToken: chosen.tokens.accessToken })).Username, USERNAME);
    assert.equal(await begin(page), "passkey");
    assert.equal(await answer(page), "signedIn");
    const { credentials } = await send("getCredentials");
    assert.deepEqual(credentials.map(({ signCount }) => signCount), [3], "made once, used twice");

    await assert.rejects(createPasskey(page, AccessToken), /InvalidStateError/, "this authenticator has one already");
    await server.call("DeleteWebAuthnCredential", { AccessToken, CredentialId });
    assert.equal(await begin(page), "choice", "it is offered no more");
    await assert.rejects(server.call("DeleteWebAuthnCredential", { AccessToken, CredentialId }), /ResourceNotFoundException/);
  });

  test("that was forged, replayed or copied opens nothing", async (t) => {
    const { page, send } = await visit(t);
    const { Credential } = await register(page);
    const [kept] = (await send("getCredentials")).credentials;
    const alterations = {
      "another signature": (credential) => {
        const at = credential.response.signature.length - 8;
        const char = credential.response.signature[at] === "A" ? "B" : "A";
        const signature = credential.response.signature.slice(0, at) + char + credential.response.signature.slice(at + 1);
        return { ...credential, response: { ...credential.response, signature } };
      },
      "another origin": (credential) => {
        const text = atob(credential.response.clientDataJSON).replace("//localhost", "//evil.localhost");
        const clientDataJSON = btoa(text).replaceAll("=", "");
        return { ...credential, response: { ...credential.response, clientDataJSON } };
      },
      "another user": (credential) => ({ ...credential, response: { ...credential.response, userHandle: "Ym9i" } }),
      "another credential": (credential) => ({ ...credential, id: "Ym9i", rawId: "Ym9i" }),
    };
    for (const [what, alter] of Object.entries(alterations)) {
      assert.equal(await begin(page), "passkey");
      assert.equal(await answer(page, alter), REFUSED, what);
    }
    assert.equal(await begin(page), "passkey");
    assert.equal(await answer(page), "signedIn");
    const used = await page.evaluate(() => last);
    assert.equal(await begin(page), "passkey");
    assert.equal(await answer(page, (_, used) => used, used), REFUSED, "an answer to another challenge");

    await send("removeCredential", { credentialId: kept.credentialId });
    await send("addCredential", { credential: { ...kept, signCount: 1 } });
    assert.equal(await begin(page), "passkey");
    assert.equal(await answer(page), REFUSED, "a copy that has counted less");
    assert.equal(Credential.id, kept.credentialId.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", ""));
  });

  test("without a check of who uses it is not taken where the pool requires one", async (t) => {
    const { page } = await visit(t, { hasUserVerification: false });
    await register(page);
    assert.equal(await begin(page), "passkey");
    assert.equal(await answer(page), "signedIn", "it is preferred only");
    const strict = await visit(t, { userVerification: "required", hasUserVerification: false });
    const AccessToken = await signInByPassword(strict.page);
    await assert.rejects(createPasskey(strict.page, AccessToken), /NotAllowedError/);
    const { CredentialCreationOptions } = await server.call("StartWebAuthnRegistration", { AccessToken });
    const Credential = await strict.page.evaluate(async (options) => {
      options.authenticatorSelection.userVerification = "discouraged";
      const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(options);
      return (await navigator.credentials.create({ publicKey })).toJSON();
    }, CredentialCreationOptions);
    await assert.rejects(server.call("CompleteWebAuthnRegistration", { AccessToken, Credential }), /its user was not verified/);
  });

  test("that nobody gives is an error of its own, and the step can be used again", async (t) => {
    const { page, send } = await visit(t);
    await register(page);
    await begin(page);
    const [kept] = (await send("getCredentials")).credentials;
    await send("removeCredential", { credentialId: kept.credentialId });
    const refused = await page.evaluate(() => requestPasskey(step.options, { signal: AbortSignal.timeout(2000) }).catch(({ code }) => code));
    assert.ok(["passkey_failed", "aborted"].includes(refused), refused);
    await send("addCredential", { credential: kept });
    assert.equal(await answer(page), "signedIn");
  });
});
