// Starts MiniStack, a Cognito and Lambda by other people, on a free port.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { PYTHON } from "./python.mjs";

const SERVER = fileURLToPath(new URL("../python/ministack_server.py", import.meta.url));
const START_LIMIT_MS = 30_000;

/**
 * @param {Record<string, string>} [settings] further variables, such as `{ AUTH: "true" }`, with
 *   which it heeds roles and app clients as AWS does
 * @returns {Promise<{ url: string, pid: number, log(): string, stop(): Promise<void> }>}
 */
export async function startMiniStack(settings = {}) {
  const port = await freePort();
  const folder = await mkdtemp(path.join(tmpdir(), "ministack-"));
  const child = spawn(PYTHON, [SERVER], {
    cwd: folder,
    // Nothing of this machine's configuration reaches it or the triggers that it starts.
    env: {
      PATH: process.env.PATH,
      HOME: folder,
      TMPDIR: folder,
      // The keys of its pools, which would stay otherwise.
      STATE_DIR: folder,
      BIND_HOST: "127.0.0.1",
      GATEWAY_PORT: String(port),
      IOT_MTLS_ENABLED: "0",
      // Where the functions find AWS. Without it they would call the real one.
      AWS_ENDPOINT_URL: `http://127.0.0.1:${port}`,
      PYTHONDONTWRITEBYTECODE: "1",
      ...settings,
    },
  });
  process.once("exit", () => child.kill("SIGKILL"));
  let log = "";
  child.stdout.on("data", (text) => (log += text));
  child.stderr.on("data", (text) => (log += text));
  const ended = once(child, "close");
  const server = {
    url: `http://127.0.0.1:${port}/`,
    pid: child.pid,
    log: () => log,
    async stop() {
      child.kill("SIGTERM");
      const kill = globalThis.setTimeout(() => child.kill("SIGKILL"), 5_000);
      await ended;
      clearTimeout(kill);
      await rm(folder, { recursive: true, force: true });
    },
  };
  const deadline = Date.now() + START_LIMIT_MS;
  for (;;) {
    const health = await fetch(`${server.url}_ministack/health`).catch(() => undefined);
    if (health?.ok) return server;
    if (Date.now() > deadline || child.exitCode !== null) {
      await server.stop();
      throw new Error(`MiniStack did not start\n${log}`);
    }
    await sleep(100);
  }
}

async function freePort() {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const { port } = probe.address();
  probe.close();
  await once(probe, "close");
  return port;
}
