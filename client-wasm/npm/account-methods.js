// The account's methods. Their wasm module is loaded when one is first called; it reads inputs,
// makes requests, and reads replies.
import { core } from './errors.js';
import { exchange } from './exchange.js';
import { compile, loading, start } from './loading.js';
import { readOptions, readSignal } from './options.js';
import { userContextOf } from './send.js';
import { within } from './waiting.js';

// `defaultSource` gives the wasm module.
export function loader(defaultSource) {
  return loading(async (source) => {
    const [account, module] = await Promise.all([import('./account-core.js'), compile(source)]);
    await start(module, account.glue);
    return account;
  }, defaultSource);
}

export function accountWith(init) {
  return class Account {
    #options;

    constructor(options) {
      this.#options = readOptions(options);
    }

    signUp(input) {
      return this.#call('signUp', input);
    }

    confirmSignUp(input) {
      return this.#call('confirmSignUp', input);
    }

    resendConfirmationCode(input) {
      return this.#call('resendConfirmationCode', input);
    }

    forgotPassword(input) {
      return this.#call('forgotPassword', input);
    }

    confirmForgotPassword(input) {
      return this.#call('confirmForgotPassword', input);
    }

    changePassword(input) {
      return this.#call('changePassword', input);
    }

    userAttributes(input) {
      return this.#call('userAttributes', input);
    }

    updateUserAttributes(input) {
      return this.#call('updateUserAttributes', input);
    }

    sendAttributeCode(input) {
      return this.#call('sendAttributeCode', input);
    }

    verifyUserAttribute(input) {
      return this.#call('verifyUserAttribute', input);
    }

    deleteUserAttributes(input) {
      return this.#call('deleteUserAttributes', input);
    }

    deleteUser(input) {
      return this.#call('deleteUser', input);
    }

    revokeToken(input) {
      return this.#call('revokeToken', input);
    }

    globalSignOut(input) {
      return this.#call('globalSignOut', input);
    }

    devices(input) {
      return this.#call('devices', input);
    }

    forgetDevice(input) {
      return this.#call('forgetDevice', input);
    }

    updateDeviceStatus(input) {
      return this.#call('updateDeviceStatus', input);
    }

    mfaPreference(input) {
      return this.#call('mfaPreference', input);
    }

    setMfaPreference(input) {
      return this.#call('setMfaPreference', input);
    }

    async #call(method, input) {
      const { userPoolId, clientId, timeoutMs } = this.#options;
      const signal = readSignal(input?.signal);
      // A form may be emptied while the module loads.
      // A text has a member for each of its characters.
      const members = typeof input === 'object' ? input : undefined;
      const given = mapped({ ...this.#contextOf(input), ...members }, plain);
      const { Call } = await within(timeoutMs, signal, 'the wasm module to load', () => init());
      const call = core(() => new Call(userPoolId, clientId, method, given));
      const flow = {
        request: () => call.request(),
        receive: (status, errorType, body, date, now, attempt) => call.receive(status, errorType, body, attempt),
      };
      try {
        return (await exchange(flow, this.#options, signal)).step.value;
      } finally {
        // Which wipes the request.
        call.free();
      }
    }

    // Only operations that name their user take it.
    #contextOf(input) {
      if (typeof input?.username !== 'string' || input.userContext) return undefined;
      const encodedData = userContextOf(this.#options, input.username);
      return encodedData && { userContext: { encodedData } };
    }
  };
}

// A member of an input, as deep as any can be, and without code of the caller's: what a getter throws
// through the wasm module leaves it with less of its stack, and what holds itself with none.
function plain(value) {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return Array.from(value, leaf);
  // A Map or bytes, which JSON does not have: a symbol is refused there by its member's name, too.
  return Symbol.iterator in value ? Symbol.iterator : mapped(value, leaf);
}

// No text, number or flag has anything inside.
function leaf(value) {
  if (typeof value !== 'object' || value === null) return value;
  return Array.isArray(value) ? [] : {};
}

function mapped(object, change) {
  return Object.fromEntries(Object.entries(object).map(([name, value]) => [name, change(value)]));
}
