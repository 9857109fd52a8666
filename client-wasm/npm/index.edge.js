// The entry for servers at the edge, which compile no bytes: the module comes with the program.
import { assemble } from './cognito.js';
// Bundlers for these servers know a compiled module by this query; others pass over it.
import module from './core_bg.wasm?module';

export const { Cognito, init } = /* @__PURE__ */ assemble(() => module);
export { CognitoError } from './errors.js';
export { requestPasskey } from './passkey.js';
