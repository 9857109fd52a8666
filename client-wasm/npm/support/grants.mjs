// What outlives a sign-in at the pool: refresh tokens, with rotation and a grace period as Cognito
// has them, and their end. Messages are Cognito's own where they are known.
import { randomUUID } from 'node:crypto';

export const USER_ID = '7f0c2f3e-1111-4222-8333-444455556666';
const ISSUER = 'https://cognito-idp.us-east-1.amazonaws.com/us-east-1_Example1';
const CLIENT_ID = 'exampleclient';
const SCOPE = 'aws.cognito.signin.user.admin';

export class Grants {
  // How often tokens were refreshed, and how often a used refresh token was, within the grace.
  refreshed = 0;
  reused = 0;
  #byToken = new Map();
  #options;

  // `rotation` has the grace period in milliseconds. `knows` are the operations of the client.
  constructor({ rotation, expiresIn = 3600, knows = ['GetTokensFromRefreshToken', 'REFRESH_TOKEN_AUTH'] } = {}) {
    this.#options = { rotation, expiresIn, knows };
  }

  // Whether a refresh token would be taken now.
  accepts(token) {
    const { grant, usedAt } = this.#byToken.get(token) ?? {};
    return grant !== undefined && !grant.revoked && (usedAt === undefined || performance.now() < usedAt + this.#options.rotation.graceMs);
  }

  // A sign-in: the first refresh token is always `refresh`.
  begin(claims = { email: 'user@example.com', name: 'Zoë' }) {
    const grant = { origin_jti: randomUUID(), revoked: false, claims };
    const RefreshToken = this.#byToken.has('refresh') ? randomUUID() : 'refresh';
    this.#byToken.set(RefreshToken, { grant });
    return { AuthenticationResult: this.#result(grant, { RefreshToken }), ChallengeParameters: {} };
  }

  // The reply to an operation, or undefined if it is a sign-in's.
  answer(operation, body) {
    switch (operation) {
      case 'GetTokensFromRefreshToken':
        return this.#refresh(operation, body.RefreshToken, body.ClientId);
      case 'InitiateAuth':
        if (body.AuthFlow !== 'REFRESH_TOKEN_AUTH') return undefined;
        return this.#refresh('REFRESH_TOKEN_AUTH', body.AuthParameters.REFRESH_TOKEN, body.ClientId);
      case 'RevokeToken':
        return this.#revoke(body.Token);
      case 'GlobalSignOut':
        for (const { grant } of this.#byToken.values()) grant.revoked = true;
        return {};
      default:
        return undefined;
    }
  }

  #refresh(operation, token, clientId) {
    const { rotation, knows } = this.#options;
    if (!knows.includes(operation)) {
      return operation === 'REFRESH_TOKEN_AUTH'
        ? refusal('Refresh token flow is not enabled for this client', 'InvalidParameterException')
        : refusal(null, 'UnknownOperationException');
    }
    if (rotation && operation === 'REFRESH_TOKEN_AUTH') {
      return refusal('Refresh token flow is not enabled for this client', 'InvalidParameterException');
    }
    const held = this.#byToken.get(token);
    if (!held || clientId !== CLIENT_ID) return refusal('Invalid Refresh Token.');
    if (held.grant.revoked) return refusal('Refresh Token has been revoked');
    if (!this.accepts(token)) return refusal('Refresh token has been used', 'RefreshTokenReuseException');
    this.refreshed += 1;
    const tokens = {};
    if (rotation) {
      if (held.usedAt !== undefined) this.reused += 1;
      held.usedAt ??= performance.now();
      tokens.RefreshToken = randomUUID();
      this.#byToken.set(tokens.RefreshToken, { grant: held.grant });
    }
    return { AuthenticationResult: this.#result(held.grant, tokens), ChallengeParameters: {} };
  }

  #revoke(token) {
    if (token.includes('.')) return refusal('Token must be a refresh token.', 'UnsupportedTokenTypeException');
    const held = this.#byToken.get(token);
    if (held) held.grant.revoked = true;
    return {};
  }

  #result({ claims, origin_jti }, tokens) {
    const { expiresIn } = this.#options;
    return { ...result({ ...claims, origin_jti }, tokens, expiresIn), ExpiresIn: expiresIn };
  }
}

// An AuthenticationResult. `claims` are in both tokens.
export function result(claims, tokens, expiresIn = 3600) {
  const iat = Math.floor(Date.now() / 1000);
  const common = { sub: USER_ID, iss: ISSUER, iat, exp: iat + Math.max(expiresIn, 1), jti: randomUUID(), ...claims };
  return {
    AccessToken: jwt({ ...common, client_id: CLIENT_ID, token_use: 'access', scope: SCOPE, username: USER_ID }),
    IdToken: jwt({ ...common, aud: CLIENT_ID, token_use: 'id', 'cognito:username': USER_ID }),
    TokenType: 'Bearer',
    ExpiresIn: expiresIn,
    ...tokens,
  };
}

export function jwt(claims, header = { alg: 'RS256', kid: 'key-1' }) {
  const part = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${part(header)}.${part(claims)}.c2ln`;
}

export function refusal(message, __type = 'NotAuthorizedException') {
  return { status: 400, __type, message };
}
