// Holds conversations with the program for the terminal.

import { spawn } from "node:child_process";
import { after } from "node:test";
import path from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const ASKS_CODE = /Code \(or `resend`\): $/;

/** The program that `CLI` names, or the debug build. */
export const CLI = path.resolve(process.env.CLI ?? path.join(ROOT, "target/debug/cli"));

// A test that failed in the middle leaves its conversation open, which would keep Node waiting.
const children = new Set();
after(() => children.forEach((child) => child.kill("SIGKILL")));

/** Starts the program, and types what it is given at once. */
export function startCli(flags, typed = "") {
  const child = spawn(CLI, flags);
  if (typed) child.stdin.write(typed);
  return converse(child);
}

/** What can be said to a process, and what it says: `printed`, `said` and, both together, `seen`. */
export function converse(child) {
  children.add(child);
  const terminal = {
    printed: "",
    said: "",
    seen: "",
    ended: new Promise((resolve, reject) => child.once("error", reject).once("close", resolve)),
    type: (line) => child.stdin.write(`${line}\n`),
    hangUp: () => child.stdin.end(),
    closeOutput: () => child.stdout.destroy(),
    /** Types a line and waits for the next question for the code. */
    async asksAfter(line) {
      const before = terminal.seen.length;
      terminal.type(line);
      await terminal.shows(ASKS_CODE, before);
    },
    /** Waits until what is seen after a point matches. */
    async shows(pattern, from = 0) {
      const shown = new Promise((resolve) => {
        const look = () => pattern.test(terminal.seen.slice(from)) && resolve();
        for (const stream of [child.stdout, child.stderr]) stream.on("data", look);
        look();
      });
      const end = terminal.ended.then((code) => {
        throw new Error(`ended with ${code} instead of asking: ${terminal.seen}`);
      });
      await Promise.race([shown, end]);
    },
  };
  for (const [stream, name] of [[child.stdout, "printed"], [child.stderr, "said"]]) {
    stream.on("data", (text) => {
      terminal[name] += text;
      terminal.seen += text;
    });
  }
  child.stdin.on("error", () => {});
  return terminal;
}
