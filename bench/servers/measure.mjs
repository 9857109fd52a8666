// local-cognito beside MiniStack: both with our triggers, by the same clients; prints JSON.
// usage: LOCAL_COGNITO=… TRIGGERS=… SIGN_INS=… node measure.mjs ROUNDS
import { spawn } from "node:child_process";
import { randomBytes, randomUUID } from "node:crypto";
import { EventEmitter, once } from "node:events";
import { mkdtemp, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import path from "node:path";
import { json } from "node:stream/consumers";
import { CLIENT_ID, POOL_ID, startLocalCognito } from "../../e2e/support/local-cognito.mjs";
import { startMiniStack } from "../../e2e/support/ministack.mjs";
import { runPython } from "../../e2e/support/python.mjs";

const PASSWORD = "Correct-Horse-9";
const STARTS = 15;
// How many users there are beside those who sign in.
const MANY = [1_000, 100_000];
// MiniStack is given them one by one, and what it has by then is what it is measured with.
const PATIENCE_MS = 60_000;
const rounds = Number(process.argv[2]);
let people = 0;
// Each server that is started is ended with this process, should it end early.
EventEmitter.defaultMaxListeners = 2 * STARTS;

const ready = [];
for (let start = 0; start < STARTS; start += 1) ready.push(await timeToAnswer());

const servers = { localCognito: await ours(), miniStack: await theirs() };
try {
  const rates = { localCognito: [], miniStack: [] };
  for (const server of Object.values(servers)) await signIns(server, 2, 1);
  for (let round = 0; round < rounds; round += 1) {
    rates.localCognito.push((await signIns(servers.localCognito, 120, 4)).rate);
    rates.miniStack.push((await signIns(servers.miniStack, 12, 4)).rate);
  }
  const memory = {};
  for (const [name, { pid }] of Object.entries(servers)) memory[name] = await residentMb(await pid());
  const concurrency = {};
  for (const clients of [1, 10, 100]) concurrency[clients] = await costPerSignIn(servers.localCognito, clients);
  const users = [];
  for (const count of MANY) users.push({ server: "local-cognito", ...(await amongMany(count)) });
  for (const count of MANY) users.push({ server: "MiniStack", ...(await afterCreating(count, servers.miniStack)) });
  process.stdout.write(JSON.stringify({ ready, rates, memory, concurrency, users }));
} finally {
  for (const { stop } of Object.values(servers)) await stop();
}

// From the start of the process to its first answer, in milliseconds.
async function timeToAnswer() {
  const start = performance.now();
  const server = await startLocalCognito();
  const { status } = await fetch(new URL("/inbox/messages?to=nobody@example.com", server.url));
  const time = performance.now() - start;
  await server.stop();
  if (status !== 200) throw new Error(`local-cognito answered ${status}`);
  return time;
}

async function ours(...flags) {
  const server = await startLocalCognito(...flags);
  return {
    endpoint: server.url,
    ids: { userPoolId: POOL_ID, clientId: CLIENT_ID },
    mails: new URL("/inbox/messages", server.url).href,
    createUser: (username) => server.createUser({ username, password: PASSWORD }),
    pid: () => server.pid,
    stop: () => server.stop(),
  };
}

// Sign-ins on a local-cognito of its own, which is given so many users by the file of its `--data`.
async function amongMany(count) {
  const folder = await mkdtemp(path.join(tmpdir(), "bench-servers-"));
  const file = path.join(folder, "pools.json");
  try {
    const first = await ours("--data", file);
    const people = Array.from({ length: 120 }, nobody);
    for (const username of people) await first.createUser(username);
    await first.stop();
    const data = JSON.parse(await readFile(file, "utf8"));
    const { users } = data.pools[POOL_ID];
    const [one] = Object.values(users);
    for (let copy = 0; copy < count; copy += 1) {
      const sub = randomUUID();
      users[sub] = { ...one, username: sub, attributes: { ...one.attributes, sub, email: nobody() } };
    }
    await writeFile(file, JSON.stringify(data));
    const server = await ours("--data", file);
    try {
      const { rate } = await signInsOf(server, people, 4);
      return { users: count, rate, mb: await residentMb(await server.pid()) };
    } finally {
      await server.stop();
    }
  } finally {
    await rm(folder, { recursive: true });
  }
}

// Sign-ins on a server that has been given so many users, or as many as it takes in time.
async function afterCreating(count, server) {
  const end = performance.now() + PATIENCE_MS;
  let users = 0;
  for (; users < count && performance.now() < end; users += 1) await server.createUser(nobody());
  const { rate } = await signIns(server, 12, 4);
  return { users, rate, mb: await residentMb(await server.pid()) };
}

async function createOn(url, UserPoolId, Username) {
  const attributes = [{ Name: "email", Value: Username }, { Name: "email_verified", Value: "true" }];
  const inputs = {
    AdminCreateUser: { UserPoolId, Username, UserAttributes: attributes, MessageAction: "SUPPRESS" },
    AdminSetUserPassword: { UserPoolId, Username, Password: PASSWORD, Permanent: true },
  };
  for (const [operation, input] of Object.entries(inputs)) {
    const reply = await fetch(url, {
      method: "POST",
      headers: {
        "Content-Type": "application/x-amz-json-1.1",
        "X-Amz-Target": `AWSCognitoIdentityProviderService.${operation}`,
        // It does not check signatures, but finds the service by them.
        Authorization: "AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/cognito-idp/aws4_request, SignedHeaders=host, Signature=0",
      },
      body: JSON.stringify(input),
    });
    if (!reply.ok) throw new Error(`${operation}: ${await reply.text()}`);
  }
}

async function theirs() {
  const mailbox = await startMailbox();
  const server = await startMiniStack();
  const environment = {
    EMAIL_SENDER: "noreply@example.com",
    CODE_KEY: randomBytes(32).toString("base64"),
    AWS_ENDPOINT_URL_SESV2: mailbox.url,
    ATTEMPTS_TABLE: "attempts",
  };
  const ids = await runPython("ministack_pool.py", [server.url, process.env.TRIGGERS], JSON.stringify(environment));
  return {
    endpoint: server.url,
    ids,
    mails: mailbox.url,
    createUser: (username) => createOn(server.url, ids.userPoolId, username),
    pid: () => childNamed("ministack_server.py"),
    stop: async () => {
      await server.stop();
      mailbox.stop();
    },
  };
}

// SES and an inbox, which take next to no time: the last mail to each address is kept.
async function startMailbox() {
  const last = new Map();
  const server = createServer(async (request, response) => {
    response.setHeader("Content-Type", "application/json");
    if (request.method === "GET") {
      const { searchParams } = new URL(request.url, "http://localhost");
      response.end(JSON.stringify([last.get(searchParams.get("to"))]));
      return;
    }
    const mail = await json(request);
    const text = mail.Content.Simple.Body.Text.Data;
    for (const address of mail.Destination.ToAddresses) last.set(address, { text });
    response.end(JSON.stringify({ MessageId: randomUUID() }));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const stop = () => {
    server.close();
    server.closeAllConnections();
  };
  return { url: `http://127.0.0.1:${server.address().port}`, stop };
}

// Whole sign-ins in a second, to the tokens, by so many clients at once; each of another person.
async function signIns(server, count, clients) {
  const users = Array.from({ length: count }, nobody);
  for (const user of users) await server.createUser(user);
  return signInsOf(server, users, clients);
}

async function signInsOf({ endpoint, ids, mails }, people, clients) {
  const signIns = spawn(process.env.SIGN_INS, { stdio: ["pipe", "pipe", "inherit"] });
  const ended = once(signIns, "close");
  signIns.stdin.end(JSON.stringify({ endpoint, mails, ...ids, password: PASSWORD, people, clients }));
  const { seconds, cpuMs } = await json(signIns.stdout);
  await ended;
  return { rate: people.length / seconds, clientMs: cpuMs / people.length };
}

// What a sign-in takes of the CPU: of its client, of the server, and of the triggers' processes, which
// are called five times; in milliseconds.
async function costPerSignIn(server, clients) {
  const count = Math.max(200, 2 * clients);
  const users = Array.from({ length: count }, nobody);
  for (const user of users) await server.createUser(user);
  const pid = await server.pid();
  const triggers = await childrenOf(pid);
  const before = { server: await cpuMs([pid]), triggers: await cpuMs(triggers) };
  const { rate, clientMs } = await signInsOf(server, users, clients);
  return {
    rate,
    clientMs,
    serverMs: ((await cpuMs([pid])) - before.server) / count,
    triggersMs: ((await cpuMs(triggers)) - before.triggers) / count,
  };
}

async function cpuMs(processes) {
  const times = await Promise.all(processes.map(async (process) => {
    const fields = (await readFile(`/proc/${process}/stat`, "utf8")).split(") ")[1].split(" ");
    // In user space and in the kernel's, in hundredths of a second.
    return (Number(fields[11]) + Number(fields[12])) * 10;
  }));
  return times.reduce((sum, time) => sum + time, 0);
}

// The most that the server itself has had, without the triggers.
async function residentMb(pid) {
  const status = await readFile(`/proc/${pid}/status`, "utf8");
  return Number(/VmHWM:\s+(\d+) kB/.exec(status)[1]) / 1000;
}

async function childNamed(name) {
  for (const pid of await childrenOf(process.pid)) {
    if ((await readFile(`/proc/${pid}/cmdline`, "utf8")).includes(name)) return pid;
  }
  throw new Error(`no ${name} runs`);
}

// Each thread has its own.
async function childrenOf(pid) {
  const tasks = await readdir(`/proc/${pid}/task`);
  const lists = await Promise.all(tasks.map((task) => readFile(`/proc/${pid}/task/${task}/children`, "utf8")));
  return lists.flatMap((list) => list.split(" ")).filter((child) => child !== "");
}

function nobody() {
  people += 1;
  return `user${people}@example.com`;
}
