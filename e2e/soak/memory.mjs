// What the two sides take, in bytes, and whether it grows.

import { readFileSync } from "node:fs";
import { programsBelow } from "../support/processes.mjs";

/** So much more may be there at the end: allocators keep what they had, in pieces. */
const SLACK = 8 * 2 ** 20;
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

/** Whose memory has grown between two measurements. */
export function grown(before, after) {
  return Object.keys(before).filter((side) => after[side] > before[side] * (1 + SHARE) + SLACK);
}

export function inMegabytes(sides) {
  const round = (bytes) => Number((bytes / 1e6).toFixed(1));
  return Object.fromEntries(Object.entries(sides).map(([side, bytes]) => [side, round(bytes)]));
}

function residentOf(pid) {
  const kilobytes = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"));
  // A process that has ended has none.
  return Number(kilobytes?.[1] ?? 0) * 1024;
}
