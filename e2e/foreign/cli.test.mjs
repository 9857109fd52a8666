// The program for the terminal, against local-cognito: what a script or a person types, and what
// comes of it.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import path from "node:path";
import { CLIENT_ID, POOL_ID, startLocalCognito } from "../support/local-cognito.mjs";
import { codeIn, wrong } from "../support/mail.mjs";
import { PYTHON } from "../support/python.mjs";
import { CLI, converse, startCli } from "../support/terminal.mjs";
import { localPool, verifyTokens } from "../support/tokens.mjs";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const ON_TERMINAL = path.join(ROOT, "e2e/python/on_terminal.py");
const PASSWORD = "Correct-Horse-9";
let server;

before(async () => (server = await startLocalCognito()));
after(() => server?.stop());

test("password and code give the tokens as JSON, and exit code 0", async () => {
  const terminal = await start("cli@example.com", "--json");
  assert.match(terminal.said, /A code was sent to c\*\*\*@e\*\*\*\. \(it is valid for 3 min, 3 tries are left\)/);
  const code = await lastCode("cli@example.com");
  terminal.type(code);
  assert.equal(await terminal.ended, 0, terminal.said);
  assert.match(terminal.said, /Authentication succeeded\.\n$/);
  for (const secret of [PASSWORD, code]) assert.ok(!terminal.said.includes(secret), terminal.said);
  const result = JSON.parse(terminal.printed);
  assert.deepEqual(Object.keys(result).sort(), ["AccessToken", "ExpiresIn", "IdToken", "RefreshToken", "TokenType"]);
  const tokens = { accessToken: result.AccessToken, idToken: result.IdToken };
  const claims = await verifyTokens(tokens, localPool(server.url, POOL_ID, CLIENT_ID));
  assert.equal(claims.id.email, "cli@example.com");
});

test("a slip costs no try, a wrong code does, and the right one signs in", async () => {
  const terminal = await start("slip@example.com");
  const code = await lastCode("slip@example.com");
  await terminal.asksAfter("12345");
  assert.match(terminal.said, /code: expected the digits of the code/);
  await terminal.asksAfter(wrong(code));
  assert.match(terminal.said, /Authentication failed\. The code is wrong or has expired\. \(.*2 tries are left\)/);
  terminal.type(`${code.slice(0, 3)} ${code.slice(3)}`);
  assert.equal(await terminal.ended, 0, terminal.said);
  assert.equal(terminal.printed, "");
});

test("`resend` brings a new code", async () => {
  const terminal = await start("again@example.com");
  const first = await lastCode("again@example.com");
  await terminal.asksAfter("resend");
  assert.match(terminal.said, /No new code yet: ask again in \d+ s\./);
  await server.advance(31);
  await terminal.asksAfter("resend");
  assert.match(terminal.said, /A new code was sent to a\*\*\*@e\*\*\*; earlier ones are void\./);
  const second = await lastCode("again@example.com");
  assert.notEqual(second, first);
  terminal.type(second);
  assert.equal(await terminal.ended, 0, terminal.said);
});

test("a wrong password, three wrong codes and no code at all are exit code 1", async () => {
  await server.createUser({ username: "one@example.com", password: PASSWORD });
  const refused = run("one@example.com", "Correct-Horse-8\n");
  assert.equal(await refused.ended, 1, refused.said);
  assert.match(refused.said, /Authentication failed\. User name or password is wrong\.\n$/);

  const terminal = await start("three@example.com");
  const bad = wrong(await lastCode("three@example.com"));
  await terminal.asksAfter(bad);
  await terminal.asksAfter(bad);
  terminal.type(bad);
  assert.equal(await terminal.ended, 1, terminal.said);
  assert.match(terminal.said, /Authentication failed\. Too many wrong codes: start again\.\n$/);

  const silent = await start("silent@example.com");
  silent.hangUp();
  assert.equal(await silent.ended, 1, silent.said);
});

test("tokens that nobody takes are exit code 4", async () => {
  const deaf = await start("deaf@example.com", "--json");
  deaf.closeOutput();
  deaf.type(await lastCode("deaf@example.com"));
  assert.equal(await deaf.ended, 4, deaf.said);
  assert.match(deaf.said, /Authentication succeeded\.\nStandard output cannot be written\. [^\n]*\n$/);
});

test("on a terminal the password is asked for and does not show", async () => {
  await server.createUser({ username: "person@example.com", password: PASSWORD });
  const terminal = converse(spawn(PYTHON, [ON_TERMINAL, CLI, ...flags("person@example.com")]));
  await terminal.shows(/Password: $/);
  await terminal.asksAfter(PASSWORD);
  const code = await lastCode("person@example.com");
  terminal.type(code);
  assert.equal(await terminal.ended, 0, terminal.seen);
  assert.match(terminal.seen, /Authentication succeeded\.\r\n$/);
  assert.ok(terminal.seen.includes(code), `what else is typed does show: ${terminal.seen}`);
  assert.ok(!terminal.seen.includes(PASSWORD), terminal.seen);
});

/** Creates a user, submits the password, and waits until the code is asked for. */
async function start(username, ...more) {
  await server.createUser({ username, password: PASSWORD });
  const terminal = run(username, "", ...more);
  await terminal.asksAfter(PASSWORD);
  return terminal;
}

function run(username, typed, ...more) {
  return startCli([...flags(username), "--password-stdin", ...more], typed);
}

function flags(username) {
  return ["--pool-id", POOL_ID, "--client-id", CLIENT_ID, "--endpoint", server.url, "--username", username];
}

async function lastCode(username) {
  return codeIn((await server.mails(username)).at(-1).text);
}
