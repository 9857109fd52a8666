// Compiled and never run: what the types of the package promise, and what they refuse.

import { Cognito, CognitoError, init, initChallenges, requestPasskey } from "../../target/npm/dist/index.js";
import type { CodeStep, ErrorCode, RememberedDevice, RetryableCode, SignInErrorCode, SignedInStep, Step, Tokens } from "../../target/npm/dist/index.js";
import { openSession } from "../../target/npm/dist/session.js";
import type { Session, SessionState, TokenStore } from "../../target/npm/dist/session.js";
import { adopt } from "../../target/npm/dist/adopt.js";
import { Cognito as SlimCognito } from "../../target/npm/dist/slim.js";

const cognito = new Cognito({ userPoolId: "us-east-1_Example1", clientId: "exampleclient" });

/** The compiler lists the cases: a forgotten one would leave a path without a return. */
export async function signIn(ask: (step: CodeStep) => Promise<string>): Promise<Tokens | string> {
  await init();
  await initChallenges(new URL("https://example.com/challenges-core_bg.wasm"));
  await cognito.prepare();
  const { signal } = new AbortController();
  let step: Step = await cognito.signIn({
    username: "user@example.com",
    password: new Uint8Array(9),
    clientMetadata: { campaign: "spring" },
    signal,
  });
  for (;;) {
    switch (step.kind) {
      case "code": {
        const { wrong, sent }: { wrong: boolean; sent: boolean } = step;
        const code = await ask(step);
        const resendAt: Date | undefined = step.resendAt;
        step = wrong && !sent && resendAt ? await step.resend({ signal }) : await step.answer(code);
        break;
      }
      case "signedIn":
        return step.tokens;
      case "newPassword":
        step = await step.answer(step.rejected ?? "", { attributes: { [step.requiredAttributes[0] ?? ""]: "" }, signal });
        break;
      case "choice":
        step = await step.choose(step.options[0] ?? step.purpose, { password: "", email: "", signal });
        break;
      case "password":
        step = await step.answer(step.factor);
        break;
      case "authenticator":
        step = await step.answer(step.uri({ issuer: "Example", account: step.secret }));
        break;
      case "passkey":
        step = await step.answer(await requestPasskey(step.options, { signal }));
        break;
      case "challenge":
        step = await step.answer({ ANSWER: step.name });
        break;
      default:
        return step satisfies never;
    }
  }
}

export const everyOption = new SlimCognito({
  userPoolId: "us-east-1_Example1",
  clientId: "exampleclient",
  endpoint: "https://proxy.example.com/",
  fetch: (request) => fetch(request),
  headers: { "x-firewall": "1" },
  timeoutMs: 5_000,
  flow: "choice",
  userContextData: (username) => (username === "" ? undefined : "encoded"),
});
export const withFips = new Cognito({ userPoolId: "us-gov-west-1_A", clientId: "c", endpointVariant: "fips" });
// @ts-expect-error there is no such variant
new Cognito({ userPoolId: "us-gov-west-1_A", clientId: "c", endpointVariant: "FIPS" });

export const ownStore: TokenStore = {
  get: async (key) => (key === "" ? null : undefined),
  set: () => {},
  remove: async () => {},
};
export const session: Session = openSession(cognito, { store: ownStore });
openSession(everyOption, { store: "local", clientMetadata: { plan: "pro" } }).close();

/** As React's useSyncExternalStore takes them. */
export function snapshot(use: <T>(subscribe: (listener: () => void) => () => void, read: () => T) => T): string | undefined {
  const state: SessionState = use(session.subscribe, () => session.state);
  switch (state.kind) {
    case "signedIn":
      return `${state.user.username} ${state.expiresAt.toISOString()}`;
    case "signedOut":
      return state.cause?.code;
  }
}

export async function useSession(signal: AbortSignal): Promise<string> {
  const adopted: boolean = await adopt(session, { from: sessionStorage });
  await session.opened;
  const stored: boolean = await session.keep({ accessToken: "a.b.c", idToken: "a.b.c" });
  void [adopted, stored];
  await session.refresh({ signal });
  const unsubscribe: () => void = cognito.onSignedIn(async ({ tokens }) => void (await session.keep(tokens)));
  unsubscribe();
  const { accessToken } = await session.tokens();
  await session.signOutEverywhere();
  await session.signOut({ signal });
  // @ts-expect-error The state is for reading.
  session.state = { kind: "signedOut" };
  return accessToken;
}

/** What a configuration may lack is handed over as it is. */
export async function configured(endpoint: string | undefined, device: RememberedDevice | undefined, signal?: AbortSignal) {
  const here = new Cognito({ userPoolId: "us-east-1_Example1", clientId: "exampleclient", endpoint });
  const step = await here.signIn({ username: "user", password: "secret", device, signal });
  return step.kind === "code" ? step.answer("123456", { signal }) : step;
}

/** A device goes from one sign-in to the next. */
export async function remember({ tokens, newDevice }: SignedInStep): Promise<Step | undefined> {
  if (!newDevice) return undefined;
  const { accessToken } = tokens;
  const device: RememberedDevice = await cognito.rememberDevice({ accessToken, newDevice, name: "Browser" });
  // @ts-expect-error Not one of the first factors.
  void everyOption.signIn({ username: "user", preferred: "SOFTWARE_TOKEN_MFA" });
  return everyOption.signIn({ username: "user", preferred: "EMAIL_OTP", device });
}

export function read(step: SignedInStep): Date {
  const email: string | undefined = step.user.email;
  const claim: unknown = step.user.claims["custom:plan"];
  const refresh: string | undefined = step.tokens.refreshToken;
  void [email, claim, refresh];
  // @ts-expect-error Tokens are for reading.
  step.tokens.accessToken = "";
  // @ts-expect-error A step that has ended takes no code.
  step.answer("123456");
  return step.tokens.expiresAt;
}

export function explain(error: unknown): ErrorCode | undefined {
  if (!(error instanceof CognitoError)) return undefined;
  // @ts-expect-error Not one of the codes.
  if (error.code === "bad_password") return undefined;
  const exception: string | undefined = error.exception;
  const retryable: boolean = error.retryable;
  void [exception, retryable];
  return error.code;
}

/** Families are closed: each code of theirs is one of all. */
export const families: ErrorCode[] = ["throttled" satisfies RetryableCode, "session_used" satisfies SignInErrorCode];
// @ts-expect-error Only the account is told so.
export const accountsOwn: SignInErrorCode = "username_exists";
// @ts-expect-error Waiting does not help.
export const lasting: RetryableCode = "bad_credentials";

// @ts-expect-error The client is missing.
new Cognito({ userPoolId: "us-east-1_Example1" });
// @ts-expect-error A limit is a number.
new Cognito({ userPoolId: "us-east-1_Example1", clientId: "c", timeoutMs: "5s" });
// @ts-expect-error No such store.
openSession(cognito, { store: "cookie" });
// @ts-expect-error A store can forget, too.
openSession(cognito, { store: { get: () => null, set: () => {} } });
// @ts-expect-error What it was made with stays.
cognito.settings.clientId = "another";
// @ts-expect-error A password is text or bytes.
cognito.signIn({ username: "user@example.com", password: 7 });
// @ts-expect-error A user name is text.
cognito.signIn({ username: 7, password: "" });
// @ts-expect-error Errors are made by the package alone.
new CognitoError("mine");
