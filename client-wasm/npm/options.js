// What the caller hands over, checked where it is handed over.
import { invalidArgument } from './errors.js';

export function readOptions(options) {
  const { userPoolId, clientId, endpoint, fetch, headers, timeoutMs = 10_000 } = options ?? {};
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
    headers: new Headers(headers),
    timeoutMs,
  };
}

export function readCredentials(input) {
  const { username, password, clientMetadata = {}, signal } = input ?? {};
  text('username', username);
  return {
    username,
    password: readPassword(password),
    clientMetadata: Object.entries(clientMetadata).flatMap(([key, value]) => {
      text(`clientMetadata.${key}`, value);
      return [key, value];
    }),
    signal,
  };
}

export function text(name, value) {
  if (typeof value !== 'string') {
    throw invalidArgument(`${name}: expected a string, got ${value === null ? null : typeof value}`);
  }
}

function readPassword(password) {
  // The wasm module takes a copy over and wipes it.
  if (password instanceof Uint8Array) return password;
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
