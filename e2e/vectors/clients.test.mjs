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
    signed: 79,
    other: [],
    unrefused: [81, 82, ...from(84, 89), ...from(91, 98)],
  });
});

test("cognito-srp-helper signs every known answer but two", () => {
  assert.deepEqual(compare((known) => attempt(() => signByHelper(known))), {
    signed: 77,
    other: [49, 59],
    unrefused: [...from(73, 82), ...from(84, 90), ...from(92, 98)],
  });
});

test("pycognito signs every known answer but of negative salts, padded ones, and a pool name", async () => {
  const signatures = await runPython("srp_vectors.py", [FILE]);
  assert.deepEqual(compare(({ tcId }) => signatures[tcId]), {
    signed: 72,
    other: [...from(25, 29), 49, 66],
    unrefused: [...from(70, 79), 81, ...from(85, 90)],
  });
});

function from(first, last) {
  return Array.from({ length: last - first + 1 }, (_, at) => first + at);
}

/** How many were signed as the file says; the numbers of those that were not, and of those to refuse that were not refused. */
function compare(sign) {
  const found = { signed: 0, other: [], unrefused: [] };
  for (const known of TESTS) {
    const signed = sign(known);
    if (known.result === "invalid") {
      if (signed !== null) found.unrefused.push(known.tcId);
    } else if (signed === known.signature) {
      found.signed += 1;
    } else {
      found.other.push(known.tcId);
    }
  }
  return found;
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
