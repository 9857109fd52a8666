// The first use of each client, from `import()` until the proof leaves; prints JSON.
// usage: node cold.mjs PACKAGE ROUNDS
import { launch } from "../../e2e/support/browser.mjs";
import { bundle } from "./bundle.mjs";
import { PASSWORD } from "./pool.mjs";
import { Site } from "./site.mjs";
import { visit } from "./visit.mjs";

const CLIENTS = ["default", "slim", "identity", "passwordless", "amplify", "requests"];
const PREPARED = ["default", "slim"];

const [ours, rounds] = [process.argv[2], Number(process.argv[3])];
const site = await Site.start(await bundle(ours, CLIENTS));
const browser = await launch();
try {
  const candidates = [
    ...CLIENTS.map((client) => ({ name: client, client, prepares: false })),
    ...PREPARED.map((client) => ({ name: `${client}Prepared`, client, prepares: true })),
  ];
  // The first of each is not counted: it warms the system's caches up, not the browser's.
  const samples = Object.fromEntries(candidates.map(({ name }) => [name, []]));
  for (let round = 0; round <= rounds; round += 1) {
    // Another order in each round.
    for (const at of candidates.keys()) {
      const candidate = candidates[(at + round) % candidates.length];
      const sample = await visit(browser, site, (page, session) => firstUse(page, session, candidate));
      if (round > 0) samples[candidate.name].push(sample);
    }
  }
  process.stdout.write(JSON.stringify({ samples, chromium: browser.version() }));
} finally {
  await browser.close();
  site.close();
}

// In milliseconds. The proof counts only if the pool takes it, and asks for the code.
async function firstUse(page, session, { client, prepares }) {
  await session.send("Performance.enable");
  const threadTime = async () => {
    const { metrics } = await session.send("Performance.getMetrics");
    return metrics.find(({ name }) => name === "ThreadTime").value * 1000;
  };
  const before = await threadTime();
  const times = await page.evaluate(async ([client, prepares, password]) => {
    const started = performance.now();
    const { prepare, signIn } = await import(`/${client}/${client}.js`);
    const imported = performance.now();
    if (prepares) {
      await prepare();
      await new Promise((typed) => setTimeout(typed, 200));
    }
    const clicked = performance.now();
    globalThis.asked = signIn("user@example.com", password).then(() => "asked", String);
    const left = await Promise.race([globalThis.proof, globalThis.asked]);
    return { importMs: imported - started, clickMs: left - clicked, wallMs: left - started };
  }, [client, prepares, PASSWORD]);
  const cpuMs = (await threadTime()) - before;
  const asked = await page.evaluate(() => globalThis.asked);
  if (asked !== "asked") throw new Error(`${client}: ${asked}`);
  return { ...times, cpuMs };
}
