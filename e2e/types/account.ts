// The types of the account's entry, as a page uses them.
import {
  Account,
  CognitoError,
  type AccountErrorCode,
  type AccountRefusal,
  type Delivery,
} from "../../target/npm/dist/account.js";
import { CognitoError as OfSignIn, type ErrorCode } from "../../target/npm/dist/index.js";

const account = new Account({ userPoolId: "us-east-1_Example1", clientId: "exampleclient" });

export async function join(username: string, password: string): Promise<Delivery | undefined> {
  const { sub, confirmed, delivery } = await account.signUp({
    username, password, attributes: { name: "Ada" }, signal: AbortSignal.timeout(5000),
  });
  const shown: [string, boolean, string | undefined] = [sub, confirmed, delivery?.sentTo];
  void shown;
  const nothing: void = await account.confirmSignUp({ username, code: "123456" });
  void nothing;
  return delivery;
}

export async function newest(accessToken: string): Promise<Date | undefined> {
  const { devices, next } = await account.devices({ accessToken, limit: 10 });
  const page: string | undefined = next;
  await account.devices({ accessToken, limit: undefined, next: page });
  const { attributes } = await account.userAttributes({ accessToken });
  // @ts-expect-error An attribute may not be there.
  const name: string = attributes.name;
  void name;
  // @ts-expect-error Attributes are for reading.
  attributes.name = "";
  return devices[0]?.lastAuthenticated;
}

// The union is closed, and part of the package's.
export function words(code: AccountRefusal): string {
  switch (code) {
    case "wrong_code": case "code_expired": case "attempts_exceeded":
    case "password_not_accepted": case "password_used_before": case "username_exists":
    case "alias_exists": case "user_not_found": case "already_confirmed":
    case "no_verified_address": case "device_not_found": case "token_rejected":
    case "not_permitted": case "invalid_input":
      return code;
  }
}
export const whole = (code: AccountErrorCode): ErrorCode => code;

export function explain(error: unknown): string | undefined {
  if (!(error instanceof CognitoError) || !(error instanceof OfSignIn)) return undefined;
  // @ts-expect-error Not one of the codes.
  if (error.code === "code_mismatch") return undefined;
  return error.retryable ? "again" : error.trigger;
}

// @ts-expect-error The code is missing.
account.confirmSignUp({ username: "user@example.com" });
// @ts-expect-error A token says who, not a name.
account.deleteUser({ username: "user@example.com" });
// @ts-expect-error Values of attributes are texts.
account.updateUserAttributes({ accessToken: "", attributes: { age: 7 } });
