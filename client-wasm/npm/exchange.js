// What a conversation wants to know from the pool, asked and handed back to it.
import { fromCore } from './errors.js';
import { traceOf } from './refusal.js';
import { send, timeOf, userContextOf } from './send.js';

// Sends what `flow` has ready, hands over the reply, and again, until a step comes. With the step
// come the pool's time in milliseconds, if it told, the body that brought it, and what else is known
// of the reply.
export async function exchange(flow, settings, signal) {
  for (;;) {
    const { target, body: text, once } = flow.request(userContextOf(settings, settings.username));
    const kind = once ? undefined : target.split('.')[1];
    const { response, body, attempt } = await send({ target, body: text, kind }, settings, signal);
    const trace = { ...traceOf(response), cause: body === undefined ? notJson(response) : undefined };
    const errorType = response.headers.get('x-amzn-ErrorType') ?? undefined;
    const now = timeOf(response);
    const date = now >= 0 ? now / 1000 : undefined;
    try {
      const step = await flow.receive(response.status, errorType, body, date, Date.now() / 1000, attempt);
      if (step) return { step, now, body, trace };
    } catch (thrown) {
      throw fromCore(thrown, trace);
    }
  }
}

// The parser's own error would quote the body, which may have tokens.
function notJson({ headers }) {
  return new SyntaxError(`the body is no JSON, or too long: ${headers.get('content-type') ?? 'of no type'}`);
}
