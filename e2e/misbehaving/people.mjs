// Pools of local-cognito, people in them, and clients that sign them in through a Cognito that misbehaves.

import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { CLIENT_ID, POOL_ID, ROTATING_CLIENT_ID } from "../support/local-cognito.mjs";
import { codeIn } from "../support/mail.mjs";
import { localPool, verifyTokens } from "../support/tokens.mjs";
import { Misbehaving } from "./proxy.mjs";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const DIST = path.join(path.resolve(process.env.PACKAGE ?? path.join(ROOT, "target/npm")), "dist");
const load = (file) => import(pathToFileURL(path.join(DIST, file)));
export const { Cognito, CognitoError } = await load("index.js");
export const { openSession } = await load("session.js");
export const { jwks } = await load("jwks.js");
export const PASSWORD = "Correct-Horse-9";
export const TEMPORARY = "Temporary-1";

/** The pool with this project's triggers. */
export const OF_TRIGGERS = { userPoolId: POOL_ID, clientId: CLIENT_ID, flow: "custom" };
/** The same, with refresh tokens that rotate. */
export const ROTATING = { userPoolId: POOL_ID, clientId: ROTATING_CLIENT_ID, flow: "custom" };

/** A pool without triggers: `flow` is how its client signs in. */
export async function createPool(server, flow, input = {}, mfa = undefined) {
  const { UserPool: { Id } } = await server.call("CreateUserPool", { PoolName: "p", ...input });
  if (mfa) await server.call("SetUserPoolMfaConfig", { UserPoolId: Id, ...mfa });
  const ExplicitAuthFlows = ["ALLOW_USER_SRP_AUTH", "ALLOW_USER_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"];
  const client = { UserPoolId: Id, ClientName: "c", ExplicitAuthFlows };
  const { UserPoolClient: { ClientId } } = await server.call("CreateUserPoolClient", client);
  return { userPoolId: Id, clientId: ClientId, flow };
}

let people = 0;

/** Somebody new in a pool, with an address and a number of their own. */
export async function createPerson(server, { userPoolId }, { temporary = false } = {}) {
  people += 1;
  const [email, number] = [`person${people}@example.com`, `+1206555${String(people).padStart(4, "0")}`];
  const username = userPoolId === POOL_ID ? email : `person${people}`;
  const UserAttributes = [
    { Name: "email", Value: email },
    { Name: "email_verified", Value: "true" },
    { Name: "phone_number", Value: number },
    { Name: "phone_number_verified", Value: "true" },
  ];
  const who = { UserPoolId: userPoolId, Username: username };
  const created = { ...who, MessageAction: "SUPPRESS", TemporaryPassword: TEMPORARY, UserAttributes };
  await server.call("AdminCreateUser", created);
  if (!temporary) await server.call("AdminSetUserPassword", { ...who, Password: PASSWORD, Permanent: true });
  const last = async (address) => codeIn((await server.mails(address)).at(-1).text);
  return { username, password: temporary ? TEMPORARY : PASSWORD, mailed: () => last(email), texted: () => last(number) };
}

/** A client of a pool, and the Cognito that misbehaves between the two. */
export async function clientOf(t, server, pool, options = {}) {
  const proxy = new Misbehaving(server.url);
  const endpoint = await proxy.listen();
  t.after(() => proxy.close());
  return { proxy, cognito: new Cognito({ ...pool, endpoint, ...options }) };
}

/** Fails unless the verifier that AWS gives to receivers takes both tokens. */
export function judgeTokens(tokens, server, { userPoolId, clientId }) {
  return verifyTokens(tokens, localPool(server.url, userPoolId, clientId));
}
