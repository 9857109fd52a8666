// One page in a browser context of its own, with nothing cached.
import { CODE, PASSWORD } from "./pool.mjs";

/** What of WebAssembly an engine has: our loader then chooses the core of that name. */
export const CORES = { fused: [], simd: ["relaxed"], plain: ["relaxed", "simd"] };

/**
 * Opens a page, calls `use(page, session)`, and closes it. `session` is that of the DevTools.
 *
 * @param {object} [options]
 * @param {string} [options.core] that of `CORES` which our loader has to choose
 * @param {() => void} [options.prelude] runs in the page before all else
 */
export async function visit(browser, site, use, { core = "fused", prelude = () => {} } = {}) {
  const context = await browser.newContext();
  try {
    const page = await context.newPage();
    await page.addInitScript(watch);
    await page.addInitScript(withhold, CORES[core]);
    await page.addInitScript(prelude);
    await page.goto(site.open());
    // What the browser and Playwright do for any new page is over then.
    await page.evaluate(() => new Promise((settled) => setTimeout(settled, 300)));
    return await use(page, await context.newCDPSession(page));
  } finally {
    await context.close();
  }
}

/** Signs in from the import to the tokens, with what the person does in between. */
export async function signIn(page, client, { prepares = false } = {}) {
  const token = await page.evaluate(async ([client, prepares, password, code]) => {
    // Into a task of the page's own: this one is of the DevTools.
    await new Promise((later) => setTimeout(later));
    const { prepare, signIn, answer } = await import(`/${client}/${client}.js`);
    if (prepares) {
      await prepare();
      await new Promise((typed) => setTimeout(typed, 100));
    }
    await signIn("user@example.com", password);
    return answer?.(code);
  }, [client, prepares, PASSWORD, CODE]);
  if (token !== undefined && token.split(".").length !== 3) throw new Error(`${client}: ${token} is no token`);
}

// Runs in the page before all else: tells when the proof leaves.
function watch() {
  const { fetch } = globalThis;
  globalThis.proof = new Promise((leaves) => {
    globalThis.fetch = (resource, options) => {
      const headers = resource instanceof Request ? resource.headers : new Headers(options?.headers);
      if (headers.get("x-amz-target")?.endsWith(".RespondToAuthChallenge")) leaves(performance.now());
      return fetch(resource, options);
    };
  });
}

// Runs in the page: it refuses what our loader tries an engine with.
function withhold(lacks) {
  const { Module, validate } = WebAssembly;
  const refuses = (bytes) => lacks.length > 0 && bytes.length < 100;
  // Those of an engine are still instances of it.
  WebAssembly.Module = new Proxy(Module, {
    construct(target, [bytes]) {
      if (refuses(bytes)) throw new WebAssembly.CompileError("relaxed SIMD is withheld");
      return new target(bytes);
    },
  });
  WebAssembly.validate = (bytes) => !(lacks.includes("simd") && refuses(bytes)) && validate(bytes);
}
