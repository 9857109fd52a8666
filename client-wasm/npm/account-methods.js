// The account's methods. Their wasm module is loaded when one is first called; it reads inputs,
// makes requests, reads replies, and says what may be repeated.
import { fromCore } from './errors.js';
import { exchange, within } from './exchange.js';
import { loading } from './loading.js';
import { readOptions, readSignal } from './options.js';

// `defaultSource` gives the wasm module.
export function loader(defaultSource) {
  return loading(async (source) => {
    const [core, module] = await Promise.all([import('./account-core.js'), source]);
    await core.default({ module_or_path: module });
    return core;
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

    signOut(input) {
      return this.#call('signOut', input);
    }

    signOutEverywhere(input) {
      return this.#call('signOutEverywhere', input);
    }

    devices(input) {
      return this.#call('devices', input);
    }

    forgetDevice(input) {
      return this.#call('forgetDevice', input);
    }

    rememberDevice(input) {
      return this.#call('rememberDevice', input);
    }

    mfaPreference(input) {
      return this.#call('mfaPreference', input);
    }

    setMfaPreference(input) {
      return this.#call('setMfaPreference', input);
    }

    async #call(method, input) {
      const { userPoolId, clientId, endpoint, timeoutMs } = this.#options;
      const signal = readSignal(input?.signal);
      // A form may be emptied while the module loads.
      const given = { ...input };
      const { Call } = await within(timeoutMs, signal, 'the wasm module to load', () => init());
      const call = begin(() => new Call(userPoolId, clientId, endpoint, method, given));
      try {
        return await complete(call, this.#options, signal);
      } finally {
        // Which wipes the request.
        call.free();
      }
    }
  };
}

// Until there is a reply, or no further attempt is allowed.
async function complete(call, options, signal) {
  for (;;) {
    try {
      return (await exchange(call, options, signal)).step.value;
    } catch (error) {
      const pause = call.repeat(error.code ?? '');
      if (pause === undefined) throw error;
      await within(2 * pause + 1000, signal, 'the next attempt', () => pass(pause));
    }
  }
}

function pass(milliseconds) {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

function begin(call) {
  try {
    return call();
  } catch (thrown) {
    throw fromCore(thrown);
  }
}
