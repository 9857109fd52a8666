// The entry that works everywhere: the wasm is text in modules, of which one is loaded.
import { challengesLoader, cognitoWith, loader } from './cognito.js';
import { fastest } from './engine.js';
import { decode } from './loading.js';

// Chunks that bundlers split off.
const CORES = {
  fused: () => import('./core-fused-inline.js'),
  simd: () => import('./core-simd-inline.js'),
  plain: () => import('./core-inline.js'),
};

export const init = /* @__PURE__ */ loader(async () => decode((await CORES[fastest()]()).default));
export const initChallenges = /* @__PURE__ */ challengesLoader(
  async () => decode((await import('./challenges-inline.js')).default),
);
export const Cognito = /* @__PURE__ */ cognitoWith(init, initChallenges);
export { CognitoError } from './errors.js';
export { requestPasskey } from './passkey.js';
