// Starts workerd, Cloudflare's runtime, with a bundle and its wasm modules.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { createInterface } from "node:readline";
import * as workerd from "workerd";

// The package is a CommonJS module that thinks it is none.
const PROGRAM = workerd.default.default;
const START_LIMIT_MS = 30_000;

/**
 * @param {string} folder has `server.js`, and the wasm modules that it imports
 * @returns {Promise<{ url: string, log(): string, stop(): Promise<void> }>}
 */
export async function startWorkerd(folder) {
  const config = path.join(folder, "config.capnp");
  await writeFile(config, configOf((await readdir(folder)).filter((name) => name.endsWith(".wasm"))));
  // It writes the ports it got to a descriptor.
  const child = spawn(PROGRAM, ["serve", config, "--control-fd=3"], { stdio: ["ignore", "pipe", "pipe", "pipe"] });
  process.once("exit", () => child.kill("SIGKILL"));
  const ended = once(child, "close");
  let log = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (text) => (log += text));
  const port = await new Promise((resolve, reject) => {
    const limit = setTimeout(() => child.kill("SIGKILL"), START_LIMIT_MS);
    createInterface(child.stdio[3]).on("line", (line) => {
      clearTimeout(limit);
      resolve(JSON.parse(line).port);
    });
    child.once("error", reject).once("close", () => reject(new Error(`workerd did not start: ${log}`)));
  });
  const stop = async () => {
    // It would wait for requests that never end.
    child.kill("SIGKILL");
    await ended;
  };
  return { url: `http://127.0.0.1:${port}/`, log: () => log, stop };
}

function configOf(wasm) {
  const modules = wasm.map((name) => `(name = "${name}?module", wasm = embed "${name}")`);
  return `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [
    (name = "main", worker = .server),
    (name = "internet", network = (allow = ["local"])),
  ],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "main")],
);
const server :Workerd.Worker = (
  modules = [${['(name = "server.js", esModule = embed "server.js")', ...modules].join(", ")}],
  compatibilityDate = "2026-01-01",
);
`;
}
