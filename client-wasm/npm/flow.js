// A sign-in as one value that changes: what waits for the person, what went wrong, and whether a
// reply is awaited. Whatever shows it, subscribes.
import { report } from './errors.js';

const IDLE = Object.freeze({ step: undefined, error: undefined, pending: false });
// What of a step leads to the next one, and at which place its options come.
const MOVES = { answer: 1, choose: 1, resend: 0 };

export class Flow {
  static IDLE = IDLE;
  #cognito;
  #state = IDLE;
  #listeners = new Set();
  #moving;
  #abort;
  #holders = 0;

  constructor(cognito) {
    this.#cognito = cognito;
  }

  get state() {
    return this.#state;
  }

  subscribe = (listener) => {
    const subscription = { listener };
    this.#listeners.add(subscription);
    return () => void this.#listeners.delete(subscription);
  };

  // Ends what is under way once nobody holds the flow any more. Who lets go and takes hold again at
  // once, as React does when it is strict, has not left.
  hold = () => {
    this.#holders += 1;
    return () => {
      this.#holders -= 1;
      queueMicrotask(() => {
        if (this.#holders === 0) this.reset();
      });
    };
  };

  start = (credentials) =>
    this.#move(undefined, credentials?.signal, (signal) =>
      this.#cognito.signIn({ ...credentials, signal }),
    );

  resume = (saved, options) =>
    this.#move(undefined, options?.signal, (signal) =>
      this.#cognito.resume(saved, { ...options, signal }),
    );

  reset = () => {
    this.#abort?.abort();
    this.#abort = undefined;
    this.#become(IDLE);
  };

  // One request at a time: whoever asks twice waits for the first.
  #move(step, given, send) {
    if (!this.#state.pending) this.#moving = this.#send(step, given, send);
    return this.#moving;
  }

  async #send(step, given, send) {
    const abort = new AbortController();
    this.#abort = abort;
    this.#become({ step, error: undefined, pending: true });
    let outcome;
    try {
      const next = await send(linked(abort, given));
      outcome = { step: this.#follow(next), error: undefined };
    } catch (error) {
      outcome = { step: isStillOpen(error) ? step : undefined, error };
    }
    // The caller's signal may live on: it is let go of.
    abort.abort();
    // After a reset nobody waits for it. Tokens are told all the same: because of them, a page may
    // have taken away what it showed.
    const isTold = this.#abort === undefined && outcome.step?.kind === 'signedIn';
    if (this.#abort === abort || isTold) this.#become({ ...outcome, pending: false });
    if (isTold) this.#become(IDLE);
  }

  // The same step, but what it does moves the flow.
  #follow(step) {
    const properties = Object.getOwnPropertyDescriptors(step);
    for (const [name, place] of Object.entries(MOVES)) {
      if (!properties[name]) continue;
      properties[name].value = (...input) =>
        this.#move(this.#state.step, input[place]?.signal, (signal) => {
          const given = [...input];
          given[place] = { ...given[place], signal };
          return step[name](...given);
        });
    }
    return Object.freeze(Object.defineProperties({}, properties));
  }

  #become(state) {
    if (state === this.#state) return;
    this.#state = Object.freeze(state);
    for (const { listener } of [...this.#listeners]) {
      try {
        listener(state);
      } catch (error) {
        report(error);
      }
    }
  }
}

// What the person has typed can be corrected: nothing was sent. A step of the past, which a page
// may still hold, takes nothing away from the one that is shown.
function isStillOpen(error) {
  return ['invalid_code', 'invalid_argument', 'spent'].includes(error?.code);
}

// The flow's own signal, which fires with the caller's. What is no signal is for the step to refuse.
function linked(abort, given) {
  if (!(given instanceof AbortSignal)) return given ?? abort.signal;
  const follow = () => abort.abort(given.reason);
  if (given.aborted) follow();
  else given.addEventListener('abort', follow, { signal: abort.signal });
  return abort.signal;
}
