// How a reply arrives, and what becomes of the call: by README's "Errors" and "What is sent again", and by
// `ErrorCode` in the package's types.

import { gzipSync } from "node:zlib";

const JSON_TYPE = { "content-type": "application/x-amz-json-1.1" };
const HTML_TYPE = { "content-type": "text/html" };
const HTML = "<!doctype html><title>Bad Gateway</title>";
const exception = (name) => JSON.stringify({ __type: name, message: "x" });
const sends = (status, headers, body) => async (exchange) => exchange.send(status, headers, body);
const answersAnd = (send) => async (exchange) => {
  await exchange.forward();
  return send(exchange);
};

/** By name: what arrives, and the code that the call ends with; none if it goes on. */
export const ARRIVALS = {
  "HTML where JSON should be": { code: "bad_reply", fault: answersAnd(sends(200, HTML_TYPE, HTML)) },
  "nothing with status 200": { code: "bad_reply", fault: answersAnd(sends(200, JSON_TYPE, "")) },
  "a list": { code: "bad_reply", fault: answersAnd(sends(200, JSON_TYPE, "[]")) },
  "null": { code: "bad_reply", fault: answersAnd(sends(200, JSON_TYPE, "null")) },
  "no content": { code: "bad_reply", fault: answersAnd(sends(204, {}, undefined)) },
  "a good body with status 202": { code: "bad_reply", fault: withHead(202, (headers) => headers) },
  "400 without an exception": { code: "bad_reply", fault: answersAnd(sends(400, JSON_TYPE, "{}")) },
  "404 in HTML": { code: "bad_reply", fault: answersAnd(sends(404, HTML_TYPE, HTML)) },
  "more than any reply has": { code: "bad_reply", fault: answersAnd(sends(200, JSON_TYPE, `"${"x".repeat(3 << 20)}"`)) },
  "403 of a firewall": { code: "forbidden", fault: sends(403, HTML_TYPE, HTML) },
  "an exception that is new": { code: "refused", fault: sends(400, JSON_TYPE, exception("BrandNewException")) },
  "429 in HTML, to be tried in an hour": { code: "throttled", fault: sends(429, { ...HTML_TYPE, "retry-after": "3600" }, HTML) },
  "429 of Cognito": { code: "throttled", fault: sends(429, JSON_TYPE, exception("TooManyRequestsException")) },
  "400 that says too many requests": { code: "throttled", fault: sends(400, JSON_TYPE, exception("TooManyRequestsException")) },
  "500 of Cognito": { code: "pool_unavailable", fault: answersAnd(sends(500, JSON_TYPE, exception("InternalErrorException"))) },
  "502 in HTML": { code: "pool_unavailable", fault: answersAnd(sends(502, HTML_TYPE, HTML)) },
  "503 with nothing": { code: "pool_unavailable", fault: sends(503, { "retry-after": "3600" }, "") },
  "200 with the header of an exception": {
    code: "pool_unavailable",
    fault: withHead(200, (headers) => ({ ...headers, "x-amzn-errortype": "InternalErrorException:" })),
  },
  "a redirect": { code: "network", fault: ({ request, response }) => redirect(307, request, response) },
  "a redirect that makes a GET of it": { code: "network", fault: ({ request, response }) => redirect(302, request, response) },
  "a reply that is cut": { code: "network", fault: half((response) => response.socket.destroy()) },
  "compressed garbage": {
    code: "network",
    fault: answersAnd(sends(200, { ...JSON_TYPE, "content-encoding": "gzip" }, "no gzip at all, by no means")),
  },
  "a reply that comes too late": { code: "timeout", slow: true, fault: late },
  "a reply that never ends": { code: "timeout", slow: true, fault: half(() => {}) },
  "good, compressed": { fault: compressed },
  "good, of another type": { fault: withHead(200, (headers) => ({ ...headers, "content-type": "text/plain" })) },
  "good, without any header": { fault: withHead(200, () => ({})) },
  "good, after a hint": { fault: hinted },
  "good, twice on one connection": { fault: twice },
};

/** How often a request is on the wire that fails so: README's "What is sent again". */
export function timesSent(reply, code) {
  const again = {
    InitiateAuth: { network: 1, pool_unavailable: 1, throttled: 2 },
    GetTokensFromRefreshToken: { network: 2, pool_unavailable: 2, throttled: 2 },
  };
  return 1 + (again[reply]?.[code] ?? 0);
}

/** Longer than the time limit of those who wait for it. */
export const LATE_MS = 3000;

function withHead(status, change) {
  return async ({ response, forward }) => {
    const { headers, text } = await forward();
    response.writeHead(status, change(headers)).end(text);
  };
}

async function compressed(exchange) {
  const { status, headers, text } = await exchange.forward();
  exchange.send(status, { ...headers, "content-encoding": "gzip" }, gzipSync(text));
}

function half(then) {
  return async (exchange) => {
    const { status, headers, text } = await exchange.forward();
    exchange.response.writeHead(status, { ...headers, "content-length": Buffer.byteLength(text) });
    exchange.response.write(text.slice(0, text.length / 2), () => then(exchange.response));
  };
}

async function late(exchange) {
  const { status, headers, text } = await exchange.forward();
  setTimeout(() => exchange.send(status, headers, text), LATE_MS).unref();
}

// To where the body, with what it proves, must not go.
function redirect(status, request, response) {
  response.writeHead(status, { location: `http://${request.headers.host}/elsewhere` }).end();
}

async function hinted(exchange) {
  const { status, headers, text } = await exchange.forward();
  await new Promise((resolve) => exchange.response.writeEarlyHints({ link: "</x.css>; rel=preload; as=style" }, resolve));
  exchange.send(status, headers, text);
}

// Past the server, which would never do that.
async function twice({ response, forward }) {
  const { headers, text } = await forward();
  const head = { ...headers, "content-length": Buffer.byteLength(text) };
  const lines = Object.entries(head).map(([name, value]) => `${name}: ${value}\r\n`);
  const raw = `HTTP/1.1 200 OK\r\n${lines.join("")}\r\n${text}`;
  response.socket.write(raw + raw);
}
