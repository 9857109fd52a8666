// The account for servers at the edge, as `index.edge.js` is the sign-in.
import { accountWith, loader } from './account-methods.js';
import module from './account-core_bg.wasm?module';

export const init = /* @__PURE__ */ loader(() => module);
export const Account = /* @__PURE__ */ accountWith(init);
export { CognitoError } from './errors.js';
