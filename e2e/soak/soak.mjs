// Many sign-ins, of which one in twenty goes wrong in some way, and what has to come of each.
// usage: node --expose-gc soak.mjs [SIGN_INS] [SEED]; prints `N passed, M failed`

import { createHash } from "node:crypto";
import { writeFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { startLocalCognito } from "../support/local-cognito.mjs";
import { random } from "../support/random.mjs";
import { Ledger } from "./ledger.mjs";
import { grown, inMegabytes, measure } from "./memory.mjs";
import { drawPassword, SCRIPTS } from "./passwords.mjs";
import { Person } from "./person.mjs";
import { COMMON_SCENES, LATE_SCENES, ORDINARY, SCENES } from "./scenes.mjs";
import { Wire } from "./wire.mjs";

const SIGN_INS = Number(process.argv[2] ?? 100_000);
const SEED = Number(process.argv[3] ?? Date.now() % 1_000_000);
const SUMMARY = fileURLToPath(new URL("../../target/soak.json", import.meta.url));

/** Who signs in. Whoever was disturbed may be limited by it, and waits for the next day. */
const PEOPLE = Math.min(1_000, Math.ceil(SIGN_INS / 50));
/** Sign-ins of one person in a round, which is as long as the same triggers live. */
const TURNS = 6;
const AT_ONCE = 16;
/** Whom a scene befalls that befalls all at once. */
const GROUP = Math.min(20, Math.ceil(PEOPLE / 2));
const FAULTS = 0.05;
/** After so many seconds nobody is limited any more. */
const A_DAY = 86_500;
/** Nothing that is not late on purpose takes so long; many retries with pauses do not. */
const HANGS_AFTER_MS = 120_000;
const TELL_EVERY_MS = 10_000;
/** Sign-ins before memory is measured first; and the mails, tokens and sessions that the server keeps are all there. */
const WARM = 100;
const FULL = 10_000;
/** The most that are told of one by one. */
const MOST_TOLD = 20;

if (!(SIGN_INS >= 2 * WARM)) throw new Error(`SIGN_INS: expected at least ${2 * WARM}, not ${process.argv[2]}`);
if (!Number.isInteger(SEED)) throw new Error(`SEED: expected a whole number, not ${process.argv[3]}`);
const ledger = new Ledger(SIGN_INS * 6 + 10_000);
const server = await startLocalCognito();
const wire = new Wire(server.url, ledger);
await wire.open();
const started = performance.now();
let begun = 0;
const count = { signIns: 0, faults: 0, wrong: 0, hangs: 0 };
const scenes = {};
const memory = { triggers: [] };
let nextTold = started + TELL_EVERY_MS;

try {
  const people = await inTurn(Array.from({ length: PEOPLE }, (_, number) => number), createPerson);
  for (let round = 0; count.signIns < SIGN_INS; round += 1) {
    if (round > 0) await server.advance(A_DAY);
    await playTogether(people.slice(0, Math.min(GROUP, SIGN_INS - begun)), round);
    await server.advance(A_DAY);
    await playAlone(people, round);
  }
  memory.end = measure(server.pid);
} finally {
  wire.close();
  await server.stop();
}
const broken = verdicts();
await report(broken);
console.log(`${count.signIns - count.wrong} passed, ${count.wrong + broken.length} failed`);
process.exitCode = count.wrong + broken.length === 0 ? 0 : 1;

async function createPerson(number) {
  const script = SCRIPTS[number % SCRIPTS.length];
  const password = drawPassword(script, drawFor("password", number));
  const account = { number, script, username: `soak${number}@example.com`, password };
  await server.createUser(account);
  return account;
}

/** Each by themselves, again and again until they are disturbed. */
async function playAlone(people, round) {
  const before = count.signIns;
  let young;
  await inTurn(people, async (account) => {
    for (let turn = 0; turn < TURNS && begun < SIGN_INS; turn += 1) {
      begun += 1;
      const draw = drawFor(round, turn, account.number);
      const scene = draw() < FAULTS ? anyOf(SCENES, draw) : ORDINARY;
      const person = new Person(account, { server, wire, draw }, scene.fault);
      await withinTime(person, person.tries(() => scene.act(person)));
      settle(scene, account, person, { round, turn });
      if (count.signIns === before + WARM) young = measure(server.pid);
      if (scene !== ORDINARY) break;
    }
  });
  if (young) memory.triggers.push({ young: young.triggers, old: measure(server.pid).triggers });
}

/** Some of them in a scene that befalls all. */
async function playTogether(people, round) {
  const scenes = [...COMMON_SCENES, ...LATE_SCENES];
  const scene = scenes[(SEED + round) % scenes.length];
  const group = people.map((account) => ({
    account,
    person: new Person(account, { server, wire, draw: drawFor(round, "together", account.number) }),
  }));
  begun += group.length;
  for (const stage of scene.stages) {
    if (stage.faults) await server.setFaults(stage.faults);
    else if (stage.advance) await server.advance(stage.advance);
    else await inTurn(group, ({ person }) => withinTime(person, person.tries(() => stage(person))));
  }
  for (const { account, person } of group) settle(scene, account, person, { round });
}

/** Holds what was told against what was due. */
function settle(scene, account, person, when) {
  count.signIns += 1;
  count.faults += scene === ORDINARY ? 0 : 1;
  scenes[scene.name] = (scenes[scene.name] ?? 0) + 1;
  if (JSON.stringify(person.told) !== JSON.stringify(scene.told)) {
    count.wrong += 1;
    if (count.wrong <= MOST_TOLD) {
      const [told, due] = [person.told, scene.told].map((words) => JSON.stringify(words));
      const where = `${JSON.stringify(when)}, sign-in ${count.signIns} of ${SIGN_INS}, seed ${SEED}`;
      console.log(`wrong: ${scene.name}, ${account.username}, ${account.script}: told ${told}, due ${due}; ${where}`);
    }
  }
  if (count.signIns === WARM) memory.warm = measure(server.pid);
  if (count.signIns === FULL) memory.full = measure(server.pid);
  if (performance.now() > nextTold) {
    nextTold = performance.now() + TELL_EVERY_MS;
    const { signIns, faults, wrong } = count;
    const megabytes = JSON.stringify(inMegabytes(measure(server.pid)));
    console.log(`${signIns} sign-ins, ${rate()} a second, ${faults} with faults, ${wrong} wrong, ${megabytes}`);
  }
}

/** What is wrong with the whole. */
function verdicts() {
  return [
    count.hangs > 0 && `${count.hangs} hang`,
    // Most sign-ins have two.
    ledger.taken < SIGN_INS && `only ${ledger.taken} sessions were seen`,
    ledger.takenTwice > 0 && `${ledger.takenTwice} sessions were taken twice`,
    ledger.sentTwice > 0 && `${ledger.sentTwice} sessions were sent twice`,
    count.faults < SIGN_INS * FAULTS * 0.5 && "there were too few faults",
    ...grown(memory).map((side) => `the memory of the ${side} grows`),
  ].filter(Boolean);
}

async function report(broken) {
  const { taken, takenTwice, sentTwice } = ledger;
  const seconds = Math.round((performance.now() - started) / 1000);
  const summary = {
    seed: SEED, ...count, people: PEOPLE, seconds, perSecond: rate(),
    taken, takenTwice, sentTwice, megabytes: inMegabytes(memory), broken, scenes,
  };
  await writeFile(path.resolve(SUMMARY), `${JSON.stringify(summary, null, 2)}\n`);
  console.log(JSON.stringify({ ...summary, scenes: Object.keys(scenes).length }));
}

function rate() {
  return Number(((count.signIns * 1000) / (performance.now() - started)).toFixed(1));
}

async function withinTime(person, act) {
  let limit;
  const hangs = new Promise((resolve) => (limit = setTimeout(resolve, HANGS_AFTER_MS, "hangs")));
  if ((await Promise.race([act, hangs])) === "hangs") {
    person.told.push("hangs");
    count.hangs += 1;
  }
  clearTimeout(limit);
}

/** All of a list, so many at once; the results in its order. */
async function inTurn(list, act) {
  const results = [];
  const left = list.entries();
  const worker = async () => {
    for (const [at, each] of left) results[at] = await act(each);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return results;
}

/** The same for the same seed, whoever else is at it. */
function drawFor(...what) {
  return random(createHash("sha256").update(JSON.stringify([SEED, ...what])).digest().readInt32LE());
}

function anyOf(list, draw) {
  return list[Math.floor(draw() * list.length)];
}
