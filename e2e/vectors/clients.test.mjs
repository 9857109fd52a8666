// The known answers that we publish, by clients that others wrote: they sign what our file says, and
// what each of them does not refuse is what the README beside the file says. Their powers take a
// minute, so this is none of the daily checks.

import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { createSrpSession, signSrpSession } from "cognito-srp-helper";
import { runPython } from "../support/python.mjs";

const require = createRequire(import.meta.url);
const Helper = require("amazon-cognito-identity-js/lib/AuthenticationHelper.js").default;
const BigInteger = require("amazon-cognito-identity-js/lib/BigInteger.js").default;

const FILE = fileURLToPath(new URL("../../protocol/vectors/cognito_srp_test.json", import.meta.url));
const { testGroups } = JSON.parse(readFileSync(FILE, "utf8"));
const TESTS = testGroups.filter(({ type }) => type === "CognitoSrpClient").flatMap(({ tests }) => tests);

test("amazon-cognito-identity-js signs every known answer", () => {
  assert.deepEqual(compare((known) => attempt(() => signByIdentityJs(known))), {
    asked: 108,
    other: [],
    unrefused: ["BNotHexadecimal", "BTooLong", "NegativeB", "SaltNotHexadecimal"],
  });
});

test("cognito-srp-helper signs every known answer but two", () => {
  assert.deepEqual(compare((known) => attempt(() => signByHelper(known))), {
    asked: 108,
    other: ["PoolName", "SecretBlock"],
    unrefused: [
      "BEqualsN",
      "BMultipleOfN",
      "BNotHexadecimal",
      "BTooLong",
      "BZero",
      "NegativeB",
      "SaltNotHexadecimal",
    ],
  });
});

test("pycognito signs every known answer but of negative salts, padded ones, and a pool name", async () => {
  const signatures = await runPython("srp_vectors.py", [FILE]);
  assert.deepEqual(compare(({ tcId }) => signatures[tcId]), {
    asked: 108,
    other: ["NegativeSalt", "OtherDigits", "PoolName"],
    unrefused: ["BEqualsN", "BMultipleOfN", "BNotHexadecimal", "BTooLong", "BZero"],
  });
});

/** How many were asked, and the flags of those that were signed in another way, or wrongly at all. */
function compare(sign) {
  const other = new Set();
  const unrefused = new Set();
  for (const known of TESTS) {
    const signed = sign(known);
    const flags = { valid: other, acceptable: signed === null ? new Set() : other, invalid: unrefused };
    const expected = known.result === "invalid" ? null : known.signature;
    if (signed !== expected) known.flags.forEach((flag) => flags[known.result].add(flag));
  }
  return { asked: TESTS.length, other: [...other].sort(), unrefused: [...unrefused].sort() };
}

function attempt(sign) {
  try {
    return sign();
  } catch {
    return null;
  }
}

function signByIdentityJs({ poolName, userId, password, a, B, salt, secretBlock, timestamp }) {
  const helper = new Helper(poolName);
  helper.smallAValue = new BigInteger(a, 16);
  helper.calculateA(helper.smallAValue, (error, A) => (helper.largeAValue = A));
  const claim = [poolName, userId, Buffer.from(secretBlock, "base64"), timestamp];
  let signature;
  const sign = (error, key) => {
    const hmac = createHmac("sha256", key);
    for (const part of claim) hmac.update(part);
    signature = hmac.digest("base64");
  };
  const numbers = [new BigInteger(B, 16), new BigInteger(salt, 16)];
  helper.getPasswordAuthenticationKey(userId, password, ...numbers, sign);
  return signature;
}

function signByHelper({ poolName, userId, password, a, A, B, salt, secretBlock, timestamp }) {
  const session = createSrpSession(userId, password, `us-east-1_${poolName}`, false);
  const challenge = {
    ChallengeName: "PASSWORD_VERIFIER",
    ChallengeParameters: { SALT: salt, SECRET_BLOCK: secretBlock, SRP_B: B, USER_ID_FOR_SRP: userId },
  };
  const fixed = { ...session, smallA: a, largeA: A, timestamp };
  return signSrpSession(fixed, challenge).passwordSignature;
}
