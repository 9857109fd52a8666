import { start } from './app.js';
import * as entries from './package.js';

const pool = Object.fromEntries(new URLSearchParams(location.search));

// The worker says when it listens. A message that comes earlier would be lost.
const worker = new Worker(new URL('./worker.js', import.meta.url), { type: 'module' });
const listens = new Promise((resolve) => worker.addEventListener('message', resolve, { once: true }));
let id = 0;
async function inWorker(method, argument) {
  await listens;
  id += 1;
  const sent = id;
  return new Promise((resolve) => {
    worker.addEventListener('message', function read({ data }) {
      if (data.id !== sent) return;
      worker.removeEventListener('message', read);
      resolve(data.reply);
    });
    worker.postMessage({ id, method, argument, pool });
  });
}

globalThis.app = { page: start(entries, pool), worker: inWorker };
