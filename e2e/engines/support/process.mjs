// Programs that are ended with the tests.

import { spawn } from "node:child_process";
import { once } from "node:events";

/** Starts a program. `stdio[3]` is a pipe from it. */
export function startProcess(program, args, env = {}) {
  const child = spawn(program, args, {
    stdio: ["ignore", "ignore", "ignore", "pipe"],
    env: { ...process.env, ...env },
    // A driver's browser is a process of its own: the whole group is ended.
    detached: true,
  });
  const end = () => {
    try {
      process.kill(-child.pid, "SIGKILL");
    } catch {
      // It has ended.
    }
  };
  process.once("exit", end);
  const ended = Promise.race([once(child, "close"), once(child, "error")]);
  ended.catch(() => {});
  return {
    child,
    async stop() {
      end();
      await ended;
      process.off("exit", end);
    },
  };
}

/** Waits until something is there, for as long as a busy machine may need. */
export async function eventually(what, work, limitMs = 60_000) {
  const deadline = Date.now() + limitMs;
  for (;;) {
    const found = await work();
    if (found) return found;
    if (Date.now() > deadline) throw new Error(`waited ${limitMs} ms for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
