// Which core is chosen, and that each of them signs in.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { CODE, PASSWORD, Pool } from '../support/pool.mjs';

const dist = new URL('../../../target/npm/dist/', import.meta.url);
const { fastest } = await import(new URL('engine.js', dist));

// Node 20 has vectors, and relaxed ones behind a flag; later versions have both.
const RELAXED = '--experimental-wasm-relaxed-simd';

// An engine whose modules export this, or that refuses them.
function engine(t, fused, validate = () => true) {
  const { Module, Instance, validate: own } = WebAssembly;
  t.after(() => Object.assign(WebAssembly, { Module, Instance, validate: own }));
  Object.assign(WebAssembly, {
    Module: class {
      constructor() {
        if (!fused) throw new WebAssembly.CompileError('unknown opcode');
      }
    },
    Instance: class {
      exports = { fused };
    },
    validate,
  });
}

test('an engine whose multiply-add rounds once gets the fused core', (t) => {
  // What it does in one step, on integers.
  engine(t, (a, b, c) => Number(BigInt(a) * BigInt(b) + BigInt(c)));
  assert.equal(fastest(), 'fused');
});

test('an engine whose multiply-add rounds twice gets the next one', (t) => {
  engine(t, (a, b, c) => a * b + c);
  assert.equal(fastest(), 'simd');
});

test('an engine without relaxed vectors gets the next one', (t) => {
  engine(t, undefined);
  assert.equal(fastest(), 'simd');
});

test('an engine without vectors, or without any modules, gets the plain core', (t) => {
  engine(t, undefined, () => false);
  assert.equal(fastest(), 'plain');
});

for (const core of ['core', 'core-simd', 'core-fused']) {
  test(`${core} signs in`, async () => {
    if (!process.execArgv.includes(RELAXED)) {
      // In a Node of its own, for the package starts one core and no other.
      const args = [RELAXED, '--test', `--test-name-pattern=^${core} signs in`, import.meta.filename];
      const { status, stdout } = spawnSync(process.execPath, args, { env: {}, encoding: 'utf8' });
      assert.equal(status, 0, stdout);
      assert.match(stdout, /pass 1/);
      return;
    }
    const { Cognito, init } = await import(new URL('index.js', dist));
    await init(await readFile(new URL(`${core}_bg.wasm`, dist)));
    const step = await new Cognito(new Pool().options).signIn({
      username: 'user@example.com', password: PASSWORD,
    });
    const { kind } = await step.answer(CODE);
    assert.equal(kind, 'signedIn');
  });
}
