// The steps of a sign-in: what the core says, with what the person can do about it.
import { CognitoError, fromCore, invalidArgument } from './errors.js';
import { exchange, throwIfAborted } from './exchange.js';
import { optional, readSignal, strings, text } from './options.js';
import { signedIn } from './signed-in.js';

// What each kind of step can be asked to do, and what the core is told then. The values are in
// the order in which its `Prompt::answer` reads them. Options come last, and are optional.
const METHODS = {
  code: {
    answer: (code) => [text('code', code)],
    resend: () => undefined,
  },
  newPassword: {
    answer: (password, { attributes } = {}) =>
      [text('newPassword', password), ...strings('attributes', attributes)],
  },
  choice: {
    choose: (option, { password, email } = {}) => [
      text('option', option),
      ...optional('password', password).flatMap((value) => ['password', value]),
      ...optional('email', email).flatMap((value) => ['email', value]),
    ],
  },
  password: { answer: (password) => [text('password', password)] },
  authenticator: { answer: (code) => [text('code', code)] },
  passkey: { answer: (credential) => [toJson(credential)] },
  challenge: { answer: (responses) => strings('responses', responses) },
};

// Goes on to the next step. A flow that can go no further is freed, which wipes its secrets.
export async function next(flow, options, signal) {
  let over = true;
  try {
    const { step, now } = await exchange(flow, options, signal);
    const { kind, ...fields } = step;
    if (kind === 'signedIn') return await options.finish(signedIn(fields, now, options));
    over = false;
    return new Step(flow, options, kind, fields);
  } finally {
    if (over) flow.free();
  }
}

export function core(call) {
  try {
    return call();
  } catch (thrown) {
    throw fromCore(thrown);
  }
}

class Step {
  #flow;
  #options;
  #use = 'open';

  constructor(flow, options, kind, { expiresIn, resendIn, ...fields }) {
    this.#flow = flow;
    this.#options = options;
    Object.assign(this, { kind }, fields);
    if (expiresIn !== undefined) this.expiresAt = after(expiresIn);
    if (resendIn !== undefined) this.resendAt = after(resendIn);
    if (kind === 'passkey') this.options = JSON.parse(fields.options);
    for (const [name, prepare] of Object.entries(METHODS[kind])) {
      // Not enumerable: a step shows what it says, not what it can do.
      Object.defineProperty(this, name, {
        value: async (...given) => this.#spend(prepare, given),
      });
    }
    if (kind === 'authenticator') Object.defineProperty(this, 'uri', { value: uri });
  }

  // A step is used once. Until the request is ready, nothing is lost by a mistake.
  async #spend(prepare, given) {
    const signal = readSignal(given[prepare.length === 0 ? 0 : 1]?.signal);
    const values = prepare(...given);
    if (this.#use === 'busy') throw new CognitoError('busy', 'this step is being answered');
    if (this.#use === 'spent') throw new CognitoError('spent', 'this step has been answered');
    throwIfAborted(signal);
    core(() => (values ? this.#flow.answer(values) : this.#flow.resend()));
    this.#use = 'busy';
    try {
      return await next(this.#flow, this.#options, signal);
    } finally {
      this.#use = 'spent';
    }
  }
}

// What authenticators read from a QR code.
function uri({ issuer, account }) {
  const label = [text('issuer', issuer), text('account', account)].map(encodeURIComponent).join(':');
  return `otpauth://totp/${label}?secret=${this.secret}&issuer=${encodeURIComponent(issuer)}`;
}

// A PublicKeyCredential writes itself as JSON where the platform is new enough.
function toJson(credential) {
  if (typeof credential !== 'object' || credential === null) {
    throw invalidArgument('credential: expected an AuthenticationResponseJSON');
  }
  return JSON.stringify(credential);
}

function after(seconds) {
  return new Date(Date.now() + seconds * 1000);
}
