// The classes of the package. They load the wasm module when it is first needed, and hold
// what it cannot: promises, time limits, abort signals. It takes all decisions.
import initCore, { PreparedEphemeral, SignIn } from './core.js';
import { CognitoError, fromCore } from './errors.js';
import { exchange, throwIfAborted, within } from './exchange.js';
import { readCredentials, readOptions, readSignal, text } from './options.js';
import { Session } from './session.js';
import { signedIn } from './signed-in.js';

// `defaultSource` gives the wasm module: its bytes, its URL, or a promise of either.
export function assemble(defaultSource) {
  let loading;

  function init(source) {
    loading ??= load(source ?? defaultSource).catch((error) => {
      loading = undefined;
      throw error;
    });
    return loading;
  }

  class Cognito {
    #options;
    #prepared;
    #session;

    constructor(options) {
      const read = readOptions(options);
      this.#session = new Session(read);
      this.#options = { ...read, session: this.#session };
    }

    get userPoolId() {
      return this.#options.userPoolId;
    }

    get clientId() {
      return this.#options.clientId;
    }

    get session() {
      return this.#session.open();
    }

    prepare() {
      this.#prepared ??= init().then(() => core(() => new PreparedEphemeral()));
      const done = this.#prepared.then(
        () => {},
        (error) => {
          this.#prepared = undefined;
          throw error;
        },
      );
      // Whoever does not wait for it learns of a failure from signIn.
      done.catch(() => {});
      return done;
    }

    async signIn(input) {
      const { username, password, clientMetadata, signal } = readCredentials(input);
      const { userPoolId, clientId, endpoint, timeoutMs } = this.#options;
      let flow;
      try {
        await within(timeoutMs, signal, 'the wasm module to load', () => init());
        // An ephemeral secret serves once.
        const preparing = this.#prepared;
        this.#prepared = undefined;
        const prepared = await preparing?.catch(() => undefined);
        flow = core(
          () =>
            new SignIn(
              userPoolId, clientId, endpoint, username, password, clientMetadata, prepared,
            ),
        );
      } finally {
        // The wasm module has its own copy by now, or never will.
        password.fill(0);
      }
      return next(flow, this.#options, signal);
    }
  }

  return { Cognito, init };
}

class CodeStep {
  kind = 'code';
  #flow;
  #options;
  #use = 'open';

  constructor(flow, options, { expiresIn, resendIn, ...fields }) {
    this.#flow = flow;
    this.#options = options;
    Object.assign(this, fields);
    if (expiresIn !== undefined) this.expiresAt = after(expiresIn);
    if (resendIn !== undefined) this.resendAt = after(resendIn);
  }

  async answer(code, options) {
    text('code', code);
    return this.#spend((flow) => flow.answer(code), options);
  }

  async resend(options) {
    return this.#spend((flow) => flow.resend(), options);
  }

  // A step is used once. Until the request is ready, nothing is lost by a mistake.
  async #spend(prepare, options = {}) {
    const signal = readSignal(options.signal);
    if (this.#use === 'busy') throw new CognitoError('busy', 'this step is being answered');
    if (this.#use === 'spent') throw new CognitoError('spent', 'this step has been answered');
    throwIfAborted(signal);
    core(() => prepare(this.#flow));
    this.#use = 'busy';
    try {
      return await next(this.#flow, this.#options, signal);
    } finally {
      this.#use = 'spent';
    }
  }
}

// Goes on to the next step. A flow that can go no further is freed, which wipes its secrets.
async function next(flow, options, signal) {
  let over = true;
  try {
    const { kind, now, ...fields } = await exchange(flow, options, signal);
    switch (kind) {
      case 'code':
        over = false;
        return new CodeStep(flow, options, fields);
      case 'signedIn':
        return await land(signedIn({ ...fields, now }, options), options);
      default:
        return { kind, ...fields };
    }
  } finally {
    if (over) flow.free();
  }
}

async function land(step, { session }) {
  await session.keep(step.tokens);
  return step;
}

function core(call) {
  try {
    return call();
  } catch (thrown) {
    throw fromCore(thrown);
  }
}

async function load(source) {
  try {
    const given = typeof source === 'function' ? source() : source;
    await initCore({ module_or_path: await given });
  } catch (cause) {
    const hint = "a Content-Security-Policy needs script-src 'wasm-unsafe-eval'";
    throw new CognitoError('wasm_unavailable', `the wasm module cannot start (${hint})`, { cause });
  }
}

function after(seconds) {
  return new Date(Date.now() + seconds * 1000);
}
