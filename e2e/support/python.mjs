// Runs the Python scripts of the tests, in the environment that xtask installs.

import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import path from "node:path";
import { text } from "node:stream/consumers";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

/** The interpreter that `PYTHON` names, or the one of `target/venv`. */
export const PYTHON = path.resolve(process.env.PYTHON ?? path.join(ROOT, "target/venv/bin/python"));

/** Runs `e2e/python/SCRIPT` and reads the JSON that it prints. */
export async function runPython(script, args, input = "") {
  const file = path.join(ROOT, "e2e/python", script);
  const child = spawn(PYTHON, [file, ...args], { stdio: ["pipe", "pipe", "inherit"] });
  const kill = () => child.kill("SIGKILL");
  process.once("exit", kill);
  child.stdin.end(input);
  const [output, status] = await Promise.all([
    text(child.stdout),
    new Promise((resolve, reject) => child.once("error", reject).once("close", resolve)),
  ]);
  process.off("exit", kill);
  if (status !== 0) throw new Error(`${script} ended with ${status}`);
  return JSON.parse(output);
}
