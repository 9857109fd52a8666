// What the wasm module wants to know from the pool, asked and handed back to it.
import { fromCore } from './errors.js';
import { traceOf } from './refusal.js';
import { send, timeOf, userContextOf } from './send.js';

// Sends what `core` has ready, hands over the reply, and again, until a step comes. With the step
// comes the pool's time in milliseconds, if it told, and the body that brought it.
export async function exchange(core, settings, signal) {
  for (;;) {
    const { target, body: text, once } = core.request(userContextOf(settings, settings.username));
    const kind = once ? undefined : target.split('.')[1];
    const { response, body, attempt } = await send({ target, body: text, kind }, settings, signal);
    try {
      const step = core.receive(response.status, response.headers, body, attempt);
      if (step) return { step, now: timeOf(response), body };
    } catch (thrown) {
      throw fromCore(thrown, { ...traceOf(response), cause: body === undefined ? notJson(response) : undefined });
    }
  }
}

// The parser's own error would quote the body, which may have tokens.
function notJson({ headers }) {
  return new SyntaxError(`the body is no JSON, or too long: ${headers.get('content-type') ?? 'of no type'}`);
}
