// The pool behind real sockets, and between them whatever can go wrong: it counts what is on the
// wire, which a client that repeats cannot hide.
import { createServer } from 'node:http';
import { once } from 'node:events';

const json = { 'Content-Type': 'application/x-amz-json-1.1' };

// What becomes of a request. `forward` hands it to the pool, `reply` sends what came back.
export const FAULTS = {
  'the connection breaks before it is read': { onConnection: true },
  'the connection breaks after it has arrived': async ({ response, forward }) => {
    await forward();
    response.socket.destroy();
  },
  'the connection is reset': async ({ response }) => {
    response.socket.resetAndDestroy();
  },
  'the pool fails with a 500': async ({ response }) => {
    response.writeHead(500, json).end('{"__type":"InternalErrorException","message":"x"}');
  },
  'a gateway answers 502 in HTML': async ({ response, forward }) => {
    await forward();
    response.writeHead(502, { 'Content-Type': 'text/html' }).end('<html>Bad Gateway</html>');
  },
  'it is turned away with a 429': async ({ response }) => {
    response.writeHead(429, json).end('{"__type":"TooManyRequestsException","message":"Rate exceeded"}');
  },
  'the answer does not come': async ({ forward }) => {
    await forward();
  },
  'half of the answer comes': async ({ response, forward }) => {
    const text = JSON.stringify(await forward());
    response.writeHead(200, { ...json, 'Content-Length': text.length });
    response.write(text.slice(0, text.length / 2), () => response.socket.destroy());
  },
};

export class FaultProxy {
  // Requests that came, and connections that broke before one could.
  wire = 0;
  // Answers that came through whole.
  answered = 0;
  // The fault, and after how many whole answers it begins. It lasts until it is taken away.
  fault;
  #server;
  #pool;

  constructor(pool) {
    this.#pool = pool;
    this.#server = createServer((request, response) => this.#answer(request, response));
    this.#server.on('connection', (socket) => {
      if (!this.#now()?.onConnection) return;
      this.wire += 1;
      socket.destroy();
    });
  }

  async listen(t) {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    t.after(() => {
      this.#server.closeAllConnections();
      this.#server.close();
    });
    return `http://127.0.0.1:${this.#server.address().port}/`;
  }

  #now() {
    return this.fault && this.answered >= this.fault.after ? FAULTS[this.fault.name] : undefined;
  }

  async #answer(request, response) {
    this.wire += 1;
    const parts = [];
    for await (const part of request) parts.push(part);
    response.shouldKeepAlive = false;
    const forward = async () => {
      const asked = new Request('http://pool.invalid/', { method: 'POST', headers: request.headers, body: Buffer.concat(parts) });
      const reply = await this.#pool.fetch(asked);
      response.statusCode = reply.status;
      return reply.json();
    };
    const now = this.#now();
    if (now) return now({ response, forward });
    const body = JSON.stringify(await forward());
    this.answered += 1;
    response.writeHead(response.statusCode, json).end(body);
  }
}
