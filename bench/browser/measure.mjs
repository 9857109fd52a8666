// A sign-in in Chromium, by our package and by others, in turn; prints JSON.
// usage: node measure.mjs ROUNDS
import { launch } from "../../e2e/support/browser.mjs";
import { CANDIDATES, open } from "./site.mjs";

const CORES = { fused: "core-fused_bg.wasm", simd: "core-simd_bg.wasm", plain: "core_bg.wasm" };
const rounds = Number(process.argv[2]);
const site = await open();
const browser = await launch();
try {
  const cold = inTurn(CANDIDATES);
  const clicked = inTurn(CANDIDATES);
  const sizes = {};
  for (let round = 0; round < rounds; round += 1) {
    for (const name of CANDIDATES) {
      cold[name].push(await sample(name, coldStart));
      sizes[name] = site.reset();
      clicked[name].push(await sample(name, click));
    }
  }
  const tasks = {};
  for (const core of Object.keys(CORES)) {
    for (const prepared of [false, true]) tasks[`${core}${prepared ? ", prepared" : ""}`] = await longestTask("slim", core, prepared);
  }
  tasks.amplify = await longestTask("amplify");
  process.stdout.write(JSON.stringify({ cold, clicked, sizes, tasks, chromium: browser.version() }));
} finally {
  await browser.close();
  await site.close();
}

function inTurn(names) {
  return Object.fromEntries(names.map((name) => [name, []]));
}

// A context of its own, with nothing cached. Gives milliseconds: on the clock, and of the page's thread.
async function sample(name, measure) {
  return within(async (page, session) => measure(page, session, name));
}

async function within(work) {
  site.reset();
  const context = await browser.newContext();
  try {
    const page = await context.newPage();
    const session = await context.newCDPSession(page);
    await session.send("Performance.enable");
    await page.goto(site.origin);
    await page.evaluate(asPool);
    return await work(page, session);
  } finally {
    await context.close();
  }
}

// From `import()` to the proof on its way.
async function coldStart(page, session, name) {
  const before = await threadTime(session);
  const wall = await page.evaluate(async (name) => {
    const start = performance.now();
    const { candidate } = await import(`/${name}/main.js`);
    globalThis.ending = candidate.signIn();
    return (await globalThis.proved) - start;
  }, name);
  const cpu = (await threadTime(session)) - before;
  await isSignedIn(page, name);
  return { wall, cpu };
}

// From the click to the proof on its way; ours has prepared itself while the person typed.
async function click(page, session, name) {
  await page.evaluate(async (name) => {
    globalThis.candidate = (await import(`/${name}/main.js`)).candidate;
    await globalThis.candidate.prepare?.();
    await new Promise((resolve) => setTimeout(resolve, 300));
  }, name);
  const before = await threadTime(session);
  const wall = await page.evaluate(async () => {
    const start = performance.now();
    globalThis.ending = globalThis.candidate.signIn();
    return (await globalThis.proved) - start;
  });
  const cpu = (await threadTime(session)) - before;
  await isSignedIn(page, name);
  return { wall, cpu };
}

// The pool has checked the proof by an arithmetic that is not ours, or there would be no code.
async function isSignedIn(page, name) {
  const end = await page.evaluate(() => globalThis.ending);
  if (end !== "signedIn") throw new Error(`${name}: ${end}`);
}

async function threadTime(session) {
  const { metrics } = await session.send("Performance.getMetrics");
  return metrics.find(({ name }) => name === "ThreadTime").value * 1000;
}

// Of a whole sign-in on a CPU that is six times slower, in milliseconds as that CPU counts them.
async function longestTask(name, core, prepared) {
  return within(async (page, session) => {
    await session.send("Emulation.setCPUThrottlingRate", { rate: 6 });
    const longest = page.evaluate(async ([name, wasm, prepared]) => {
      let longest = 0;
      const observer = new PerformanceObserver((list) => {
        for (const { duration } of list.getEntries()) longest = Math.max(longest, duration);
      });
      observer.observe({ type: "longtask" });
      const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));
      const { candidate, init } = await import(`/${name}/main.js`);
      if (wasm) await init(new URL(`/${name}/${wasm}`, location.href));
      if (prepared) await candidate.prepare();
      await pause(100);
      globalThis.ending = candidate.signIn();
      await globalThis.ending;
      await pause(300);
      return longest;
    }, [name, CORES[core], prepared]);
    const duration = await longest;
    await isSignedIn(page, name);
    return duration;
  });
}

// Runs in the page: what goes to Cognito goes to the pool beside, and it is noted when the proof goes.
function asPool() {
  const fetched = globalThis.fetch;
  let tell;
  globalThis.proved = new Promise((resolve) => (tell = resolve));
  globalThis.fetch = (input, init) => {
    const request = input instanceof Request ? input : undefined;
    const url = String(request?.url ?? input);
    if (!url.includes("cognito-idp.")) return fetched(input, init);
    const headers = new Headers(request?.headers ?? init.headers);
    const target = headers.get("X-Amz-Target");
    if (target.endsWith(".RespondToAuthChallenge")) tell(performance.now());
    const body = request ? request.text() : Promise.resolve(init.body);
    return body.then((body) => fetched("/pool", { method: "POST", headers: { "X-Amz-Target": target }, body }));
  };
}
