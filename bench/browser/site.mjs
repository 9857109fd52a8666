// A server on loopback: pages, the clients' files, and the pool.
import { createServer } from "node:http";
import path from "node:path";
import { Pool } from "./pool.mjs";

const TYPES = { ".js": "text/javascript", ".wasm": "application/wasm" };

/** Serves `files` of `bundle` to one page at a time. */
export class Site {
  /** What a page was sent since `open`: the paths of files. */
  loaded = [];
  #files;
  #pool;
  #server;

  static async start(files) {
    const site = new Site();
    site.#files = files;
    site.#server = createServer((request, response) => site.#serve(request, response));
    await new Promise((listening) => site.#server.listen(0, "127.0.0.1", listening));
    site.origin = `http://127.0.0.1:${site.#server.address().port}`;
    return site;
  }

  /** Gets ready for another page. */
  open() {
    this.loaded = [];
    this.#pool = new Pool();
    return `${this.origin}/`;
  }

  close() {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  async #serve(request, response) {
    response.setHeader("Cache-Control", "no-store");
    if (request.method === "POST") return this.#answer(request, response);
    if (request.url === "/") return response.setHeader("Content-Type", "text/html").end("<!doctype html><link rel=icon href=data:,>");
    const { pathname } = new URL(request.url, this.origin);
    const file = this.#files.get(pathname);
    if (!file) return response.writeHead(404).end();
    this.loaded.push(pathname);
    return response.setHeader("Content-Type", TYPES[path.extname(pathname)]).end(file);
  }

  async #answer(request, response) {
    let text = "";
    for await (const part of request) text += part;
    const { status = 200, ...reply } = this.#pool.reply(request.headers["x-amz-target"], JSON.parse(text));
    response.writeHead(status, { "Content-Type": "application/x-amz-json-1.1" }).end(JSON.stringify(reply));
  }
}
