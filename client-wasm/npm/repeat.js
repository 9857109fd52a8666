// What is sent again, and how often: the one place that says so.
import { asError, pause } from './waiting.js';

// By operation, then by what became of the request. After `network` and `pool_unavailable` nobody
// knows whether it has arrived: only what does no harm twice is here. What is not here is sent
// once: it sends a mail, spends a session or a code, or changes the account.
const REPEATS = {
  InitiateAuth: { network: 1, pool_unavailable: 1, throttled: 2 },
  REFRESH_TOKEN_AUTH: { network: 2, pool_unavailable: 2, throttled: 2 },
  GetTokensFromRefreshToken: { network: 2, pool_unavailable: 2, throttled: 2 },
  RevokeToken: { network: 2, pool_unavailable: 2, throttled: 2 },
  GlobalSignOut: { network: 2, pool_unavailable: 2, throttled: 2 },
  GetUser: { network: 2, pool_unavailable: 2, throttled: 2 },
  ListDevices: { network: 2, pool_unavailable: 2, throttled: 2 },
  JsonWebKeySet: { network: 2, pool_unavailable: 2, throttled: 2 },
};

const FIRST_PAUSE_MS = 250;

// Does the work, and again after trouble that passes, a little later each time. Ends at once when
// the signal fires. No pause is begun that would last beyond `until`, by `performance.now`.
export async function repeat(operation, { signal, until = Infinity }, work) {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work(attempt);
    } catch (thrown) {
      const error = asError(thrown);
      const wait = pauseAfter(attempt);
      const allowed = Object.hasOwn(REPEATS, operation) ? (REPEATS[operation][error.code] ?? 0) : 0;
      if (signal?.aborted || attempt > allowed || performance.now() + wait >= until) throw error;
      await pause(wait, signal);
    }
  }
}

// Twice as long each time, but at random: those who were turned away together do not come back
// together.
function pauseAfter(attempt) {
  return FIRST_PAUSE_MS * 2 ** (attempt - 1) * (0.5 + Math.random() / 2);
}
