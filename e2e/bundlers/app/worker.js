import { start } from './app.js';
import * as entries from './package.js';

let call;
addEventListener('message', async ({ data: { id, method, argument, pool } }) => {
  call ??= start(entries, pool);
  postMessage({ id, reply: await call(method, argument) });
});
postMessage('listening');
