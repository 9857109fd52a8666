// People who sign up, confirm, sign in, remember devices and change things, until the server is gone.

import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { CLIENT_ID, POOL_ID, SEEDED_USER } from "../support/local-cognito.mjs";
import { codeIn } from "../support/mail.mjs";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const DIST = path.join(path.resolve(process.env.PACKAGE ?? path.join(ROOT, "target/npm")), "dist");
export const { Cognito } = await import(pathToFileURL(path.join(DIST, "index.js")));

/** A pool that remembers devices and has no triggers. */
export async function createPool(server) {
  const { UserPool: { Id } } = await server.call("CreateUserPool", { PoolName: "p", DeviceConfiguration: {} });
  const { UserPoolClient: { ClientId } } = await server.call("CreateUserPoolClient", { UserPoolId: Id, ClientName: "c" });
  return { userPoolId: Id, clientId: ClientId };
}

/** Signs somebody up, and confirms it. Ends with an error when the server does, as `change` does. */
export async function join(server, ledger, { clientId }, username) {
  const email = `${username}@example.com`;
  const password = `Correct-Horse-${username}`;
  const who = { ClientId: clientId, Username: username };
  const UserAttributes = [{ Name: "email", Value: email }, { Name: "name", Value: "0" }];
  const joined = { status: "UNCONFIRMED", name: "0", password };
  await ledger.write(username, joined, () => server.call("SignUp", { ...who, Password: password, UserAttributes }));
  const ConfirmationCode = codeIn((await server.mails(email)).at(-1).text);
  await ledger.write(username, { status: "CONFIRMED" }, () => server.call("ConfirmSignUp", { ...who, ConfirmationCode }));
}

/** Signs somebody in, remembers the device, and changes what can be changed until the server is gone. */
export async function change(server, ledger, pool, username) {
  const ClientId = pool.clientId;
  const cognito = new Cognito({ ...pool, flow: "srp", endpoint: server.url });
  let [password] = ledger.expected(username, "password");
  const { tokens, newDevice } = await cognito.signIn({ username, password });
  const { accessToken, refreshToken } = tokens;
  const { deviceKey } = newDevice;
  await ledger.write(username, { [deviceKey]: "remembered" }, () => cognito.rememberDevice({ accessToken, newDevice }));
  const write = (fields, operation, input) =>
    ledger.write(username, fields, () => server.call(operation, { AccessToken: accessToken, ...input }));
  for (;;) {
    const name = crypto.randomUUID();
    await write({ name }, "UpdateUserAttributes", { UserAttributes: [{ Name: "name", Value: name }] });
    const next = `Correct-Horse-${name}`;
    await write({ password: next }, "ChangePassword", { PreviousPassword: password, ProposedPassword: next });
    password = next;
    const AuthParameters = { REFRESH_TOKEN: refreshToken, DEVICE_KEY: deviceKey };
    await server.call("InitiateAuth", { ClientId, AuthFlow: "REFRESH_TOKEN_AUTH", AuthParameters });
  }
}

/** Signs in with a code by mail: what a server that was killed before has to be able to do at once. */
export async function signInWithCode(server) {
  const { username, password } = SEEDED_USER;
  const cognito = new Cognito({ userPoolId: POOL_ID, clientId: CLIENT_ID, flow: "custom", endpoint: server.url });
  const step = await cognito.signIn({ username, password });
  return step.answer(codeIn((await server.mails(username)).at(-1).text));
}

/** What the data file says of a person and some devices; nothing of those who are not in it. */
export function inFile(data, { userPoolId }, username, deviceKeys) {
  const user = data.pools[userPoolId].users[username];
  const devices = deviceKeys.map((key) => [key, user?.devices[key] && "remembered"]);
  return { status: user?.status, name: user?.attributes.name, ...Object.fromEntries(devices) };
}

/** What the server says of a person; nothing of one whom it does not know. */
export async function atServer(server, { userPoolId }, username) {
  const reply = await server.call("AdminGetUser", { UserPoolId: userPoolId, Username: username }).catch((error) => {
    if (/UserNotFoundException/.test(error.message)) return undefined;
    throw error;
  });
  const name = reply?.UserAttributes.find(({ Name }) => Name === "name").Value;
  return { status: reply?.UserStatus, name };
}

/** The password that a person has now, of those that are possible, and what signing in with it gave. */
export async function passwordOf(server, ledger, pool, username) {
  const cognito = new Cognito({ ...pool, flow: "srp", endpoint: server.url });
  for (const password of ledger.expected(username, "password")) {
    const step = await cognito.signIn({ username, password }).catch((error) => error);
    if (step.kind === "signedIn") return { password, step };
  }
  throw new Error(`${username} cannot sign in with any password that may be theirs`);
}
