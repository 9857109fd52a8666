// The devices of a user: what one client remembers, the other lists, shows and forgets; and refresh
// tokens that belong to a device.

import assert from "node:assert/strict";
import path from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";
import aws from "amazon-cognito-identity-js";
import { startLocalCognito } from "../support/local-cognito.mjs";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const DIST = path.join(path.resolve(process.env.PACKAGE ?? path.join(ROOT, "target/npm")), "dist");
const { Cognito } = await import(pathToFileURL(path.join(DIST, "index.js")));
const { openSession } = await import(pathToFileURL(path.join(DIST, "session.js")));
const { Account } = await import(pathToFileURL(path.join(DIST, "account.js")));
const PASSWORD = "Correct-Horse-9";
let server;

before(async () => (server = await startLocalCognito()));
after(() => server?.stop());

test("a device that either client remembers is in both clients' lists, until either forgets it", async () => {
  const pool = await createPool();
  const foreign = await pool.foreignSignIn();
  const step = await pool.cognito.signIn({ username: "ada", password: PASSWORD });
  const { accessToken } = step.tokens;
  const ours = await pool.cognito.rememberDevice({ accessToken, newDevice: step.newDevice });
  const keys = [foreign.deviceKey, ours.deviceKey].sort();

  const { devices, next } = await pool.account.devices({ accessToken });
  assert.deepEqual([devices.map(({ deviceKey }) => deviceKey), next], [keys, undefined]);
  const theirs = await called((callbacks) => foreign.listDevices(10, null, callbacks));
  assert.deepEqual(theirs.Devices.map(({ DeviceKey }) => DeviceKey), keys);
  const page = await pool.account.devices({ accessToken, limit: 1 });
  const rest = await pool.account.devices({ accessToken, limit: 1, next: page.next });
  assert.deepEqual([...page.devices, ...rest.devices].map(({ deviceKey }) => deviceKey), keys);
  assert.equal(rest.next, undefined);

  const shown = await called((callbacks) => foreign.getDevice(callbacks));
  assert.equal(shown.Device.DeviceKey, foreign.deviceKey);
  const [mine] = devices.filter(({ deviceKey }) => deviceKey === ours.deviceKey);
  assert.equal(mine.attributes["dev:device_remembered_status"], "remembered");
  assert.ok(Math.abs(Date.now() - mine.created) < 60_000);
  assert.ok(mine.lastAuthenticated instanceof Date && mine.modified instanceof Date);

  await pool.account.forgetDevice({ accessToken, deviceKey: foreign.deviceKey });
  await assert.rejects(called((callbacks) => foreign.getDevice(callbacks)), { code: "ResourceNotFoundException" });
  await called((callbacks) => foreign.forgetSpecificDevice(ours.deviceKey, callbacks));
  assert.deepEqual((await pool.account.devices({ accessToken })).devices, []);
});

test("a device is remembered, and no longer, as either client says", async () => {
  const pool = await createPool();
  const foreign = await pool.foreignSignIn();
  const accessToken = foreign.getSignInUserSession().getAccessToken().getJwtToken();
  const status = async () => {
    const { devices: [device] } = await pool.account.devices({ accessToken });
    return device.attributes["dev:device_remembered_status"];
  };
  assert.equal(await status(), "remembered");
  await called((callbacks) => foreign.setDeviceStatusNotRemembered(callbacks));
  assert.equal(await status(), "not_remembered");
  await pool.account.updateDeviceStatus({ accessToken, deviceKey: foreign.deviceKey, remembered: true });
  assert.equal(await status(), "remembered");
});

test("a session refreshes with its device's key, and ends when the device is forgotten", async () => {
  const pool = await createPool();
  const session = openSession(pool.cognito);
  const step = await pool.cognito.signIn({ username: "ada", password: PASSWORD });
  const { accessToken } = step.tokens;
  const { deviceKey } = await pool.cognito.rememberDevice({ accessToken, newDevice: step.newDevice });
  const refreshed = await session.refresh();
  assert.equal(refreshed.deviceKey, deviceKey);
  const bare = { RefreshToken: refreshed.refreshToken, ClientId: pool.clientId };
  await assert.rejects(server.call("GetTokensFromRefreshToken", bare), /Invalid Refresh Token/);
  await pool.account.forgetDevice({ accessToken, deviceKey });
  await assert.rejects(session.refresh(), { code: "signed_out" });
});

test("the foreign client refreshes with its device's key, too", async () => {
  const pool = await createPool();
  const foreign = await pool.foreignSignIn();
  const token = foreign.getSignInUserSession().getRefreshToken();
  const refreshed = await new Promise((resolve, reject) =>
    foreign.refreshSession(token, (error, session) => (error ? reject(error) : resolve(session))));
  assert.equal(refreshed.getIdToken().payload.email, "ada@example.com");
});

// A pool that remembers devices, one user of it, and both clients.
async function createPool() {
  const { UserPool: { Id } } = await server.call("CreateUserPool", { PoolName: "p", DeviceConfiguration: {} });
  const { UserPoolClient: { ClientId } } = await server.call("CreateUserPoolClient", { UserPoolId: Id, ClientName: "c" });
  const UserAttributes = [{ Name: "email", Value: "ada@example.com" }];
  await server.call("AdminCreateUser", { UserPoolId: Id, Username: "ada", UserAttributes });
  await server.call("AdminSetUserPassword", { UserPoolId: Id, Username: "ada", Password: PASSWORD, Permanent: true });
  const options = { userPoolId: Id, clientId: ClientId, endpoint: server.url };
  return {
    clientId: ClientId,
    cognito: new Cognito({ ...options, flow: "srp" }),
    account: new Account(options),
    async foreignSignIn() {
      const Storage = memory();
      const Pool = new aws.CognitoUserPool({ UserPoolId: Id, ClientId, endpoint: server.url, Storage });
      const user = new aws.CognitoUser({ Username: "ada", Pool, Storage });
      const details = new aws.AuthenticationDetails({ Username: "ada", Password: PASSWORD });
      await called((callbacks) => user.authenticateUser(details, callbacks));
      return user;
    },
  };
}

function called(call) {
  return new Promise((onSuccess, onFailure) => call({ onSuccess, onFailure }));
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
