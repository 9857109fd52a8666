// What the documents tell people to write is run, word by word.

import assert from "node:assert/strict";
import { mkdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import path from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";
import aws from "amazon-cognito-identity-js";
import { examplesIn, OURS } from "../docs/examples.mjs";
import { CLIENT_ID, POOL_ID, startLocalCognito } from "../support/local-cognito.mjs";
import { codeIn, wrong } from "../support/mail.mjs";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const PACKAGE = path.resolve(process.env.PACKAGE ?? path.join(ROOT, "target/npm"));
const DRAFTS = path.join(ROOT, "target/examples-that-run");
const { Cognito } = await import(pathToFileURL(path.join(PACKAGE, "dist/index.js")));
const PASSWORD = "Correct-Horse-9";
let server;

before(async () => {
  server = await startLocalCognito();
  await rm(DRAFTS, { recursive: true, force: true });
  await mkdir(path.join(DRAFTS, "node_modules"), { recursive: true });
  await symlink(PACKAGE, path.join(DRAFTS, "node_modules", OURS));
});
after(() => server?.stop());

for (const [document, username] of [
  ["README.md", "ada@example.com"],
  ["client-wasm/npm/README.md", "bob@example.com"],
]) {
  test(`${document}: the first example signs in, after a wrong code too`, async () => {
    await server.createUser({ username, password: PASSWORD });
    const asked = [];
    const used = [];
    await run(await example(document, "askThePerson"), {
      username,
      password: PASSWORD,
      async askThePerson({ sentTo, attemptsLeft, wrong: again }) {
        asked.push([sentTo, attemptsLeft, again]);
        const code = codeIn((await server.mails(username)).at(-1).text);
        return again ? code : wrong(code);
      },
      use: (tokens) => used.push(tokens),
    });
    const sentTo = `${username[0]}***@e***`;
    assert.deepEqual(asked, [[sentTo, 3, false], [sentTo, 2, true]]);
    assert.equal(used.length, 1);
    const user = await server.call("GetUser", { AccessToken: used[0].accessToken });
    assert.ok(user.UserAttributes.some(({ Name, Value }) => Name === "email" && Value === username));
  });
}

test("a device that amazon-cognito-identity-js had remembered goes on to count", async () => {
  const { username, clientId, userPoolId, localStorage } = await rememberedByTheForeignClient();
  const code = await example("client-wasm/npm/MIGRATING.md", "rememberedDevice");
  const { rememberedDevice } = await run(code, { clientId, localStorage });
  const device = rememberedDevice(username);
  assert.match(device.deviceKey, /^us-east-1_/);
  const cognito = new Cognito({ userPoolId, clientId, endpoint: server.url, flow: "srp" });
  const step = await cognito.signIn({ username, password: PASSWORD, device });
  assert.deepEqual([step.kind, step.newDevice, step.deviceForgotten], ["signedIn", undefined, undefined]);
  assert.equal(rememberedDevice("somebody else"), undefined);
});

async function example(document, text) {
  const examples = examplesIn(await readFile(path.join(ROOT, document), "utf8"));
  const found = examples.find(({ whose, code }) => whose === OURS && code.includes(text));
  assert.ok(found, `${document} has no example with ${text}`);
  return found.code;
}

// With the local pool in the place of the one that documents name.
async function run(code, given) {
  const local = code
    .replace("userPoolId: 'us-east-1_Example1'", `userPoolId: '${POOL_ID}', endpoint: '${server.url}'`)
    .replace("clientId: 'exampleclient'", `clientId: '${CLIENT_ID}'`);
  const names = `const { ${Object.keys(given).join(", ")} } = globalThis.given;\n`;
  const file = path.join(DRAFTS, `${Object.keys(given).length}-${performance.now()}.mjs`);
  await writeFile(file, names + local);
  globalThis.given = given;
  return import(pathToFileURL(file));
}

async function rememberedByTheForeignClient() {
  const { UserPool: { Id } } = await server.call("CreateUserPool", { PoolName: "p", DeviceConfiguration: {} });
  const { UserPoolClient: { ClientId } } = await server.call("CreateUserPoolClient", { UserPoolId: Id, ClientName: "c" });
  const Username = "ada";
  await server.call("AdminCreateUser", { UserPoolId: Id, Username, MessageAction: "SUPPRESS" });
  await server.call("AdminSetUserPassword", { UserPoolId: Id, Username, Password: PASSWORD, Permanent: true });
  const localStorage = memory();
  const Pool = new aws.CognitoUserPool({ UserPoolId: Id, ClientId, endpoint: server.url, Storage: localStorage });
  const user = new aws.CognitoUser({ Username, Pool, Storage: localStorage });
  const details = new aws.AuthenticationDetails({ Username, Password: PASSWORD });
  await new Promise((onSuccess, onFailure) => user.authenticateUser(details, { onSuccess, onFailure }));
  return { username: user.getUsername(), clientId: ClientId, userPoolId: Id, localStorage };
}

function memory() {
  const kept = new Map();
  return {
    setItem: (key, value) => kept.set(key, value),
    getItem: (key) => kept.get(key) ?? null,
    removeItem: (key) => kept.delete(key),
    clear: () => kept.clear(),
  };
}
