// A module has one memory, however many entries of the package start it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { credentials, dist } from '../support/client.mjs';
import { CODE, Pool } from '../support/pool.mjs';

const ENTRIES = ['index.js', 'slim.node.js'];
const [one, other] = await Promise.all(ENTRIES.map((entry) => import(new URL(entry, dist))));

test('two entries that start the core at once share it, after a start that failed', async (t) => {
  const { instantiate } = WebAssembly;
  const instances = t.mock.method(WebAssembly, 'instantiate', async (...given) => {
    await sleep(instances.mock.callCount() * 20);
    return instantiate(...given);
  });
  instances.mock.mockImplementationOnce(async () => {
    throw new WebAssembly.LinkError('out of memory');
  });
  await assert.rejects(one.init(), { code: 'wasm_unavailable' });
  await Promise.all([one.init(), other.init()]);
  assert.equal(instances.mock.callCount(), 2);
  for (const { Cognito } of [one, other]) {
    const step = await new Cognito(new Pool().options).signIn(credentials);
    assert.equal((await step.answer(CODE)).kind, 'signedIn');
  }
});
