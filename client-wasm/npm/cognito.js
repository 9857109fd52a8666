// The classes of the package. They load the wasm module when it is first needed, and hold
// what it cannot: promises, time limits, abort signals. It takes all decisions.
import initCore, { initSync, PreparedEphemeral, SignIn } from './core.js';
import { core, report } from './errors.js';
import { exchange } from './exchange.js';
import { loading } from './loading.js';
import { callable, readCredentials, readDevice, readNewDevice, readOptions, readSignal, strings } from './options.js';
import { readSaved } from './resume.js';
import { current, next } from './steps.js';
import { within } from './waiting.js';

// `defaultSource` gives the wasm module.
export function loader(defaultSource) {
  return loading(async (source) => {
    const module = await source;
    // At once: where modules come compiled, a server may drop what a request leaves behind.
    if (module instanceof WebAssembly.Module) initSync({ module });
    else await initCore({ module_or_path: module });
  }, defaultSource);
}

export function cognitoWith(init) {
  return class Cognito {
    #settings;
    #prepared;
    #listeners = new Set();

    constructor(options) {
      this.#settings = Object.freeze(readOptions(options));
    }

    get settings() {
      return this.#settings;
    }

    onSignedIn(listener) {
      callable('listener', listener);
      // The same function may be given twice.
      const subscription = { listener };
      this.#listeners.add(subscription);
      return () => void this.#listeners.delete(subscription);
    }

    prepare() {
      this.#fetchKeys();
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
        readCredentials(input, this.#settings);
      const { userPoolId, clientId, timeoutMs } = this.#settings;
      const metadata = { ...input.clientMetadata };
      let flow;
      try {
        await within(timeoutMs, signal, 'the wasm module to load', () => init());
        this.#fetchKeys();
        // An ephemeral secret serves once.
        const preparing = this.#prepared;
        this.#prepared = undefined;
        const prepared = await preparing?.catch(() => undefined);
        flow = core(
          () =>
            new SignIn(
              userPoolId, clientId, username, password, clientMetadata, wanted, device, prepared,
            ),
        );
      } finally {
        // The wasm module has its own copy by now, or never will.
        password?.fill(0);
      }
      return next(flow, this.#of({ username, clientMetadata: metadata }, device), signal);
    }

    async resume(saved, options) {
      const signal = readSignal(options?.signal);
      const device = readDevice(options?.device);
      const { question, username, clientMetadata, wrong, sent } = readSaved(saved, this.#settings);
      const { challengeName: ChallengeName, session: Session, challengeParameters: ChallengeParameters } = question;
      const { userPoolId, clientId, timeoutMs } = this.#settings;
      await within(timeoutMs, signal, 'the wasm module to load', () => init());
      const reason = wrong ? 'wrong' : sent ? 'sent' : '';
      const flow = core(() =>
        SignIn.resume(
          userPoolId, clientId, username, strings('clientMetadata', clientMetadata), device,
          { ChallengeName, Session, ChallengeParameters }, reason,
        ),
      );
      return current(flow, this.#of({ username, clientMetadata }, device), question);
    }

    async rememberDevice(input) {
      const { accessToken, newDevice, name, signal } = readNewDevice(input);
      const { userPoolId, clientId, timeoutMs } = this.#settings;
      const { deviceKey, deviceGroupKey } = newDevice;
      await within(timeoutMs, signal, 'the wasm module to load', () => init());
      const flow = core(() =>
        SignIn.rememberDevice(userPoolId, clientId, accessToken, deviceKey, deviceGroupKey, name),
      );
      try {
        return (await exchange(flow, this.#settings, signal)).step;
      } finally {
        flow.free();
      }
    }

    // What the steps of one sign-in share.
    #of(input, device) {
      const finish = (step) => this.#tell(step);
      return { ...this.#settings, ...input, deviceKey: device[0], finish };
    }

    // So that they are there when the tokens come. If not, they are asked for again then.
    async #fetchKeys() {
      try {
        await this.#settings.verifyTokens?.prepare(this.#settings);
      } catch {
        // Whoever checks the tokens learns of it.
      }
    }

    // A page may leave as soon as it has its step. What keeps the tokens has kept them by then.
    async #tell(step) {
      await Promise.all(
        [...this.#listeners].map(async ({ listener }) => {
          try {
            await listener(step);
          } catch (error) {
            report(error);
          }
        }),
      );
      return step;
    }
  };
}
