// The package's README says of speed and size what the last run of `cargo xtask bench` has found.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { tablesIn } from "./examples.mjs";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const read = (file) => readFile(path.join(ROOT, file), "utf8");
const README = await read("client-wasm/npm/README.md");
const { srp, cold, tasks, sizes } = JSON.parse(await read("bench/results.json"));
const PEERS = ["amazon-cognito-identity-js", "aws-amplify"];

test("the table of speed has the figures of the bench", () => {
  const { rows } = tablesIn(README).find(({ head }) => head[0] === "in milliseconds");
  const expected = [
    figures(srp, "ms", "ours, fused"),
    figures(cold, "wallMs", "ours, slim"),
    figures(cold, "cpuMs", "ours, slim"),
    figures(cold, "clickMs", "ours, slim, prepared"),
    ["ours, slim", "amazon-cognito-identity-js", "aws-amplify, four functions"].map((name) => of(tasks, name).cpuMs),
  ];
  assert.deepEqual(rows.map(({ cells: [, ...cells] }) => cells.map(Number)), expected);
});

test("so has the text below it", () => {
  const [, text] = /## Speed\n[^]*?\n\n(In Chromium[^]*?)\n\n/.exec(README);
  const expected = [
    of(srp, "ours, simd").ms,
    of(srp, "ours, plain").ms,
    of(cold, "the requests alone").wallMs,
  ];
  assert.deepEqual([...text.matchAll(/([\d.]+)(?: ms|\s+in any)/g)].map(([, figure]) => Number(figure)), expected);
});

test("sizes beside the others are those that the bench has observed", () => {
  const rows = tablesIn(README).flatMap(({ rows }) => rows.map(({ cells }) => cells));
  const cells = rows.find(([feature]) => feature.startsWith("Size of a sign-in")).slice(1);
  const found = cells.map((cell) => [...cell.replace(/\[.*/, "").matchAll(/[\d.]+/g)].map(Number));
  const size = (client, core = null) => sizes.clients.find((row) => row.client === client && row.core === core).brotliKb;
  assert.deepEqual(found, [
    [size("ours, slim", "fused"), size("ours", "fused")],
    [size("amazon-cognito-identity-js")],
    [size("aws-amplify, four functions")],
    [size("amazon-cognito-passwordless-auth")],
    [],
  ]);
});

function figures(bench, field, ours) {
  return [ours, ...PEERS].map((candidate) => of(bench, candidate)[field]);
}

function of({ candidates }, name) {
  return candidates.find(({ candidate }) => candidate === name);
}
