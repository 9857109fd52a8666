// Our package signs in to MiniStack, which runs our triggers as `provided.al2023`; their mail
// goes to aws-ses-v2-local, and they count in MiniStack's DynamoDB. Neither server is ours.
//
// MiniStack differs from Cognito in a way that leaves out unknown users: CUSTOM_AUTH answers
// UserNotFoundException, though the client is set to prevent that, and the triggers never see
// `userNotFound: true`.

import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { after, before, test } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";
import path from "node:path";
import aws from "aws-ses-v2-local";
import { codeIn, wrong } from "../support/mail.mjs";
import { startMiniStack } from "../support/ministack.mjs";
import { runPython } from "../support/python.mjs";
import { verifyTokens } from "../support/tokens.mjs";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const TRIGGERS = path.resolve(process.env.TRIGGERS ?? path.join(ROOT, "target/debug"));
const PACKAGE = path.resolve(process.env.PACKAGE ?? path.join(ROOT, "target/npm"));
const { Cognito, CognitoError } = await import(pathToFileURL(path.join(PACKAGE, "dist/index.js")));
const PASSWORD = "Correct-Horse-9";
let ministack, mailbox, mailboxUrl, pool;

before(async () => {
  mailbox = await aws.default({ host: "127.0.0.1", port: 0 });
  mailboxUrl = `http://127.0.0.1:${mailbox.address().port}`;
  ministack = await startMiniStack();
  const environment = {
    EMAIL_SENDER: "noreply@example.com",
    REPLY_TO: "help@example.com",
    SES_CONFIGURATION_SET: "codes",
    CODE_KEY: randomBytes(32).toString("base64"),
    AWS_ENDPOINT_URL_SESV2: mailboxUrl,
    ATTEMPTS_TABLE: "attempts",
  };
  pool = await runPython("ministack_pool.py", [ministack.url, TRIGGERS], JSON.stringify(environment));
});

after(async () => {
  await ministack?.stop();
  mailbox?.close();
  if (mailbox) await once(mailbox, "close");
});

test("password and code give tokens that verify", async () => {
  const username = "right@example.com";
  await createUser(username);
  const step = await cognito().signIn({ username, password: PASSWORD });
  assert.equal(step.kind, "code", ministack.log());
  assert.equal(step.sentTo, "r***@e***");
  assert.equal(step.codeLength, 6);
  assert.equal(step.attemptsLeft, 3);
  const mails = await mailsTo(username);
  assert.equal(mails.length, 1);
  const signedIn = await step.answer(codeIn(mails[0].body.text));
  assert.equal(signedIn.kind, "signedIn");
  assert.equal(signedIn.user.email, username);
  const claims = await verifyTokens(signedIn.tokens, {
    issuer: `https://cognito-idp.us-east-1.amazonaws.com/${pool.userPoolId}`,
    jwksUri: `${ministack.url}${pool.userPoolId}/.well-known/jwks.json`,
    clientId: pool.clientId,
  });
  assert.equal(claims.id.email, username);
  assert.equal(claims.id.sub, signedIn.user.sub);
});

test("the same client signs in again at once: one code for both, which lets in once", async () => {
  const username = "twice@example.com";
  await createUser(username);
  const client = cognito();
  await client.prepare();
  const steps = [];
  for (const _ of [1, 2]) steps.push(await client.signIn({ username, password: PASSWORD }));
  const mails = await mailsTo(username);
  assert.equal(mails.length, 1);
  const code = codeIn(mails[0].body.text);
  assert.equal((await steps[1].answer(code)).kind, "signedIn");
  const spent = await steps[0].answer(code);
  assert.deepEqual([spent.kind, spent.wrong], ["code", true]);
  // Whoever has read a mail may have another at once.
  const next = await client.signIn({ username, password: PASSWORD });
  assert.deepEqual([next.kind, next.sent], ["code", true]);
  assert.equal((await mailsTo(username)).length, 2);
});

test("the mail names its sender and where answers go, in the language asked for", async () => {
  const username = "french@example.com";
  await createUser(username);
  await cognito().signIn({ username, password: PASSWORD, clientMetadata: { locale: "fr-CA" } });
  const [mail] = await mailsTo(username);
  assert.equal(mail.from, "noreply@example.com");
  assert.deepEqual(mail.replyTo, ["help@example.com"]);
  assert.deepEqual(mail.destination, { to: [username], cc: [], bcc: [] });
  assert.equal(mail.subject, "Sign-in\u00a0: votre code de connexion");
  assert.match(mail.body.html, /<html lang="fr">/);
  assert.equal(codeIn(mail.body.html.replace(/<style>.*<\/style>|#[0-9a-f]{6}/gs, "")), codeIn(mail.body.text));
});

test("a wrong password is refused, and no mail is sent", async () => {
  const username = "wrong-password@example.com";
  await createUser(username);
  await refused(cognito().signIn({ username, password: "Correct-Horse-8" }), "bad_credentials");
  assert.deepEqual(await mailsTo(username), []);
});

test("three wrong codes give no tokens", async () => {
  const username = "wrong-code@example.com";
  await createUser(username);
  let step = await cognito().signIn({ username, password: PASSWORD });
  const [mail] = await mailsTo(username);
  const bad = wrong(codeIn(mail.body.text));
  for (const left of [2, 1]) {
    step = await step.answer(bad);
    assert.deepEqual([step.wrong, step.attemptsLeft], [true, left]);
  }
  await refused(step.answer(bad), "code_attempts_exceeded");
});

test("after a resend that came too soon and a wrong code, the right one signs in", async () => {
  const username = "impatient@example.com";
  await createUser(username);
  let step = await cognito().signIn({ username, password: PASSWORD });
  step = await step.resend();
  assert.deepEqual([step.sent, step.wrong, step.attemptsLeft], [false, false, 3]);
  const mails = await mailsTo(username);
  assert.equal(mails.length, 1);
  const code = codeIn(mails[0].body.text);
  step = await step.answer(wrong(code));
  assert.deepEqual([step.wrong, step.attemptsLeft], [true, 2]);
  assert.equal((await step.answer(code)).kind, "signedIn");
});

function cognito() {
  return new Cognito({ ...pool, endpoint: ministack.url });
}

function createUser(username) {
  return runPython("ministack_user.py", [ministack.url, pool.userPoolId, username], PASSWORD);
}

async function mailsTo(address) {
  const { emails } = await (await fetch(`${mailboxUrl}/store`)).json();
  return emails.filter((mail) => mail.destination.to.includes(address));
}

async function refused(promise, code) {
  await assert.rejects(promise, (error) => {
    assert.ok(error instanceof CognitoError, String(error));
    assert.equal(error.code, code, error.message);
    return true;
  });
}
