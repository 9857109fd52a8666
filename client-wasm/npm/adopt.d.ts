/**
 * For applications that change over from amazon-cognito-identity-js or Amplify.
 *
 * @module
 */
import type { Session } from './session.js';

/** Where the old keys are: what amazon-cognito-identity-js and Amplify call a storage. */
export interface OldStorage {
  /** The text of a key. */
  getItem(key: string): string | null | undefined | Promise<string | null | undefined>;
  /** Removes a key. What it returns is waited for. */
  removeItem(key: string): unknown;
}

/**
 * Takes over the session that amazon-cognito-identity-js or Amplify left in the browser, so that
 * people stay signed in after an application has changed over. Call it before the first screen;
 * where there is nothing to take over, it does nothing.
 *
 * The old keys are removed when the session's store has the tokens, and not before. The tokens are
 * refreshed at once. Where somebody is signed in already, the old keys are only removed.
 *
 * @param options.from `localStorage` if left out.
 * @returns Whether a session was taken over, in this tab.
 * @throws {TypeError} if `session` is none.
 */
export function adopt(session: Session, options?: { from?: OldStorage | undefined }): Promise<boolean>;
