// What each entry costs, by each bundler: nothing that was not imported.

import assert from "node:assert/strict";
import { readFile, readdir } from "node:fs/promises";
import path from "node:path";
import { after, before, describe, test } from "node:test";
import { brotliCompressSync } from "node:zlib";
import { esbuild } from "./consumers/esbuild.mjs";
import { rollup } from "./consumers/rollup.mjs";
import { vite } from "./consumers/vite.mjs";
import { webpack } from "./consumers/webpack.mjs";
import { Workshop } from "./support/project.mjs";

// In bytes, by Brotli: what each page below loads, bundled by esbuild, and each wasm file of the
// package. What has to be larger is worth a look at this file.
const BUDGET = JSON.parse(await readFile(new URL("budget.json", import.meta.url), "utf8"));

// A text that only this part of the package has.
const MARKS = {
  core: "AGFzbQ", // How the bytes of wasm begin, in base64.
  session: "nobody is signed in",
  adopt: "CognitoIdentityServiceProvider.",
  account: "setMfaPreference",
  react: "useSyncExternalStore",
  element: "customElements",
};

// What is loaded at a challenge that is no code, of which few sign-ins have one.
const LATER = "otpauth://totp/";

const PAGES = {
  nothing: { text: `import { Cognito } from "cognito-email-mfa";`, parts: [] },
  errors: { text: page("CognitoError", "cognito-email-mfa"), parts: [] },
  "sign-in": { text: page("Cognito", "cognito-email-mfa"), parts: ["core"] },
  session: { text: page("openSession", "cognito-email-mfa/session"), parts: ["session"] },
  adopt: { text: page("adopt", "cognito-email-mfa/adopt"), parts: ["adopt"] },
  account: { text: page("Account", "cognito-email-mfa/account"), parts: ["core", "account"] },
  element: { text: page("defineSignIn", "cognito-email-mfa/element"), parts: ["core", "element"] },
};

function page(name, entry) {
  return `import { ${name} } from "${entry}"; console.log(${name});`;
}

describe("what the entries cost", () => {
  let workshop;
  before(async () => (workshop = await Workshop.open()));
  after(() => workshop?.close());

  test("a page pays for what it imports, and for nothing else", async (t) => {
    const table = [];
    const bytes = {};
    for (const [name, { text, parts }] of Object.entries(PAGES)) {
      const html = `<!doctype html><script type="module" src="./main.js"></script>`;
      const project = await workshop.project(name, { "main.js": text, "index.html": html });
      const row = [name];
      for (const build of [vite, webpack, esbuild, rollup]) {
        const out = workshop.path(`${name}-${build.name}`);
        await build(project, out);
        const scripts = await textsOf(out);
        const all = scripts.join("\n");
        for (const [part, mark] of Object.entries(MARKS)) {
          assert.equal(all.includes(mark), parts.includes(part), `${mark} in ${name} by ${build.name}`);
        }
        // Neither of Node's, nor what a bundler puts in their place.
        assert.doesNotMatch(all, /\bBuffer\b|\bprocess\.|__webpack_require__\.g\b|(?<![\w$."'-])global\b/, `${name} by ${build.name}`);
        if (parts.length === 0) assert.ok(all.length < 2_000, `${name} by ${build.name}: ${all.length} characters`);
        if (build === esbuild) bytes[name] = total(scripts.map(compressed));
        row.push(`${kilobytes(scripts.map((script) => script.length))} / ${kilobytes(scripts.map(compressed))}`);
      }
      table.push(row);
    }
    const lines = [["minified / brotli, KB", "vite", "webpack", "esbuild", "rollup"], ...table];
    for (const line of lines) t.diagnostic(line.map((cell) => cell.padEnd(22)).join(""));
    keepsTo(BUDGET.pages, bytes);
  });

  test("the wasm, and a page that has it as a file, keep to their budget", async () => {
    const project = await workshop.project("slim", { "main.js": page("Cognito", "cognito-email-mfa/slim"), "index.html": "" });
    const out = workshop.path("slim-esbuild");
    await esbuild(project, out);
    const dist = path.join(project, "node_modules/cognito-email-mfa/dist");
    const wasm = (await readdir(dist)).filter((name) => name.endsWith(".wasm"));
    const sizes = await Promise.all(wasm.map(async (name) => [name, compressed(await readFile(path.join(dist, name)))]));
    // A page loads one of them.
    const core = Math.max(...sizes.filter(([name]) => name.startsWith("core")).map(([, size]) => size));
    keepsTo(BUDGET.files, { ...Object.fromEntries(sizes), slim: total((await textsOf(out)).map(compressed)) + core });
  });
});

// The scripts that a usual sign-in loads. esbuild also writes chunks that nothing names; and of those
// that are a wasm module as text, each page here loads one: the largest for engines of today.
async function textsOf(folder) {
  const files = (await readdir(folder, { recursive: true })).filter((name) => name.endsWith(".js"));
  const texts = await Promise.all(files.map((name) => readFile(path.join(folder, name), "utf8")));
  const named = texts.filter((_, at) => {
    const name = path.basename(files[at]);
    return !name.includes("-inline") || texts.some((text) => text.includes(name));
  });
  const challenges = named.some((text) => text.includes(LATER));
  const modules = named.filter(isModule).sort((one, other) => other.length - one.length);
  // That of the challenges is larger than those of SRP by far.
  const loaded = modules[challenges ? 1 : 0];
  return named.filter((text) => (isModule(text) ? text === loaded : !text.includes(LATER)));
}

function isModule(text) {
  return /["'`]AGFzbQ[\w+/=]{10000,}/.test(text);
}

function keepsTo(budget, bytes) {
  assert.deepEqual(Object.keys(bytes).sort(), Object.keys(budget).sort(), "what has a budget");
  const over = Object.entries(bytes).filter(([name, size]) => !(size <= budget[name]));
  assert.deepEqual(over.map(([name, size]) => `${name}: ${size} bytes, of ${budget[name]}`), [], "over the budget");
}

function compressed(text) {
  return brotliCompressSync(text).length;
}

function total(sizes) {
  return sizes.reduce((sum, size) => sum + size, 0);
}

function kilobytes(sizes) {
  return (total(sizes) / 1000).toFixed(1);
}
