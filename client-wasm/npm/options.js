// What the caller hands over, checked where it is handed over.
import { invalidArgument } from './errors.js';

export function readOptions(options) {
  const { userPoolId, clientId, endpoint, fetch, headers, timeoutMs = 30_000, flow = 'custom' } =
    options ?? {};
  const { authSessionValidity = 3, verifyTokens, endpointVariant, userContextData } = options ?? {};
  text('userPoolId', userPoolId);
  text('clientId', clientId);
  if (fetch !== undefined) callable('fetch', fetch);
  if (userContextData !== undefined) callable('userContextData', userContextData);
  if (!(timeoutMs > 0 && timeoutMs <= 600_000)) {
    throw invalidArgument(`timeoutMs: expected 1 to 600000, got ${timeoutMs}`);
  }
  return {
    userPoolId,
    clientId,
    endpoint: endpoint === undefined ? undefined : readEndpoint(endpoint),
    endpointVariant: readVariant(endpointVariant, endpoint),
    fetch,
    headers: readHeaders(headers),
    timeoutMs,
    flow: readFlow(flow),
    authSessionValidity: readValidity(authSessionValidity),
    verifyTokens: readVerifier(verifyTokens),
    userContextData,
  };
}

export function readCredentials(input, { flow }) {
  const { username, password, clientMetadata, preferred, device, signal } = input ?? {};
  return {
    username: text('username', username),
    clientMetadata: strings('clientMetadata', clientMetadata),
    flow: [flow, ...optional('preferred', preferred)],
    device: readDevice(device),
    signal: readSignal(signal),
    // Whether it may be left out is for the core to say.
    password: password === undefined ? undefined : readPassword(password),
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
  return value;
}

export function callable(name, value) {
  if (typeof value !== 'function') {
    throw invalidArgument(`${name}: expected a function, got ${typeof value}`);
  }
}

// Nothing, or the string.
export function optional(name, value) {
  return value === undefined ? [] : [text(name, value)];
}

// Keys and values in turn.
export function strings(name, map = {}) {
  if (typeof map !== 'object' || map === null) {
    throw invalidArgument(`${name}: expected an object of strings`);
  }
  return Object.entries(map).flatMap(([key, value]) => [key, text(`${name}.${key}`, value)]);
}

// In minutes, within Cognito's limits.
function readValidity(minutes) {
  if (!(Number.isInteger(minutes) && minutes >= 3 && minutes <= 15)) {
    throw invalidArgument(`authSessionValidity: expected 3 to 15, got ${minutes}`);
  }
  return minutes;
}

function readVerifier(verifier) {
  if (verifier === undefined) return undefined;
  callable('verifyTokens.prepare', verifier?.prepare);
  callable('verifyTokens.verify', verifier?.verify);
  return verifier;
}

function readFlow(flow) {
  if (!['custom', 'srp', 'choice'].includes(flow)) {
    throw invalidArgument(`flow: expected custom, srp or choice, got ${flow}`);
  }
  return flow;
}

export function readDevice(device) {
  if (device === undefined) return [];
  const { deviceKey, deviceGroupKey, devicePassword } = device ?? {};
  return [
    text('device.deviceKey', deviceKey),
    text('device.deviceGroupKey', deviceGroupKey),
    text('device.devicePassword', devicePassword),
  ];
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

function readVariant(variant, endpoint) {
  if (variant === undefined) return undefined;
  if (variant !== 'fips') throw invalidArgument(`endpointVariant: expected fips, got ${String(variant).slice(0, 64)}`);
  if (endpoint !== undefined) throw invalidArgument('endpointVariant: expected none beside an endpoint, got fips');
  return variant;
}

// What nobody on the way may read or alter goes encrypted, or does not leave this device.
export function secureUrl(name, value) {
  let url;
  try {
    url = new URL(value);
  } catch {
    throw invalidArgument(`${name}: expected an absolute URL`);
  }
  const loopback = ['127.0.0.1', 'localhost', '[::1]'].includes(url.hostname);
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && loopback)) {
    throw invalidArgument(`${name}: expected https, or http on this device, got ${url.protocol}`);
  }
  return url;
}

function readEndpoint(endpoint) {
  const url = secureUrl('endpoint', endpoint);
  if (url.username || url.password || url.hash || url.search) {
    throw invalidArgument('endpoint: expected no credentials, query or fragment');
  }
  return url.href;
}
