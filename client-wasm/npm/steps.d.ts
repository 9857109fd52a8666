/** The steps of a sign-in: what the person has to do next, and how to say that it is done. */

import type { Cognito, CognitoError, FirstFactor, Tokens, User, requestPasskey } from './index.js';

/** What each answer takes beside. */
export interface AnswerOptions {
  /** Gives up waiting when it fires. The answer may have arrived all the same. */
  signal?: AbortSignal | undefined;
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
  /** `ChallengeParameters`: all that the pool and its triggers have told, as they told it. */
  readonly parameters: Readonly<Record<string, string>>;
  /**
   * Answers with what the person typed. Spaces and hyphens do not count, unless triggers ask that
   * do not tell the length of a code: they may ask for anything.
   *
   * @returns The next step: a code again, with `wrong`, or the end.
   * @throws {CognitoError} `invalid_code` or `busy`, after which this step can still be used,
   *   or why the sign-in has ended. After `network`, `timeout` and `aborted` nobody knows
   *   whether the answer arrived: start again. The same holds for `session_used`, and for
   *   `session_expired` straight after an answer: a browser may have sent it twice over a
   *   connection that broke.
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
  /**
   * What {@link Cognito.resume} takes, for a page that may be reloaded. It holds no password and no
   * token, but whoever has it may answer: keep it where this tab alone reads it, such as
   * `sessionStorage`, and drop it when the sign-in ends.
   *
   * @throws {CognitoError} `busy` or `spent`.
   */
  save(): SavedStep;
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
    options?: AnswerOptions & { attributes?: Record<string, string> | undefined },
  ): Promise<Step>;
  /** As {@link CodeStep.save}. The attributes that the pool has are in it, too. */
  save(): SavedStep;
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
    options?: AnswerOptions & { password?: string | undefined; email?: string | undefined },
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
  /** As {@link CodeStep.save}. */
  save(): SavedStep;
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
  /** As {@link CodeStep.save}. Left out if there is no `session`. */
  save?(): SavedStep;
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

/** A step that was put aside: plain, to be kept as JSON. Times are milliseconds since 1970. */
export interface SavedStep {
  readonly version: 1;
  readonly userPoolId: string;
  readonly clientId: string;
  /** What names the user at the pool, which need not be what was typed. */
  readonly username: string;
  readonly clientMetadata: Readonly<Record<string, string>>;
  /** `ChallengeName`. */
  readonly challengeName: string;
  /** `Session`, which goes with the answer. */
  readonly session: string;
  /** `ChallengeParameters`. */
  readonly challengeParameters: Readonly<Record<string, string>>;
  readonly wrong: boolean;
  readonly sent: boolean;
  /** When the pool asked. */
  readonly receivedAt: number;
  /** When the pool stops waiting, by `authSessionValidity`. Each new question begins a new wait. */
  readonly sessionEndsAt: number;
}
