// What the caller hands over, checked where it is handed over.
import { invalidArgument } from './errors.js';

export function readOptions(options) {
  const {
    userPoolId, clientId, endpoint, fetch, headers, timeoutMs = 30_000, flow = 'custom',
    authSessionValidity = 3, verifyTokens, endpointVariant, userContextData, ...unknown
  } = options ?? {};
  text('userPoolId', userPoolId);
  text('clientId', clientId);
  if (fetch !== undefined) callable('fetch', fetch);
  if (userContextData !== undefined) callable('userContextData', userContextData);
  check(Number.isFinite(timeoutMs) && timeoutMs > 0 && timeoutMs <= 600_000, 'timeoutMs', '1 to 600000', timeoutMs);
  check(['custom', 'srp', 'choice'].includes(flow), 'flow', 'custom, srp or choice', flow);
  // In minutes, within Cognito's limits.
  const sound = Number.isInteger(authSessionValidity) && authSessionValidity >= 3 && authSessionValidity <= 15;
  check(sound, 'authSessionValidity', '3 to 15', authSessionValidity);
  if (verifyTokens !== undefined) {
    callable('verifyTokens.prepare', verifyTokens?.prepare);
    callable('verifyTokens.verify', verifyTokens?.verify);
  }
  // A `verifyToken` would verify nothing, and nobody would see it.
  for (const name in unknown) check(unknown[name] === undefined, name, 'no option of this name');
  return {
    userPoolId,
    clientId,
    endpoint: endpoint === undefined ? undefined : readEndpoint(endpoint),
    endpointVariant: readVariant(endpointVariant, endpoint),
    fetch,
    headers: readHeaders(headers),
    timeoutMs,
    flow,
    authSessionValidity,
    verifyTokens,
    userContextData,
  };
}

export function readCredentials(input) {
  const { username, password, clientMetadata, preferred, device, signal } = input ?? {};
  text('username', username);
  strings('clientMetadata', clientMetadata);
  return {
    username,
    clientMetadata: { ...clientMetadata },
    // Few give these, and what reads them is loaded then.
    preferred,
    device: device && { ...device },
    signal: readSignal(signal),
    // Whether it may be left out depends on the flow.
    password: password === undefined ? undefined : readPassword(password),
  };
}

export function readSignal(signal) {
  check(signal === undefined || signal instanceof AbortSignal, 'signal', 'an AbortSignal');
  return signal;
}

export function text(name, value) {
  check(typeof value === 'string', name, 'a string', value === null ? null : typeof value);
  return value;
}

export function callable(name, value) {
  check(typeof value === 'function', name, 'a function', typeof value);
}

// Nothing, or the string.
export function optional(name, value) {
  return value === undefined ? [] : [text(name, value)];
}

// Keys and values in turn.
export function strings(name, map = {}) {
  check(typeof map === 'object' && map !== null, name, 'an object of strings');
  return Object.entries(map).flatMap(([key, value]) => [key, text(`${name}.${key}`, value)]);
}

function readHeaders(headers) {
  try {
    return new Headers(headers);
  } catch (error) {
    throw invalidArgument(`headers: ${error.message}`);
  }
}

// A copy at once: the caller may wipe what was handed over, and we wipe the copy. The `slice` of
// Node's Buffer would be none. Bytes that were transferred elsewhere are none, and cannot be copied.
function readPassword(password) {
  return password instanceof Uint8Array ? new Uint8Array(password.length && password) : new TextEncoder().encode(text('password', password));
}

function readVariant(variant, endpoint) {
  if (variant !== undefined) {
    check(variant === 'fips', 'endpointVariant', 'fips', variant);
    check(endpoint === undefined, 'endpointVariant', 'none beside an endpoint', variant);
  }
  return variant;
}

// What nobody on the way may read or alter goes encrypted, or does not leave this device.
export function secureUrl(name, value) {
  let url;
  try {
    url = new URL(value);
  } catch {
    // It is none.
  }
  check(url, name, 'an absolute URL');
  const loopback = ['127.0.0.1', 'localhost', '[::1]'].includes(url.hostname);
  const secure = url.protocol === 'https:' || (url.protocol === 'http:' && loopback);
  check(secure, name, 'https, or http on this device', url.protocol);
  return url;
}

function readEndpoint(endpoint) {
  const url = secureUrl('endpoint', endpoint);
  check(!(url.username || url.password || url.hash || url.search), 'endpoint', 'no credentials, query or fragment');
  return url.href;
}

function check(holds, name, expected, got) {
  if (holds) return;
  // An object's own conversion may fail, or say anything.
  const shown = Object(got) === got ? typeof got : String(got).slice(0, 64);
  throw invalidArgument(`${name}: expected ${expected}${got === undefined ? '' : `, got ${shown}`}`);
}
