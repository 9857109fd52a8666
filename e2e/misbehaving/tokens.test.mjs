// Tokens that are not as the pool has made them, and a pool that does not know what time it is: what the package says
// that it checks of tokens, with and without `verifyTokens`.
//
// With EXTENT=all at every reply that has tokens, and a sign-in after each altered one.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { startLocalCognito } from "../support/local-cognito.mjs";
import { ALL } from "./extent.mjs";
import { clientOf, CognitoError, jwks, judgeTokens } from "./people.mjs";
import { SCENES, Stage } from "./scenes.mjs";

const YEAR = 365 * 86_400;
const NOW = Math.floor(Date.now() / 1000);
let server;

before(async () => (server = await startLocalCognito()));
after(() => server?.stop());

// By name: what is altered, and what becomes of it unless signatures are checked. `true`: it is taken, for "its
// signature is for its receiver to check". With signatures, none of it is taken.
const ALTERED = {
  "the access token is of somebody else": [access({ sub: "7f0c2f3e-0000-4000-8000-000000000000" }), false],
  "the ID token is of somebody else": [id({ sub: "7f0c2f3e-0000-4000-8000-000000000000" }), false],
  "both are of somebody else": [both({ sub: "x", username: "x", "cognito:username": "x" }), true],
  "the ID token is for another client": [id({ aud: "anotherclient" }), false],
  "the access token is for another client": [access({ client_id: "anotherclient" }), false],
  "the ID token is of another pool": [id({ iss: "https://cognito-idp.us-east-1.amazonaws.com/us-east-1_Other1" }), false],
  "the access token has no issuer": [access({ iss: undefined }), false],
  "they have expired": [both({ iat: NOW - YEAR, exp: NOW - YEAR + 3600 }), false],
  "they are not valid yet": [both({ iat: NOW + YEAR, exp: NOW + YEAR + 3600 }), false],
  "they have no expiry": [both({ exp: undefined }), false],
  "their expiry is a text": [both({ exp: String(NOW + 3600) }), false],
  "they last for a year": [both({ exp: NOW + YEAR }), false],
  "the access token says that it is an ID token": [access({ token_use: "id" }), false],
  "they are in each other's place": [({ AccessToken, IdToken }) => ({ AccessToken: IdToken, IdToken: AccessToken }), false],
  "they have no signature": [each((token) => token.slice(0, token.lastIndexOf(".") + 1)), false],
  "they say alg none": [each((token) => `${part({ alg: "none" })}${token.slice(token.indexOf("."))}`), false],
  "they have another signature": [each(resigned), true],
  "somebody has joined a group": [both({ "cognito:groups": ["admin"] }), true],
};

describe("tokens are altered on their way", { concurrency: 4 }, () => {
  for (const name of ["the right code", ...(ALL ? ["a refresh", "a device that has proved itself"] : [])]) {
    for (const checked of [undefined, jwks()]) {
      test(`${name}, signatures ${checked ? "" : "not "}checked`, async (t) => {
        const { stage, signsIn, spoil } = await entered(t, name, { verifyTokens: checked });
        for (const [alteration, [change, taken]] of Object.entries(ALTERED)) {
          const call = await stage.enter();
          spoil(({ AuthenticationResult, ...more }) => ({
            ...more,
            AuthenticationResult: { ...AuthenticationResult, ...change(AuthenticationResult) },
          }));
          const outcome = await call().catch((error) => error);
          if (taken && !checked && name !== "a refresh") assert.ok(outcome.tokens, `${alteration}: ${outcome}`);
          else if (taken && !checked) assert.ok(outcome.tokens ?? outcome.code === "signed_out", `${alteration}: ${outcome}`);
          else {
            assert.ok(outcome instanceof CognitoError, `${alteration}: ${outcome.kind}`);
            const codes = taken ? ["bad_signature"] : ["bad_reply", "bad_signature"];
            assert.ok(codes.includes(outcome.code), `${alteration}: ${outcome.code}`);
          }
          if (ALL) await signsIn();
        }
        await signsIn();
      });
    }
  }
});

