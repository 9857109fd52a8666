// No secret of a whole sign-in shows in what any process writes at its most talkative, nor in
// what a page could print of the client's errors and steps.

import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";
import { inspect } from "node:util";
import { CLIENT_ID, POOL_ID, startLocalCognito } from "../support/local-cognito.mjs";
import { codeIn, wrong } from "../support/mail.mjs";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const PACKAGE = path.resolve(process.env.PACKAGE ?? path.join(ROOT, "target/npm"));
const { Cognito } = await import(pathToFileURL(path.join(PACKAGE, "dist/index.js")));

const password = `Canary-${randomBytes(12).toString("hex")}`;
const username = `canary-${randomBytes(6).toString("hex")}@example.com`;
/** What must not show, by the name that a failure of this test may print. */
const secrets = new Map([["password", password], ["address", username]]);
/** What the client said, in all its depth. */
const shown = [];
let folder, server;

before(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "canary-"));
  // The triggers inherit these.
  Object.assign(process.env, { RUST_LOG: "trace", RUST_BACKTRACE: "full" });
  server = await startLocalCognito("--verbose", "--data", path.join(folder, "users.json"));
});

after(async () => {
  await server?.stop();
  if (folder) await rm(folder, { recursive: true });
});

test("no secret shows in a log, an error, a step or the file of users", async () => {
  await server.createUser({ username, password });
  await show(signIn(`wrong-${password}`));
  await signInWithEveryTurn();
  await failInEveryTrigger();
  await server.stop();

  const log = server.log;
  assert.match(log, /InitiateAuth ok/, "the log of calls was captured");
  for (const trigger of ["define", "create", "verify"]) {
    assert.match(log, new RegExp(`"error":"BAD_EVENT".*"trigger":"${trigger}"`), `${trigger} has failed by itself`);
  }
  assert.ok(secrets.size >= 20, `only ${secrets.size} secrets were seen`);
  assert.deepEqual(leaks(log), [], "leaks into the log");
  assert.deepEqual(leaks(shown.join("\n")), [], "leaks into errors and steps");
  const users = await readFile(path.join(folder, "users.json"), "utf8");
  assert.match(users, new RegExp(username), "the user was kept");
  assert.deepEqual(leaks(users).filter((name) => name !== "address"), [], "leaks into the file of users");
});

test("a planted secret would be found, in any of its forms", () => {
  for (const form of forms(password)) assert.deepEqual(leaks(`before ${form} after`), ["password"]);
  secrets.set("planted code", "424242");
  assert.deepEqual(leaks("code=424242;"), ["planted code"]);
  assert.deepEqual(leaks("at 1794242424217"), []);
});

async function signInWithEveryTurn() {
  let step = await show(signIn(password));
  const code = await mailedCode("first code");
  step = await show(step.answer(wrong(code)));
  await server.advance(31);
  step = await show(step.resend());
  await mailedCode("second code");
  await show(step.answer("not a code"));
  step = await step.answer(await mailedCode("second code"));
  assert.equal(step.kind, "signedIn");
  for (const name of ["accessToken", "idToken", "refreshToken"]) {
    secrets.set(name, step.tokens[name]);
    secrets.set(`${name}'s signature`, step.tokens[name].split(".").at(-1));
  }
}

async function failInEveryTrigger() {
  const faults = [{ define: "fail" }, { define: "garble" }, { create: "fail" }, { create: "garble" }];
  for (const fault of faults) await failsWith(fault, () => signIn(password), "trigger_failed");
  for (const fault of [{ verify: "fail" }, { verify: "garble" }]) {
    const step = await show(signIn(password));
    const code = await mailedCode(`code that cannot be verified (${fault.verify})`);
    await failsWith(fault, () => step.answer(code), "trigger_failed");
  }
  await server.advance(31); // Within 30 seconds, a sign-in shares the code that is out.
  await failsWith({ ses: "reject" }, () => signIn(password), "mail_not_sent");
}

async function failsWith(fault, act, code) {
  await server.setFaults(fault);
  const error = await show(act());
  assert.equal(error.code, code, inspect(fault));
  await server.setFaults({});
}

function signIn(typed) {
  return client().signIn({ username, password: typed });
}

/** A client whose requests and replies give further secrets away to this test alone. */
function client() {
  const options = { userPoolId: POOL_ID, clientId: CLIENT_ID, endpoint: server.url, timeoutMs: 30_000 };
  return new Cognito({
    ...options,
    fetch: async (request) => {
      remember(await request.clone().json());
      const response = await fetch(request);
      remember(await response.clone().json());
      return response;
    },
  });
}

function remember({ Session, ChallengeResponses, AuthParameters }) {
  if (Session) secrets.set(`session ${secrets.size}`, Session);
  const fields = { ...ChallengeResponses, ...AuthParameters };
  for (const name of ["SRP_A", "PASSWORD_CLAIM_SIGNATURE", "PASSWORD_CLAIM_SECRET_BLOCK"]) {
    if (fields[name]) secrets.set(`${name} ${secrets.size}`, fields[name]);
  }
}

async function mailedCode(name) {
  const code = codeIn((await server.mails(username)).at(-1).text);
  secrets.set(name, code);
  secrets.set(`${name}, wrong`, wrong(code));
  return code;
}

/** Keeps all that can be printed of an outcome, and passes a step on. */
async function show(promise) {
  const outcome = await promise.catch((error) => error);
  const everything = { depth: Infinity, showHidden: true, getters: true, maxStringLength: Infinity };
  shown.push(inspect(outcome, everything), String(outcome), JSON.stringify(outcome), String(outcome?.stack));
  return outcome;
}

function leaks(text) {
  const found = (secret) => forms(secret).some((form) =>
    // Six digits by chance are part of many a longer number.
    /^\d+$/.test(form) ? new RegExp(`(?<!\\d)${form}(?!\\d)`).test(text) : text.includes(form));
  const names = [...secrets].filter(([, secret]) => found(secret)).map(([name]) => name);
  return [...new Set(names)];
}

function forms(secret) {
  const bytes = Buffer.from(secret);
  const base64 = bytes.toString("base64").replace(/=+$/, "").slice(0, -1);
  return [secret, bytes.toString("hex"), base64, encodeURIComponent(secret)];
}
