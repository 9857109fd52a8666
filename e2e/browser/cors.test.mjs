// What a page may not read, in a real browser: replies from elsewhere without their CORS headers.

import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import { after, before, describe, test } from "node:test";
import { launch } from "../support/browser.mjs";
import { startSessionSite } from "../support/session-site.mjs";

const ANY = { "access-control-allow-origin": "*" };
const PREFLIGHT = { ...ANY, "access-control-allow-headers": "*", "access-control-allow-methods": "POST" };
const HTML = { "content-type": "text/html" };
const REFUSAL = '{"__type":"PasswordResetRequiredException","message":"m"}';

describe("replies from another origin", () => {
  let browser;
  let site;
  before(async () => {
    site = await startSessionSite({});
    browser = await launch();
  });
  after(async () => {
    await browser?.close();
    await site.stop();
  });

  // What a sign-in ends with where requests are answered so, and how many of them came.
  async function signInAt(t, { preflight, status, headers, body }) {
    let posts = 0;
    const server = createServer((request, response) => {
      request.resume();
      if (request.method === "OPTIONS") return response.writeHead(preflight ? 204 : 403, preflight).end();
      posts += 1;
      return response.writeHead(status, headers).end(body);
    }).listen(0, "127.0.0.1");
    await once(server, "listening");
    const page = await browser.newPage();
    t.after(async () => {
      await page.close();
      server.closeAllConnections();
      server.close();
    });
    await page.goto(site.url);
    const error = await page.evaluate(async (endpoint) => {
      const { Cognito } = await import("/pkg/index.js");
      const cognito = new Cognito({ userPoolId: "us-east-1_Example1", clientId: "exampleclient", endpoint });
      const { code, message, status, cause } = await cognito.signIn({ username: "u", password: "p" }).catch((error) => error);
      return { code, message, status, cause: String(cause) };
    }, `http://127.0.0.1:${server.address().port}/`);
    return { ...error, posts };
  }

  test("a reply without CORS headers is a network error whose message names them", async (t) => {
    const firewall = await signInAt(t, { preflight: PREFLIGHT, status: 403, headers: HTML, body: "<html>blocked</html>" });
    assert.equal(firewall.code, "network");
    assert.match(firewall.message, /CORS/);
    assert.match(firewall.cause, /^TypeError/);
    assert.equal(firewall.posts, 2);
    const closed = await signInAt(t, { status: 400, headers: {}, body: REFUSAL });
    assert.equal(closed.code, "network");
    assert.equal(closed.posts, 0);
  });

  test("a reply whose headers the page may not read is read by its body", async (t) => {
    const headers = { ...ANY, "x-amzn-ErrorType": "SomethingElse", "x-amzn-RequestId": "r" };
    const { code, status, posts } = await signInAt(t, { preflight: PREFLIGHT, status: 400, headers, body: REFUSAL });
    assert.deepEqual({ code, status, posts }, { code: "password_reset_required", status: 400, posts: 1 });
  });
});
