/**
 * React hooks, for React 18 and later: who is signed in, and a sign-in that a component shows step
 * by step. Render them anywhere below any root; there is no provider.
 *
 * ```tsx
 * const { step, error, pending, start } = useSignIn(cognito);
 * if (step?.kind === 'code') return <CodeForm onCode={step.answer} wrong={step.wrong} busy={pending} />;
 * if (step?.kind === 'signedIn') return <p>Hello {step.user.username}</p>;
 * return <PasswordForm onSubmit={start} error={error?.message} busy={pending} />;
 * ```
 *
 * @module
 */

import type { Cognito, CognitoError, SavedStep, SignInInput, Step } from './index.js';
import type { Session, SessionState } from './session.js';

/**
 * Who is signed in. Renders again when that changes, here or in another tab. On a server, and in
 * the first render of a page that came from one, nobody is.
 */
export function useSession(session: Session): SessionState;

/**
 * A sign-in that belongs to the component: it ends when the component is unmounted. Use one
 * `cognito` from outside of the component; another one begins anew.
 */
export function useSignIn(cognito: Cognito): SignIn;

/** A sign-in as it is now, and how it goes on. The functions stay the same. */
export interface SignIn {
  /** What the person has to do next; left out before the start, and when the sign-in has ended. */
  readonly step: FollowedStep | undefined;
  /**
   * Why the last call has failed. If there still is a {@link SignIn.step}, it can be used again;
   * otherwise the sign-in has ended. A `TypeError` has the `code` `invalid_argument`.
   */
  readonly error: CognitoError | (TypeError & { readonly code: 'invalid_argument' }) | undefined;
  /** Whether a reply is awaited. Until then, further calls do nothing but wait for it too. */
  readonly pending: boolean;
  /** Signs in. Settles when it is known what is next, and does not reject. */
  readonly start: (credentials: SignInInput) => Promise<void>;
  /** Goes on with a step that was saved, as {@link Cognito.resume} does. Settles as `start` does. */
  readonly resume: (
    saved: SavedStep,
    options?: Parameters<Cognito['resume']>[1],
  ) => Promise<void>;
  /** Gives up, and goes back to the beginning. */
  readonly reset: () => void;
}

/** A {@link Step} whose methods change the state of the hook, settle then, and do not reject. */
export type FollowedStep = Followed<Step>;

/** A step of one kind, as {@link FollowedStep} has it: `Followed<CodeStep>`. */
export type Followed<S extends Step> = S extends unknown
  ? {
      [Name in keyof S]: S[Name] extends (...given: infer Given) => Promise<Step>
        ? (...given: Given) => Promise<void>
        : S[Name];
    }
  : never;
