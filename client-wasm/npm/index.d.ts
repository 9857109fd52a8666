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

import type {
  Step, ChoiceStep, PasswordStep, PasskeyStep, SignedInStep, NewDevice, RememberedDevice, SavedStep,
} from './steps.js';
import type { AccountRefusal } from './account.js';

export * from './steps.js';

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
  endpoint?: string | undefined;
  /**
   * `fips`: the region's endpoint whose cryptography is validated by FIPS 140, which the regions of
   * the United States and GovCloud have. The standard one if left out. Not beside an `endpoint`.
   */
  endpointVariant?: 'fips' | undefined;
  /** Used instead of the platform's `fetch`. It is called with one `Request`. */
  fetch?: ((request: Request) => Promise<Response>) | undefined;
  /** Sent with every request, such as a firewall's token. */
  headers?: Record<string, string> | undefined;
  /**
   * How long one operation of the API may take, in milliseconds, with its repetitions and the
   * pauses between them. 30000 if left out: Cognito waits up to 15 seconds for a trigger. `signIn`
   * is two operations, and an answer is one; a remembered device adds two. `InitiateAuth` is sent
   * once more if the pool could not be reached or failed, up to twice more if it was busy; the
   * answers to its challenges are sent once, whatever happens.
   */
  timeoutMs?: number | undefined;
  /** How a sign-in begins; the app client has to allow it. `custom` if left out. */
  flow?: Flow | undefined;
  /**
   * The app client's `AuthSessionValidity`: how many minutes the pool waits for an answer, 3 to 15.
   * 3 if left out, as at Cognito. {@link Cognito.resume} goes by it.
   */
  authSessionValidity?: number | undefined;
  /** Checks the tokens' signatures, too: `jwks()` of `cognito-email-mfa/jwks`. */
  verifyTokens?: TokenVerifier | undefined;
  /**
   * For pools with threat protection: what the browser's risk script has collected of this user,
   * or nothing. Called before each request that takes it, and sent as `UserContextData`. What it
   * throws goes to `reportError`, and the request goes without.
   */
  userContextData?: ((username: string) => string | null | undefined) | undefined;
}

/** Checks tokens that the pool has just issued, beyond what they claim. */
export interface TokenVerifier {
  /** Gets ready ahead of time. What goes wrong here goes wrong again when it is needed. */
  prepare(pool: Settings, signal?: AbortSignal): Promise<void>;
  /** Rejects if the tokens are not to be taken; what it throws is what the sign-in ends with. */
  verify(
    tokens: { readonly accessToken: string; readonly idToken: string },
    pool: Settings,
    signal?: AbortSignal,
  ): Promise<void>;
}

/** {@link CognitoOptions}, checked and completed. */
export interface Settings {
  readonly userPoolId: string;
  readonly clientId: string;
  readonly endpoint?: string;
  readonly endpointVariant?: 'fips';
  /** See {@link CognitoOptions.fetch}. */
  readonly fetch?: (request: Request) => Promise<Response>;
  readonly headers: Headers;
  readonly timeoutMs: number;
  readonly flow: Flow;
  readonly authSessionValidity: number;
  readonly verifyTokens?: TokenVerifier;
  /** See {@link CognitoOptions.userContextData}. */
  readonly userContextData?: (username: string) => string | null | undefined;
}

/**
 * How a sign-in begins.
 *
 * - `custom`: the password by SRP, then what the pool's triggers ask for (`CUSTOM_AUTH`).
 * - `srp`: the password by SRP, then what the pool itself asks for, such as the code of its own
 *   e-mail MFA (`USER_SRP_AUTH`).
 * - `choice`: the way that the person prefers, or one of those that the pool then offers
 *   (`USER_AUTH`).
 */
export type Flow = 'custom' | 'srp' | 'choice';

/** A way to begin with the flow `choice`, by Cognito's names. */
export type FirstFactor = 'PASSWORD_SRP' | 'PASSWORD' | 'EMAIL_OTP' | 'SMS_OTP' | 'WEB_AUTHN';

