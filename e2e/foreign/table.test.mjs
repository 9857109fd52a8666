// The table in the README names tests that are there, and each of them.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";

const here = (file) => readFile(new URL(file, import.meta.url), "utf8");

test("every number of the README's table is a test's, and every test of its list has a number in it", async () => {
  const readme = await here("README.md");
  const list = [...readme.matchAll(/^(\d+)\. `([\w./-]+)`: (.+)$/gm)].map(([, number, file, name]) => ({ number, file, name }));
  assert.deepEqual(list.map(({ number }) => Number(number)), list.map((_, index) => index + 1));
  const cells = readme.match(/\[[\d, ]+\]/g).flatMap((cell) => cell.match(/\d+/g));
  assert.deepEqual([...new Set(cells)].sort(), list.map(({ number }) => number).sort());
  for (const { file, name } of list) assert.ok((await here(file)).includes(`test("${name}"`), `${file}: ${name}`);
});
