// A trigger that is killed at a moment that the test names: `node mortal.mjs FOLDER TRIGGER EXECUTABLE`.
// It stands between the executable and all that it speaks to. The file `TRIGGER.plan` in the folder says
// `TIMES BEFORE|AFTER CALL`: how often the executable is killed, and whether that call of its gets through.
// Calls are `GetItem 1`, `GetItem 2` and so on, counted for each event, and `response`.

import { spawn } from "node:child_process";
import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { createServer, request } from "node:http";
import path from "node:path";

const [folder, trigger, executable] = process.argv.slice(2);
const PLAN = path.join(folder, `${trigger}.plan`);

// Of one event; what is asked for before the first belongs to none.
let counted;
const runtime = await passOn(new URL(`http://${process.env.AWS_LAMBDA_RUNTIME_API}`), runtimeCall);
const aws = await passOn(new URL(process.env.AWS_ENDPOINT_URL), awsCall);
const child = spawn(executable, [], {
  stdio: "inherit",
  env: {
    ...process.env,
    AWS_LAMBDA_RUNTIME_API: runtime,
    AWS_ENDPOINT_URL: `http://${aws}`,
    AWS_ENDPOINT_URL_SESV2: `http://${aws}`,
  },
});
child.once("exit", die);

/** Passes requests on to an address, and dies when one is due. Gives the host and port where it listens. */
function passOn(target, nameOf) {
  const server = createServer(async (incoming, reply) => {
    const chunks = [];
    for await (const chunk of incoming) chunks.push(chunk);
    const call = nameOf(incoming);
    if (isDue("BEFORE", call)) return die();
    const headers = { ...incoming.headers, host: target.host };
    const onward = request(new URL(incoming.url, target), { method: incoming.method, headers }, (answer) => {
      if (isDue("AFTER", call)) return die();
      reply.writeHead(answer.statusCode, answer.headers);
      answer.pipe(reply);
    });
    onward.once("error", die);
    onward.end(Buffer.concat(chunks));
  });
  return new Promise((resolve) =>
    server.listen(0, "127.0.0.1", () => resolve(`127.0.0.1:${server.address().port}`)));
}

function runtimeCall({ url }) {
  const call = url.split("/").at(-1);
  if (call === "next") counted = new Map();
  return call;
}

function awsCall({ headers, url }) {
  if (!counted) return "opening";
  const call = headers["x-amz-target"]?.split(".")[1] ?? url.split("/").at(-1);
  counted.set(call, (counted.get(call) ?? 0) + 1);
  return `${call} ${counted.get(call)}`;
}

/** Whether the plan wants a death here; then there is one less to come. */
function isDue(moment, call) {
  const [times, ...planned] = readFileSync(PLAN, "utf8").split(" ");
  if (times === "0" || planned.join(" ") !== `${moment} ${call}`) return false;
  writeFileSync(`${PLAN}.new`, [times - 1, ...planned].join(" "));
  renameSync(`${PLAN}.new`, PLAN);
  return true;
}

function die() {
  child.kill("SIGKILL");
  process.kill(process.pid, "SIGKILL");
}
