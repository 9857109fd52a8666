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
  /** How a sign-in begins; the app client has to allow it. `custom` if left out. */
  flow?: Flow;
}

/** {@link CognitoOptions}, checked and completed. */
export interface Settings {
  readonly userPoolId: string;
  readonly clientId: string;
  readonly endpoint?: string;
  readonly fetch?: (request: Request) => Promise<Response>;
  readonly headers: Headers;
  readonly timeoutMs: number;
  readonly flow: Flow;
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
  password?: string | Uint8Array;
  /**
   * With the flow `choice`, the way to begin. `PASSWORD` sends the password itself; nothing but
   * this, {@link ChoiceStep.choose} and {@link PasswordStep.answer} does. If the pool has
   * another way only, or if this is left out, a {@link ChoiceStep} follows.
   */
  preferred?: FirstFactor;
  /**
   * The device that the pool remembers, from {@link Cognito.rememberDevice}. Then it is asked for
   * no second factor. If the pool has forgotten it, the sign-in goes on without, and says
   * {@link SignedInStep.deviceForgotten}.
   */
  device?: RememberedDevice;
  /**
   * Reaches the triggers as `clientMetadata` with every answer, but not with the first
   * request: Cognito drops it there. The key `action` is reserved.
   */
  clientMetadata?: Record<string, string>;
  /** Ends the sign-in when it fires. */
  signal?: AbortSignal;
}

/** What each answer takes beside. */
export interface AnswerOptions {
  /** Gives up waiting when it fires. The answer may have arrived all the same. */
  signal?: AbortSignal;
}

/** What a sign-in wants next. */
export type Step =
  | CodeStep
  | NewPasswordStep
  | ChoiceStep
  | PasswordStep
  | AuthenticatorStep
  | PasskeyStep
  | SignedInStep
  | ChallengeStep;

/** A code is awaited. Each step is used once; the next one comes back. */
export interface CodeStep {
  readonly kind: 'code';
  /** Where the code comes from, if the pool says so. An authenticator shows one at any time. */
  readonly medium?: 'email' | 'sms' | 'authenticator';
  /** Whether this step follows a wrong answer. */
  readonly wrong: boolean;
  /** Whether a code was sent just now. `false` after a resend that came too soon. */
  readonly sent: boolean;
  /** The address or number, masked: `u***@e***`. */
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
  /** The pool would remember this device, see {@link Cognito.rememberDevice}. */
  readonly newDevice?: NewDevice;
  /** The pool does not know the device any more that `signIn` was given: drop it. */
  readonly deviceForgotten?: true;
}

/** The password was a temporary one (`NEW_PASSWORD_REQUIRED`). */
export interface NewPasswordStep {
  readonly kind: 'newPassword';
  /** The attributes that the pool requires and does not have yet, such as `given_name`. */
  readonly requiredAttributes: readonly string[];
  /** Those that it has. */
  readonly attributes: Readonly<Record<string, string>>;
  /** Why the pool did not take the last answer, in its words. The step can be used again. */
  readonly rejected?: string;
  /**
   * Answers.
   *
   * @throws {TypeError} if a required attribute has no value; the step can still be used.
   * @throws {CognitoError} as {@link CodeStep.answer} does.
   */
  answer(
    newPassword: string,
    options?: AnswerOptions & { attributes?: Record<string, string> },
  ): Promise<Step>;
}

/** There are several ways to go on. */
export interface ChoiceStep {
  readonly kind: 'choice';
  /**
   * What is chosen: how to begin (`SELECT_CHALLENGE`), which second factor to use
   * (`SELECT_MFA_TYPE`), or which to set up (`MFA_SETUP`).
   */
  readonly purpose: 'firstFactor' | 'secondFactor' | 'setUp';
  /** Cognito's names: {@link FirstFactor}s, or `SMS_MFA`, `SOFTWARE_TOKEN_MFA`, `EMAIL_OTP`. */
  readonly options: readonly string[];
  /**
   * Chooses. `PASSWORD` and `PASSWORD_SRP` need the `password`, unless `signIn` had it; to set up
   * `EMAIL_OTP` takes the `email`.
   *
   * @throws {TypeError} if it is no option, or something is missing; the step can still be used.
   * @throws {CognitoError} as {@link CodeStep.answer} does.
   */
  choose(
    option: string,
    options?: AnswerOptions & { password?: string; email?: string },
  ): Promise<Step>;
}

