// The account, as an entry of its own. Its wasm module is a chunk that bundlers split off.
import { assemble } from './account-methods.js';

async function bytes() {
  const { default: inlined } = await import('./account-inline.js');
  if (typeof Uint8Array.fromBase64 === 'function') return Uint8Array.fromBase64(inlined);
  return Uint8Array.from(atob(inlined), (char) => char.charCodeAt(0));
}

export const { Account, init } = /* @__PURE__ */ assemble(bytes);
export { CognitoError } from './errors.js';
