// The entry for those who serve the .wasm file beside the module: smaller, compiled while
// it arrives, but the bundler or server has to know about the file.
import { cognitoWith, loader } from './cognito.js';

export const init = /* @__PURE__ */ loader(() => new URL('./core_bg.wasm', import.meta.url));
export const Cognito = /* @__PURE__ */ cognitoWith(init);
export { CognitoError } from './errors.js';
export { requestPasskey } from './passkey.js';
