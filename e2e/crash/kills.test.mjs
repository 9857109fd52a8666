// local-cognito with --data, killed while it writes. What it acknowledged is there when it starts again.
// `KILLS` says how often; the kills are drawn from `SEED`, which is printed.

import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readFileSync, rmSync, watch, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { startLocalCognito } from "../support/local-cognito.mjs";
import { Ledger, isCutOff } from "./ledger.mjs";
import { atServer, change, createPool, inFile, join, passwordOf, signInWithCode } from "./people.mjs";
import { endOf, programsBelow } from "../support/processes.mjs";
import { random } from "../support/random.mjs";

const KILLS = Number(process.env.KILLS ?? 10);
const SEED = Number(process.env.SEED ?? Date.now() % 1_000_000);
/** How many sign up before a kill, and how many who did so earlier write on. */
const NEW = 3;
const OLD = 2;
/** Others in the file: writing it takes long enough to be killed meanwhile. */
const BYSTANDERS = 40;
/** The longest that a kill waits: for any moment, and for one within a write, in milliseconds. */
const ANY_MOMENT = 400;
const WITHIN_A_WRITE = 10;

/** When to kill, in turn. */
const MOMENTS = [withinAWrite, anyMoment];
/** All that the ledger knows of a person but devices, which it knows by their keys. */
const OTHER_FIELDS = ["status", "name", "password"];

const folder = mkdtempSync(path.join(tmpdir(), "crash-"));
const FILE = path.join(folder, "users.json");
after(() => rmSync(folder, { recursive: true }));

test("whoever was acknowledged before a kill is there after it", async (t) => {
  const draw = random(SEED);
  const ledger = new Ledger();
  const pool = await begin();
  const confirmed = new Set();
  const ready = [];
  const found = { nothing: 0, half: 0, whole: 0 };
  for (let kill = 0; kill < KILLS; kill += 1) {
    const started = performance.now();
    const server = await startLocalCognito("--data", FILE);
    ready.push(performance.now() - started);
    const asked = [...Array.from({ length: NEW }, (_, number) => `person${kill}-${number}`), ...someOf(confirmed, draw)];
    try {
      await writeUntilKilled(server, ledger, pool, asked, () => MOMENTS[kill % MOMENTS.length](draw));
    } finally {
      await server.stop();
    }
    found[besideTheFile()] += 1;
    judgeFile(ledger, pool);
    await judgeServer(ledger, pool, asked.filter((username) => ledger.names.includes(username)), confirmed);
  }
  const server = await startLocalCognito("--data", FILE);
  t.after(() => server.stop());
  for (const username of ledger.names) {
    assert.deepEqual(ledger.losses(username, await atServer(server, pool, username)), []);
  }
  ready.sort((a, b) => a - b);
  t.diagnostic(`seed ${SEED}: ${KILLS} kills, ${ledger.acknowledged} writes acknowledged, ${ledger.cutOff} cut off; ` +
    `${ledger.names.length} people; beside the file after a kill: ${JSON.stringify(found)}; ` +
    `ready after ${Math.round(ready[ready.length >> 1])} ms, at most ${Math.round(ready.at(-1))} ms`);
  assert.ok(ledger.acknowledged > KILLS, "clients wrote");
  assert.ok(found.half + found.whole >= KILLS / 10, "kills met the server in mid-write");
});

/** Makes the pool, and fills it by hand: signing so many up takes minutes. */
async function begin() {
  const server = await startLocalCognito("--data", FILE);
  const pool = await createPool(server);
  const Username = "bystander";
  await server.call("AdminCreateUser", { UserPoolId: pool.userPoolId, Username, MessageAction: "SUPPRESS" });
  await server.stop();
  const data = JSON.parse(readFileSync(FILE, "utf8"));
  const { users } = data.pools[pool.userPoolId];
  for (let number = 0; number < BYSTANDERS; number += 1) {
    const username = `${Username}${number}`;
    const attributes = { ...users[Username].attributes, sub: crypto.randomUUID() };
    users[username] = { ...users[Username], username, attributes };
  }
  writeFileSync(FILE, JSON.stringify(data));
  return pool;
}

/** Lets people write until the kill, and sees the triggers end with their server. */
async function writeUntilKilled(server, ledger, pool, names, moment) {
  await signInWithCode(server);
  const programs = programsBelow(server.pid);
  assert.equal(programs.length, 3, "the triggers run");
  const write = async (username) => {
    if (!ledger.names.includes(username)) await join(server, ledger, pool, username);
    await change(server, ledger, pool, username);
  };
  const writing = Promise.all(names.map((username) =>
    write(username).catch((error) => assert.ok(isCutOff(error), error))));
  const kill = async () => {
    const ended = await Promise.race([moment(), server.ended.then(() => true)]);
    assert.ok(!ended, `it ended by itself: ${server.log}`);
    process.kill(server.pid, "SIGKILL");
  };
  await Promise.all([kill(), writing]);
  await endOf(programs);
}

/** Any moment. */
async function anyMoment(draw) {
  await sleep(draw() * ANY_MOMENT);
}

/** A moment soon after some write has begun. */
async function withinAWrite(draw) {
  await anyMoment(draw);
  await new Promise((resolve) => {
    const watcher = watch(folder, { persistent: false }, (_, name) => {
      if (name !== "users.json.new") return;
      watcher.close();
      resolve();
    });
  });
  const until = performance.now() + draw() * WITHIN_A_WRITE;
  // A timer is too coarse.
  while (performance.now() < until);
}

/** Some of those who may write on. */
function someOf(confirmed, draw) {
  const names = [...confirmed];
  return new Set(Array.from({ length: Math.min(OLD, names.length) }, () => names[Math.floor(draw() * names.length)]));
}

/** What the kill left of the file that was to be the next one. */
function besideTheFile() {
  const beside = `${FILE}.new`;
  if (!existsSync(beside)) return "nothing";
  try {
    JSON.parse(readFileSync(beside, "utf8"));
    return "whole";
  } catch {
    return "half";
  }
}

/** Everybody, read by a parser that is not the server's, before the server reads the file. */
function judgeFile(ledger, pool) {
  const data = JSON.parse(readFileSync(FILE, "utf8"));
  const users = Object.keys(data.pools[pool.userPoolId].users);
  assert.equal(users.filter((name) => name.startsWith("bystander")).length, BYSTANDERS + 1);
  for (const username of ledger.names) {
    const devices = ledger.fields(username).filter((field) => !OTHER_FIELDS.includes(field));
    const found = inFile(data, pool, username, devices);
    assert.deepEqual(ledger.losses(username, found), []);
    ledger.settle(username, found);
  }
}

/** Those who were in the middle of something, asked of the server that starts again. */
async function judgeServer(ledger, pool, names, confirmed) {
  const server = await startLocalCognito("--data", FILE);
  try {
    for (const username of names) {
      const found = await atServer(server, pool, username);
      assert.deepEqual(ledger.losses(username, found), []);
      if (found.status !== "CONFIRMED") continue;
      confirmed.add(username);
      const { password, step } = await passwordOf(server, ledger, pool, username);
      ledger.settle(username, { password });
      await server.call("GetUser", { AccessToken: step.tokens.accessToken });
    }
  } finally {
    await server.stop();
  }
}
