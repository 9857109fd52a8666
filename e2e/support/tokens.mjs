// Judges tokens by aws-jwt-verify, the verifier that AWS gives to those who receive them.

import assert from "node:assert/strict";
import { JwtVerifier } from "aws-jwt-verify";
import { validateCognitoJwtFields } from "aws-jwt-verify/cognito-verifier";

/**
 * Checks signature, issuer, expiry, use and client of both tokens.
 *
 * @param {{ accessToken: string, idToken: string }} tokens
 * @param {{ issuer: string, jwksUri: string, clientId: string }} pool
 * @returns {Promise<{ access: object, id: object }>} their claims
 */
export async function verifyTokens({ accessToken, idToken }, { issuer, jwksUri, clientId }) {
  const verifier = JwtVerifier.create({ issuer, audience: null });
  // Its own fetcher speaks https alone.
  const reply = await fetch(jwksUri);
  assert.equal(reply.status, 200, jwksUri);
  verifier.cacheJwks(await reply.json());
  const verify = async (token, tokenUse) => {
    const claims = await verifier.verify(token);
    validateCognitoJwtFields(claims, { tokenUse, clientId });
    return claims;
  };
  const claims = { access: await verify(accessToken, "access"), id: await verify(idToken, "id") };
  await assert.rejects(verifier.verify(tampered(idToken)), "a token with another signature");
  return claims;
}

/** The issuer and the keys of a pool of local-cognito. */
export function localPool(url, poolId, clientId) {
  const issuer = new URL(poolId, url).href;
  return { issuer, jwksUri: `${issuer}/.well-known/jwks.json`, clientId };
}

// The first character of a signature carries six of its bits; the last may carry fewer.
function tampered(token) {
  const at = token.lastIndexOf(".") + 1;
  const other = token[at] === "A" ? "B" : "A";
  return token.slice(0, at) + other + token.slice(at + 1);
}
