// Clients that sign them in through a Cognito that misbehaves.

import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { CLIENT_ID, POOL_ID, ROTATING_CLIENT_ID } from "../support/local-cognito.mjs";
import { localPool, verifyTokens } from "../support/tokens.mjs";
import { Misbehaving } from "./proxy.mjs";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const DIST = path.join(path.resolve(process.env.PACKAGE ?? path.join(ROOT, "target/npm")), "dist");
const load = (file) => import(pathToFileURL(path.join(DIST, file)));
export const { Cognito, CognitoError } = await load("index.js");
export const { openSession } = await load("session.js");
export const { jwks } = await load("jwks.js");

/** The pool with this project's triggers. */
export const OF_TRIGGERS = { userPoolId: POOL_ID, clientId: CLIENT_ID, flow: "custom" };
/** The same, with refresh tokens that rotate. */
export const ROTATING = { userPoolId: POOL_ID, clientId: ROTATING_CLIENT_ID, flow: "custom" };

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
