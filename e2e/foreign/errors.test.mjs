// The guide for those who change over knows every exception that Amazon's model of its service does.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { tablesIn } from "../docs/examples.mjs";
import { runPython } from "../support/python.mjs";

const OF_THE_SIGN_IN = [
  "InitiateAuth", "RespondToAuthChallenge", "AssociateSoftwareToken", "VerifySoftwareToken", "ConfirmDevice",
];
const OF_THE_SESSION = ["GetTokensFromRefreshToken", "RevokeToken", "GlobalSignOut"];

test("the guide's table of exceptions is complete for what the service model lists", async () => {
  const [types, guide] = await Promise.all(["account.d.ts", "MIGRATING.md"].map((file) =>
    readFile(new URL(`../../client-wasm/npm/${file}`, import.meta.url), "utf8")));
  const ofTheAccount = [...types.matchAll(/^ +(?:\/\*\*|\*) `([A-Z]\w+)`[.,:]/gm)].map(([, operation]) => operation);
  assert.ok(ofTheAccount.length > 15, ofTheAccount.join());
  const listed = await runPython("exceptions.py", [...OF_THE_SIGN_IN, ...OF_THE_SESSION, ...ofTheAccount]);
  assert.ok(listed.length > 30, listed.join());
  const { rows } = tablesIn(guide).find(({ head }) => head[0] === "Cognito's exception");
  const known = rows.map(({ cells: [cell] }) => cell.replaceAll("`", ""));
  assert.deepEqual(listed.filter((name) => !known.includes(name)), []);
});
