// What challenges.js has of the page that loads it. It is handed over, for an import would make
// bundlers cut the page in two, and every page load the second half by a request of its own.
export let CognitoError;
export let Step;
export let VERSION;
export let core;
export let exchange;
export let fromCore;
export let invalidArgument;
export let optional;
export let strings;
export let text;
export let usual;

export function take(parts) {
  ({ CognitoError, Step, VERSION, core, exchange, fromCore, invalidArgument, optional, strings, text, usual } = parts);
}
