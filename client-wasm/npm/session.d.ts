/**
 * A session: it keeps the tokens, has fresh ones when you ask for them, and follows the other tabs.
 *
 * @module
 */
import type { Cognito, CognitoError, Tokens, User } from './index.js';

/**
 * Opens a session: from now on, every sign-in with this `cognito` lands in it.
 *
 * ```ts
 * const session = openSession(cognito, { store: 'local' });
 * session.subscribe((state) => render(state));
 * const { accessToken } = await session.tokens();
 * ```
 *
 * What the store has from before is there at once, or, if the store answers later, when
 * {@link Session.opened} settles.
 *
 * @throws {TypeError} if `cognito` is none, there is no such store, or `clientMetadata` are no strings.
 */
export function openSession(
  cognito: Cognito,
  options?: {
    store?: Store | undefined;
    /** Reaches the pool's triggers as `clientMetadata` with every refresh. */
    clientMetadata?: Record<string, string> | undefined;
  },
): Session;

/**
 * Where a session keeps the tokens. `memory` if left out: they are gone with the page, and no
 * script finds them in a storage. `session` is this tab's sessionStorage, `local` the localStorage
 * that all tabs share; where the browser has neither or blocks it, memory.
 */
export type Store = 'memory' | 'session' | 'local' | TokenStore;

/**
 * A store of the application's own: one text under one key. All tabs that share it must see the
 * same text. What it throws goes to `reportError`; the session then lives on in memory.
 */
export interface TokenStore {
  /** The text, or null or undefined if there is none. */
  get(key: string): Promise<string | null | undefined> | string | null | undefined;
  /** Puts the text in the place of what was there. */
  set(key: string, text: string): Promise<void> | void;
  /** Removes the text, if there is one. */
  remove(key: string): Promise<void> | void;
}

/** What {@link Session}'s methods take. */
export interface SessionOptions {
  /** Ends the waiting when it fires. A refresh goes on: others may be waiting for it. */
  signal?: AbortSignal | undefined;
}

/** Whether somebody is signed in. The same object until something changes. */
export type SessionState = SignedOutState | SignedInState;

/** Nobody is signed in. */
export interface SignedOutState {
  readonly kind: 'signedOut';
  /** Why the session ended, if nobody asked for it. The code is `signed_out`. */
  readonly cause?: CognitoError;
}

/** Somebody is signed in. */
export interface SignedInState {
  readonly kind: 'signedIn';
  readonly user: User;
  /** When the tokens of now stop being valid. They are refreshed before. */
  readonly expiresAt: Date;
}

/**
 * Who is signed in, and tokens that are fresh when they are asked for.
 *
 * The tokens are refreshed when about four fifths of their life are over, in one tab for all, and
 * what other tabs do is followed. Only a definite refusal ends a session: trouble with the network
 * never does.
 */
export interface Session {
  /** The app client's. */
  readonly clientId: string;
  /** As of now. With a {@link TokenStore} that answers later, wait for `opened` first. */
  readonly state: SessionState;
  /** Settles when the store has been read. It does not reject. */
  readonly opened: Promise<void>;
  /**
   * Calls the listener after every change, here or in another tab. Needs no `this`:
   * `useSyncExternalStore(session.subscribe, () => session.state)`.
   *
   * @returns Ends the subscription.
   */
  readonly subscribe: (listener: (state: SessionState) => void) => () => void;
  /**
   * Tokens that are valid, refreshed if need be. All who ask at once share one refresh. In the 30
   * seconds after a refresh that failed, tokens that have expired are not asked for again.
   *
   * @throws {CognitoError} `signed_out`, or why there are none now: if `retryable`, the session
   *   stands, and a later call may succeed.
   */
  tokens(options?: SessionOptions): Promise<Tokens>;
  /**
   * New tokens, whatever the age of the present ones: to pick up claims that have changed.
   *
   * @throws {CognitoError} as {@link Session.tokens} does.
   */
  refresh(options?: SessionOptions): Promise<Tokens>;
  /**
   * Takes tokens from elsewhere, or of a sign-in that came before the session.
   *
   * @returns Whether the store has them. If it failed, memory has them all the same.
   * @throws {TypeError} that names what is of another type.
   * @throws {CognitoError} `bad_reply` if they are not this pool's, this client's, or do not fit.
   */
  keep(tokens: GivenTokens): Promise<boolean>;
  /**
   * Signs out here: empties the store, tells the other tabs, then revokes the refresh token.
   *
   * @throws {CognitoError} why it could not be revoked. The person is signed out all the same.
   */
  signOut(options?: SessionOptions): Promise<void>;
  /**
   * Signs out on every device. Access tokens in use stay valid for their receivers until they expire.
   *
   * @throws {CognitoError} if the pool could not be told. Nothing has changed then: try again.
   */
  signOutEverywhere(options?: SessionOptions): Promise<void>;
  /**
   * Ends the looking after: sign-ins, timers and other tabs are no longer listened to. Nobody is
   * signed out, the record stays in its store, and a refresh under way is finished. Calls are
   * still answered.
   */
  close(): void;
}

/** Tokens from elsewhere, for {@link Session.keep}. */
export interface GivenTokens {
  readonly accessToken: string;
  readonly idToken: string;
  readonly refreshToken?: string | undefined;
  /** `Bearer` if left out. */
  readonly tokenType?: string | undefined;
  /** By the clock of this device. What the access token says if left out. */
  readonly expiresAt?: Date | undefined;
  /** The key of a remembered device, without which its refresh token is refused. */
  readonly deviceKey?: string | undefined;
}
