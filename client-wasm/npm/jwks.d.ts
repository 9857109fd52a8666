/**
 * Checks that the pool has signed the tokens, by the keys that it publishes.
 *
 * ```ts
 * import { jwks } from 'cognito-email-mfa/jwks';
 *
 * const cognito = new Cognito({ userPoolId, clientId, verifyTokens: jwks() });
 * ```
 *
 * @module
 */
import type { CognitoOptions, TokenVerifier } from './index.js';

export type { TokenVerifier };

/** Where the keys are. */
export interface JwksOptions {
  /**
   * An address to fetch them from instead of `<issuer>/.well-known/jwks.json`, or of the same path
   * under {@link CognitoOptions.endpoint}. Absolute, and `https:` unless it is on this device.
   */
  url?: string | undefined;
}

/**
 * For {@link CognitoOptions.verifyTokens}. Signatures are checked by WebCrypto (RS256). The keys are
 * fetched when a sign-in begins, by `CognitoOptions.fetch` and within its `timeoutMs`, and kept for
 * a day; a token by a key that is not among them has them fetched anew, at most every 30 seconds.
 *
 * A sign-in or refresh fails with `bad_signature` if the pool has not signed the tokens. If the keys
 * cannot be had it fails with `network`, `timeout`, `throttled`, `pool_unavailable` or `bad_reply`. A
 * session that was there stays in either case.
 *
 * @throws {TypeError} if the `url` is no such address, or where there is no `crypto.subtle`: a page
 *   has it by https or on this device.
 */
export function jwks(options?: JwksOptions): TokenVerifier;
