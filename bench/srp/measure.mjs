// The arithmetic of a sign-in in Chromium beside OpenSSL's powers, in turn; prints JSON.
// usage: node measure.mjs MODULES ROUNDS, with handshake.js and a .wasm for each kernel in MODULES.
import { spawn } from "node:child_process";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import path from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { launch } from "../../e2e/support/browser.mjs";

const HERE = fileURLToPath(new URL(".", import.meta.url));
const PACKAGES = path.join(HERE, "../../e2e/node_modules");
const CANDIDATES = ["fused", "simd", "plain", "bigInt", "identity", "amplify"];
// Of CPU for one sample: to begin and to end one takes some hundred microseconds.
const SAMPLE_MS = 200;

const [modules, rounds] = [process.argv[2], Number(process.argv[3])];
const server = createServer(serve(await bundle()));
await new Promise((listening) => server.listen(0, "127.0.0.1", listening));
const openssl = await startOpenssl();
const browser = await launch();
try {
  const page = await browser.newPage();
  await page.goto(`http://127.0.0.1:${server.address().port}/`);
  await page.evaluate(async () => await (await import("/page.js")).load());
  const samples = await measure(await sampler(page));
  process.stdout.write(JSON.stringify({ samples, openssl: openssl.version, chromium: browser.version() }));
} finally {
  await browser.close();
  openssl.close();
  server.close();
}

async function measure(sample) {
  const samples = { openssl: [] };
  const calls = {};
  for (const name of CANDIDATES) {
    samples[name] = [];
    // Hot code first, in each.
    await sample(name, 5);
    calls[name] = Math.max(2, Math.ceil(SAMPLE_MS / (await sample(name, 5))));
  }
  for (let round = 0; round < rounds; round += 1) {
    samples.openssl.push(await openssl.sample(Math.ceil(SAMPLE_MS / 5)));
    for (const name of CANDIDATES) samples[name].push(await sample(name, calls[name]));
  }
  return samples;
}

// Milliseconds of the page's thread for one call.
async function sampler(page) {
  const session = await page.context().newCDPSession(page);
  await session.send("Performance.enable");
  const threadTime = async () => {
    const { metrics } = await session.send("Performance.getMetrics");
    return metrics.find(({ name }) => name === "ThreadTime").value * 1000;
  };
  return async (name, calls) => {
    const before = await threadTime();
    await page.evaluate(async ([name, calls]) => {
      const { candidates } = await import("/page.js");
      for (let call = 0; call < calls; call += 1) await candidates[name]();
    }, [name, calls]);
    return ((await threadTime()) - before) / calls;
  };
}

async function startOpenssl() {
  const child = spawn("python3", [path.join(HERE, "openssl.py")], { stdio: ["pipe", "pipe", "inherit"] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const next = async () => {
    const { done, value } = await lines.next();
    if (done) throw new Error("OpenSSL cannot be measured: python3 and libcrypto.so.3 are needed");
    return value;
  };
  return {
    version: (await next()).split(" ")[1],
    sample: async (calls) => {
      child.stdin.write(`${calls}\n`);
      return Number(await next());
    },
    close: () => child.stdin.end(),
  };
}

function bundle() {
  const { build } = createRequire(path.join(PACKAGES, "any.js"))("esbuild");
  return build({
    entryPoints: [path.join(HERE, "page.mjs")],
    bundle: true,
    minify: true,
    write: false,
    format: "esm",
    external: ["/handshake.js*"],
    nodePaths: [PACKAGES],
    alias: { "amplify-srp": path.join(PACKAGES, "@aws-amplify/auth/dist/esm/providers/cognito/utils/srp") },
    define: { global: "globalThis" },
  }).then(({ outputFiles }) => outputFiles[0].text);
}

function serve(script) {
  return async (request, response) => {
    const name = path.basename(new URL(request.url, "http://localhost").pathname);
    const type = { ".js": "text/javascript", ".wasm": "application/wasm" }[path.extname(name)] ?? "text/html";
    response.setHeader("Content-Type", type);
    if (name === "" || name === "page.js") return response.end(name ? script : "<!doctype html>");
    const file = await readFile(path.join(modules, name)).catch(() => undefined);
    response.statusCode = file ? 200 : 404;
    return response.end(file);
  };
}
