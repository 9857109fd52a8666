// What only a browser does with a reply: it hides one without CORS headers, asks first whether it may ask, and reads
// the headers that it is shown. In Chromium, at each request of a sign-in; then the same client signs in.

import assert from "node:assert/strict";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import path from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { launch } from "../support/browser.mjs";
import { startLocalCognito } from "../support/local-cognito.mjs";
import { createPerson } from "../support/people.mjs";
import { ARRIVALS } from "./arrivals.mjs";
import { judgeTokens, OF_TRIGGERS } from "./people.mjs";
import { Misbehaving } from "./proxy.mjs";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const DIST = path.join(path.resolve(process.env.PACKAGE ?? path.join(ROOT, "target/npm")), "dist");
const HTML = { "content-type": "text/html" };
const REPLIES = ["InitiateAuth", "PASSWORD_VERIFIER", "CUSTOM_CHALLENGE"];

// By name: what becomes of the reply, and the code in `ErrorCode` of the package's types; none if it goes on. "In a
// page, a reply without CORS headers looks the same" as none.
const HIDDEN = {
  "a good reply without CORS headers": ["network", withHeaders(({ "access-control-allow-origin": _, ...more }) => more)],
  "a good reply for another origin": ["network", withHeaders((all) => ({ ...all, "access-control-allow-origin": "https://example.com" }))],
  "a firewall's 403, which knows nothing of CORS": ["network", async ({ send }) => send(403, HTML, "<h1>Forbidden</h1>")],
  "a gateway's 502, which knows nothing of CORS": ["network", async ({ send }) => send(502, HTML, "<h1>Bad Gateway</h1>")],
  "a redirect": ["network", ARRIVALS["a redirect"].fault],
  "a reply that is cut": ["network", ARRIVALS["a reply that is cut"].fault],
  "a good reply that shows no other header": [undefined, withHeaders(({ "access-control-expose-headers": _, ...more }) => more)],
};

let server;
let proxy;
let site;
let browser;

before(async () => {
  server = await startLocalCognito();
  proxy = new Misbehaving(server.url);
  site = createServer(serve).listen(0, "127.0.0.1");
  await once(site, "listening");
  browser = await launch();
});
after(async () => {
  await browser?.close();
  site?.closeAllConnections();
  site?.close();
  proxy?.close();
  await server?.stop();
});

test("at each request of a sign-in, whatever the browser hides has its code, and the client signs in afterwards", async () => {
  const endpoint = await proxy.listen();
  const page = await browser.newPage();
  await page.goto(`http://127.0.0.1:${site.address().port}/`);
  await page.evaluate(async (options) => {
    const { Cognito } = await import("/pkg/index.js");
    globalThis.cognito = new Cognito(options);
  }, { ...OF_TRIGGERS, endpoint });

  for (const [name, [code, fault]] of Object.entries(HIDDEN)) {
    for (const reply of REPLIES) {
      proxy.spoil(reply, fault);
      const outcome = await signIn(page);
      proxy.heal();
      assert.equal(outcome.code, code, `${name} at ${reply}: ${outcome.message}`);
    }
    const { tokens } = await signIn(page);
    await judgeTokens(tokens, server, OF_TRIGGERS);
  }
  assert.deepEqual(proxy.elsewhere, []);
});

test("a pool that forbids the question itself is out of reach, and is not once it allows it", async () => {
  const page = await browser.newPage();
  await page.goto(`http://127.0.0.1:${site.address().port}/`);
  const other = new Misbehaving(server.url);
  const endpoint = await other.listen();
  await page.evaluate(async (options) => {
    const { Cognito } = await import("/pkg/index.js");
    globalThis.cognito = new Cognito(options);
  }, { ...OF_TRIGGERS, endpoint });
  other.spoil("OPTIONS /", async ({ send }) => send(403, HTML, ""));
  assert.equal((await signIn(page)).code, "network");
  assert.deepEqual(other.wire, [], "nothing is sent unasked");
  other.heal();
  await judgeTokens((await signIn(page)).tokens, server, OF_TRIGGERS);
  other.close();
});

// A whole sign-in of somebody new by the client of the page: its tokens, or how it ended.
async function signIn(page) {
  const person = await createPerson(server, OF_TRIGGERS);
  const begun = await page.evaluate(async ({ username, password }) => {
    try {
      globalThis.step = await globalThis.cognito.signIn({ username, password });
      return {};
    } catch ({ code, message }) {
      return { code, message };
    }
  }, { username: person.username, password: person.password });
  if (begun.code) return begun;
  return page.evaluate(async (typed) => {
    try {
      const { tokens } = await globalThis.step.answer(typed);
      return { tokens };
    } catch ({ code, message }) {
      return { code, message };
    }
  }, await person.mailed());
}

function withHeaders(change) {
  return async ({ forward, send }) => {
    const { status, headers, text } = await forward();
    send(status, change(headers), text);
  };
}

async function serve({ url }, response) {
  const name = /^\/pkg\/([\w.-]+\.js)$/.exec(url)?.[1];
  if (!name) return response.writeHead(200, HTML).end("<!doctype html><title>A page</title>");
  return response.writeHead(200, { "content-type": "text/javascript" }).end(await readFile(path.join(DIST, name)));
}
