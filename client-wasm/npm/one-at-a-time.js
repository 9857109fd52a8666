// One tab at a time does the work, as far as the browser lets us say so. The work reads the
// record first, so that a tab whose turn comes later finds what an earlier one has done.
import { pause } from './waiting.js';

// A tab that holds the lock may hang, and a lock that is stolen breaks a tab that does not. After
// this time a tab goes on without it: pools with rotation accept a refresh token for a while longer.
const PATIENCE_MS = 5_000;

export function oneAtATime(name, news, work) {
  const locks = globalThis.navigator?.locks;
  if (!locks) return inTurns(news, work);
  const patience = new AbortController();
  const timer = setTimeout(() => patience.abort(), PATIENCE_MS);
  return new Promise((resolve, reject) => {
    let begun = false;
    const hold = async () => {
      begun = true;
      clearTimeout(timer);
      // The caller need not wait until the other tabs can see it. The next holder has to.
      await work().then(resolve, reject);
      await news.settled;
    };
    locks.request(name, { signal: patience.signal }, hold).catch(() => {
      clearTimeout(timer);
      // The patience is over, or a page like this may have no locks.
      if (!begun) inTurns(news, work).then(resolve, reject);
    });
  });
}

// Tabs that wake at the same moment begin at different ones.
async function inTurns(news, work) {
  await pause(Math.random() * 1000);
  await news.siblingRefreshed(PATIENCE_MS);
  return work();
}
