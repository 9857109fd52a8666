// The class of the package. It loads the wasm modules when they are first needed, and holds what a
// conversation cannot: promises, time limits, abort signals.
import { SignIn } from './conversation.js';
import { Ephemeral, glue } from './core.js';
import { CognitoError, core, fromCore, invalidArgument, report } from './errors.js';
import { exchange } from './exchange.js';
import { compile, loading, start } from './loading.js';
import { callable, optional, readCredentials, readOptions, readSignal, strings, text } from './options.js';
import { inParts } from './parts.js';
import { VERSION } from './question.js';
import { FORMS as usual, next, Step } from './steps.js';
import { within } from './waiting.js';

// The module that every sign-in needs; `defaultSource` gives it.
export function loader(defaultSource) {
  return loading(async (source) => {
    await start(await compile(source), glue);
  }, defaultSource);
}

// The module that few need, with the JavaScript that goes with it.
export function challengesLoader(defaultSource) {
  return loading(async (source) => {
    const [challenges, module] = await Promise.all([import('./challenges.js'), compile(source)]);
    await start(module, challenges.glue);
    challenges.take({
      CognitoError, Step, VERSION, core, exchange, fromCore, invalidArgument, optional, strings, text, usual,
    });
    return challenges;
  }, defaultSource);
}

// Without `init`, `challenges` does the usual sign-in, too.
export function cognitoWith(init, challenges) {
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
      this.#prepared ??= this.#isUsual({}) ? init().then(drawEphemeral) : challenges().then(({ prepare }) => prepare());
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
      const { password, signal, ...credentials } = readCredentials(input);
      const usual = this.#isUsual(credentials);
      const options = this.#of(credentials);
      let flow;
      let module;
      try {
        module = await this.#load(signal, usual ? init : challenges);
        this.#fetchKeys();
        // An ephemeral secret serves once, and in the module that has made it.
        const preparing = usual === this.#isUsual({}) ? this.#prepared : undefined;
        if (preparing) this.#prepared = undefined;
        const prepared = await preparing?.catch(() => {});
        const ephemeral = usual && (prepared ?? (await drawEphemeral()));
        flow = usual
          ? core(() => begin(options, password, ephemeral))
          : module.begin({ ...options, ...credentials, password }, prepared);
      } finally {
        // Whoever needs it has a copy by now, or never will.
        password?.fill(0);
      }
      return next(flow, usual ? options : module.shared(options), signal);
    }

    async resume(saved, options) {
      const { resume } = await this.#load(readSignal(options?.signal), challenges);
      return resume(saved, options?.device, this.#settings, (known) => this.#of(known));
    }

    async rememberDevice(input) {
      const signal = readSignal(input?.signal);
      const { rememberDevice } = await this.#load(signal, challenges);
      return rememberDevice(input, this.#settings, signal);
    }

    // Whether the module that everybody has is enough, as far as can be known before.
    #isUsual({ preferred, device }) {
      return init !== undefined && this.#settings.flow !== 'choice' && preferred === undefined && device === undefined;
    }

    #load(signal, load) {
      return within(this.#settings.timeoutMs, signal, 'the wasm module to load', () => load());
    }

    // What the steps of one sign-in share.
    #of({ username, clientMetadata, device }) {
      const finish = (step) => this.#tell(step);
      return { ...this.#settings, username, clientMetadata, deviceKey: device?.deviceKey, challenges, finish };
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

// What does not begin leaves no secret behind.
function begin({ userPoolId, clientId, username, clientMetadata, flow }, password, ephemeral) {
  let signIn;
  try {
    signIn = new SignIn(userPoolId, clientId, username, password, flow, ephemeral);
    for (const [key, value] of Object.entries(clientMetadata)) signIn.withClientMetadata(key, value);
    return signIn;
  } catch (error) {
    (signIn ?? ephemeral).free();
    throw error;
  }
}

async function drawEphemeral() {
  const entropy = new Uint8Array(64);
  try {
    crypto.getRandomValues(entropy);
  } catch (cause) {
    throw new CognitoError('no_randomness', 'crypto.getRandomValues is not usable', { cause });
  }
  const ephemeral = Ephemeral.of(entropy);
  entropy.fill(0);
  if (!ephemeral) throw new CognitoError('no_randomness', 'crypto.getRandomValues gives no random numbers');
  await inParts(() => ephemeral.advance());
  return ephemeral;
}
