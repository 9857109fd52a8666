// New tokens for a refresh token, and the end of one.
import { call } from './call.js';
import { checkTokens } from './claims.js';
import { CognitoError } from './errors.js';
import { freshRecord } from './record.js';
import { userContextOf } from './send.js';

// How long a refresh may take: other tabs may be waiting.
const LIMIT_MS = 10_000;

// The only answers that end a session, and what they are then: the same names tell of triggers
// that fail and of clients that have a secret. Anything else may be different next time.
const ENDED_CODES = ['refused', 'user_not_confirmed', 'password_reset_required'];
const ENDED = new Set([
  'NotAuthorizedException',
  'TokenRevokedException',
  'RefreshTokenReuseException',
  'UserNotFoundException',
  'PasswordResetRequiredException',
  'UserNotConfirmedException',
]);

// How servers say that they do not have GetTokensFromRefreshToken, or not for this client.
const UNKNOWN = new Set([
  'UnknownOperationException',
  'UnsupportedOperationException',
  'OperationNotEnabledException',
  'FeatureUnavailableInTierException',
  'NotImplementedException',
  'InvalidAction',
]);

// A pool's way to refresh, which is learnt at the first refresh.
export class Refresher {
  #pool;
  #ask = getTokensFromRefreshToken;

  constructor(pool, clientMetadata) {
    this.#pool = { ...pool, clientMetadata, timeoutMs: Math.min(pool.timeoutMs, LIMIT_MS) };
  }

  // The record that follows this one.
  async refresh(record) {
    // First what the check needs: a refresh token that rotates is spent once.
    await this.#pool.verifyTokens?.prepare(this.#pool);
    const { body, now } = await this.#send(record);
    const tokens = readReply(body);
    const claims = await checkTokens(tokens, now, this.#pool);
    const { refreshToken, deviceKey } = record;
    return freshRecord({ refreshToken, deviceKey, ...tokens }, claims);
  }

  // Ends a refresh token. One that has ended already is no failure, nor is a client whose tokens
  // cannot be revoked.
  async revoke({ refreshToken, origin }) {
    if (refreshToken === undefined || origin === undefined) return;
    const { clientId } = this.#pool;
    try {
      // The page may be on its way elsewhere.
      const init = { keepalive: true };
      await call('RevokeToken', { Token: refreshToken, ClientId: clientId }, this.#pool, { init });
    } catch (error) {
      if (!['refused', 'misconfigured'].includes(error.code)) throw error;
    }
  }

  async signOutEverywhere({ accessToken }) {
    try {
      await call('GlobalSignOut', { AccessToken: accessToken }, this.#pool);
    } catch (error) {
      // A token of a hosted page may lack the scope, and then nobody has been signed out.
      if (!endsSession(error) || /scope/i.test(error.message)) throw error;
    }
  }

  async #send(record) {
    try {
      return await this.#ask(record, this.#pool);
    } catch (error) {
      if (this.#ask === refreshTokenAuth || !UNKNOWN.has(error.exception)) throw error;
      this.#ask = refreshTokenAuth;
      return this.#ask(record, this.#pool);
    }
  }
}

export function endsSession(error) {
  return error instanceof CognitoError && ENDED_CODES.includes(error.code) && ENDED.has(error.exception);
}

// Clients with rotation take this one alone.
function getTokensFromRefreshToken({ refreshToken, deviceKey }, { clientMetadata, ...pool }) {
  const input = {
    RefreshToken: refreshToken,
    ClientId: pool.clientId,
    DeviceKey: deviceKey,
    ClientMetadata: clientMetadata,
  };
  return call('GetTokensFromRefreshToken', input, pool);
}

function refreshTokenAuth({ refreshToken, deviceKey, user }, { clientMetadata, ...pool }) {
  const encoded = userContextOf(pool, user.username);
  const input = {
    AuthFlow: 'REFRESH_TOKEN_AUTH',
    ClientId: pool.clientId,
    AuthParameters: { REFRESH_TOKEN: refreshToken, DEVICE_KEY: deviceKey },
    ClientMetadata: clientMetadata,
    UserContextData: encoded === undefined ? undefined : { EncodedData: encoded },
  };
  return call('InitiateAuth', input, pool, { kind: 'REFRESH_TOKEN_AUTH' });
}

function readReply(body) {
  const { AccessToken, IdToken, RefreshToken, TokenType = 'Bearer', ExpiresIn } = body?.AuthenticationResult ?? {};
  const sound =
    typeof TokenType === 'string' &&
    ['string', 'undefined'].includes(typeof RefreshToken) &&
    TokenType !== '' && RefreshToken !== '' &&
    ExpiresIn >= 1 && ExpiresIn <= 86_400 && typeof ExpiresIn === 'number';
  if (!sound) throw new CognitoError('bad_reply', 'the reply has no AuthenticationResult with tokens');
  return {
    accessToken: AccessToken,
    idToken: IdToken,
    ...(RefreshToken === undefined ? {} : { refreshToken: RefreshToken }),
    tokenType: TokenType,
    expiresIn: ExpiresIn,
  };
}
