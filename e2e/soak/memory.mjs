// What the two sides take, in bytes, and whether it grows.

import { readFileSync } from "node:fs";
import { programsBelow } from "../support/processes.mjs";

// So much more may be there at the end, in bytes and as a share: allocators keep what they had, in pieces.
const SLACK = { client: 8 * 2 ** 20, server: 8 * 2 ** 20, triggers: 2 ** 20 };
const SHARE = 0.1;

/** @param {number} pid local-cognito's */
export function measure(pid) {
  if (!globalThis.gc) throw new Error("node was started without --expose-gc");
  globalThis.gc();
  const { heapUsed, external } = process.memoryUsage();
  return {
    // Wasm memory is external.
    client: heapUsed + external,
    server: residentOf(pid),
    triggers: programsBelow(pid).map(residentOf).reduce((sum, bytes) => sum + bytes, 0),
  };
}

/**
 * Whose memory has grown.
 *
 * @param {object} memory measurements `warm`, maybe `full`, and `end`; of the triggers, which do not
 *   live as long, their bytes of each life, `young` and `old`
 */
export function grown({ warm, full = warm, end, triggers }) {
  const isMore = (side, before, after) => after > before * (1 + SHARE) + SLACK[side];
  const sides = ["client", "server"].filter((side) => isMore(side, full[side], end[side]));
  return triggers.some(({ young, old }) => isMore("triggers", young, old)) ? [...sides, "triggers"] : sides;
}

/** The same measurements, however deep, in megabytes. */
export function inMegabytes(bytes) {
  if (typeof bytes === "number") return Number((bytes / 1e6).toFixed(1));
  if (Array.isArray(bytes)) return bytes.map(inMegabytes);
  return Object.fromEntries(Object.entries(bytes).map(([name, value]) => [name, inMegabytes(value)]));
}

function residentOf(pid) {
  const kilobytes = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"));
  // A process that has ended has none.
  return Number(kilobytes?.[1] ?? 0) * 1024;
}
