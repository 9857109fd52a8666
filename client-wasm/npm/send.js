// A request of the Cognito API on its way: the one place that builds them.
import { report } from './errors.js';
import { endpointOf } from './pool-address.js';
import { refusalOf } from './refusal.js';
import { repeat } from './repeat.js';
import { within } from './waiting.js';

// Cognito's replies have a few kilobytes. Anything may answer in its place.
const LONGEST_REPLY = 1 << 20;

// Gives the reply with what JSON.parse made of its body, and at which attempt it came. All attempts
// together stay within `timeoutMs`. `kind` says which row of the table of repetitions holds, and
// `init` goes to the Request.
export function send({ target, body, kind, init }, settings, signal) {
  return within(settings.timeoutMs, signal, 'the pool to answer', (limit, until) =>
    repeat(kind, { signal: limit, until }, async (attempt) => {
      const request = requestOf(endpointOf(settings), {
        method: 'POST',
        headers: headersOf(target, settings.headers),
        body,
        cache: 'no-store',
        credentials: 'omit',
        signal: limit,
        ...init,
      });
      const response = await (settings.fetch ?? globalThis.fetch)(request);
      const read = await json(response);
      const refusal = refusalOf(response, read);
      // Whoever asked reads the others.
      if (refusal && ['throttled', 'pool_unavailable'].includes(refusal.code)) throw refusal;
      return { response, body: read, attempt };
    }),
  );
}

// What the browser's risk script has collected of this user, if the application has it: a risk less
// or more is no reason to fail.
export function userContextOf({ userContextData }, username) {
  if (!userContextData) return undefined;
  try {
    const encoded = userContextData(username);
    if (encoded === undefined || encoded === null || encoded === '') return undefined;
    if (typeof encoded === 'string') return encoded;
    throw new TypeError(`userContextData: expected a string or nothing, got ${typeof encoded}`);
  } catch (error) {
    report(error);
    return undefined;
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

// Credentials and tokens go to the endpoint and nowhere else.
export function requestOf(endpoint, init) {
  try {
    return new Request(endpoint, { ...init, redirect: 'error' });
  } catch {
    // workerd does not know `error`. With `manual` the reply is the redirect, which is refused.
    return new Request(endpoint, { ...init, redirect: 'manual' });
  }
}

function headersOf(target, base) {
  const headers = new Headers(base);
  headers.set('Content-Type', 'application/x-amz-json-1.1');
  headers.set('X-Amz-Target', target);
  return headers;
}
