// The entry for servers at the edge, which compile no bytes: the module comes with the program.
import { cognitoWith, loader } from './cognito.js';
// Bundlers for these servers know a compiled module by this query; others pass over it.
import module from './core_bg.wasm?module';

export const init = /* @__PURE__ */ loader(() => module);
export const Cognito = /* @__PURE__ */ cognitoWith(init);
export { CognitoError } from './errors.js';
export { requestPasskey } from './passkey.js';
