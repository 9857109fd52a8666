// A real browser for the tests: watched for everything a page must not do, and looked at in every state.

import assert from "node:assert/strict";
import { mkdir, readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";

const SCREENSHOTS = fileURLToPath(new URL("../screenshots/", import.meta.url));
const AXE = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

const LOOKS = [
  { name: "desktop", colorScheme: "light", width: 1280, height: 900 },
  { name: "desktop-dark", colorScheme: "dark", width: 1280, height: 900 },
  { name: "phone", colorScheme: "light", width: 390, height: 844 },
  { name: "small-phone-dark", colorScheme: "dark", width: 320, height: 640 },
];

/** Starts the browser. `CHROMIUM` names another one than Debian's. */
export function launch() {
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: [
      "--headless",
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
}

/**
 * Opens a page in a context of its own, and closes it after the test. The test fails if the page
 * broke its Content-Security-Policy, threw, or wrote a warning or an error to the console.
 *
 * @param {object} expected what the browser writes to the console without the page's doing
 * @param {number} [expected.refusals] how many requests the API refuses with status 400
 * @param {number} [expected.lost] how many requests to the API the test loses on their way
 * @param {boolean} [expected.goesOffline] the test cuts the network, so the inbox or the icon may not load
 * @param {string} [expected.locale] the language that the browser prefers
 * @param {(page: object) => Promise<void>} [prepare] sets up routes before the first request
 */
export async function openPage(t, browser, url, expected = {}, prepare = async () => {}) {
  const { refusals = 0, lost = 0, goesOffline = false, locale } = expected;
  const context = await browser.newContext({ viewport: LOOKS[0], reducedMotion: "reduce", serviceWorkers: "block", locale });
  const page = await context.newPage();
  page.setDefaultTimeout(15_000);
  const counted = { refusals: 0, lost: 0 };
  page.console = [];
  page.complaints = [];
  page.on("pageerror", (error) => page.complaints.push(`uncaught: ${error.stack || error}`));
  page.on("console", (message) => {
    page.console.push(message.text());
    if (!["error", "warning", "assert"].includes(message.type())) return;
    const kind = networkLine(message.text());
    const address = message.location().url;
    if (kind && isApi(address, url)) counted[kind] += 1;
    else if (goesOffline && message.text().endsWith("net::ERR_INTERNET_DISCONNECTED")) return;
    else page.complaints.push(`${message.type()}: ${message.text()} (${address})`);
  });
  await page.addInitScript(() => {
    document.addEventListener("securitypolicyviolation", (event) =>
      console.error(`CSP violation: ${event.effectiveDirective} ${event.blockedURI} ${event.sourceFile}`));
  });
  t.after(async () => {
    await context.close();
    assert.deepEqual(page.complaints, [], "the page complains");
    assert.deepEqual(counted, { refusals, lost }, "requests that failed");
  });
  await prepare(page);
  const reply = await page.goto(url);
  assert.match(reply.headers()["content-security-policy"] ?? "", /require-trusted-types-for 'script'/);
  return page;
}

// The only lines of the console that are not the page's doing: the browser's own words on a failed request.
function networkLine(text) {
  if (/^Failed to load resource: the server responded with a status of 400 \(/.test(text)) return "refusals";
  if (/^Failed to load resource: net::ERR_/.test(text)) return "lost";
  return undefined;
}

function isApi(address, pageUrl) {
  return address === new URL("/", pageUrl).href || /^https:\/\/cognito-idp\.[a-z0-9-]+\.amazonaws\.com\/$/.test(address);
}

/**
 * Looks at the page as it is now, light and dark, wide and narrow: no accessibility finding of
 * serious or critical impact, nothing to scroll sideways; and keeps a picture of each.
 *
 * @param {string} state names the pictures
 * @param {string} [only] one look, for a state that does not last
 */
export async function inspect(page, state, only) {
  await mkdir(SCREENSHOTS, { recursive: true });
  for (const { name, colorScheme, width, height } of LOOKS) {
    if (only && name !== only) continue;
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    await page.setViewportSize({ width, height });
    await page.screenshot({ path: `${SCREENSHOTS}${state}-${name}.png`, fullPage: true });
    const sideways = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    assert.ok(sideways <= 0, `${state} on ${name} is ${sideways} px too wide`);
    assert.deepEqual(await seriousFindings(page), [], `axe-core on ${state}, ${name}`);
  }
  await page.emulateMedia({ colorScheme: "light", reducedMotion: "reduce" });
  await page.setViewportSize(LOOKS[0]);
}

// Playwright puts axe-core into the page past the page's own policy, which lets no foreign script in.
async function seriousFindings(page) {
  await page.evaluate(AXE);
  const { violations, passes } = await page.evaluate(() => axe.run(document, { resultTypes: ["violations", "passes"] }));
  assert.ok(passes.length > 5, "axe-core found nothing to check");
  return violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ html, failureSummary }) => `${html} ${failureSummary}`).join(" | ")}`);
}
