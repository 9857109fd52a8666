// No secret of a whole sign-in shows in what any process writes at its most talkative, in what a
// page could print of the client's errors and steps, nor in a mail that is not its own.

import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, describe, test } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";
import { CLIENT_ID, POOL_ID, startLocalCognito } from "../support/local-cognito.mjs";
import { codeIn, wrong } from "../support/mail.mjs";
import { createPerson, createPool } from "../support/people.mjs";
import { totp } from "../support/totp.mjs";
import { Canaries, forms } from "./canaries.mjs";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const PACKAGE = path.resolve(process.env.PACKAGE ?? path.join(ROOT, "target/npm"));
const { Cognito } = await import(pathToFileURL(path.join(PACKAGE, "dist/index.js")));
const { Account } = await import(pathToFileURL(path.join(PACKAGE, "dist/account.js")));

const AUTHENTICATOR = { MfaConfiguration: "ON", SoftwareTokenMfaConfiguration: { Enabled: true } };

describe("the code by mail", () => {
  const canaries = new Canaries();
  const password = canaries.add("password", `Canary-${randomBytes(12).toString("hex")}`);
  const username = canaries.add("address", `canary-${randomBytes(6).toString("hex")}@example.com`);
  /** The names of the codes that were mailed, in their order. */
  const codes = [];
  let folder, server;

  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), "canary-"));
    server = await startTalkative("--data", path.join(folder, "users.json"));
  });
  after(async () => {
    await server?.stop();
    if (folder) await rm(folder, { recursive: true });
  });

  test("no secret shows in a log, an error, a step, another's mail or the file of users", async () => {
    await server.createUser({ username, password });
    await canaries.show(signIn(`wrong-${password}`));
    await signInWithEveryTurn();
    await failInEveryTrigger();
    const mails = await server.mails(username);
    await server.stop();

    for (const trigger of ["define", "create", "verify"]) {
      assert.match(server.log, new RegExp(`"error":"BAD_EVENT".*"trigger":"${trigger}"`), `${trigger} has failed by itself`);
    }
    silent(server, canaries);
    assert.ok(mails.length >= 2);
    for (const mail of mails) {
      const known = ["address", ...codes.filter(({ digits }) => digits === codeIn(mail.text)).map(({ name }) => name)];
      assert.deepEqual(canaries.leaks(JSON.stringify(mail)).filter((name) => !known.includes(name)), [], "leaks into a mail");
    }
    const users = await readFile(path.join(folder, "users.json"), "utf8");
    assert.match(users, new RegExp(username), "the user was kept");
    assert.deepEqual(canaries.leaks(users).filter((name) => name !== "address"), [], "leaks into the file of users");
  });

  test("a planted secret would be found, in any of its forms", () => {
    for (const form of forms(password)) assert.deepEqual(canaries.leaks(`before ${form} after`), ["password"]);
    canaries.add("planted code", "424242");
    assert.deepEqual(canaries.leaks("code=424242;"), ["planted code"]);
    assert.deepEqual(canaries.leaks("at 1794242424217"), []);
  });

  async function signInWithEveryTurn() {
    let step = await canaries.show(signIn(password));
    const code = await mailedCode("first code");
    step = await canaries.show(step.answer(wrong(code)));
    await server.advance(31);
    step = await canaries.show(step.resend());
    await mailedCode("second code");
    await canaries.show(step.answer("not a code"));
    step = await step.answer(await mailedCode("second code"));
    assert.equal(step.kind, "signedIn");
  }

  async function failInEveryTrigger() {
    const faults = [{ define: "fail" }, { define: "garble" }, { create: "fail" }, { create: "garble" }];
    for (const fault of faults) await failsWith(fault, () => signIn(password), "trigger_failed");
    for (const fault of [{ verify: "fail" }, { verify: "garble" }]) {
      const step = await canaries.show(signIn(password));
      const code = await mailedCode(`code that cannot be verified (${fault.verify})`);
      await failsWith(fault, () => step.answer(code), "trigger_failed");
    }
    await server.advance(31); // Within 30 seconds, a sign-in shares the code that is out.
    await failsWith({ ses: "reject" }, () => signIn(password), "mail_not_sent");
  }

  async function failsWith(fault, act, code) {
    await server.setFaults(fault);
    const error = await canaries.show(act());
    assert.equal(error.code, code, JSON.stringify(fault));
    await server.setFaults({});
  }

  function signIn(typed) {
    return clientOf(server, canaries, { userPoolId: POOL_ID, clientId: CLIENT_ID }).signIn({ username, password: typed });
  }

  async function mailedCode(name) {
    const digits = canaries.add(name, codeIn((await server.mails(username)).at(-1).text));
    codes.push({ name, digits });
    canaries.add(`${name}, wrong`, wrong(digits));
    return digits;
  }
});

describe("what else a pool may ask", () => {
  let server;
  before(async () => (server = await startTalkative()));
  after(() => server?.stop());

  test("no authenticator's secret, no device's and no new password shows", async () => {
    const canaries = new Canaries();
    const pool = await createPool(server, "srp", { DeviceConfiguration: {} }, AUTHENTICATOR);
    const person = await createPerson(server, pool, { temporary: true });
    const cognito = clientOf(server, canaries, pool);
    canaries.add("temporary password", person.password);
    const password = canaries.add("password", canary());
    const signIn = (typed, device) => cognito.signIn({ username: person.username, password: typed, device });

    let step = await canaries.show(signIn(person.password));
    assert.equal(step.kind, "newPassword");
    step = await canaries.show(step.answer(canaries.add("password that is too short", canary().slice(-7))));
    assert.equal(step.kind, "newPassword");
    step = await canaries.show(step.answer(password));
    // This one shows the secret, for a person to see it.
    step = await step.choose("SOFTWARE_TOKEN_MFA");
    const secret = canaries.add("authenticator's secret", step.secret);
    step = await step.answer(canaries.add("wrong code", wrong(totp(secret))));
    step = await step.answer(canaries.add("code", totp(secret)));
    assert.equal(step.kind, "signedIn");
    const { tokens, newDevice } = step;
    const device = await cognito.rememberDevice({ ...tokens, newDevice });
    canaries.add("device's password", device.devicePassword);
    await server.advance(60);
    step = await signIn(password, device);
    assert.equal(step.kind, "signedIn", "no code is asked for");
    const stranger = { ...device, devicePassword: canaries.add("another device's password", canary()) };
    await canaries.show(signIn(password, stranger));

    const account = new Account(cognito.settings);
    const next = canaries.add("next password", canary());
    await canaries.show(account.changePassword({ ...tokens, previous: `wrong-${password}`, proposed: next }));
    await account.changePassword({ ...tokens, previous: password, proposed: next });
    await server.stop();
    silent(server, canaries);
  });
});

/** At its most talkative, with triggers that inherit that. */
function startTalkative(...flags) {
  Object.assign(process.env, { RUST_LOG: "trace", RUST_BACKTRACE: "full" });
  return startLocalCognito("--verbose", ...flags);
}

function clientOf(server, canaries, pool) {
  return new Cognito({ ...pool, endpoint: server.url, timeoutMs: 30_000, fetch: canaries.fetch });
}

function canary() {
  return `Canary-${randomBytes(12).toString("hex")}`;
}

function silent(server, canaries) {
  assert.match(server.log, /InitiateAuth ok/, "the log of calls was captured");
  assert.ok(canaries.size >= 20, `only ${canaries.size} secrets were seen`);
  assert.deepEqual(canaries.leaks(server.log), [], "leaks into the log");
  assert.deepEqual(canaries.leaks(canaries.shown), [], "leaks into errors and steps");
}
