// Node's fetch does not read files.
import { readFile } from 'node:fs/promises';
import { assemble } from './cognito.js';

export const { Cognito, init } = /* @__PURE__ */ assemble(() =>
  readFile(new URL('./core_bg.wasm', import.meta.url)),
);
export { CognitoError } from './errors.js';
export { requestPasskey } from './passkey.js';
