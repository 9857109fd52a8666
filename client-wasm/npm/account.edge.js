// The account for servers at the edge, as `index.edge.js` is the sign-in.
import { assemble } from './account-methods.js';
import module from './account-core_bg.wasm?module';

export const { Account, init } = /* @__PURE__ */ assemble(() => module);
export { CognitoError } from './errors.js';