// By name: the pool's `Date`, and the code that the call ends with; none if it goes on.
const DATES = {
  "ten years ahead": [new Date((NOW + 10 * YEAR) * 1000).toUTCString(), "bad_reply"],
  "ten years behind": [new Date((NOW - 10 * YEAR) * 1000).toUTCString(), "bad_reply"],
  "no time at all": [undefined, undefined],
  "no date": ["half past yesterday", undefined],
};

describe("the pool has another clock", { concurrency: 4 }, () => {
  for (const [date, [text, code]] of Object.entries(DATES)) {
    test(`it says ${date}`, async (t) => {
      const { stage, signsIn, proxy } = await entered(t, "the right code");
      const call = await stage.enter();
      proxy.setDate(text);
      const outcome = await call().catch((error) => error);
      assert.equal(outcome.code, code, outcome.message);
      if (!code) await judgeTokens(outcome.tokens, server, stage.pool);
      await signsIn();
    });
  }
});

// By name: what is taken from the same reply to somebody else, and the code that the sign-in ends with.
const TAKEN = [
  ["the beginning", "Session", "session_expired"],
  ["the beginning", "ChallengeParameters.SALT", "bad_credentials"],
  ["the beginning", "ChallengeParameters.SRP_B", "bad_credentials"],
  ["the beginning", "ChallengeParameters.SECRET_BLOCK", "bad_credentials"],
  ["the beginning", "ChallengeParameters.USER_ID_FOR_SRP", "bad_credentials"],
  ["the proof of the password", "Session", "session_expired"],
  ["a wrong code", "Session", "session_expired"],
  ["a new code", "Session", "session_expired"],
  ["a way that was chosen", "Session", "session_expired"],
];

describe("a reply has something of somebody else's", { concurrency: 4 }, () => {
  for (const [name, field, code] of TAKEN) {
    test(`${name}: ${field}`, async (t) => {
      const { stage, signsIn, spoil } = await entered(t, name);
      const read = (body) => field.split(".").reduce((object, member) => object[member], body);
      let theirs;
      const begun = await stage.enter();
      spoil((body) => void (theirs = read(body)));
      await begun();
      const call = await stage.enter();
      spoil((body) => {
        const names = field.split(".");
        const last = names.pop();
        names.reduce((object, member) => object[member], body)[last] = theirs;
      });
      const goingOn = async () => stage.finish(await call());
      await assert.rejects(goingOn(), (error) => {
        assert.equal(error.code, code, error.message);
        return true;
      });
      await signsIn();
    });
  }
});

// A scene with its client: how to spoil its reply, and a whole sign-in with nothing spoilt.
async function entered(t, name, options) {
  const scene = SCENES[name];
  const pool = await scene.pool(server);
  const { proxy, cognito } = await clientOf(t, server, pool, options);
  const stage = new Stage(server, pool, cognito, scene);
  const spoil = (change) => proxy.spoil(scene.reply, (exchange) => exchange.alter(change));
  async function signsIn() {
    proxy.heal();
    const call = await stage.enter();
    await judgeTokens(await stage.finish(await call()), server, pool);
  }
  return { stage, proxy, spoil, signsIn };
}

function part(value) {
  return Buffer.from(JSON.stringify(value)).toString("base64url");
}

function withClaims(token, claims) {
  const [header, payload, signature] = token.split(".");
  const before = JSON.parse(Buffer.from(payload, "base64url").toString());
  const known = Object.entries(claims).filter(([name]) => name in before || name.endsWith("groups"));
  return `${header}.${part({ ...before, ...Object.fromEntries(known) })}.${signature}`;
}

function each(change) {
  return ({ AccessToken, IdToken }) => ({ AccessToken: change(AccessToken), IdToken: change(IdToken) });
}

function both(claims) {
  return each((token) => withClaims(token, claims));
}

function access(claims) {
  return ({ AccessToken }) => ({ AccessToken: withClaims(AccessToken, claims) });
}

function id(claims) {
  return ({ IdToken }) => ({ IdToken: withClaims(IdToken, claims) });
}

// The first character of a signature carries six of its bits.
function resigned(token) {
  const at = token.lastIndexOf(".") + 1;
  return token.slice(0, at) + (token[at] === "A" ? "B" : "A") + token.slice(at + 1);
}
