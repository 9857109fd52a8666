// Pools of local-cognito, and people in them whose mails and messages are read.

import aws from "amazon-cognito-identity-js";
import { POOL_ID } from "./local-cognito.mjs";
import { codeIn } from "./mail.mjs";
import { totp } from "./totp.mjs";

export const PASSWORD = "Correct-Horse-9";
export const TEMPORARY = "Temporary-1";

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
  return { username, email, number, password: temporary ? TEMPORARY : PASSWORD, mailed: () => last(email), texted: () => last(number) };
}

/** Sets up an authenticator, by AWS' own client of many years, and gives its secret. */
export async function setUpAuthenticator(server, { userPoolId, clientId }, { username, password }) {
  const Pool = new aws.CognitoUserPool({ UserPoolId: userPoolId, ClientId: clientId, endpoint: server.url });
  const user = new aws.CognitoUser({ Username: username, Pool });
  const details = new aws.AuthenticationDetails({ Username: username, Password: password });
  await new Promise((mfaSetup, onFailure) => user.authenticateUser(details, { mfaSetup, onFailure }));
  const secret = await new Promise((associateSecretCode, onFailure) =>
    user.associateSoftwareToken({ associateSecretCode, onFailure }));
  await new Promise((onSuccess, onFailure) => user.verifySoftwareToken(totp(secret), "phone", { onSuccess, onFailure }));
  return secret;
}
