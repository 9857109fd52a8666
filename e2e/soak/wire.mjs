// The wire between a client and the pool: what is sent is written down, and on a detour through a
// socket of its own one request of a sign-in can be lost, cut, delayed or refused.

import { once } from "node:events";
import { createServer } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";

const JSON_TYPE = { "content-type": "application/x-amz-json-1.1" };
const SLOW_MS = 300;
/** So long a client waits that meets a reply which is late. */
export const PATIENCE_MS = 3_000;

// What may become of a request: `forward` hands it to the pool, `pass` sends the pool's reply on.
const FAULTS = {
  async reset({ response }) {
    response.socket.resetAndDestroy();
  },
  async lost({ response, forward }) {
    await forward();
    response.socket.destroy();
  },
  async cut({ response, forward }) {
    const { status, headers, text } = await forward();
    const length = Buffer.byteLength(text);
    response.writeHead(status, { ...headers, "content-length": length });
    response.write(text.slice(0, text.length / 2), () => response.socket?.destroy());
  },
  async slow({ forward, pass }) {
    const reply = await forward();
    setTimeout(pass, SLOW_MS, reply);
  },
  async dripped({ response, forward }) {
    const { status, headers, text } = await forward();
    response.writeHead(status, headers);
    const bytes = Buffer.from(text);
    // One after the other: timers of several lengths do not keep their order on a busy machine.
    for (let at = 0; at < 5; at += 1) {
      response.write(bytes.subarray(at * 9, (at + 1) * 9));
      await sleep(20);
    }
    response.end(bytes.subarray(45));
  },
  async late({ forward, pass }) {
    const reply = await forward();
    setTimeout(pass, PATIENCE_MS + 1_000, reply).unref();
  },
  async busy({ response }) {
    response.writeHead(429, JSON_TYPE).end('{"__type":"TooManyRequestsException","message":"Rate exceeded"}');
  },
  async broken({ response }) {
    response.writeHead(500, JSON_TYPE).end('{"__type":"InternalErrorException","message":"x"}');
  },
  async gateway({ response }) {
    response.writeHead(503, { "content-type": "text/html" }).end("<html>Service Unavailable</html>");
  },
};

export class Wire {
  #pool;
  #ledger;
  #server;
  #address;
  // What is still to happen, by the number of the detour.
  #faults = new Map();
  #detours = 0;

  /**
   * @param {string} pool the pool's address
   * @param {import("./ledger.mjs").Ledger} ledger
   */
  constructor(pool, ledger) {
    this.#pool = pool;
    this.#ledger = ledger;
    this.#server = createServer((request, response) => {
      this.#answer(request, response).catch((error) => response.destroy(error));
    });
  }

  async open() {
    this.#server.listen(0, "127.0.0.1");
    await once(this.#server, "listening");
    this.#address = `http://127.0.0.1:${this.#server.address().port}/`;
  }

  close() {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  /**
   * An address on which a request is spoilt, one time after the other.
   *
   * @param {{ at: string, how: string, times: number }} fault `at` is the challenge that is
   *   answered, or the operation; `how` is one of `FAULTS`
   */
  detour(fault) {
    this.#detours += 1;
    this.#faults.set(this.#detours, { ...fault });
    return `${this.#address}${this.#detours}/`;
  }

  /** What a client is given as `fetch`. It writes down which sessions go out, and which the pool takes. */
  fetch = async (request) => {
    const session = sessionIn(await request.clone().text());
    if (session) this.#ledger.noteSent(session);
    const reply = await fetch(request);
    // On a detour, the pool's own reply counts.
    if (session && reply.ok && request.url === this.#pool) this.#ledger.noteTaken(session);
    return reply;
  };

  /** Sends a request as it is, without a client. */
  async send(target, body) {
    const headers = { ...JSON_TYPE, "x-amz-target": target };
    const reply = await fetch(this.#pool, { method: "POST", headers, body });
    const session = sessionIn(body);
    if (session && reply.ok) this.#ledger.noteTaken(session);
    return { status: reply.status, headers: Object.fromEntries(reply.headers), text: await reply.text() };
  }

  async #answer(request, response) {
    const parts = [];
    for await (const part of request) parts.push(part);
    const body = Buffer.concat(parts).toString();
    const target = request.headers["x-amz-target"];
    const forward = async () => {
      const { status, headers, text } = await this.send(target, body);
      const { "content-type": type, date, "x-amzn-errortype": error } = headers;
      return { status, headers: { "content-type": type, date, ...(error && { "x-amzn-errortype": error }) }, text };
    };
    const pass = ({ status, headers, text }) => response.writeHead(status, headers).end(text);
    const fault = this.#faults.get(Number(request.url.split("/")[1]));
    const name = JSON.parse(body).ChallengeName ?? target.split(".")[1];
    if (fault?.at !== name || fault.times === 0) return pass(await forward());
    fault.times -= 1;
    return FAULTS[fault.how]({ response, forward, pass });
  }
}

function sessionIn(body) {
  return JSON.parse(body).Session;
}
