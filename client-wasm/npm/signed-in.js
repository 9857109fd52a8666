// The last step: the tokens, and who they say has signed in.
import { CognitoError } from './errors.js';

export function signedIn({ accessToken, idToken, refreshToken, tokenType, expiresIn }) {
  const claims = payload(idToken);
  const tokens = {
    accessToken,
    idToken,
    ...(refreshToken === undefined ? {} : { refreshToken }),
    tokenType,
    expiresAt: new Date(Date.now() + expiresIn * 1000),
  };
  const user = {
    username: claims['cognito:username'] ?? claims.sub,
    sub: claims.sub,
    ...(typeof claims.email === 'string' ? { email: claims.email } : {}),
    claims,
  };
  return { kind: 'signedIn', tokens, user };
}

// The claims of a token, unverified: TLS says that they come from the pool. Whoever receives
// the token has to check its signature.
function payload(token) {
  try {
    const base64 = token.split('.')[1].replaceAll('-', '+').replaceAll('_', '/');
    const bytes = Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));
    const claims = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
    if (typeof claims?.sub !== 'string') throw new TypeError('there is no sub');
    return claims;
  } catch (cause) {
    throw new CognitoError('bad_reply', 'the ID token cannot be read', { cause });
  }
}