/** The pool asks for the password in the middle of a sign-in. */
export interface PasswordStep {
  readonly kind: 'password';
  /** With `PASSWORD`, the answer sends the password itself; with `PASSWORD_SRP` it stays here. */
  readonly factor: 'PASSWORD' | 'PASSWORD_SRP';
  /** @throws {CognitoError} as {@link CodeStep.answer} does. */
  answer(password: string, options?: AnswerOptions): Promise<Step>;
}

/** An authenticator app is being set up. */
export interface AuthenticatorStep {
  readonly kind: 'authenticator';
  /** Whether this step follows a wrong answer. */
  readonly wrong: boolean;
  /** What the person types into the app, in base32. */
  readonly secret: string;
  /** The same for a QR code. */
  uri(label: { issuer: string; account: string }): string;
  /**
   * Answers with the six digits that the app shows then.
   *
   * @throws {CognitoError} as {@link CodeStep.answer} does.
   */
  answer(code: string, options?: AnswerOptions): Promise<Step>;
}

/** A passkey is awaited (`WEB_AUTHN`). {@link requestPasskey} asks the browser for one. */
export interface PasskeyStep {
  readonly kind: 'passkey';
  /** A `PublicKeyCredentialRequestOptionsJSON`. */
  readonly options: Readonly<Record<string, unknown>>;
  /**
   * Answers with an `AuthenticationResponseJSON`, or with a credential that writes itself as one.
   *
   * @throws {CognitoError} as {@link CodeStep.answer} does.
   */
  answer(credential: object, options?: AnswerOptions): Promise<Step>;
}

/** A challenge that has no form here, handed back whole. */
export interface ChallengeStep {
  readonly kind: 'challenge';
  /** `ChallengeName`. */
  readonly name: string;
  /** `Session`, for the answer. */
  readonly session?: string;
  /** `ChallengeParameters`. */
  readonly parameters: Readonly<Record<string, string>>;
  /**
   * Answers with `ChallengeResponses`; `USERNAME` is added unless it is there.
   *
   * @throws {CognitoError} as {@link CodeStep.answer} does.
   */
  answer(responses: Record<string, string>, options?: AnswerOptions): Promise<Step>;
}

/** A device that the pool would remember. */
export interface NewDevice {
  readonly deviceKey: string;
  readonly deviceGroupKey: string;
}

/**
 * A device that the pool remembers. Whoever has its password passes for it: keep it as you keep
 * refresh tokens.
 */
export interface RememberedDevice extends NewDevice {
  readonly devicePassword: string;
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
  /** `crypto.getRandomValues` is missing or broken. */
  | 'no_randomness'
  /** The wasm module could not be loaded or compiled. */
  | 'wasm_unavailable'
  /** Nobody is signed in, or not any more. */
  | 'signed_out';

/**
 * Why a sign-in or a call has failed. Mistakes of the caller are not among them: those are `TypeError`s
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
    name?: string;
    signal?: AbortSignal;
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
  more?: { signal?: AbortSignal; mediation?: 'conditional' | 'optional' | 'required' | 'silent' },
): Promise<object>;

/**
 * Loads the wasm module ahead of time, from elsewhere if a source is given. Optional.
 *
 * @throws {CognitoError} `wasm_unavailable`.
 */
export function init(
  source?: BufferSource | WebAssembly.Module | URL | string | Response | Promise<Response>,
): Promise<void>;
