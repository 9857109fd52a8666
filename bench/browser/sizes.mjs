// What a page loads for a whole sign-in with each client, in bytes: what it asks for is observed in
// Chromium, file by file; prints JSON.
// usage: node sizes.mjs PACKAGE
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import { launch } from "../../e2e/support/browser.mjs";
import { bundle } from "./bundle.mjs";
import { Site } from "./site.mjs";
import { CORES, signIn, visit } from "./visit.mjs";

const OURS = ["slim", "default"];
const PEERS = ["identity", "passwordless", "amplify", "amplify-four"];

const files = await bundle(process.argv[2], [...OURS, ...PEERS]);
const site = await Site.start(files);
const browser = await launch();
try {
  const clients = [];
  for (const client of OURS) {
    for (const core of Object.keys(CORES)) clients.push(await weigh(client, core));
  }
  for (const client of PEERS) clients.push(await weigh(client));
  process.stdout.write(JSON.stringify({ clients, chromium: browser.version() }));
} finally {
  await browser.close();
  site.close();
}

async function weigh(client, core) {
  const loaded = await visit(browser, site, async (page) => {
    await signIn(page, client);
    return [...site.loaded];
  }, { core });
  const weighed = loaded.map((name) => ({ name, ...sizesOf(files.get(name)) }));
  const sum = (size) => weighed.reduce((all, file) => all + file[size], 0);
  return { client, core, minified: sum("minified"), gzip: sum("gzip"), brotli: sum("brotli"), files: weighed };
}

function sizesOf(bytes) {
  const params = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length };
  return {
    minified: bytes.length,
    gzip: gzipSync(bytes, { level: 9 }).length,
    brotli: brotliCompressSync(bytes, { params }).length,
  };
}
