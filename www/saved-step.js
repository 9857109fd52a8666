// What outlives a reload: the step that waits for a code, in this tab's own storage. There is no password and no token in it.

/**
 * Keeps a step, in place of the one before it.
 *
 * @param {{ poolId: string, clientId: string }} pool whose step it is
 * @param {{ saved: import("/pkg/index.js").SavedStep, name: string, life: number }} kept what was
 *   typed for a name and how long the code is valid, beside the step: the screen shows them
 */
export function keepStep(pool, kept) {
  // Where the storage is blocked or full, a reload begins anew.
  attempt(() => sessionStorage.setItem(keyOf(pool), JSON.stringify(kept)));
}

/** What `keepStep` kept, if anything. Whether it is still of use is for `resume` to say. */
export function keptStep(pool) {
  const kept = attempt(() => JSON.parse(sessionStorage.getItem(keyOf(pool))));
  return kept ?? undefined;
}

/** Forgets it. */
export function dropStep(pool) {
  attempt(() => sessionStorage.removeItem(keyOf(pool)));
}

function keyOf({ poolId, clientId }) {
  return `sign-in.${poolId}.${clientId}`;
}

function attempt(work) {
  try {
    return work();
  } catch {
    return undefined;
  }
}
