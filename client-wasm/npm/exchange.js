// One exchange with the pool, within a time limit and until the caller loses interest.
import { CognitoError, fromCore } from './errors.js';

// Cognito's replies have a few kilobytes. Anything may answer in its place.
const LONGEST_REPLY = 1 << 20;

// Posts what `core` has ready, hands over the reply, and again, until a step comes. With the step
// comes the pool's time in milliseconds, if it told, and the body that brought it.
export async function exchange(core, { headers, fetch, timeoutMs }, signal) {
  for (;;) {
    const { response, body } = await within(timeoutMs, signal, 'the pool to answer', async (limit) => {
      const response = await core.post(headers, limit, fetch);
      return { response, body: await json(response) };
    });
    try {
      const step = core.receive(response.status, response.headers, body);
      if (step) return { step, now: timeOf(response), body };
    } catch (thrown) {
      const requestId = response.headers.get('x-amzn-RequestId') ?? undefined;
      throw fromCore(thrown, { status: response.status, requestId });
    }
  }
}

export function throwIfAborted(signal) {
  if (signal?.aborted) throw aborted(signal);
}

// Settles when the promise does or the signal fires. The work goes on: others may wait for it.
export async function orAborted(promise, signal) {
  if (!signal) return promise;
  throwIfAborted(signal);
  let onAbort;
  const ended = new Promise((_, end) => {
    onAbort = () => end(aborted(signal));
    signal.addEventListener('abort', onAbort);
  });
  try {
    return await Promise.race([promise, ended]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}

// Settles when the work does, the time is up or the signal fires, whichever is first.
export async function within(timeoutMs, signal, awaited, work) {
  throwIfAborted(signal);
  const controller = new AbortController();
  let timer;
  let onAbort;
  const ended = new Promise((_, end) => {
    timer = setTimeout(() => {
      end(new CognitoError('timeout', `waited ${timeoutMs} ms for ${awaited}`));
    }, timeoutMs);
    onAbort = () => end(aborted(signal));
    signal?.addEventListener('abort', onAbort);
  });
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

// The body, or undefined if it is no JSON. No more of it is read than a reply can have.
export async function json(response) {
  const decoder = new TextDecoder();
  const reader = response.body?.getReader();
  let text = '';
  for (;;) {
    const { done, value } = (await reader?.read()) ?? { done: true };
    if (done) break;
    text += decoder.decode(value, { stream: true });
    if (text.length > LONGEST_REPLY) {
      await reader.cancel();
      return undefined;
    }
  }
  // Whatever is left of a character that was cut in two makes the text no JSON.
  text += decoder.decode();
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

// The pool's time in milliseconds, if the reply tells.
export function timeOf(response) {
  const time = Date.parse(response.headers.get('Date') ?? '');
  return Number.isNaN(time) ? undefined : time;
}

function aborted(signal) {
  return new CognitoError('aborted', 'the caller has aborted', { cause: signal.reason });
}
