// The entry that works everywhere: the wasm is part of the module, nothing else is fetched.
import { cognitoWith, loader } from './cognito.js';
import { decode } from './loading.js';
import inlined from './wasm-inline.js';

export const init = /* @__PURE__ */ loader(() => decode(inlined));
export const Cognito = /* @__PURE__ */ cognitoWith(init);
export { CognitoError } from './errors.js';
export { requestPasskey } from './passkey.js';
