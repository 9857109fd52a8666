// Node's fetch does not read files.
import { readFile } from 'node:fs/promises';
import { challengesLoader, cognitoWith, loader } from './cognito.js';
import { fastest } from './engine.js';

const CORES = {
  fused: () => new URL('./core-fused_bg.wasm', import.meta.url),
  simd: () => new URL('./core-simd_bg.wasm', import.meta.url),
  plain: () => new URL('./core_bg.wasm', import.meta.url),
};

export const init = /* @__PURE__ */ loader(() => readFile(CORES[fastest()]()));
export const initChallenges = /* @__PURE__ */ challengesLoader(() => readFile(new URL('./challenges-core_bg.wasm', import.meta.url)));
export const Cognito = /* @__PURE__ */ cognitoWith(init, initChallenges);
export { CognitoError } from './errors.js';
export { requestPasskey } from './passkey.js';
