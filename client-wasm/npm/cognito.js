// The classes of the package. They load the wasm module when it is first needed, and hold
// what it cannot: promises, time limits, abort signals. It takes all decisions.
import initCore, { PreparedEphemeral, SignIn } from './core.js';
import { CognitoError } from './errors.js';
import { exchange, within } from './exchange.js';
import { readCredentials, readNewDevice, readOptions } from './options.js';
import { Session } from './session.js';
import { core, next } from './steps.js';

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
      const { username, password, clientMetadata, flow: wanted, device, signal } =
        readCredentials(input, this.#options);
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
              userPoolId, clientId, endpoint, username, password, clientMetadata, wanted, device,
              prepared,
            ),
        );
      } finally {
        // The wasm module has its own copy by now, or never will.
        password?.fill(0);
      }
      return next(flow, this.#options, signal);
    }

    async rememberDevice(input) {
      const { accessToken, newDevice, name, signal } = readNewDevice(input);
      const { userPoolId, clientId, endpoint, timeoutMs } = this.#options;
      const { deviceKey, deviceGroupKey } = newDevice;
      await within(timeoutMs, signal, 'the wasm module to load', () => init());
      const flow = core(() =>
        SignIn.rememberDevice(
          userPoolId, clientId, endpoint, accessToken, deviceKey, deviceGroupKey, name,
        ),
      );
      try {
        return (await exchange(flow, this.#options, signal)).step;
      } finally {
        flow.free();
      }
    }
  }

  return { Cognito, init };
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
