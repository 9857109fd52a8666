// The entry that works everywhere: the wasm is part of the module, nothing else is fetched.
import { assemble } from './cognito.js';
import inlined from './wasm-inline.js';

function bytes() {
  if (typeof Uint8Array.fromBase64 === 'function') return Uint8Array.fromBase64(inlined);
  return Uint8Array.from(atob(inlined), (char) => char.charCodeAt(0));
}

export const { Cognito, init } = /* @__PURE__ */ assemble(bytes);
export { CognitoError } from './errors.js';
export { requestPasskey } from './passkey.js';
