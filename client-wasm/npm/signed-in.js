// The last step: the tokens, and who they say has signed in.
import { checkTimes, readClaims, userOf } from './claims.js';
import { freshRecord, tokensOf } from './record.js';

export function signedIn({ now, ...tokens }, pool) {
  const claims = readClaims(tokens, pool);
  checkTimes(claims, now);
  const record = freshRecord(tokens, claims);
  return { kind: 'signedIn', tokens: tokensOf(record), user: userOf(claims) };
}
