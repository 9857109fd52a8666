// The entry for those who serve the .wasm file beside the module: smaller, compiled while
// it arrives, but the bundler or server has to know about the file.
import { challengesLoader, cognitoWith, loader } from './cognito.js';
import { fastest } from './engine.js';

const CORES = {
  fused: () => new URL('./core-fused_bg.wasm', import.meta.url),
  simd: () => new URL('./core-simd_bg.wasm', import.meta.url),
  plain: () => new URL('./core_bg.wasm', import.meta.url),
};

export const init = /* @__PURE__ */ loader(() => CORES[fastest()]());
export const initChallenges = /* @__PURE__ */ challengesLoader(() => new URL('./challenges-core_bg.wasm', import.meta.url));
export const Cognito = /* @__PURE__ */ cognitoWith(init, initChallenges);
export { CognitoError } from './errors.js';
export { requestPasskey } from './passkey.js';
