// Lambda and SES for one trigger that stands alone: hands it events, takes its mails, and keeps all
// that it writes.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:http";
import path from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const TRIGGERS = path.resolve(process.env.TRIGGERS ?? path.join(ROOT, "target/debug"));

/**
 * Runs a trigger until it has answered all events, or has ended by itself.
 *
 * @param {string} trigger the name of its executable
 * @param {Record<string, string>} settings its environment variables, beside those of Lambda
 * @param {string[]} events as they come
 * @param {{ status: number, body: object }} ses what SES answers
 * @returns {Promise<{ replies: object[], mails: object[], log: string }>} a reply is a response or a Lambda error
 */
export async function run(trigger, settings, events, ses = { status: 200, body: { MessageId: "1" } }) {
  const desk = new Desk(events, ses);
  const server = createServer((request, response) => void desk.serve(request, response)).listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = `127.0.0.1:${server.address().port}`;
  const env = {
    AWS_LAMBDA_RUNTIME_API: address,
    AWS_LAMBDA_FUNCTION_NAME: trigger,
    AWS_LAMBDA_FUNCTION_VERSION: "$LATEST",
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: "128",
    AWS_ENDPOINT_URL: `http://${address}`,
    ...settings,
  };
  const child = spawn(path.join(TRIGGERS, trigger), { env, stdio: ["ignore", "pipe", "pipe"] });
  let log = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (text) => (log += text));
  const closed = once(child, "close");
  await Promise.race([closed, desk.done]);
  child.kill();
  await closed;
  server.closeAllConnections();
  server.close();
  return { replies: desk.replies, mails: desk.mails, log };
}

class Desk {
  replies = [];
  mails = [];
  #events;
  #ses;
  #finish;
  /** When the trigger asks for more events than there are. */
  done = new Promise((resolve) => (this.#finish = resolve));

  constructor(events, ses) {
    this.#events = [...events];
    this.#ses = ses;
  }

  async serve(request, response) {
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    const body = Buffer.concat(chunks).toString();
    if (request.url.endsWith("/invocation/next")) return this.#next(response);
    if (request.url.includes("/invocation/")) {
      this.replies.push(JSON.parse(body));
      return json(response, 202, { status: "OK" });
    }
    if (request.method !== "POST" || !body.includes("Destination")) return json(response, 400, {});
    this.mails.push(JSON.parse(body));
    return json(response, this.#ses.status, this.#ses.body);
  }

  #next(response) {
    const event = this.#events.shift();
    if (event === undefined) return this.#finish();
    response.writeHead(200, {
      "content-type": "application/json",
      "lambda-runtime-aws-request-id": String(this.replies.length),
      "lambda-runtime-deadline-ms": "9999999999999",
      "lambda-runtime-invoked-function-arn": "arn:aws:lambda:us-east-1:123456789012:function:trigger",
    });
    response.end(event);
  }
}

function json(response, status, body) {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
}
