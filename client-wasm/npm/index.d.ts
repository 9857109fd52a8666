/**
 * Sign-in to an Amazon Cognito user pool with a password and a code from an e-mail.
 *
 * ```ts
 * const cognito = new Cognito({ userPoolId: 'us-east-1_Example1', clientId: 'exampleclient' });
 * let step = await cognito.signIn({ username, password });
 * while (step.kind === 'code') step = await step.answer(await ask(step));
 * if (step.kind === 'signedIn') use(step.tokens);
 * ```
 *
 * @module
 */

import type { AccountRefusal } from './account.js';

/** Where to sign in, and how requests are sent. */
export interface CognitoOptions {
  /** The pool's id, such as `us-east-1_Example1`. */
  userPoolId: string;
  /** The id of an app client without a secret. */
  clientId: string;
  /**
   * Where to send requests instead of the pool's own address: a proxy, or a local pool.
   * Absolute, and `https:` unless it is on this device.
   */
  endpoint?: string;
  /** Used instead of the platform's `fetch`. It is called with one `Request`. */
  fetch?: (request: Request) => Promise<Response>;
  /** Sent with every request, such as a firewall's token. */
  headers?: Record<string, string>;
  /**
   * How long one request may take, in milliseconds. 30000 if left out: Cognito waits up to 15
   * seconds for a trigger.
   */
  timeoutMs?: number;
}

/** A person's credentials. */
export interface SignInInput {
  /** A user name or alias, 1 to 128 characters, sent exactly as it is. */
  username: string;
  /** The password, or its UTF-8 bytes, used exactly as it is. Bytes may be wiped after the call. */
  password: string | Uint8Array;
  /**
   * Reaches the triggers as `clientMetadata` with every answer, but not with the first
   * request: Cognito drops it there. The key `action` is reserved.
   */
  clientMetadata?: Record<string, string>;
  /** Ends the sign-in when it fires. */
  signal?: AbortSignal;
}

/** What {@link CodeStep.answer} and {@link CodeStep.resend} take beside. */
export interface AnswerOptions {
  /** Gives up waiting when it fires. The answer may have arrived all the same. */
  signal?: AbortSignal;
}

/** What a sign-in wants next. */
export type Step = CodeStep | SignedInStep | ChallengeStep;

/** A code is awaited. Each step is used once; the next one comes back. */
export interface CodeStep {
  readonly kind: 'code';
  /** Whether this step follows a wrong answer. */
  readonly wrong: boolean;
  /** Whether a code was mailed just now. `false` after a resend that came too soon. */
  readonly sent: boolean;
  /** The address, masked: `u***@e***`. */
  readonly sentTo?: string;
  /** How many digits a code has. */
  readonly codeLength?: number;
  /** How many answers may still be given. */
  readonly attemptsLeft?: number;
  /** When the code stops being valid. */
  readonly expiresAt?: Date;
  /** From when on a new code may be asked for. Left out if none is to be had. */
  readonly resendAt?: Date;
  /**
   * Answers with what the person typed; spaces and hyphens do not count.
   *
   * @returns The next step: a code again, with `wrong`, or the end.
   * @throws {CognitoError} `invalid_code` or `busy`, after which this step can still be used,
   *   or why the sign-in has ended. After `network`, `timeout` and `aborted` nobody knows
   *   whether the answer arrived: start again. The same holds for `session_expired` straight
   *   after an answer: a browser may have sent it twice over a connection that broke.
   */
  answer(code: string, options?: AnswerOptions): Promise<Step>;
  /**
   * Asks for a new code. The password is not needed again, and no attempt is spent.
   *
   * @returns The next step; look at `sent`.
   * @throws {TypeError} if there is no `resendAt`.
   * @throws {CognitoError} as {@link CodeStep.answer} does.
   */
  resend(options?: AnswerOptions): Promise<Step>;
}

/** The sign-in is complete. */
export interface SignedInStep {
  readonly kind: 'signedIn';
  readonly tokens: Tokens;
  readonly user: User;
}

/** Another challenge of the pool, handed back whole: answer it with `RespondToAuthChallenge`. */
export interface ChallengeStep {
  readonly kind: 'challenge';
  /** `ChallengeName`, such as `NEW_PASSWORD_REQUIRED`. */
  readonly name: string;
  /** `Session`, for the answer. */
  readonly session?: string;
  /** `ChallengeParameters`. */
  readonly parameters: Record<string, string>;
}

