// Node's fetch does not read files.
import { readFile } from 'node:fs/promises';
import { cognitoWith, loader } from './cognito.js';

export const init = /* @__PURE__ */ loader(() => readFile(new URL('./core_bg.wasm', import.meta.url)));
export const Cognito = /* @__PURE__ */ cognitoWith(init);
export { CognitoError } from './errors.js';
export { requestPasskey } from './passkey.js';
