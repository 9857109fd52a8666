// local-cognito beside MiniStack: both with our triggers, by the same clients; prints JSON.
// usage: LOCAL_COGNITO=… TRIGGERS=… SIGN_INS=… node measure.mjs ROUNDS
import { spawn } from "node:child_process";
import { randomBytes, randomUUID } from "node:crypto";
import { EventEmitter, once } from "node:events";
import { mkdtemp, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import path from "node:path";
import { json, text } from "node:stream/consumers";
import { CLIENT_ID, POOL_ID, startLocalCognito } from "../../e2e/support/local-cognito.mjs";
import { startMiniStack } from "../../e2e/support/ministack.mjs";
import { runPython } from "../../e2e/support/python.mjs";

const PASSWORD = "Correct-Horse-9";
const STARTS = 15;
// How many users there are beside those who sign in.
const MANY = [1_000, 100_000];
const rounds = Number(process.argv[2]);
let people = 0;
// Each server that is started is ended with this process, should it end early.
EventEmitter.defaultMaxListeners = 2 * STARTS;

const ready = [];
for (let start = 0; start < STARTS; start += 1) ready.push(await timeToAnswer());

// Where each keeps its users, and what one looks like.
const OURS = {
  name: "local-cognito",
  signIns: 120,
  file: "pools.json",
  start: (folder) => ours("--data", path.join(folder, "pools.json")),
  usersIn: ({ pools }) => pools[POOL_ID].users,
  copyOf: (one, { sub, email }) => ({ ...one, username: sub, attributes: { ...one.attributes, sub, email } }),
};
const THEIRS = {
  name: "MiniStack",
  signIns: 12,
  file: "cognito.json",
  start: (folder, ids) => theirs({ PERSIST_STATE: "1", STATE_DIR: folder }, ids),
  usersIn: ({ payload }) => Object.values(payload.user_pools.data)[0]._users,
  copyOf: (one, { sub, email }) => ({
    ...one,
    Username: sub,
    Attributes: one.Attributes.map(({ Name, Value }) => ({ Name, Value: { sub, email }[Name] ?? Value })),
  }),
};

const mailbox = await startMailbox();
const servers = { localCognito: await ours(), miniStack: await theirs() };
try {
  const rates = { localCognito: [], miniStack: [] };
  const repeated = { localCognito: 0, miniStack: 0 };
  for (const server of Object.values(servers)) await signIns(server, 2, 1);
  for (let round = 0; round < rounds; round += 1) {
    for (const [name, count] of [["localCognito", 120], ["miniStack", 12]]) {
      const round = await signIns(servers[name], count, 4);
      rates[name].push(round.rate);
      repeated[name] += round.repeated;
    }
  }
  const memory = {};
  for (const [name, { pid }] of Object.entries(servers)) memory[name] = await residentMb(pid);
  const concurrency = {};
  for (const clients of [1, 10, 100]) concurrency[clients] = await costPerSignIn(servers.localCognito, clients);
  const users = [];
  for (const server of [OURS, THEIRS]) for (const count of MANY) users.push(await amongMany(server, count));
  process.stdout.write(JSON.stringify({ ready, rates, repeated, memory, concurrency, users }));
} finally {
  for (const { stop } of Object.values(servers)) await stop();
  mailbox.stop();
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
    pid: server.pid,
    stop: () => server.stop(),
  };
}

// Sign-ins on a server of its own, which finds so many users in the file that it keeps them in.
async function amongMany({ name, signIns, start, file, usersIn, copyOf }, count) {
  const folder = await mkdtemp(path.join(tmpdir(), "bench-servers-"));
  const kept = path.join(folder, file);
  try {
    const first = await start(folder);
    const people = Array.from({ length: signIns }, nobody);
    for (const username of people) await first.createUser(username);
    await first.stop();
    const state = JSON.parse(await readFile(kept, "utf8"));
    const users = usersIn(state);
    const [one] = Object.values(users);
    for (let copy = 0; copy < count; copy += 1) {
      const sub = randomUUID();
      users[sub] = copyOf(one, { sub, email: nobody() });
    }
    await writeFile(kept, JSON.stringify(state));
    const server = await start(folder, first.ids);
    try {
      const { rate } = await signInsOf(server, people, 4);
      return { server: name, users: count, rate, mb: await residentMb(server.pid) };
    } finally {
      await server.stop();
    }
  } finally {
    await rm(folder, { recursive: true });
  }
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

// With a new pool, or with the one of these ids that it has kept.
async function theirs(settings, known) {
  const server = await startMiniStack(settings);
  const environment = {
    EMAIL_SENDER: "noreply@example.com",
    CODE_KEY: randomBytes(32).toString("base64"),
    AWS_ENDPOINT_URL_SESV2: mailbox.url,
    ATTEMPTS_TABLE: "attempts",
  };
  const ids = known ?? await runPython("ministack_pool.py", [server.url, process.env.TRIGGERS], JSON.stringify(environment));
  return {
    endpoint: server.url,
    ids,
    mails: mailbox.url,
    createUser: (username) => createOn(server.url, ids.userPoolId, username),
    pid: server.pid,
    stop: () => server.stop(),
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
    const { Data } = mail.Content.Simple.Body.Text;
    for (const address of mail.Destination.ToAddresses) last.set(address, { text: Data });
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
  const printed = await text(signIns.stdout);
  const [status] = await ended;
  if (status !== 0) throw new Error(`sign-ins ended with ${status}`);
  const { seconds, cpuMs, repeated } = JSON.parse(printed);
  return { rate: people.length / seconds, clientMs: cpuMs / people.length, repeated };
}

// What a sign-in takes of the CPU: of its client, of the server, and of the triggers' processes, which
// are called five times; in milliseconds.
async function costPerSignIn(server, clients) {
  const count = Math.max(200, 2 * clients);
  const users = Array.from({ length: count }, nobody);
  for (const user of users) await server.createUser(user);
  const { pid } = server;
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
