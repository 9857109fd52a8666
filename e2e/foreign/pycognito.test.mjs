// pycognito in every flow that it has, on pools and clients that allow them.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { CLIENT_ID, POOL_ID, SRP_ONLY_CLIENT_ID, startLocalCognito } from "../support/local-cognito.mjs";
import { runPython } from "../support/python.mjs";
import { createPerson, createPool, PASSWORD, setUpAuthenticator } from "../support/people.mjs";
import { localPool, verifyTokens } from "../support/tokens.mjs";
import { totp } from "../support/totp.mjs";

let server;

before(async () => (server = await startLocalCognito()));
after(() => server?.stop());

test("the right password gives tokens that verify", async () => {
  const username = "python@example.com";
  await server.createUser({ username, password: PASSWORD });
  const tokens = await signIn(SRP_ONLY_CLIENT_ID, username, PASSWORD);
  assert.equal(tokens.error, undefined);
  const claims = await verifyTokens(tokens, localPool(server.url, POOL_ID, SRP_ONLY_CLIENT_ID));
  assert.equal(claims.id.email, username);
  assert.deepEqual(await server.mails(username), []);
});

test("a wrong password and an unknown user are refused in the same words", async () => {
  await server.createUser({ username: "wrong@example.com", password: PASSWORD });
  const refusal = { Code: "NotAuthorizedException", Message: "Incorrect username or password." };
  const wrong = await signIn(SRP_ONLY_CLIENT_ID, "wrong@example.com", "Correct-Horse-8");
  assert.deepEqual(wrong.error, refusal);
  const unknown = await signIn(SRP_ONLY_CLIENT_ID, "unknown@example.com", PASSWORD);
  assert.deepEqual(unknown.error, refusal);
});

test("the client of the e-mail code does not allow to go round it", async () => {
  const username = "shortcut@example.com";
  await server.createUser({ username, password: PASSWORD });
  const refused = await signIn(CLIENT_ID, username, PASSWORD);
  assert.equal(refused.accessToken, undefined);
  assert.equal(refused.error.Code, "InvalidParameterException");
  assert.match(refused.error.Message, /USER_SRP_AUTH .*not enabled/);
});

test("sign-up, passwords, attributes, a refresh and a sign-out; a new password; both second factors", async () => {
  const temporary = await createPool(server, "srp");
  const whoIsNew = await createPerson(server, temporary, { temporary: true });
  const sms = await createPool(server, "srp", {}, { MfaConfiguration: "ON", SmsMfaConfiguration: {} });
  const texted = await createPerson(server, sms);
  const ofApp = await createPool(server, "srp", {}, {
    MfaConfiguration: "ON", SoftwareTokenMfaConfiguration: { Enabled: true },
  });
  const authenticated = await createPerson(server, ofApp);
  const secret = await setUpAuthenticator(server, ofApp, authenticated);
  const of = ({ userPoolId, clientId }, { username, number }) => ({ userPoolId, clientId, username, number });
  const done = await runPython("pycognito_flows.py", [server.url], JSON.stringify({
    password: { userPoolId: POOL_ID, clientId: SRP_ONLY_CLIENT_ID },
    temporary: of(temporary, whoIsNew),
    sms: of(sms, texted),
    totp: of(ofApp, authenticated),
    code: totp(secret),
  }));
  assert.deepEqual(done, {
    account: { name: "Zoë", renewed: true, signedOut: true },
    new_password: { asked: "Change password before authenticating" },
    text_message: { user: texted.username },
    authenticator: { user: authenticated.username },
  });
});

function signIn(clientId, username, password) {
  return runPython("srp_sign_in.py", [server.url, POOL_ID, clientId, username], password);
}
