// A whole sign-in, as a person goes through it, by whatever channel reaches the application.

import assert from "node:assert/strict";
import { newUser } from "../../browser/person.mjs";
import { CLIENT_ID, POOL_ID } from "../../support/local-cognito.mjs";
import { codeIn, wrong } from "../../support/mail.mjs";
import { localPool, verifyTokens } from "../../support/tokens.mjs";

/** The options for a pool of local-cognito. */
export function poolOf(server) {
  return { userPoolId: POOL_ID, clientId: CLIENT_ID, endpoint: server.url };
}

/**
 * A wrong password, then the right one; a wrong code, a new one, and its tokens; the account's
 * attributes by them; new tokens; signed out.
 *
 * @param {LocalCognito} server
 * @param {(method: string, argument?: unknown) => Promise<{ value?: any, error?: string }>} call of `app.js`
 */
export async function signInFor(server, call) {
  const user = await newUser(server);
  const ask = async (method, argument) => {
    const { value, error } = await call(method, argument);
    assert.equal(error, undefined, `${method} threw`);
    return value;
  };
  await ask("prepare");
  assert.equal(await ask("adopt"), false);
  assert.deepEqual(await call("signIn", { ...user, password: "Wrong-Horse-9" }), { error: "bad_credentials" });
  assert.equal((await ask("signIn", user)).kind, "code");
  const first = await lastCode(server, user);
  const afterWrong = await ask("answer", wrong(first));
  assert.deepEqual([afterWrong.kind, afterWrong.wrong], ["code", true]);
  await server.advance(31); // One mail in 30 seconds.
  const resent = await ask("resend");
  assert.deepEqual([resent.kind, resent.wrong, resent.sent], ["code", false, true]);
  const second = await lastCode(server, user);
  assert.notEqual(second, first);
  const { kind, tokens } = await ask("answer", second);
  assert.equal(kind, "signedIn");
  const { id } = await verifyTokens(tokens, localPool(server.url, POOL_ID, CLIENT_ID));
  assert.equal(id.email, user.username);
  assert.equal((await ask("attributes")).email, user.username);
  await server.advance(2); // Tokens of another second differ.
  assert.notEqual((await ask("refresh")).accessToken, tokens.accessToken);
  await ask("signOut");
  assert.equal(await ask("state"), "signedOut");
  assert.deepEqual(await call("tokens"), { error: "signed_out" });
}

async function lastCode(server, { username }) {
  const mails = await server.mails(username);
  return codeIn(mails.at(-1).text);
}
