// One tab at a time does the work, as far as the browser lets us say so. The work reads the
// record first, so that a tab whose turn comes later finds what an earlier one has done.
import { pause } from './call.js';

// A tab that holds the lock may hang, and a lock that is stolen breaks a tab that does not. After
// this time a tab goes on without it: pools with rotation accept a refresh token for a while longer.
const PATIENCE_MS = 5_000;

export async function oneAtATime(name, news, work) {
  const locks = globalThis.navigator?.locks;
  if (!locks) return inTurns(news, work);
  const patience = new AbortController();
  const timer = setTimeout(() => patience.abort(), PATIENCE_MS);
  let begun;
  try {
    return await locks.request(name, { signal: patience.signal }, () => {
      clearTimeout(timer);
      begun = work();
      return begun;
    });
  } catch (error) {
    if (begun) throw error;
    // The patience is over, or a page like this may have no locks.
    return await inTurns(news, work);
  } finally {
    clearTimeout(timer);
  }
}

// Tabs that wake at the same moment begin at different ones.
async function inTurns(news, work) {
  await pause(Math.random() * 1000);
  await news.siblingRefreshed(PATIENCE_MS);
  news.tell('refreshing');
  return work();
}
