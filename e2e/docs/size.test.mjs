// The README's figures of what each entry costs, weighed again.

import assert from "node:assert/strict";
import { readFile, readdir } from "node:fs/promises";
import path from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { brotliCompressSync } from "node:zlib";
import { build } from "esbuild";
import { tablesIn } from "./examples.mjs";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const PACKAGE = path.resolve(process.env.PACKAGE ?? path.join(ROOT, "target/npm"));
// Builds differ by a little from machine to machine.
const TOLERANCE = 0.05;

const README = await readFile(path.join(ROOT, "client-wasm/npm/README.md"), "utf8");
const { exports } = JSON.parse(await readFile(path.join(PACKAGE, "package.json"), "utf8"));
const { rows } = tablesIn(README).find(({ head }) => head[1] === "at once, KB");

for (const { cells: [cell, ...figures] } of rows) {
  const entry = cell.replaceAll("`", "");
  test(`${entry} costs what the README says`, async () => {
    const weighed = await weigh(entry);
    for (const [index, figure] of figures.entries()) {
      const difference = Math.abs(Number(figure) - weighed[index]);
      const found = weighed.map((kb) => kb.toFixed(1)).join(" and ");
      assert.ok(difference <= Math.max(weighed[index] * TOLERANCE, 0.1), `${figure} KB, but weighed ${found}`);
    }
  });
}

test("every entry is in the table", () => {
  const typed = Object.keys(exports).filter((name) => exports[name].types);
  const entries = typed.map((name) => path.posix.join("cognito-email-mfa", name));
  assert.deepEqual(rows.map(({ cells: [cell] }) => cell.replaceAll("`", "")).sort(), entries.sort());
});

// In KB by Brotli: what a page loads by importing the entry, what more for its first usual use, and
// what more for the first challenge that is no code.
async function weigh(entry) {
  const subpath = entry === "cognito-email-mfa" ? "." : entry.replace("cognito-email-mfa", ".");
  const from = path.join(PACKAGE, exports[subpath].default);
  const { outputFiles, metafile } = await build({
    entryPoints: [from], outdir: "out", bundle: true, minify: true, format: "esm", splitting: true,
    metafile: true, write: false, external: ["react"], logLevel: "silent",
  });
  const sized = ({ path: file, contents }) => [path.relative("", file), brotliCompressSync(contents).length];
  const sizes = new Map(outputFiles.map(sized));
  const first = Object.keys(metafile.outputs).find((file) => metafile.outputs[file].entryPoint);
  const isAtOnce = (kind) => kind !== "dynamic-import";
  const atOnce = closure(metafile, first, isAtOnce);
  const usual = closure(metafile, first, (kind, file) => !nameOf(metafile, file).startsWith("challenges"));
  const every = closure(metafile, first, () => true);
  // An engine loads one core, of these or of those that are files.
  const isCore = (file) => /^core-.*inline/.test(nameOf(metafile, file));
  const cores = [...usual].filter(isCore).map((file) => sizes.get(file));
  const files = subpath === "./slim";
  const core = Math.max(0, ...cores, ...(files ? await weightsOf(/^core.*\.wasm$/) : []));
  const challenges = Math.max(0, ...(files ? await weightsOf(/^challenges.*\.wasm$/) : []));
  const sum = (files) => [...files].reduce((total, file) => total + sizes.get(file), 0);
  const more = [...usual].filter((file) => !atOnce.has(file) && !isCore(file));
  const rare = [...every].filter((file) => !usual.has(file));
  return [sum(atOnce), sum(more) + core, sum(rare) + challenges].map((bytes) => bytes / 1000);
}

function nameOf({ outputs }, file) {
  return path.basename(outputs[file].entryPoint ?? "");
}

async function weightsOf(pattern) {
  const dist = path.join(PACKAGE, "dist");
  const names = (await readdir(dist)).filter((name) => pattern.test(name));
  return Promise.all(names.map(async (name) => brotliCompressSync(await readFile(path.join(dist, name))).length));
}

function closure({ outputs }, first, follows) {
  const found = new Set([first]);
  for (const file of found) {
    for (const { path: imported, kind, external } of outputs[file].imports) {
      if (!external && follows(kind, imported)) found.add(imported);
    }
  }
  return found;
}
