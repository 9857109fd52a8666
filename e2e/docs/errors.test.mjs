// The documents' tables of errors say what the package does.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { test } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";
import { PASSWORD, Pool, refusal } from "../../client-wasm/npm/support/pool.mjs";
import { tablesIn } from "./examples.mjs";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const DIST = path.join(path.resolve(process.env.PACKAGE ?? path.join(ROOT, "target/npm")), "dist");
const { Cognito } = await import(pathToFileURL(path.join(DIST, "index.js")));
const { Account } = await import(pathToFileURL(path.join(DIST, "account.js")));
const { openSession } = await import(pathToFileURL(path.join(DIST, "session.js")));
const read = (file) => readFile(path.join(ROOT, file), "utf8");
const rowsUnder = (markdown, head) =>
  tablesIn(markdown).find((table) => table.head[0] === head).rows.map(({ cells }) => cells);

const MIGRATING = await read("client-wasm/npm/MIGRATING.md");
const credentials = { username: "user@example.com", password: PASSWORD };

test("the README lists every code, once", async () => {
  const codes = rowsUnder(await read("client-wasm/npm/README.md"), "`code`").flatMap(([cell]) => words(cell));
  assert.deepEqual(codes.sort(), [...(await errorCodes())].sort());
});

for (const [cell, inSignIn, inAccount] of rowsUnder(MIGRATING, "Cognito's exception")) {
  const [exception] = words(cell);
  if (exception === "NotAuthorizedException") continue;
  test(`${exception} is what the guide says`, async () => {
    const refused = () => refusal("m", exception);
    if (inSignIn) await expectInSignIn(inSignIn, refused);
    if (inAccount) await assert.rejects(callOfTheAccount(refused), { code: words(inAccount)[0], exception });
  });
}

for (const [texts, inSignIn, inAccount] of rowsUnder(MIGRATING, "Text")) {
  for (const text of words(texts)) {
    test(`NotAuthorizedException with "${text}" is what the guide says`, async () => {
      const refused = () => refusal(text);
      const [first, afterACode = first] = words(inSignIn);
      if (first) await assert.rejects(signInWith("PASSWORD_VERIFIER", refused), { code: first });
      if (first) await assert.rejects(answerWith(refused), { code: afterACode });
      if (inAccount) await assert.rejects(callOfTheAccount(refused), { code: words(inAccount)[0] });
    });
  }
}

async function expectInSignIn(cell, refused) {
  const [word] = words(cell);
  if (cell.includes("of the session")) {
    await assert.rejects(refreshWith(refused), { code: word });
  } else if (word === "wrong") {
    assert.equal((await stepAfter(refused)).wrong, true);
  } else if (word === "authenticator") {
    assert.equal((await authenticatorAfter(refused)).wrong, true);
  } else if (word === "rejected") {
    assert.equal((await newPasswordAfter(refused)).rejected, "m");
  } else {
    await assert.rejects(signInWith("InitiateAuth", refused), { code: word });
    await assert.rejects(answerWith(refused), { code: word });
  }
}

function signInWith(operation, refused) {
  const pool = new Pool({ bytesOfB: 16 });
  pool.edit = (asked, reply) => (asked === operation ? refused() : reply);
  return new Cognito(pool.options).signIn(credentials);
}

async function answerWith(refused) {
  const pool = new Pool({ bytesOfB: 16 });
  const step = await new Cognito(pool.options).signIn(credentials);
  pool.edit = refused;
  return step.answer("000000");
}

async function stepAfter(refused) {
  const step = await signInTo("EMAIL_OTP", {}, "EMAIL_OTP", refused);
  return step.answer("000000");
}

async function authenticatorAfter(refused) {
  const parameters = { MFAS_CAN_SETUP: '["SOFTWARE_TOKEN_MFA"]' };
  const choice = await signInTo("MFA_SETUP", parameters, "VerifySoftwareToken", refused);
  return (await choice.choose("SOFTWARE_TOKEN_MFA")).answer("000000");
}

async function newPasswordAfter(refused) {
  const parameters = { requiredAttributes: "[]", userAttributes: "{}" };
  const step = await signInTo("NEW_PASSWORD_REQUIRED", parameters, "NEW_PASSWORD_REQUIRED", refused);
  return step.answer("Correct-Horse-8");
}

// The pool asks for this after the password, and refuses one operation.
function signInTo(challenge, parameters, operation, refused) {
  const pool = new Pool({ bytesOfB: 16 });
  pool.edit = (asked, reply) => {
    if (asked === "PASSWORD_VERIFIER") return pool.challenge(challenge, parameters);
    return asked === operation ? refused() : reply;
  };
  return new Cognito({ ...pool.options, flow: "srp" }).signIn(credentials);
}

async function refreshWith(refused) {
  const pool = new Pool({ bytesOfB: 16 });
  const cognito = new Cognito(pool.options);
  const session = openSession(cognito);
  await (await cognito.signIn(credentials)).answer("012345");
  pool.edit = refused;
  return session.refresh();
}

function callOfTheAccount(refused) {
  const { userPoolId, clientId } = new Pool().options;
  const fetch = async () => {
    const { status, headers, ...body } = refused();
    return Response.json(body, { status, headers });
  };
  const account = new Account({ userPoolId, clientId, fetch });
  return account.updateUserAttributes({ accessToken: "a.b.c", attributes: { name: "Ada" } });
}

// The members of the types, as they are written.
async function errorCodes() {
  const union = (source, name) => {
    const start = source.indexOf(`export type ${name} =`);
    return [...source.slice(start, source.indexOf(";\n", start)).matchAll(/^\s*\| '(\w+)'/gm)].map(([, code]) => code);
  };
  const [index, account] = await Promise.all(["index", "account"].map((name) => read(`client-wasm/npm/${name}.d.ts`)));
  return new Set([...union(index, "ErrorCode"), ...union(account, "AccountRefusal")]);
}

function words(cell) {
  return [...cell.matchAll(/`([^`]+)`/g)].map(([, word]) => word);
}
