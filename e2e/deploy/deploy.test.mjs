// README's section "Deploy it", followed to the letter: its commands are run as they stand there,
// with SAM's and AWS's own programs, against MiniStack, which takes the place of AWS. The template
// is the one that is deployed, and the functions are those that `sam build` made.
//
// With AUTH, MiniStack heeds the functions' roles and the app client's flows. What it does not do,
// and nothing here shows:
// - It is never short of concurrency, and delivers no alarm.
// - It serves nothing by CloudFront: the browser's requests for the page are answered here, from
//   the bucket and with the headers of the deployed policy.
// - It has no SES sandbox.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";
import { Person } from "../browser/person.mjs";
import { Bash } from "../support/bash.mjs";
import { launch, openPage } from "../support/browser.mjs";
import { startLocalCognito } from "../support/local-cognito.mjs";
import { codeIn, wrong } from "../support/mail.mjs";
import { startMiniStack } from "../support/ministack.mjs";
import { PYTHON, runPython } from "../support/python.mjs";
import { Commands } from "../support/readme.mjs";
import { startCli } from "../support/terminal.mjs";
import { verifyTokens } from "../support/tokens.mjs";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const ARCHITECTURE = process.arch === "arm64" ? "arm64" : "x86_64";
const BUILD = path.resolve(process.env.SAM_BUILD ?? path.join(ROOT, "target/sam", ARCHITECTURE));
const SAM = path.resolve(process.env.SAM ?? path.join(ROOT, "target/sam/venv/bin/sam"));
const PACKAGE = path.resolve(process.env.PACKAGE ?? path.join(ROOT, "target/npm"));
const { Cognito } = await import(pathToFileURL(path.join(PACKAGE, "dist/index.js")));

const USERNAME = "person@example.com";
const PASSWORD = "Correct-Horse-9";
const SENDER = "noreply@example.com";
const SAM_OWN_STACK = "aws-sam-cli-managed-default";

const readme = new Commands("Deploy it");
let folder, ministack, bash, pool, table;

before(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "deploy-"));
  ministack = await startMiniStack({ AUTH: "true" });
  bash = new Bash(folder, { cwd: ROOT, env: environment() });
  await bash.run(`aws sesv2 create-email-identity --email-identity ${SENDER}`);
  await install(readme.take("sam build"));
});

after(async () => {
  await bash?.end();
  await ministack?.stop();
  if (folder) await rm(folder, { recursive: true, force: true });
});

test("sam deploy makes all of it", async () => {
  const deploy = readme.take("EmailSender=noreply@example.com\n");
  // The functions are built for this machine.
  await bash.run(deploy.replace(/$/m, ` Architecture=${ARCHITECTURE}`));
  const { stacks, functions, pools, tables, secrets, logGroups, alarms, roles, distributions } = await inventory();
  assert.deepEqual(stacks, [SAM_OWN_STACK, "cognito-email-mfa"]);
  for (const [kind, count] of [[functions, 3], [pools, 1], [tables, 1], [secrets, 1], [logGroups, 3], [roles, 3], [distributions, 0]]) {
    assert.equal(kind.length, count, String(kind));
  }
  assert.ok(alarms.length >= 5, String(alarms));
});

test("the README's commands make a user", async () => {
  await bash.run(`PASSWORD=${PASSWORD}`);
  await bash.run(readme.take("admin-create-user"));
  pool = await readPool();
  table = await bash.run("output AttemptsTableName");
  const user = JSON.parse(await bash.run('aws cognito-idp admin-get-user --user-pool-id "$POOL" --username person@example.com'));
  assert.equal(user.UserStatus, "CONFIRMED");
});

test("the command in the outputs signs in, after a wrong code", async () => {
  const [command, flags] = (await bash.run("output SignIn")).split(" -- ");
  assert.equal(command, "cargo run -p cli");
  const terminal = startCli([...flags.split(" "), USERNAME, "--endpoint", ministack.url, "--password-stdin", "--json"]);
  await terminal.asksAfter(PASSWORD);
  assert.match(terminal.said, /A code was sent to p\*\*\*@e\*\*\*\. \(it is valid for 3 min, 3 tries are left\)/);
  const code = await newestCode(1);
  await terminal.asksAfter(wrong(code));
  terminal.type(code);
  assert.equal(await terminal.ended, 0, terminal.said);
  const { AccessToken: accessToken, IdToken: idToken } = JSON.parse(terminal.printed);
  const claims = await verifyTokens({ accessToken, idToken }, {
    issuer: `https://cognito-idp.us-east-1.amazonaws.com/${pool.userPoolId}`,
    jwksUri: `${ministack.url}${pool.userPoolId}/.well-known/jwks.json`,
    clientId: pool.clientId,
  });
  assert.equal(claims.id.email, USERNAME);
});

