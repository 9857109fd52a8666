// Errors with codes that stay. The list is documented in index.d.ts.

// Trouble that passes.
const PASSING = new Set(['network', 'timeout', 'throttled', 'limit_exceeded', 'pool_unavailable']);

export class CognitoError extends Error {
  name = 'CognitoError';

  constructor(code, message, { cause, exception, trigger, status, requestId } = {}) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
    this.retryable = PASSING.has(code);
    if (exception) this.exception = exception;
    if (trigger) this.trigger = trigger;
    if (status !== undefined) this.status = status;
    if (requestId) this.requestId = requestId;
  }
}

// A mistake of the caller: a TypeError, as the platform's own functions throw.
export function invalidArgument(message) {
  return Object.assign(new TypeError(message), { code: 'invalid_argument' });
}

// What others throw where nobody waits for it: told to the developer, and ends nothing.
export function report(error) {
  (globalThis.reportError ?? console.error)(error);
}

// Calls the wasm module.
export function core(call) {
  try {
    return call();
  } catch (thrown) {
    throw fromCore(thrown);
  }
}

// What the wasm module threw: a record with a code, or whatever the platform threw in it.
export function fromCore(thrown, reply) {
  if (thrown instanceof Error || typeof thrown?.code !== 'string') return thrown;
  if (thrown.code === 'invalid_argument') return invalidArgument(thrown.message);
  return new CognitoError(thrown.code, thrown.message, { ...thrown, ...reply });
}
