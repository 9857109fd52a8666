// What is read of a reply: own members only, of the type and length that Cognito's service model gives.

// `Session`, in the limits of Cognito's service model, where there is one.
export function session(body, needed) {
  const value = text(body, 'Session');
  if (value !== undefined && !(bytes(value) >= 20 && bytes(value) <= 4096)) throw bad('Session', '20 to 4096 characters');
  if (needed && value === undefined) throw bad('Session', 'a session beside the challenge');
  return value;
}

// A challenge parameter that has to be there.
export function parameter(body, name, most) {
  const value = text(body, 'ChallengeParameters', name);
  if (!isFit(value, most)) throw bad(name, 'a string, neither empty nor too long');
  return value;
}

export function isFit(value, most) {
  return Boolean(value) && bytes(value) <= most;
}

// As UTF-8.
export function bytes(value) {
  return utf8(value).length;
}

export function utf8(text) {
  return new TextEncoder().encode(text);
}

// Bytes as characters.
export function fromBase64(base64) {
  try {
    const decoded = atob(base64);
    // `atob` forgives what Cognito never sends.
    if (btoa(decoded) === base64) return decoded;
  } catch {
    // It is none.
  }
  throw bad('SECRET_BLOCK', 'base64');
}

// Own members only: the text of a reply must not reach `Object.prototype`.
export function member(value, name) {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name) ? value[name] : undefined;
}

export function text(body, ...path) {
  const value = path.reduce(member, body);
  return typeof value === 'string' ? value : undefined;
}

export function first(value, characters) {
  return value?.length > characters ? [...value].slice(0, characters).join('') : value;
}

export function bad(field, expected) {
  return error('bad_reply', `the pool's reply has a bad ${field}: expected ${expected}`);
}

// As a wasm module throws it: those who have the reply make a CognitoError of it.
export function error(code, message) {
  return { code, message };
}
