// The program for the terminal, against local-cognito: what a script types and what it gets.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import path from "node:path";
import { CLIENT_ID, POOL_ID, startLocalCognito } from "../support/local-cognito.mjs";
import { codeIn, wrong } from "../support/mail.mjs";
import { localPool, verifyTokens } from "../support/tokens.mjs";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const CLI = path.resolve(process.env.CLI ?? path.join(ROOT, "target/debug/cli"));
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
  assert.match(terminal.said, /code: expected the digits from the mail/);
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

/** Creates a user, submits the password, and waits until the code is asked for. */
async function start(username, ...flags) {
  await server.createUser({ username, password: PASSWORD });
  const terminal = run(username, "", ...flags);
  await terminal.asksAfter(PASSWORD);
  return terminal;
}

function run(username, typed, ...flags) {
  const pool = ["--pool-id", POOL_ID, "--client-id", CLIENT_ID, "--endpoint", server.url];
  const child = spawn(CLI, [...pool, "--username", username, "--password-stdin", ...flags]);
  process.once("exit", () => child.kill("SIGKILL"));
  const terminal = {
    printed: "",
    said: "",
    ended: new Promise((resolve, reject) => child.once("error", reject).once("close", resolve)),
    type: (line) => child.stdin.write(`${line}\n`),
    hangUp: () => child.stdin.end(),
    /** Types a line and waits for the next question. */
    async asksAfter(line) {
      const before = terminal.said.length;
      terminal.type(line);
      const asked = new Promise((resolve) => {
        const look = () => /Code \(or `resend`\): $/.test(terminal.said.slice(before)) && resolve();
        child.stderr.on("data", look);
      });
      const end = terminal.ended.then((code) => {
        throw new Error(`ended with ${code} instead of asking: ${terminal.said}`);
      });
      await Promise.race([asked, end]);
    },
  };
  child.stdout.on("data", (text) => (terminal.printed += text));
  child.stderr.on("data", (text) => (terminal.said += text));
  child.stdin.on("error", () => {});
  if (typed) child.stdin.write(typed);
  return terminal;
}

async function lastCode(username) {
  return codeIn((await server.mails(username)).at(-1).text);
}
