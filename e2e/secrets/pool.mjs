// A pool that knows the handshake, and the ways in which a sign-in to it can end.

import assert from "node:assert/strict";
import { tokens } from "../../client-wasm/npm/support/pool.mjs";

const SESSION = "s".repeat(64);
const CODE_ASKED = { ChallengeName: "CUSTOM_CHALLENGE", Session: SESSION, ChallengeParameters: { RESEND_IN: "30" } };
const REFUSED = { __type: "NotAuthorizedException", message: "Incorrect username or password." };

/** The client of this pool. */
export const SETTINGS = { userPoolId: "us-east-1_Example1", clientId: "exampleclient" };

/** How a sign-in ends: its step or error, what is altered of the pool, and when the caller aborts. */
export const ENDS = {
  "the tokens": { end: "signedIn", answer: "012345" },
  "the code is still awaited": { end: "code" },
  "a wrong password": { end: "bad_credentials", PASSWORD_VERIFIER: () => REFUSED },
  "a refusal at the beginning": { end: "bad_credentials", InitiateAuth: () => REFUSED },
  "no challenge of the password": { end: "bad_reply", InitiateAuth: () => CODE_ASKED },
  "a B that is zero": { end: "bad_reply", InitiateAuth: (reply) => altered(reply, { SRP_B: "0" }) },
  "a B that is no number": { end: "bad_reply", InitiateAuth: (reply) => altered(reply, { SRP_B: "xyz" }) },
  "a salt that is none": { end: "bad_reply", InitiateAuth: (reply) => altered(reply, { SALT: "-" }) },
  "a secret block that is none": { end: "bad_reply", InitiateAuth: (reply) => altered(reply, { SECRET_BLOCK: "=" }) },
  "a network that fails with the proof": { end: "network", PASSWORD_VERIFIER: () => undefined },
  "a pool that does not answer": { end: "timeout", InitiateAuth: () => new Promise(() => {}), options: { timeoutMs: 60 } },
  "a challenge of another module": {
    end: "challenge",
    PASSWORD_VERIFIER: () => ({ ...CODE_ASKED, ChallengeName: "SOMETHING_NEW" }),
  },
  "a name that is none": { end: "invalid_argument", credentials: { username: "" } },
  "an abort while the pool is asked": { end: "aborted", abortAt: "InitiateAuth" },
  "an abort while A is computed": { end: "aborted", abortAt: "after ephemeral_of" },
  "an abort while S is computed": { end: "aborted", abortAt: "after ephemeral_agree" },
  "an abort while the proof is on its way": { end: "aborted", abortAt: "PASSWORD_VERIFIER" },
};

/**
 * Answers a request.
 *
 * @param {object} body what was asked
 * @param {(operation: string) => void} asked is told first
 * @returns {Promise<object | undefined>} the reply, if the network does not fail
 */
export async function reply(handshake, how, body, asked) {
  const operation = body.ChallengeName ?? "InitiateAuth";
  asked(operation);
  const usual = usualReply(handshake, operation, body);
  return how[operation] ? how[operation](usual) : usual;
}

function usualReply(handshake, operation, { AuthParameters, ChallengeResponses }) {
  switch (operation) {
    case "InitiateAuth":
      assert.equal(AuthParameters.SRP_A, handshake.A.toString(16), "`a` is the one that is searched");
      return { ChallengeName: "PASSWORD_VERIFIER", Session: SESSION, ChallengeParameters: handshake.parameters };
    case "PASSWORD_VERIFIER":
      assert.ok(handshake.accepts(ChallengeResponses), "S and the key are those that are searched");
      return CODE_ASKED;
    default:
      return tokens();
  }
}

function altered(reply, parameters) {
  return { ...reply, ChallengeParameters: { ...reply.ChallengeParameters, ...parameters } };
}
