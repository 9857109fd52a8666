// What AWS publishes, or what people have captured of it, letter by letter: texts that no client of the other files
// comes to see.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { CLIENT_ID, startLocalCognito } from "../support/local-cognito.mjs";
import { createPerson, createPool, PASSWORD } from "../support/people.mjs";

let server;

before(async () => (server = await startLocalCognito()));
after(() => server?.stop());

test("an error has its name and text in headers, which pages may read", async () => {
  const reply = await call("GetUser", { AccessToken: "x.y.z" }, { origin: "https://example.com" });
  assert.equal(reply.status, 400);
  const { __type, message } = await reply.json();
  assert.equal(__type, "NotAuthorizedException");
  assert.equal(reply.headers.get("x-amzn-errortype"), "NotAuthorizedException:");
  assert.equal(reply.headers.get("x-amzn-errormessage"), message);
  const shown = reply.headers.get("access-control-expose-headers").split(",").map((name) => name.trim());
  assert.deepEqual(shown, ["x-amzn-RequestId", "x-amzn-ErrorType", "x-amzn-ErrorMessage", "Date"]);
});

test("a proof that lacks something is told what, in Cognito's order", async () => {
  const person = await createPerson(server, { userPoolId: "us-east-1_EmailMfa1" });
  const AuthParameters = { USERNAME: person.username, SRP_A: "2".repeat(768), CHALLENGE_NAME: "SRP_A" };
  const begin = async () => (await call("InitiateAuth", { ClientId: CLIENT_ID, AuthFlow: "CUSTOM_AUTH", AuthParameters })).json();
  const complete = Object.entries({
    USERNAME: person.username,
    TIMESTAMP: "Mon Nov 23 08:00:00 UTC 2026",
    PASSWORD_CLAIM_SIGNATURE: "c2lnbmF0dXJl",
    PASSWORD_CLAIM_SECRET_BLOCK: "c2VjcmV0",
  });
  for (const [given, [name]] of complete.entries()) {
    const { Session } = await begin();
    const ChallengeResponses = Object.fromEntries(complete.slice(0, given));
    const input = { ClientId: CLIENT_ID, ChallengeName: "PASSWORD_VERIFIER", Session, ChallengeResponses };
    const reply = await (await call("RespondToAuthChallenge", input)).json();
    assert.deepEqual(reply, { __type: "InvalidParameterException", message: `Missing required parameter ${name}` });
  }
});

test("who signs up by a name that is taken is told so", async () => {
  const { clientId, userPoolId } = await createPool(server, "srp");
  const { username } = await createPerson(server, { userPoolId });
  const reply = await (await call("SignUp", { ClientId: clientId, Username: username, Password: PASSWORD })).json();
  assert.deepEqual(reply, { __type: "UsernameExistsException", message: "User already exists" });
});

function call(operation, input, headers = {}) {
  const target = `AWSCognitoIdentityProviderService.${operation}`;
  return fetch(server.url, {
    method: "POST",
    headers: { "content-type": "application/x-amz-json-1.1", "x-amz-target": target, ...headers },
    body: JSON.stringify(input),
  });
}
