// One exchange with the pool, within a time limit and until the caller loses interest.
import { CognitoError, fromCore } from './errors.js';

// Cognito's replies have a few kilobytes. Anything may answer in its place.
const LONGEST_REPLY = 1 << 20;

// Posts what `core` has ready, hands over the reply, and again, until a step comes.
export async function exchange(core, { headers, fetch, timeoutMs }, signal) {
  for (;;) {
    const { response, body } = await within(timeoutMs, signal, async (limit) => {
      const response = await core.post(new Headers(headers), limit, fetch);
      return { response, body: await json(response) };
    });
    try {
      const step = core.receive(response.status, response.headers, body);
      if (step) return step;
    } catch (thrown) {
      const requestId = response.headers.get('x-amzn-RequestId') ?? undefined;
      throw fromCore(thrown, { status: response.status, requestId });
    }
  }
}

export function throwIfAborted(signal) {
  if (signal?.aborted) throw aborted(signal);
}

// The body, or undefined if it is no JSON.
async function json(response) {
  if (Number(response.headers.get('Content-Length')) > LONGEST_REPLY) return undefined;
  const text = await response.text();
  if (text.length > LONGEST_REPLY) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

// Settles when the work does, the time is up or the signal fires, whichever is first.
async function within(timeoutMs, signal, work) {
  throwIfAborted(signal);
  const controller = new AbortController();
  const { promise: ended, reject: end } = withResolvers();
  const timer = setTimeout(() => {
    end(new CognitoError('timeout', `the pool has not answered within ${timeoutMs} ms`));
  }, timeoutMs);
  const onAbort = () => end(aborted(signal));
  signal?.addEventListener('abort', onAbort);
  try {
    return await Promise.race([work(controller.signal), ended]);
  } catch (thrown) {
    const error = fromCore(thrown);
    if (error instanceof CognitoError) throw error;
    throw new CognitoError('network', 'the pool could not be reached', { cause: error });
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', onAbort);
    // Ends a request that nobody waits for any more; does nothing to one that has ended.
    controller.abort();
  }
}

function aborted(signal) {
  return new CognitoError('aborted', 'the caller has aborted', { cause: signal.reason });
}

// Promise.withResolvers, which Node 20 lacks.
function withResolvers() {
  let reject;
  const promise = new Promise((_, refuse) => {
    reject = refuse;
  });
  return { promise, reject };
}
