// What a pool has asked, as it asked it: what a step can be saved by.

// What a reply asked, as it asked it, and how long the pool will remember. Nothing if it asked
// nothing new.
export function questionOf(body, { authSessionValidity }) {
  if (typeof body?.ChallengeName !== 'string') return undefined;
  const { ChallengeName: challengeName, Session: session, ChallengeParameters } = body;
  const texts = Object.entries(ChallengeParameters ?? {}).filter(([, value]) => typeof value === 'string');
  const receivedAt = Date.now();
  const sessionEndsAt = receivedAt + authSessionValidity * 60_000;
  return { challengeName, session, challengeParameters: Object.fromEntries(texts), receivedAt, sessionEndsAt };
}

export const VERSION = 1;

export function toSaved({ wrong = false, sent = false }, question, username, settings) {
  const { userPoolId, clientId, clientMetadata } = settings;
  return { version: VERSION, userPoolId, clientId, username, clientMetadata, ...question, wrong, sent };
}
