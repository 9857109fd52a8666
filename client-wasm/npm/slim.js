// The entry for those who serve the .wasm file beside the module: smaller, compiled while
// it arrives, but the bundler or server has to know about the file.
import { assemble } from './cognito.js';

export const { Cognito, init } = /* @__PURE__ */ assemble(
  () => new URL('./core_bg.wasm', import.meta.url),
);
export { CognitoError } from './errors.js';
export { requestPasskey } from './passkey.js';
