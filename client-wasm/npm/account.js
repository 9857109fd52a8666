// The account, as an entry of its own. Its wasm module is a chunk that bundlers split off.
import { accountWith, loader } from './account-methods.js';
import { decode } from './loading.js';

export const init = /* @__PURE__ */ loader(async () => decode((await import('./account-inline.js')).default));
export const Account = /* @__PURE__ */ accountWith(init);
export { CognitoError } from './errors.js';
