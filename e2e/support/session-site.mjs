// A page with the package and a pool behind it, on one loopback port: for what tabs do with a
// session. The pool is the one of the package's own tests, with rotation and a short grace.

import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { Grants } from "../../client-wasm/npm/support/grants.mjs";
import { Pool } from "../../client-wasm/npm/support/pool.mjs";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const DIST = path.join(path.resolve(process.env.PACKAGE ?? path.join(ROOT, "target/npm")), "dist");
const TYPES = { ".js": "text/javascript", ".wasm": "application/wasm" };

/**
 * Starts the site.
 *
 * @param {{ rotation?: { graceMs: number }, expiresIn?: number }} grants what the pool does with refresh tokens
 * @returns {Promise<{ url: string, pool: Pool, stop: () => Promise<void> }>} `pool.edit` alters replies
 */
export async function startSessionSite(grants) {
  const pool = new Pool({ bytesOfB: 8, grants: new Grants(grants) });
  const server = createServer((request, response) => {
    answer(pool, request, response).catch((error) => response.writeHead(500).end(String(error)));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const stop = async () => {
    server.closeAllConnections();
    server.close();
    await once(server, "close");
  };
  return { url: `http://127.0.0.1:${server.address().port}/`, pool, stop };
}

async function answer(pool, request, response) {
  if (request.method === "POST") return api(pool, request, response);
  const { pathname } = new URL(request.url, "http://site");
  if (pathname === "/") return response.writeHead(200, { "content-type": "text/html" }).end("<!doctype html><title>Tab</title>");
  if (!/^\/pkg\/[\w.-]+$/.test(pathname)) return response.writeHead(404).end();
  const file = await readFile(path.join(DIST, path.basename(pathname)));
  return response.writeHead(200, { "content-type": TYPES[path.extname(pathname)] ?? "text/plain" }).end(file);
}

async function api(pool, request, response) {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  const headers = { "content-type": request.headers["content-type"], "x-amz-target": request.headers["x-amz-target"] };
  const reply = await pool.fetch(new Request("http://pool/", { method: "POST", headers, body: Buffer.concat(chunks) }));
  response.writeHead(reply.status, Object.fromEntries(reply.headers)).end(await reply.text());
}