/** A person's credentials. */
export interface SignInInput {
  /** A user name or alias, 1 to 128 characters, sent exactly as it is. */
  username: string;
  /**
   * The password, or its UTF-8 bytes, used exactly as it is. Bytes may be wiped after the call.
   * It may be left out with the flow `choice`, unless one of the passwords is preferred.
   */
  password?: string | Uint8Array | undefined;
  /**
   * With the flow `choice`, the way to begin. `PASSWORD` sends the password itself; nothing but
   * this, {@link ChoiceStep.choose} and {@link PasswordStep.answer} does. If the pool has
   * another way only, or if this is left out, a {@link ChoiceStep} follows.
   */
  preferred?: FirstFactor | undefined;
  /**
   * The device that the pool remembers, from {@link Cognito.rememberDevice}. Then it is asked for
   * no second factor. If the pool has forgotten it, the sign-in goes on without, and says
   * {@link SignedInStep.deviceForgotten}.
   */
  device?: RememberedDevice | undefined;
  /**
   * Reaches the triggers as `clientMetadata` with every answer, but not with the first
   * request: Cognito drops it there. The key `action` is reserved.
   */
  clientMetadata?: Record<string, string> | undefined;
  /** Ends the sign-in when it fires. */
  signal?: AbortSignal | undefined;
}

