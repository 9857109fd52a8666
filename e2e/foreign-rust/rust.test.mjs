// AWS' SDK for Rust, with the arithmetic of the crate cognito_srp: a sign-in of each flow, and what comes after it.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import path from "node:path";
import { createInterface } from "node:readline";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { CLIENT_ID, POOL_ID, SRP_ONLY_CLIENT_ID, startLocalCognito } from "../support/local-cognito.mjs";
import { wrong } from "../support/mail.mjs";
import { createPerson, createPool, PASSWORD, setUpAuthenticator } from "../support/people.mjs";
import { localPool, verifyTokens } from "../support/tokens.mjs";
import { totp } from "../support/totp.mjs";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const PROGRAM = path.resolve(process.env.FOREIGN_RUST ?? path.join(ROOT, "target/foreign-rust/debug/foreign-rust"));
const OF_TRIGGERS = { userPoolId: POOL_ID, clientId: CLIENT_ID };
const SRP_ONLY = { userPoolId: POOL_ID, clientId: SRP_ONLY_CLIENT_ID };
let server;

before(async () => (server = await startLocalCognito()));
after(() => server?.stop());

test("CUSTOM_AUTH with SRP: a wrong code, the right one, a refresh, the user, a sign-out everywhere", async () => {
  const person = await createPerson(server, OF_TRIGGERS);
  const answers = [async () => wrong(await person.mailed()), person.mailed];
  const lines = await run(person, OF_TRIGGERS, "CUSTOM_AUTH", answers);
  const [first, second, signedIn, refreshed, user, refused] = lines;
  assert.deepEqual([first.challenge, first.parameters.ATTEMPTS_LEFT], ["CUSTOM_CHALLENGE", "3"]);
  assert.deepEqual([second.challenge, second.parameters.ATTEMPTS_LEFT], ["CUSTOM_CHALLENGE", "2"]);
  await verify(signedIn.signedIn, OF_TRIGGERS);
  const { access } = await verify(refreshed.refreshed, OF_TRIGGERS);
  assert.equal(user.user, access.username);
  assert.equal(user.attributes.email, person.email);
  assert.deepEqual(refused, { refused: "Access Token has been revoked", known: true });
});

test("USER_SRP_AUTH alone, and a wrong password in Cognito's words", async () => {
  const person = await createPerson(server, SRP_ONLY);
  const [signedIn] = await run(person, SRP_ONLY, "USER_SRP_AUTH");
  await verify(signedIn.signedIn, SRP_ONLY);
  const lines = await run({ ...person, password: "Correct-Horse-8" }, SRP_ONLY, "USER_SRP_AUTH");
  assert.deepEqual(lines, [{ failed: "NotAuthorizedException: Incorrect username or password." }]);
});

test("a temporary password, a text message, a mail and an authenticator", async () => {
  const plain = await createPool(server, "srp");
  const somebodyNew = await createPerson(server, plain, { temporary: true });
  await ends(await run(somebodyNew, plain, "USER_SRP_AUTH", [async () => PASSWORD]), "NEW_PASSWORD_REQUIRED", plain);

  const sms = await createPool(server, "srp", {}, { MfaConfiguration: "ON", SmsMfaConfiguration: {} });
  const texted = await createPerson(server, sms);
  await ends(await run(texted, sms, "USER_SRP_AUTH", [texted.texted]), "SMS_MFA", sms);

  const mail = await createPool(server, "srp", {}, { MfaConfiguration: "ON", EmailMfaConfiguration: {} });
  const mailed = await createPerson(server, mail);
  const code = async () => /\d{8}/.exec((await server.mails(mailed.email)).at(-1).text)[0];
  await ends(await run(mailed, mail, "USER_SRP_AUTH", [code]), "EMAIL_OTP", mail);

  const ofApp = await createPool(server, "srp", {}, { MfaConfiguration: "ON", SoftwareTokenMfaConfiguration: { Enabled: true } });
  const authenticated = await createPerson(server, ofApp);
  const secret = await setUpAuthenticator(server, ofApp, authenticated);
  await ends(await run(authenticated, ofApp, "USER_SRP_AUTH", [async () => totp(secret)]), "SOFTWARE_TOKEN_MFA", ofApp);
});

// The lines that the program prints; each challenge is answered by the next answer.
async function run({ username, password }, { userPoolId, clientId }, flow, answers = []) {
  const program = spawn(PROGRAM, [server.url, userPoolId, clientId, username, password, flow]);
  const kill = () => program.kill("SIGKILL");
  process.once("exit", kill);
  program.stderr.pipe(process.stderr);
  const failed = new Promise((_, reject) => program.once("error", reject));
  const lines = [];
  const reading = (async () => {
    const open = [...answers];
    for await (const line of createInterface(program.stdout)) {
      lines.push(JSON.parse(line));
      if (lines.at(-1).challenge) program.stdin.write(`${await open.shift()()}\n`);
    }
  })();
  await Promise.race([reading, failed]);
  process.off("exit", kill);
  return lines;
}

async function ends([asked, last], challenge, pool) {
  assert.equal(asked.challenge, challenge);
  await verify(last.signedIn, pool);
}

function verify(tokens, { userPoolId, clientId }) {
  return verifyTokens(tokens, localPool(server.url, userPoolId, clientId));
}
