// Waiting that ends when the caller loses interest, or after a time.
import { CognitoError, fromCore } from './errors.js';

export function throwIfAborted(signal) {
  if (signal?.aborted) throw aborted(signal);
}

// Settles when the promise does or the signal fires. The work goes on: others may wait for it.
export async function orAborted(promise, signal) {
  if (!signal) return promise;
  // After an abort nobody is left to hear of its failure.
  Promise.resolve(promise).catch(() => {});
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

// Settles when the work does, the time is up or the signal fires, whichever is first. The work is
// given a signal that fires then, and the time until when it may last, by `performance.now`.
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
    return await Promise.race([work(controller.signal, performance.now() + timeoutMs), ended]);
  } catch (thrown) {
    throw asError(thrown);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', onAbort);
    // Ends a request that nobody waits for any more; does nothing to one that has ended.
    controller.abort();
  }
}

// What is thrown while a request is under way. To a page, a reply that it may not read looks like
// one that never came.
export function asError(thrown) {
  const error = fromCore(thrown);
  if (error instanceof CognitoError) return error;
  const why = 'offline, cut off, redirected, or a reply without the CORS headers that let this page read it';
  return new CognitoError('network', `the pool could not be reached: ${why}`, { cause: error });
}

export function pause(milliseconds, signal) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', leave);
      resolve();
    }, milliseconds);
    function leave() {
      clearTimeout(timer);
      reject(signal.reason);
    }
    if (signal?.aborted) leave();
    else signal?.addEventListener('abort', leave, { once: true });
  });
}

function aborted(signal) {
  return new CognitoError('aborted', 'the caller has aborted', { cause: signal.reason });
}
