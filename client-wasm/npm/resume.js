// A step that has outlived its page: how what was kept of it is read again.
import { CognitoError, invalidArgument, strings, text, VERSION } from './given.js';

// Cognito's longest session.
const LONGEST_MS = 15 * 60_000;

// Where it was kept, others may have written. It is checked here for its form and its age, and in
// the core as a reply would be.
export function readSaved(saved, settings) {
  if (typeof saved !== 'object' || saved === null) {
    throw invalidArgument(`saved: expected what step.save() gave, got ${saved === null ? null : typeof saved}`);
  }
  same('version', saved.version, VERSION);
  same('userPoolId', saved.userPoolId, settings.userPoolId);
  same('clientId', saved.clientId, settings.clientId);
  const challengeName = text('saved.challengeName', saved.challengeName);
  const session = text('saved.session', saved.session);
  const challengeParameters = map('challengeParameters', saved.challengeParameters);
  const clientMetadata = map('clientMetadata', saved.clientMetadata);
  const username = text('saved.username', saved.username);
  const { wrong, sent } = saved;
  for (const [name, value] of Object.entries({ wrong, sent })) {
    if (typeof value !== 'boolean') throw invalidArgument(`saved.${name}: expected true or false, got ${typeof value}`);
  }
  const question = { challengeName, session, challengeParameters, ...readTimes(saved) };
  return { question, username, clientMetadata, wrong, sent };
}

function readTimes({ receivedAt, sessionEndsAt }) {
  for (const [name, value] of Object.entries({ receivedAt, sessionEndsAt })) {
    if (!Number.isFinite(value)) throw invalidArgument(`saved.${name}: expected milliseconds, got ${typeof value}`);
  }
  const life = sessionEndsAt - receivedAt;
  if (!(life > 0 && life <= LONGEST_MS)) {
    throw invalidArgument(`saved.sessionEndsAt: expected up to ${LONGEST_MS} ms after receivedAt, got ${life}`);
  }
  // A clock that was put back so far says nothing about age.
  if (Math.abs(Date.now() - receivedAt) >= life) {
    throw new CognitoError('session_expired', 'the sign-in that was saved has taken too long');
  }
  return { receivedAt, sessionEndsAt };
}

function same(name, value, expected) {
  if (value === expected) return;
  const got = ['string', 'number'].includes(typeof value) ? String(value).slice(0, 64) : typeof value;
  throw invalidArgument(`saved.${name}: expected ${expected}, got ${got}`);
}

function map(name, value) {
  if (value === undefined) throw invalidArgument(`saved.${name}: expected an object of strings, got undefined`);
  strings(`saved.${name}`, value);
  return { ...value };
}
