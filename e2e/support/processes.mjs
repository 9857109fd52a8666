// The programs that another one started, as Linux tells of them.

import { existsSync, readFileSync, readdirSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

/** The numbers of the processes that a process started and that still run. */
export function programsBelow(pid) {
  // Each thread has those that it started itself.
  const threads = readdirSync(`/proc/${pid}/task`);
  const children = threads.map((thread) => readFileSync(`/proc/${pid}/task/${thread}/children`, "utf8"));
  return children.join(" ").split(" ").filter(Boolean).map(Number);
}

/** Waits until processes have ended. */
export async function endOf(pids) {
  for (let waited = 0; ; waited += 10) {
    const living = pids.filter(isRunning);
    if (living.length === 0) return;
    if (waited > 5_000) throw new Error(`the processes ${living} still run`);
    await sleep(10);
  }
}

// A zombie has ended; nobody has asked yet how.
function isRunning(pid) {
  const status = `/proc/${pid}/status`;
  try {
    return existsSync(status) && !/^State:\s+Z/m.test(readFileSync(status, "utf8"));
  } catch {
    return false;
  }
}