test("no other flow gives tokens, and none mails", async () => {
  const shortcut = await runPython("srp_sign_in.py", [ministack.url, pool.userPoolId, pool.clientId, USERNAME], PASSWORD);
  assert.deepEqual([shortcut.accessToken, shortcut.error?.Code], [undefined, "InvalidParameterException"]);
  const credentials = { USERNAME, PASSWORD };
  for (const [AuthFlow, AuthParameters] of [
    ["USER_PASSWORD_AUTH", credentials],
    ["USER_AUTH", { ...credentials, PREFERRED_CHALLENGE: "PASSWORD" }],
    // The custom flow without the password.
    ["CUSTOM_AUTH", { USERNAME }],
  ]) {
    const { status, body } = await initiateAuth({ ClientId: pool.clientId, AuthFlow, AuthParameters });
    assert.equal(status, 400, AuthFlow);
    assert.match(body.__type, /^(InvalidParameter|NotAuthorized)Exception$/, AuthFlow);
  }
  const administrator = await bash.run(`aws cognito-idp admin-initiate-auth --user-pool-id "$POOL" --client-id ${pool.clientId} \\
    --auth-flow ADMIN_USER_PASSWORD_AUTH --auth-parameters USERNAME=${USERNAME},PASSWORD=${PASSWORD} 2>&1 || true`);
  assert.match(administrator, /Auth flow not enabled for this client/);
  assert.equal((await mails()).length, 1);
});

test("the table has the user's item, the logs name it, and the README's commands delete it", async () => {
  const sub = await bash.run(`aws cognito-idp admin-get-user --user-pool-id "$POOL" --username ${USERNAME} \\
    --query "UserAttributes[?Name=='sub'].Value" --output text`);
  const id = createHash("sha256").update(`${pool.userPoolId}/${sub}`).digest("hex");
  const items = () => bash.run(`aws dynamodb scan --table-name ${table} --query Items[].id.S --output text`);
  assert.equal(await items(), id);
  const logs = await bash.run(`aws logs filter-log-events --log-group-name /aws/lambda/cognito-email-mfa/CreateAuthChallenge \\
    --query events[].message --output text`);
  assert.ok(logs.includes(`"user":"${id}"`), logs);
  await bash.run(readme.take("delete-item"));
  assert.equal(await items(), "");
});

test("the README's commands rotate the key, and a code on its way stays valid", async () => {
  const keys = () => bash.run(`aws lambda get-function-configuration --query Environment.Variables.CODE_KEY \\
    --output text --function-name "$(aws lambda list-functions --output text \\
    --query "Functions[?contains(FunctionName, 'VerifyAuthChallenge')].FunctionName")"`);
  const first = await keys();
  assert.match(first, /^[A-Za-z0-9]{64}$/);
  const step = await client().signIn({ username: USERNAME, password: PASSWORD });
  await bash.run(readme.take("put-secret-value"));
  assert.match(await keys(), new RegExp(`^[0-9a-f]{8}:[A-Za-z0-9+/]{43}=,${first}$`));
  assert.equal((await step.answer(await newestCode(2))).kind, "signedIn");
});

test("the demo page signs in with the settings in the outputs", async (t) => {
  const server = await startLocalCognito();
  t.after(() => server.stop());
  const settings = await bash.run("output Settings");
  await signInOn(t, new URL(settings, server.url).href, 3);
});

test("the README's commands host the page, and it signs in", async (t) => {
  await bash.run(readme.take("HostDemoPage=true"));
  const [url, bucket] = [await bash.run("output DemoPageUrl"), await bash.run("output DemoPageBucket")];
  const [files, headers] = await Promise.all([runPython("ministack_bucket.py", [ministack.url, bucket]), deployedHeaders()]);
  await signInOn(t, url, 4, async (page) => {
    await page.route(`${new URL(url).origin}/**`, async (route) => {
      const file = files[new URL(route.request().url()).pathname.slice(1) || "index.html"];
      assert.ok(file, route.request().url());
      await route.fulfill({ body: Buffer.from(file.body, "base64"), headers: { ...headers, "content-type": file.type } });
    });
  });
  const anonymous = await fetch(`${ministack.url}${bucket}/index.html`);
  assert.equal(anonymous.status, 403, "the bucket is nobody's but CloudFront's");
});

test("the README's commands delete all of it", async () => {
  await bash.run(readme.take("sam delete"));
  await onlySamIsLeft();
});

test("a pool that is there takes the functions and the README's client, and survives them", async () => {
  await bash.run('POOL=$(aws cognito-idp create-user-pool --pool-name own --username-attributes email --query UserPool.Id --output text)');
  const arn = await bash.run('aws cognito-idp describe-user-pool --user-pool-id "$POOL" --query UserPool.Arn --output text');
  await bash.run(`sam deploy --parameter-overrides EmailSender=${SENDER} ExistingUserPoolArn=${arn} Architecture=${ARCHITECTURE}`);
  await bash.run('aws cognito-idp update-user-pool --user-pool-id "$POOL" --lambda-config "$(output LambdaConfig)"');
  const { UserPoolClient: made } = JSON.parse(await bash.run(readme.take("create-user-pool-client")));
  pool = { userPoolId: made.UserPoolId, clientId: made.ClientId };
  await runPython("ministack_user.py", [ministack.url, pool.userPoolId, USERNAME], PASSWORD);
  const step = await client().signIn({ username: USERNAME, password: PASSWORD });
  assert.equal((await step.answer(await newestCode(5))).kind, "signedIn");
  await bash.run("sam delete");
  await onlySamIsLeft({ pools: [pool.userPoolId] });
  await bash.run('aws cognito-idp delete-user-pool --user-pool-id "$POOL"');
});

