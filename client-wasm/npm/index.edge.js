// The entry for servers at the edge, which compile no bytes: the module comes with the program. It is
// the one that knows every challenge, for nobody has to download it.
import { challengesLoader, cognitoWith } from './cognito.js';
// Bundlers for these servers know a compiled module by this query; others pass over it.
import module from './challenges-core_bg.wasm?module';

export const initChallenges = /* @__PURE__ */ challengesLoader(() => module);
export const init = initChallenges;
export const Cognito = /* @__PURE__ */ cognitoWith(undefined, initChallenges);
export { CognitoError } from './errors.js';
export { requestPasskey } from './passkey.js';
