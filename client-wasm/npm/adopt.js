// Takes over the session that amazon-cognito-identity-js or Amplify left in the browser's storage,
// so that nobody has to sign in again when an application changes over.

import { SETTLE_MS } from './news.js';
import { callable } from './options.js';
import { pause } from './waiting.js';

// What belongs to the session. What belongs to a remembered device stays.
const NAMES = ['idToken', 'accessToken', 'refreshToken', 'clockDrift', 'userData', 'signInDetails', 'oauthMetadata', 'oidcProvider'];

export async function adopt(session, options) {
  callable('session.keep', session?.keep);
  const { from = localStorageOrNone() } = options ?? {};
  if (!from) return false;
  callable('from.getItem', from.getItem);
  callable('from.removeItem', from.removeItem);
  const prefix = `CognitoIdentityServiceProvider.${session.clientId}`;
  const take = () => takeOver(session, from, prefix);
  const locks = globalThis.navigator?.locks;
  if (!locks) return take();
  // Two tabs must not adopt the same tokens: one may have refreshed them already.
  return locks.request(`cognito-email-mfa.adopt.${session.clientId}`, async () => {
    const adopted = await take();
    if (adopted) await pause(SETTLE_MS);
    return adopted;
  });
}

async function takeOver(session, from, prefix) {
  const username = await from.getItem(`${prefix}.LastAuthUser`);
  if (typeof username !== 'string') return false;
  const key = (name) => `${prefix}.${username}.${name}`;
  await session.opened;
  const adopted = session.state.kind === 'signedOut' && (await keepTokens(session, from, key));
  // The old ones go once there are new ones, and not before.
  if (session.state.kind === 'signedOut' || adopted === 'unstored') return false;
  for (const name of NAMES) await from.removeItem(key(name));
  await from.removeItem(`${prefix}.LastAuthUser`);
  return adopted === 'stored';
}

async function keepTokens(session, from, key) {
  const [idToken, accessToken, refreshToken, deviceKey] = await Promise.all(
    ['idToken', 'accessToken', 'refreshToken', 'deviceKey'].map(async (name) => (await from.getItem(key(name))) ?? undefined),
  );
  try {
    const stands = await session.keep({ idToken, accessToken, refreshToken, deviceKey });
    if (!stands) return 'unstored';
    // The one family keeps the clock's drift in seconds, the other in milliseconds and the other
    // way round: the pool knows better how long the tokens are good for.
    session.refresh().catch(() => {});
    return 'stored';
  } catch {
    return 'none';
  }
}

function localStorageOrNone() {
  try {
    return globalThis.localStorage;
  } catch {
    return undefined;
  }
}
