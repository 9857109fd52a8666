// The file of known answers is of the shape that it says, by a validator that others wrote.

import assert from "node:assert/strict";
import { test } from "node:test";
import { runPython } from "../support/python.mjs";

test("the known answers are of their JSON schema", async () => {
  assert.deepEqual(await runPython("vectors_schema.py", []), []);
});