/** The tokens. They are kept nowhere: that is the application's decision. */
export interface Tokens {
  readonly accessToken: string;
  readonly idToken: string;
  readonly refreshToken?: string;
  /** `Bearer`. */
  readonly tokenType: string;
  /** When access and ID token stop being valid, by the clock of this device. */
  readonly expiresAt: Date;
}

/** Who the ID token says has signed in. Its signature is for its receiver to check. */
export interface User {
  readonly username: string;
  readonly sub: string;
  readonly email?: string;
  /** Every claim of the ID token, decoded. */
  readonly claims: Record<string, unknown>;
}

/** The codes of {@link CognitoError}. */
export type ErrorCode =
  /** What the account alone can be refused with. */
  | AccountRefusal
  /** What was typed cannot be a code. No attempt was spent; the step can still be used. */
  | 'invalid_code'
  /** The step is being answered. */
  | 'busy'
  /** The step has been answered. */
  | 'spent'
  /** The caller's signal fired. */
  | 'aborted'
  /** No reply within `timeoutMs`. */
  | 'timeout'
  /** The pool could not be reached, or its reply was cut off. */
  | 'network'
  /** No such user, or another password; Cognito does not say which. */
  | 'bad_credentials'
  /**
   * Too many wrong passwords, or too many wrong codes over several sign-ins. Waiting helps: after
   * passwords at most about 15 minutes, after codes up to a day, and after a hundred wrong codes in
   * a row not at all.
   */
  | 'locked_out'
  /** The triggers ended the sign-in: too many wrong codes. */
  | 'code_attempts_exceeded'
  /** The sign-in took too long, or its session was used elsewhere. Start again. */
  | 'session_expired'
  /** The pool is busy, or the person was mailed too many codes lately. Try later. */
  | 'throttled'
  /** A trigger failed. */
  | 'trigger_failed'
  /** The code could not be mailed. */
  | 'mail_not_sent'
  | 'user_not_confirmed'
  | 'password_reset_required'
  | 'user_disabled'
  /** Pool, app client or triggers are not set up for this sign-in. */
  | 'misconfigured'
  /** A firewall in front of the pool refused. */
  | 'forbidden'
  /** The pool has failed. */
  | 'pool_unavailable'
  /** Any other exception; see {@link CognitoError.exception}. */
  | 'refused'
  /** Something answered that is not Cognito, or not as Cognito does. */
  | 'bad_reply'
  /** `crypto.getRandomValues` is missing or broken. */
  | 'no_randomness'
  /** The wasm module could not be loaded or compiled. */
  | 'wasm_unavailable';

/**
 * Why a sign-in has ended. Mistakes of the caller are not among them: those are `TypeError`s
 * with the `code` `invalid_argument`, and nothing is sent.
 */
export class CognitoError extends Error {
  readonly name: 'CognitoError';
  /** Stays the same from version to version; the message does not. */
  readonly code: ErrorCode;
  /**
   * Whether the trouble passes, so that trying again later makes sense: `network`, `timeout`,
   * `throttled`, `pool_unavailable`. A step that was spent stays spent.
   */
  readonly retryable: boolean;
  /** Cognito's name of the error, such as `NotAuthorizedException`. */
  readonly exception?: string;
  /** The trigger that failed, where the account's calls learn it: `PreSignUp`. */
  readonly trigger?: string;
  /** The HTTP status. */
  readonly status?: number;
  /** Cognito's id of the request, for its support. */
  readonly requestId?: string;
  private constructor();
}

/** A user pool to sign in to. */
export class Cognito {
  /** @throws {TypeError} that names the option, what was expected, and what came. */
  constructor(options: CognitoOptions);
  /**
   * Does the costly half of SRP ahead of time. Optional: call it when the form appears. There
   * is no need to wait for it, nor for its failure: `signIn` would fail alike.
   *
   * @throws {CognitoError} `wasm_unavailable` or `no_randomness`.
   */
  prepare(): Promise<void>;
  /**
   * Signs in.
   *
   * @returns The next step, in most cases a code.
   * @throws {TypeError} that names the argument, what was expected, and what came.
   * @throws {CognitoError} why the sign-in has ended.
   */
  signIn(input: SignInInput): Promise<Step>;
}

/**
 * Loads the wasm module ahead of time, from elsewhere if a source is given. Optional.
 *
 * @throws {CognitoError} `wasm_unavailable`.
 */
export function init(
  source?: BufferSource | WebAssembly.Module | URL | string | Response | Promise<Response>,
): Promise<void>;
