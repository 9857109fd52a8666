// What the package's README says of itself beside the others is backed by tests, which exist and are run.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { tablesIn } from "./examples.mjs";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const read = (file) => readFile(path.join(ROOT, file), "utf8");
const README = await read("client-wasm/npm/README.md");
const STEPS = await read("xtask/src/steps.rs");
const { rows } = tablesIn(README).find(({ head }) => head[1] === "cognito-email-mfa");
const LISTED = [...README.matchAll(/^(\d+)\. `([^`]+)`: (.+)$/gm)];
const TESTS = new Map(LISTED.map(([, number, file, name]) => [number, { file, name }]));

test("every feature that is claimed cites a test", () => {
  assert.ok(rows.length > 30, `only ${rows.length} rows`);
  const cited = new Set();
  for (const { cells: [feature, own] } of rows) {
    const numbers = [...(/\[([\d, ]+)\]$/.exec(own)?.[1] ?? "").matchAll(/\d+/g)].map(String);
    assert.ok(own === "no" || numbers.length > 0, `${feature}: "${own}" cites nothing`);
    for (const number of numbers) assert.ok(TESTS.has(number), `${feature}: there is no test ${number}`);
    numbers.forEach((number) => cited.add(number));
  }
  assert.deepEqual([...TESTS.keys()].filter((number) => !cited.has(number)), [], "tests that nothing cites");
});

test("every row says something of each package", () => {
  for (const { cells } of rows) {
    assert.equal(cells.length, 6, cells[0]);
    assert.ok(cells.every((cell) => cell !== ""), cells[0]);
  }
});

test("every test that is cited exists by its name, and a step runs it", async () => {
  for (const { file, name } of TESTS.values()) {
    assert.ok(runs(file), `${file}: no step runs it`);
    assert.ok(namesIn(await read(file)).includes(name), `${file}: no test "${name}"`);
  }
});

test("a name that is not there would be found", async () => {
  const names = namesIn(await read("client-wasm/npm/test/package.test.mjs"));
  assert.ok(names.includes("the right code signs in"));
  assert.ok(!names.includes("the right code"));
  assert.ok(!runs("client-wasm/npm/support/pool.mjs"));
  assert.ok(!runs("e2e/nowhere/page.test.mjs"));
});

// As it stands in the source. What a template fills in stands there as `${name}`.
function namesIn(source) {
  return [...source.matchAll(/^\s*(?:await )?(?:t\.)?test\(\s*(["'`])((?:\\.|(?!\1).)*)\1/gm)].map(([, , name]) =>
    name.replaceAll(/\\(.)/g, "$1"));
}

function runs(file) {
  return file.endsWith(".test.mjs") && STEPS.includes(`"${path.dirname(file)}"`);
}
