// The longest tasks of a page's thread in whole sign-ins, with the CPU slowed down; prints JSON.
// usage: node tasks.mjs PACKAGE ROUNDS
import { launch } from "../../e2e/support/browser.mjs";
import { bundle } from "./bundle.mjs";
import { Site } from "./site.mjs";
import { CORES, signIn, visit } from "./visit.mjs";

const THROTTLE = 6;
// Tasks, what is in them, and what `nameCalls` measures.
const CATEGORIES = ["disabled-by-default-devtools.timeline", "devtools.timeline", "toplevel", "v8", "blink.user_timing"];
const OURS = ["default", "slim"];
const PEERS = ["identity", "passwordless", "amplify-four"];

const [ours, rounds] = [process.argv[2], Number(process.argv[3])];
const site = await Site.start(await bundle(ours, [...OURS, ...PEERS]));
const browser = await launch();
try {
  const candidates = PEERS.map((client) => ({ client, prepares: false }));
  for (const core of Object.keys(CORES)) {
    for (const client of OURS) candidates.push({ client, core, prepares: false }, { client, core, prepares: true });
  }
  for (const candidate of candidates) candidate.longest = [];
  for (let round = 0; round < rounds; round += 1) {
    for (const at of candidates.keys()) {
      const { longest, ...candidate } = candidates[(at + round) % candidates.length];
      longest.push(await watch(candidate));
    }
  }
  process.stdout.write(JSON.stringify({ candidates, throttle: THROTTLE, chromium: browser.version() }));
} finally {
  await browser.close();
  site.close();
}

function watch({ client, core, prepares }) {
  return visit(browser, site, async (page, session) => {
    await session.send("Emulation.setCPUThrottlingRate", { rate: THROTTLE });
    await browser.startTracing(page, { categories: CATEGORIES });
    await signIn(page, client, { prepares });
    return longestTask(JSON.parse(await browser.stopTracing()).traceEvents);
  }, { core, prelude: nameCalls });
}

// What it took of the thread's CPU and on the clock, in milliseconds, and the longest calls into wasm in it.
function longestTask(events) {
  const { pid, tid } = events.find(({ name, args }) => name === "thread_name" && args.name === "CrRendererMain");
  const here = events.filter((event) => event.pid === pid && event.tid === tid);
  const spans = here.filter(({ ph }) => ph === "X").map(({ name, ts, dur, tdur, args }) => ({ name, from: ts, to: ts + dur, cpu: tdur / 1000, args }));
  const tasks = spans.filter(({ name }) => name === "RunTask");
  if (tasks.length < 10) throw new Error("the trace lacks the page's tasks");
  const within = (task) => (span) => span.from >= task.from && span.to <= task.to;
  const tools = spans.filter(({ args }) => /DevTools/.test(args?.chrome_mojo_event_info?.mojo_interface_tag));
  const own = tasks.filter((task) => !tools.some(within(task)));
  const task = own.reduce((most, other) => (other.cpu > most.cpu ? other : most));
  const calls = measures(here).filter(within(task)).sort((one, other) => duration(other) - duration(one));
  const told = calls.filter((call) => duration(call) >= 1).slice(0, 3);
  return { cpuMs: task.cpu, clockMs: duration(task), calls: told.map((call) => ({ name: call.name, ms: duration(call) })) };
}

function measures(events) {
  const timings = events.filter(({ cat }) => cat === "blink.user_timing");
  return timings.filter(({ ph }) => ph === "b").map(({ name, id, ts }) => {
    const end = timings.find((other) => other.ph === "e" && other.name === name && other.id === id && other.ts >= ts);
    return { name, from: ts, to: end?.ts ?? ts };
  });
}

function duration({ from, to }) {
  return (to - from) / 1000;
}

// Runs in the page: measures each call into a wasm module under its name.
function nameCalls() {
  const timed = (name, call) => (...values) => {
    const start = performance.now();
    try {
      return call(...values);
    } finally {
      performance.measure(name, { start });
    }
  };
  const { instantiate } = WebAssembly;
  WebAssembly.instantiate = async (module, imports) => {
    const { exports } = await instantiate(module, imports);
    const named = Object.entries(exports).map(([name, value]) =>
      [name, typeof value === "function" ? timed(name, value) : value]);
    return { exports: Object.fromEntries(named) };
  };
}
