/**
 * The sign-in as a custom element, `<cognito-sign-in>`: a form for every step, in the page's own
 * tree, where password managers and one-time codes find its fields.
 *
 * ```html
 * <cognito-sign-in user-pool-id="us-east-1_Example1" client-id="exampleclient"></cognito-sign-in>
 * ```
 * ```ts
 * import { defineSignIn } from 'cognito-email-mfa/element';
 *
 * defineSignIn();
 * document.querySelector('cognito-sign-in')?.addEventListener('signed-in', ({ detail }) => {
 *   use(detail.tokens);
 * });
 * ```
 *
 * @module
 */

import type { Cognito, SignInInput, SignedInStep } from './index.js';
import type { FollowedStep, SignIn } from './react.js';
import type { Session } from './session.js';

/** Defines `<cognito-sign-in>`, once. On a server, where there are no elements, it does nothing. */
export function defineSignIn(): void;

/**
 * `<cognito-sign-in>`. Its attributes:
 *
 * - `user-pool-id`, `client-id`, `endpoint`, `flow`: as in `CognitoOptions`. The package's main
 *   entry is loaded when they are needed, unless there is a {@link CognitoSignInElement.cognito}.
 * - `lang`, here or on an element around it: the language of its words, one of `de`, `en`, `es`,
 *   `fr`, `ja`, `pt`.
 * - `resume`: a reload in the middle goes on with the step that waited, which this tab's
 *   sessionStorage keeps meanwhile. It holds no password and no token.
 * - `issuer`: what an authenticator app calls the account. The name of the host if left out.
 *
 * It looks as the page's `color-scheme` says, and takes its colours from the custom properties
 * `--sign-in-accent`, `-on-accent`, `-ink`, `-soft`, `-surface`, `-sunken`, `-line`, `-field-line`,
 * `-bad`, `-bad-ground`, `-good`, `-good-ground`, and its corners from `--sign-in-radius`. Each part
 * has a `data-part`, such as `form`, `heading`, `text`, `problem`, `note`, `field`, `label`,
 * `input`, `button`, `submit`, which a rule like `cognito-sign-in [data-part~='submit']` means.
 */
export interface CognitoSignInElement extends HTMLElement {
  /** The pool to sign in to, instead of the one that the attributes name. */
  cognito: Cognito | undefined;
  /**
   * Keeps the tokens before `signed-in` is told: a session of another `Cognito` with the same app
   * client. One that was opened with {@link CognitoSignInElement.cognito} has them anyway.
   */
  session: Session | undefined;
  /** Its words; what is set replaces those of the language. */
  get words(): Words;
  set words(words: Partial<Words> | undefined);
  /** What the person has to do next. Its methods move the element on. */
  readonly step: FollowedStep | undefined;
  /** Why the last request has failed. */
  readonly error: SignIn['error'];
  /** Whether a reply is awaited. */
  readonly pending: boolean;
  /** Signs in without the first form. Settles when it is known what is next, and does not reject. */
  start(credentials: SignInInput): Promise<void>;
  /** Gives up, and goes back to the first form. Leaving the page does so too. */
  reset(): void;

  /** As every element has it, with the types of this one's events. */
  addEventListener<Type extends keyof CognitoSignInEvents>(
    type: Type,
    listener: (event: CognitoSignInEvents[Type]) => unknown,
    options?: boolean | AddEventListenerOptions,
  ): void;
  /** The same for any other event. */
  addEventListener(
    type: string,
    listener: EventListenerOrEventListenerObject,
    options?: boolean | AddEventListenerOptions,
  ): void;
}

/** The events of the element, which bubble. */
export interface CognitoSignInEvents extends HTMLElementEventMap {
  /**
   * A step has come. After `preventDefault()` the element shows nothing: the page shows the step
   * itself, and answers it by its methods. This is the way on for steps of the kind `challenge`.
   */
  step: CustomEvent<FollowedStep>;
  /** The person has signed in, and the session has the tokens. */
  'signed-in': CustomEvent<SignedInStep>;
  /** A request has failed, and the element has said so. */
  'sign-in-error': CustomEvent<NonNullable<SignIn['error']>>;
}

/**
 * What the element says. `{to}`, `{time}`, `{n}`, `{field}`, `{name}` and `{reason}` are filled in.
 * The last ones are for errors, by the codes of `CognitoError`.
 */
export type Words = Record<Word, string>;

/** The names of {@link Words}. */
export type Word =
  | 'signIn' | 'username' | 'password' | 'showPassword' | 'next' | 'working'
  | 'checkEmail' | 'checkMessages' | 'openAuthenticator' | 'sentTo' | 'sent' | 'enterShown'
  | 'code' | 'confirm' | 'validFor' | 'noLongerValid' | 'oneTry' | 'tries' | 'resend' | 'resendIn'
  | 'resent' | 'notResent' | 'wrongCode' | 'expiredCode' | 'soonInvalid' | 'startAgain'
  | 'chooseNewPassword' | 'wasTemporary' | 'newPassword' | 'save' | 'notAccepted' | 'name'
  | 'given_name' | 'family_name' | 'nickname' | 'birthdate' | 'phone_number' | 'email'
  | 'howToSignIn' | 'howToConfirm' | 'whatToSetUp' | 'byPassword' | 'byEmail' | 'byMessage'
  | 'byAuthenticator' | 'byPasskey' | 'back' | 'enterPassword'
  | 'setUpAuthenticator' | 'addToApp' | 'key' | 'openApp' | 'usePasskey' | 'deviceWillAsk'
  | 'usePasskeyNow' | 'oneMoreStep' | 'noForm' | 'signedIn' | 'signedInAs'
  | 'missing' | 'missingDigits' | 'offline' | 'lost'
  | 'bad_credentials' | 'locked_out' | 'code_attempts_exceeded' | 'session_expired' | 'network'
  | 'throttled' | 'mail_not_sent' | 'user_not_confirmed' | 'password_reset_required'
  | 'user_disabled' | 'passkey_failed' | 'wasm_unavailable' | 'misconfigured' | 'unavailable';

declare global {
  interface HTMLElementTagNameMap {
    'cognito-sign-in': CognitoSignInElement;
  }
}
