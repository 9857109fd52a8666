// A server at the edge: each request is a call.
import { start } from './app.js';
import * as entries from './package.js';

let call;

export async function respond(request) {
  const { method, argument, pool } = await request.json();
  call ??= start(entries, pool);
  return Response.json(await call(method, argument));
}

export default { fetch: respond };