/** The tokens. What they claim fits the pool, the client and each other. */
export interface Tokens {
  readonly accessToken: string;
  readonly idToken: string;
  readonly refreshToken?: string;
  /** `Bearer`. */
  readonly tokenType: string;
  /** The device that the refresh token is bound to, if the pool remembers devices. */
  readonly deviceKey?: string;
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
  /**
   * The pool could not be reached, or its reply was cut off, or was a redirect. In a page, a reply
   * without CORS headers looks the same: a firewall's, or that of a wrong `endpoint`.
   */
  | 'network'
  /** No such user, another password, or a passkey that is not theirs; Cognito does not say which. */
  | 'bad_credentials'
  /**
   * Too many wrong passwords, or too many wrong codes over several sign-ins. Waiting helps: after
   * passwords at most about 15 minutes, after codes up to a day, and after a hundred wrong codes in
   * a row not at all.
   */
  | 'locked_out'
  /** The triggers ended the sign-in: too many wrong codes. */
  | 'code_attempts_exceeded'
  /** The sign-in took too long, or the pool does not know it. Start again. */
  | 'session_expired'
  /** The answer arrived twice, or in two tabs. Start again. */
  | 'session_used'
  /** The pool is busy. Try again in a few seconds. */
  | 'throttled'
  /** A quota is used up, such as that for mails to one person. Try again later. */
  | 'limit_exceeded'
  /** A trigger failed; see {@link CognitoError.trigger}. */
  | 'trigger_failed'
  /** The code could not be mailed. */
  | 'mail_not_sent'
  /** The pool does not know the device, or not its password: drop it, and sign in without. */
  | 'device_refused'
  /** The browser has no passkey, or the person did not want to use it. */
  | 'passkey_failed'
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
  /** The tokens are not signed by the pool; see {@link CognitoOptions.verifyTokens}. */
  | 'bad_signature'
  /** `crypto.getRandomValues` is missing or broken. */
  | 'no_randomness'
  /** The wasm module could not be loaded or compiled. */
  | 'wasm_unavailable'
  /** Nobody is signed in, or not any more. */
  | 'signed_out';

/** Those of a sign-in: what {@link Cognito.signIn} and the steps throw. */
export type SignInErrorCode = Exclude<ErrorCode, AccountRefusal | 'passkey_failed' | 'signed_out'>;

/** Those of trouble that passes, see {@link CognitoError.retryable}. */
export type RetryableCode = 'network' | 'timeout' | 'throttled' | 'limit_exceeded' | 'pool_unavailable';

/**
 * Why a sign-in or a call has failed. Mistakes of the caller are not among them: those are `TypeError`s
 * with the `code` `invalid_argument`, and nothing is sent.
 */
export class CognitoError extends Error {
  readonly name: 'CognitoError';
  /** Stays the same from version to version; the message does not. */
  readonly code: ErrorCode;
  /**
   * Whether the trouble passes, so that trying again later makes sense: the `code` is a
   * {@link RetryableCode}. What does no harm twice has been tried again by then. A step that was
   * spent stays spent.
   */
  readonly retryable: boolean;
  /** Cognito's name of the error, such as `NotAuthorizedException`. */
  readonly exception?: string;
  /** The trigger that failed, where Cognito names it: `CreateAuthChallenge`, `PreSignUp`. */
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
  /** What it was made with, for what works beside it, such as `cognito-email-mfa/session`. */
  readonly settings: Settings;
  /**
   * Calls the listener with the last step of every sign-in. The step is handed out when the
   * listener is done, so that what keeps the tokens has them before a page goes elsewhere. What it
   * throws goes to `reportError`.
   *
   * @returns Ends the subscription.
   */
  onSignedIn(listener: (step: SignedInStep) => unknown): () => void;
  /**
   * Does the costly half of SRP ahead of time. Optional: call it when the form appears. There
   * is no need to wait for it, nor for its failure: `signIn` would fail alike. A sign-in with
   * {@link SignInInput.device} or a preferred challenge has no use for it: another module does it.
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
  /**
   * Goes on where a page was left, with what `save` of its last step gave. Nothing is sent, and
   * the password is not needed. In two pages at once, the pool takes the answer of the first alone.
   *
   * @param options `device` as `signIn` was given it: it is not saved.
   * @returns The same step, with the same powers.
   * @throws {TypeError} that names what in it cannot be, or is another pool's or client's.
   * @throws {CognitoError} `session_expired` if the pool has forgotten it by now: start again.
   */
  resume(
    saved: SavedStep,
    options?: { device?: RememberedDevice | undefined; signal?: AbortSignal | undefined },
  ): Promise<Step>;
  /**
   * Has the pool remember this device, so that it asks there for no second factor. Call it if the
   * person agrees.
   *
   * @returns What `signIn` takes from then on.
   * @throws {TypeError} that names the argument, what was expected, and what came.
   * @throws {CognitoError} why the device is not remembered.
   */
  rememberDevice(input: {
    accessToken: string;
    newDevice: NewDevice;
    /** What the person sees in a list of devices. */
    name?: string | undefined;
    signal?: AbortSignal | undefined;
  }): Promise<RememberedDevice>;
}

/**
 * Asks the browser for a passkey: `navigator.credentials.get` from JSON to JSON, also where the
 * browser's own conversions are missing.
 *
 * @throws {CognitoError} `passkey_failed` or `aborted`, with the browser's error as its `cause`.
 */
export function requestPasskey(
  options: PasskeyStep['options'],
  more?: {
    signal?: AbortSignal | undefined;
    mediation?: 'conditional' | 'optional' | 'required' | 'silent' | undefined;
  },
): Promise<object>;

/** A wasm module: its bytes, where they are, the reply that has them, or the module itself. */
export type WasmSource = BufferSource | WebAssembly.Module | URL | string | Response | Promise<Response>;

/**
 * Loads the wasm module that every sign-in needs, `core_bg.wasm`, ahead of time, from elsewhere if a
 * source is given. Optional. Under the conditions `workerd` and `edge-light` one module,
 * `challenges-core_bg.wasm`, does everything.
 *
 * @throws {CognitoError} `wasm_unavailable`.
 */
export function init(source?: WasmSource): Promise<void>;

/**
 * The same for `challenges-core_bg.wasm`, which is otherwise loaded when a sign-in first comes to
 * it: the flow `choice`, {@link SignInInput.device}, {@link Cognito.resume},
 * {@link Cognito.rememberDevice}, and every challenge that is no code.
 *
 * @throws {CognitoError} `wasm_unavailable`.
 */
export function initChallenges(source?: WasmSource): Promise<void>;
