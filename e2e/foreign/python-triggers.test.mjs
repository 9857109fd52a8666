// Functions in Python, run by awslambdaric, the runtime of AWS itself, are the triggers of
// local-cognito: its Runtime API is the one that Lambda's runtimes speak. They mail by the first
// version of SES, through boto3, and tell the client none of what our own triggers do.
//
// REFERENCE_PROJECT may name a checkout of aws-cognito-email-mfa-example, whose own functions
// then take the place of ours.

import assert from "node:assert/strict";
import path from "node:path";
import { after, before, describe, test } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";
import { CLIENT_ID, POOL_ID, startLocalCognito } from "../support/local-cognito.mjs";
import { codeIn, wrong } from "../support/mail.mjs";
import { PYTHON } from "../support/python.mjs";
import { startCli } from "../support/terminal.mjs";
import { localPool, verifyTokens } from "../support/tokens.mjs";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const PACKAGE = path.resolve(process.env.PACKAGE ?? path.join(ROOT, "target/npm"));
const { Cognito } = await import(pathToFileURL(path.join(PACKAGE, "dist/index.js")));
const PASSWORD = "Correct-Horse-9";
const REFERENCE_FOLDERS = {
  define: "define_auth_challenge",
  create: "create_auth_challenge",
  verify: "verify_auth_challenge",
};
let server;

before(async () => {
  const triggers = Object.keys(REFERENCE_FOLDERS).map((name) => ["--trigger", `${name}=${commandOf(name)}`]);
  server = await startLocalCognito(...triggers.flat());
});
after(() => server?.stop());

describe("triggers in Python", () => {
  test("the package signs in", async () => {
    const { step, mails } = await reachCode("package@example.com");
    assert.deepEqual(
      { wrong: step.wrong, sent: step.sent, sentTo: step.sentTo, attemptsLeft: step.attemptsLeft, resendAt: step.resendAt },
      { wrong: false, sent: true, sentTo: undefined, attemptsLeft: undefined, resendAt: undefined },
    );
    assert.equal(mails.length, 1);
    assert.equal(mails[0].subject, "Authentication Code");
    const signedIn = await step.answer(codeIn(mails[0].text));
    assert.equal(signedIn.kind, "signedIn");
    const claims = await verifyTokens(signedIn.tokens, localPool(server.url, POOL_ID, CLIENT_ID));
    assert.equal(claims.id.email, "package@example.com");
  });

  test("after wrong codes the package signs in with the right one", async () => {
    const { step, mails } = await reachCode("slip@example.com");
    const code = codeIn(mails[0].text);
    let next = step;
    // More than our own triggers allow.
    for (let tries = 0; tries < 4; tries += 1) {
      next = await next.answer(wrong(code));
      assert.deepEqual([next.kind, next.wrong, next.sent], ["code", true, false]);
    }
    assert.equal((await next.answer(code)).kind, "signedIn");
    assert.equal((await server.mails("slip@example.com")).length, 1);
  });

  test("a wrong password gets no code from the package", async () => {
    await server.createUser({ username: "wrong@example.com", password: PASSWORD });
    const refused = cognito().signIn({ username: "wrong@example.com", password: "Correct-Horse-8" });
    await assert.rejects(refused, { name: "CognitoError", code: "bad_credentials" });
    assert.deepEqual(await server.mails("wrong@example.com"), []);
  });

  test("boto3 reads the refusal of a mail", async () => {
    await server.createUser({ username: "refused-mail@example.com", password: PASSWORD });
    await server.setFaults({ ses: "reject" });
    const refused = cognito().signIn({ username: "refused-mail@example.com", password: PASSWORD });
    await assert.rejects(refused, { code: "trigger_failed", message: /\(MessageRejected\).* not verified/ });
    await server.setFaults({});
  });

  test("the program for the terminal signs in after a wrong code", async () => {
    const username = "terminal@example.com";
    await server.createUser({ username, password: PASSWORD });
    const terminal = cli(username);
    await terminal.asksAfter(PASSWORD);
    assert.match(terminal.said, /A code was sent to your address\./);
    const code = codeIn((await server.mails(username)).at(-1).text);
    await terminal.asksAfter(wrong(code));
    assert.match(terminal.said, /Authentication failed\. The code is wrong or has expired\./);
    terminal.type(code);
    assert.equal(await terminal.ended, 0, terminal.said);
    assert.match(terminal.said, /Authentication succeeded\.\n$/);
  });

  test("a wrong password ends the program for the terminal", async () => {
    const username = "refused@example.com";
    await server.createUser({ username, password: PASSWORD });
    const terminal = cli(username);
    terminal.type("Correct-Horse-8");
    assert.equal(await terminal.ended, 1, terminal.said);
    assert.match(terminal.said, /User name or password is wrong\.\n$/);
    assert.deepEqual(await server.mails(username), []);
  });
});

/** The shell line that runs a function as Lambda does. */
function commandOf(name) {
  const project = process.env.REFERENCE_PROJECT;
  const [folders, handler] = project
    ? [["src/layers/python", `src/${REFERENCE_FOLDERS[name]}`].map((folder) => path.resolve(project, folder)), "app"]
    : [[path.join(ROOT, "e2e/python/reference_triggers")], name];
  return `env 'PYTHONPATH=${folders.join(":")}' '${PYTHON}' -m awslambdaric ${handler}.lambda_handler`;
}

async function reachCode(username) {
  await server.createUser({ username, password: PASSWORD });
  const step = await cognito().signIn({ username, password: PASSWORD });
  assert.equal(step.kind, "code", server.log);
  return { step, mails: await server.mails(username) };
}

function cognito() {
  return new Cognito({ userPoolId: POOL_ID, clientId: CLIENT_ID, endpoint: server.url });
}

function cli(username) {
  const pool = ["--pool-id", POOL_ID, "--client-id", CLIENT_ID, "--endpoint", server.url];
  return startCli([...pool, "--username", username, "--password-stdin"]);
}
