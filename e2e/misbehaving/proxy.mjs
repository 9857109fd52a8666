// A Cognito that misbehaves: local-cognito, and before it, on a socket of its own, whatever spoils one of its replies.

import { once } from "node:events";
import { createServer } from "node:http";

// Those of a connection, which are not the next one's.
const OF_THE_CONNECTION = ["connection", "keep-alive", "transfer-encoding", "content-length"];

export class Misbehaving {
  /** The names of the requests that came, in their order. */
  wire = [];
  /** The requests that went where none should go. */
  elsewhere = [];

  #target;
  #server;
  #spoilt;
  #clock = (headers) => headers;

  /** @param {string} target the address of a Cognito that behaves */
  constructor(target) {
    this.#target = target;
    this.#server = createServer((request, response) => {
      this.#answer(request, response).catch((error) => response.destroy(error));
    });
  }

  /** @returns {Promise<string>} the address, with the last slash */
  async listen() {
    this.#server.listen(0, "127.0.0.1");
    await once(this.#server, "listening");
    return `http://127.0.0.1:${this.#server.address().port}/`;
  }

  close() {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  /**
   * Spoils every reply of a name from now on. A name is that of the challenge that is answered,
   * `resend`, or else the operation.
   *
   * @param {string} name
   * @param {(exchange: Exchange) => unknown} fault what becomes of it
   */
  spoil(name, fault) {
    this.#spoilt = { name, fault };
  }

  /** All is well again. */
  heal() {
    this.#spoilt = undefined;
    this.#clock = (headers) => headers;
  }

  /** Every reply has another `Date`, or none if it is undefined. */
  setDate(date) {
    this.#clock = ({ date: _, ...headers }) => (date === undefined ? headers : { ...headers, date });
  }

  async #answer(request, response) {
    const parts = [];
    for await (const part of request) parts.push(part);
    const body = Buffer.concat(parts);
    const name = nameOf(request, body);
    if (request.url === "/elsewhere") this.elsewhere.push(name);
    if (request.method === "POST") this.wire.push(name);
    const forward = async () => this.#forward(request, body);
    response.sendDate = false;
    if (this.#spoilt?.name === name) return this.#spoilt.fault(new Exchange(request, response, forward));
    const { status, headers, text } = await forward();
    return response.writeHead(status, headers).end(text);
  }

  async #forward({ method, url, headers }, body) {
    const forwarded = Object.entries(headers).filter(([name]) => !["host", ...OF_THE_CONNECTION].includes(name));
    const reply = await fetch(new URL(url, this.#target), {
      method,
      headers: forwarded,
      body: method === "POST" ? body : undefined,
    });
    const kept = [...reply.headers].filter(([name]) => !OF_THE_CONNECTION.includes(name));
    return { status: reply.status, headers: this.#clock(Object.fromEntries(kept)), text: await reply.text() };
  }
}

/** A request, and what it might be answered with. */
class Exchange {
  /**
   * Asks the Cognito that behaves.
   *
   * @returns {Promise<{ status: number, headers: Record<string, string>, text: string }>}
   */
  forward;

  constructor(request, response, forward) {
    Object.assign(this, { request, response, forward });
  }

  /** Sends the reply with another body, which `change` makes of the one that came. */
  async alter(change) {
    const { status, headers, text } = await this.forward();
    const body = JSON.parse(text);
    this.response.writeHead(status, headers).end(JSON.stringify(change(body) ?? body));
  }

  /** Sends something else. */
  send = (status, headers, body) => {
    this.response.writeHead(status, headers).end(body);
  };
}

function nameOf({ method, url, headers }, body) {
  if (method !== "POST") return method === "GET" && url.endsWith("/jwks.json") ? "jwks" : `${method} ${url}`;
  const operation = headers["x-amz-target"]?.split(".")[1];
  const { ChallengeName, ClientMetadata } = JSON.parse(body);
  if (ClientMetadata?.action === "resend") return "resend";
  return ChallengeName ?? operation;
}