test("a pool of the stack outlives it, unless asked otherwise", async () => {
  await bash.run(`sam deploy --parameter-overrides EmailSender=${SENDER} Architecture=${ARCHITECTURE}`);
  const { userPoolId } = await readPool();
  await bash.run("sam delete");
  await onlySamIsLeft({ pools: [userPoolId] });
});

test("every command of the section was run", () => assert.deepEqual(readme.left, []));

/** What a person has set up: a region, credentials, and the programs on the path. */
function environment() {
  const programs = [SAM, PYTHON].map((program) => path.dirname(program));
  return {
    PATH: [...programs, process.env.PATH].join(path.delimiter),
    HOME: process.env.HOME,
    ...(process.env.CARGO_TARGET_DIR && { CARGO_TARGET_DIR: process.env.CARGO_TARGET_DIR }),
    AWS_ENDPOINT_URL: ministack.url,
    AWS_ACCESS_KEY_ID: "test",
    AWS_SECRET_ACCESS_KEY: "test",
    AWS_DEFAULT_REGION: "us-east-1",
    AWS_CONFIG_FILE: "/dev/null",
    AWS_SHARED_CREDENTIALS_FILE: "/dev/null",
    AWS_PAGER: "",
    SAM_CLI_TELEMETRY: "0",
    SAM_CLI_POLL_DELAY: "0.2",
    __SAM_CLI_APP_DIR: folder,
    // What `sam build` would have written into `.aws-sam`.
    SAM_TEMPLATE_FILE: path.join(BUILD, "template.yaml"),
  };
}

/** `cargo xtask sam` has done this: the same programs, from the same registries, in pinned versions. */
async function install(commands) {
  for (const program of ["sam", "aws"]) {
    assert.match(commands, /pip install .*aws-sam-cli.*awscli/);
    await bash.run(`${program} --version`);
  }
}

async function readPool() {
  return { userPoolId: await bash.run("output UserPoolId"), clientId: await bash.run("output UserPoolClientId") };
}

function client() {
  return new Cognito({ ...pool, endpoint: ministack.url });
}

function inventory() {
  return runPython("ministack_inventory.py", [ministack.url]);
}

/** Of all kinds nothing is there but what SAM keeps for the next deployment, and some exceptions. */
async function onlySamIsLeft(exceptions = {}) {
  const left = await inventory();
  const [bucket] = left.buckets;
  assert.match(bucket, /^aws-sam-cli-managed-default-/);
  const nothing = Object.fromEntries(Object.keys(left).map((kind) => [kind, []]));
  assert.deepEqual(left, { ...nothing, stacks: [SAM_OWN_STACK], buckets: [bucket], ...exceptions });
  assert.equal(await bash.run(`aws s3 ls --recursive s3://${bucket}`), "");
}

async function mails() {
  const { messages } = await (await fetch(`${ministack.url}_ministack/ses/messages`)).json();
  return Object.values(messages).flat();
}

/** The code in the newest of so many mails. */
async function newestCode(count) {
  const all = await mails();
  assert.equal(all.length, count, "mails");
  return codeIn(all.at(-1).BodyText);
}

async function initiateAuth(input) {
  const reply = await fetch(ministack.url, {
    method: "POST",
    headers: {
      "content-type": "application/x-amz-json-1.1",
      "x-amz-target": "AWSCognitoIdentityProviderService.InitiateAuth",
    },
    body: JSON.stringify(input),
  });
  return { status: reply.status, body: await reply.json() };
}

/** Signs in on a page in Chromium, for which MiniStack is the pool's region. */
async function signInOn(t, url, mailsThen, prepare = async () => {}) {
  const browser = await launch();
  t.after(() => browser.close());
  const page = await openPage(t, browser, url, {}, async (page) => {
    await page.route("https://cognito-idp.us-east-1.amazonaws.com/", async (route) =>
      route.fulfill({ response: await route.fetch({ url: ministack.url }) }));
    await prepare(page);
  });
  const person = new Person(page, { username: USERNAME, password: PASSWORD });
  await person.reachCode();
  await person.giveCode(await newestCode(mailsThen));
  await person.isSignedIn();
}

/** The headers that the deployed policy has CloudFront put on the page. */
async function deployedHeaders() {
  const [id] = (await inventory()).headerPolicies;
  const { ResponseHeadersPolicy: policy } = JSON.parse(await bash.run(`aws cloudfront get-response-headers-policy --id ${id}`));
  const { SecurityHeadersConfig: security, CustomHeadersConfig: custom } = policy.ResponseHeadersPolicyConfig;
  return {
    "content-security-policy": security.ContentSecurityPolicy.ContentSecurityPolicy,
    "referrer-policy": security.ReferrerPolicy.ReferrerPolicy,
    "x-content-type-options": "nosniff",
    ...Object.fromEntries(custom.Items.map(({ Header, Value }) => [Header.toLowerCase(), Value])),
  };
}
