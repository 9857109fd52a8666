// What the caller hands over, checked where it is handed over.
import { invalidArgument } from './errors.js';

export function readOptions(options) {
  const { userPoolId, clientId, endpoint, fetch, headers, timeoutMs = 30_000, store = 'memory' } =
    options ?? {};
  text('userPoolId', userPoolId);
  text('clientId', clientId);
  if (fetch !== undefined && typeof fetch !== 'function') {
    throw invalidArgument(`fetch: expected a function, got ${typeof fetch}`);
  }
  if (!(timeoutMs > 0 && timeoutMs <= 600_000)) {
    throw invalidArgument(`timeoutMs: expected 1 to 600000, got ${timeoutMs}`);
  }
  return {
    userPoolId,
    clientId,
    endpoint: endpoint === undefined ? undefined : readEndpoint(endpoint),
    fetch,
    headers: readHeaders(headers),
    timeoutMs,
    store: readStore(store),
  };
}

export function readCredentials(input) {
  const { username, password, clientMetadata, signal } = input ?? {};
  text('username', username);
  return {
    username,
    clientMetadata: readMetadata(clientMetadata),
    signal: readSignal(signal),
    password: readPassword(password),
  };
}

export function readSignal(signal) {
  if (signal !== undefined && !(signal instanceof AbortSignal)) {
    throw invalidArgument('signal: expected an AbortSignal');
  }
  return signal;
}

export function text(name, value) {
  if (typeof value !== 'string') {
    throw invalidArgument(`${name}: expected a string, got ${value === null ? null : typeof value}`);
  }
}

// Keys and values in turn.
function readMetadata(metadata = {}) {
  if (typeof metadata !== 'object' || metadata === null) {
    throw invalidArgument('clientMetadata: expected an object of strings');
  }
  return Object.entries(metadata).flatMap(([key, value]) => {
    text(`clientMetadata.${key}`, value);
    return [key, value];
  });
}

function readStore(store) {
  if (['memory', 'session', 'local'].includes(store)) return store;
  for (const method of ['get', 'set', 'remove']) {
    if (typeof store?.[method] !== 'function') {
      throw invalidArgument(`store: expected memory, session, local or an object with get, set and remove`);
    }
  }
  return store;
}

function readHeaders(headers) {
  try {
    return new Headers(headers);
  } catch (error) {
    throw invalidArgument(`headers: ${error.message}`);
  }
}

// A copy at once: the caller may wipe what was handed over, and we wipe the copy.
function readPassword(password) {
  if (password instanceof Uint8Array) return password.slice();
  text('password', password);
  return new TextEncoder().encode(password);
}

// Credentials leave this device only encrypted, or not at all.
function readEndpoint(endpoint) {
  let url;
  try {
    url = new URL(endpoint);
  } catch {
    throw invalidArgument('endpoint: expected an absolute URL');
  }
  const loopback = ['127.0.0.1', 'localhost', '[::1]'].includes(url.hostname);
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && loopback)) {
    throw invalidArgument(`endpoint: expected https, or http on this device, got ${url.protocol}`);
  }
  if (url.username || url.password || url.hash || url.search) {
    throw invalidArgument('endpoint: expected no credentials, query or fragment');
  }
  return url.href;
}
