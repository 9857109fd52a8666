// boto3 goes through the whole API, and every reply that it gets, also every refusal, is held against the service
// model that Amazon makes it of: no member that the model does not have, none missing, and every limit kept.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { CLIENT_ID, POOL_ID, SRP_ONLY_CLIENT_ID, startLocalCognito } from "../support/local-cognito.mjs";
import { runPython } from "../support/python.mjs";
import { localPool, verifyTokens } from "../support/tokens.mjs";

const POOLS = { triggers: [POOL_ID, CLIENT_ID], password: [POOL_ID, SRP_ONLY_CLIENT_ID] };
let server;
let done;

before(async () => {
  server = await startLocalCognito();
  done = await runPython("boto3_flows.py", [server.url], JSON.stringify(POOLS));
});
after(() => server?.stop());

test("sign-up, a new code for it, a wrong one and the right one", () => {
  assert.deepEqual(done.sign_up, {
    destination: "b***@e***",
    refusals: [
      "Invalid verification code provided, please try again.",
      "An account with the given email already exists.",
    ],
  });
});

test("a password that is forgotten, and one that is changed", () => {
  assert.deepEqual(done.passwords.refusals, [
    "Password did not conform with policy: Password not long enough",
    "Incorrect username or password.",
  ]);
});

test("CUSTOM_AUTH with SRP: a wrong code, a new one too soon, a used session, the right code", async () => {
  const { tokens, ...told } = done.custom_auth;
  assert.deepEqual(told, { attemptsLeft: "2", sent: "false", refusals: ["Invalid session for the user."] });
  const { id } = await verify(tokens, CLIENT_ID);
  assert.equal(id.email, "boto3@example.com");
});

test("a refresh by either operation, and none after the token is revoked", async () => {
  const { results, refusals } = done.refresh;
  for (const tokens of results) await verify(tokens, SRP_ONLY_CLIENT_ID);
  assert.deepEqual(refusals, ["Refresh Token has been revoked"]);
});

test("attributes, a sign-out everywhere, and the end of the account", () => {
  const { destination, attributes, refusals } = done.attributes;
  const { sub, ...more } = attributes;
  assert.match(sub, /^[0-9a-f-]{36}$/);
  assert.deepEqual(more, { email: "boto3.new@example.com", email_verified: "true" });
  assert.equal(destination, "b***@e***");
  assert.deepEqual(refusals, ["Access Token has been revoked"]);
});

test("every reply is as the service model has it", (t) => {
  t.diagnostic(`${done.replies} replies`);
  assert.ok(done.replies >= 38, `${done.replies}`);
  assert.deepEqual(done.complaints, []);
});

function verify({ AccessToken, IdToken }, clientId) {
  return verifyTokens({ accessToken: AccessToken, idToken: IdToken }, localPool(server.url, POOL_ID, clientId));
}
