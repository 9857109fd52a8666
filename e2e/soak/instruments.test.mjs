// What a soak measures with would notice.

import assert from "node:assert/strict";
import { test } from "node:test";
import { random } from "../support/random.mjs";
import { Ledger } from "./ledger.mjs";
import { grown } from "./memory.mjs";
import { drawPassword, nearMisses, SCRIPTS } from "./passwords.mjs";

const MB = 1e6;

test("a session that is sent or taken again is counted, among many", () => {
  const ledger = new Ledger(1_000);
  for (let number = 0; number < 1_000; number += 1) {
    ledger.noteSent(`session ${number}`);
    ledger.noteTaken(`session ${number}`);
  }
  assert.deepEqual([ledger.taken, ledger.sentTwice, ledger.takenTwice], [1_000, 0, 0]);
  ledger.noteSent("session 0");
  ledger.noteTaken("session 999");
  ledger.noteTaken("session 500");
  assert.deepEqual([ledger.taken, ledger.sentTwice, ledger.takenTwice], [1_000, 1, 2]);
});

test("who grows is named, and who once filled what it keeps is not", () => {
  const flat = { client: 20 * MB, server: 20 * MB };
  const triggers = [{ young: 15 * MB, old: 15 * MB }];
  const full = { ...flat, server: 80 * MB };
  assert.deepEqual(grown({ warm: flat, full, end: full, triggers }), []);
  assert.deepEqual(grown({ warm: flat, end: full, triggers }), ["server"]);
  assert.deepEqual(grown({ warm: flat, end: { ...flat, client: 31 * MB }, triggers }), ["client"]);
  triggers.push({ young: 15 * MB, old: 18 * MB });
  assert.deepEqual(grown({ warm: flat, end: flat, triggers }), ["triggers"]);
});

test("passwords are as long as a pool allows, of every script, and their near misses are others", () => {
  const draw = random(1);
  const lengths = new Set();
  for (let times = 0; times < 50; times += 1) {
    for (const script of SCRIPTS) {
      const password = drawPassword(script, draw);
      lengths.add([...password].length);
      assert.equal(password.trim(), password);
      assert.ok(password.isWellFormed());
      const misses = nearMisses(password);
      assert.ok(misses.length >= 4 && !misses.includes(password), script);
    }
  }
  assert.equal(Math.min(...lengths), 8);
  assert.equal(Math.max(...lengths), 256);
});
