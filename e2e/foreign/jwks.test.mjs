// Signatures checked by the package with the keys that local-cognito publishes, and the verdicts
// beside those of the verifier that AWS gives to receivers of tokens.

import assert from "node:assert/strict";
import path from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";
import { FORGERIES, OTHER } from "../../client-wasm/npm/support/signer.mjs";
import { CLIENT_ID, POOL_ID, startLocalCognito } from "../support/local-cognito.mjs";
import { codeIn } from "../support/mail.mjs";
import { localPool, verifyTokens } from "../support/tokens.mjs";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const DIST = path.join(path.resolve(process.env.PACKAGE ?? path.join(ROOT, "target/npm")), "dist");
const { Cognito } = await import(pathToFileURL(path.join(DIST, "index.js")));
const { openSession } = await import(pathToFileURL(path.join(DIST, "session.js")));
const { jwks } = await import(pathToFileURL(path.join(DIST, "jwks.js")));
const PASSWORD = "Correct-Horse-9";
let server;

before(async () => (server = await startLocalCognito()));
after(() => server?.stop());

test("a sign-in and a refresh, with keys that are fetched once", async () => {
  const wire = new Wire();
  const { session, answer } = await atCode("verifies@example.com", wire);
  const step = await answer();
  assert.equal(step.kind, "signedIn");
  await verifyTokens(step.tokens, localPool(server.url, POOL_ID, CLIENT_ID));
  const refreshed = await session.refresh();
  assert.notEqual(refreshed.idToken, step.tokens.idToken);
  await verifyTokens(refreshed, localPool(server.url, POOL_ID, CLIENT_ID));
  assert.deepEqual(wire.keys, [new URL(`${POOL_ID}/.well-known/jwks.json`, server.url).href]);
});

test("tokens that were altered on their way sign nobody in, refresh nothing, and end nothing", async () => {
  const wire = new Wire();
  const { session, answer } = await atCode("altered@example.com", wire);
  const { tokens } = await answer();
  for (const [name, forge] of Object.entries(FORGERIES)) {
    for (const [token, member] of [["IdToken", "idToken"], ["AccessToken", "accessToken"]]) {
      wire.alter = (result) => ({ ...result, [token]: forge(result[token]) });
      await assert.rejects(session.refresh(), isForged, `${name}, ${token}`);
      const forged = { ...tokens, [member]: forge(tokens[member]) };
      await assert.rejects(verifyTokens(forged, localPool(server.url, POOL_ID, CLIENT_ID)), undefined, name);
      await assert.rejects(session.keep(forged), isForged, name);
    }
  }
  assert.equal((await session.tokens()).accessToken, tokens.accessToken);
  wire.alter = (result) => result;
  assert.notEqual((await session.refresh()).accessToken, tokens.accessToken);

  wire.alter = (result) => OTHER.signed(result);
  const forged = await atCode("forged@example.com", wire);
  await assert.rejects(forged.answer(), { code: "bad_signature" });
  assert.equal(forged.session.state.kind, "signedOut");
});

test("while the keys cannot be had a session stays, and goes on when they can", async () => {
  const wire = new Wire();
  const { answer } = await atCode("patient@example.com", wire);
  const { tokens } = await answer();
  wire.lost = true;
  // The page is reloaded: the record is there, the keys are not.
  const session = openSession(new Cognito(options(wire)), { store: storeWith(tokens) });
  await session.opened;
  assert.equal(session.state.kind, "signedIn");
  await assert.rejects(session.refresh(), { code: "network", retryable: true });
  assert.equal(session.state.kind, "signedIn");
  assert.equal(wire.refreshes, 0, "the refresh token was spent");
  wire.lost = false;
  assert.notEqual((await session.refresh()).accessToken, tokens.accessToken);
});

const isForged = ({ code }) => ["bad_signature", "bad_reply"].includes(code);

// A record as an earlier page has left it.
function storeWith({ accessToken, idToken, refreshToken, tokenType, expiresAt }) {
  const record = { version: 1, accessToken, idToken, refreshToken, tokenType, receivedAt: Date.now(), expiresAt: expiresAt.getTime() };
  let kept = JSON.stringify(record);
  return { get: () => kept, set: (_key, text) => void (kept = text), remove: () => void (kept = undefined) };
}

// What lies between the client and the server: may alter tokens and lose keys.
class Wire {
  keys = [];
  refreshes = 0;
  lost = false;
  alter = (result) => result;

  fetch = async (request) => {
    if (request.method === "GET") {
      if (this.lost) throw new TypeError("lost");
      this.keys.push(request.url);
      return fetch(request);
    }
    if (request.headers.get("x-amz-target").endsWith("GetTokensFromRefreshToken")) this.refreshes += 1;
    const response = await fetch(request);
    const body = await response.json();
    if (body.AuthenticationResult) body.AuthenticationResult = this.alter(body.AuthenticationResult);
    return Response.json(body, { status: response.status, headers: { date: response.headers.get("date") ?? "" } });
  };
}

function options({ fetch }, more) {
  return { userPoolId: POOL_ID, clientId: CLIENT_ID, endpoint: server.url, fetch, verifyTokens: jwks(), ...more };
}

async function atCode(username, wire) {
  await server.createUser({ username, password: PASSWORD });
  const cognito = new Cognito(options(wire));
  const session = openSession(cognito);
  const step = await cognito.signIn({ username, password: PASSWORD });
  return { session, answer: async () => step.answer(codeIn((await server.mails(username)).at(-1).text)) };
}
