// A site of somebody else's with the package on it, under the policy that README asks for. What
// pages post goes to a pool, as to a proxy.

import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import path from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const DIST = path.join(path.resolve(process.env.PACKAGE ?? path.join(ROOT, "target/npm")), "dist");
const TYPES = { ".js": "text/javascript", ".css": "text/css", ".html": "text/html", ".wasm": "application/wasm" };
const POLICY = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
].join("; ");

/**
 * Starts the site.
 *
 * @param {string} poolUrl where posts go
 * @param {Record<string, string>} files what else is served, by its path, such as `{ "/": "<!doctype html>…" }`
 * @returns {Promise<{ url: string, stop: () => Promise<void> }>}
 */
export async function startElementSite(poolUrl, files) {
  const server = createServer((request, response) => {
    answer(poolUrl, files, request, response).catch((error) => response.writeHead(500).end(String(error)));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const stop = async () => {
    server.closeAllConnections();
    server.close();
    await once(server, "close");
  };
  return { url: `http://127.0.0.1:${server.address().port}/`, stop };
}

async function answer(poolUrl, files, request, response) {
  if (request.method === "POST") return forward(poolUrl, request, response);
  const { pathname } = new URL(request.url, "http://site");
  const content = await contentOf(pathname, files);
  if (content === undefined) return response.writeHead(pathname === "/favicon.ico" ? 204 : 404).end();
  const type = TYPES[path.extname(pathname)] ?? "text/html";
  return response.writeHead(200, { "content-type": `${type}; charset=utf-8`, "content-security-policy": POLICY }).end(content);
}

function contentOf(pathname, files) {
  if (/^\/pkg\/[\w.-]+$/.test(pathname)) return readFile(path.join(DIST, path.basename(pathname)));
  return files[pathname];
}

async function forward(poolUrl, request, response) {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  const headers = { "content-type": request.headers["content-type"], "x-amz-target": request.headers["x-amz-target"] };
  const reply = await fetch(poolUrl, { method: "POST", headers, body: Buffer.concat(chunks) });
  response.writeHead(reply.status, { "content-type": reply.headers.get("content-type") }).end(await reply.text());
}
