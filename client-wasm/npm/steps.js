// The steps of a sign-in: what the core says, with what the person can do about it.
import { CognitoError, core, invalidArgument } from './errors.js';
import { exchange } from './exchange.js';
import { optional, readSignal, strings, text } from './options.js';
import { questionOf, toSaved } from './resume.js';
import { signedIn } from './signed-in.js';
import { throwIfAborted } from './waiting.js';

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

// Where nothing would be kept that opens another door: no password, no authenticator's secret.
const SAVABLE = new Set(['code', 'newPassword', 'passkey', 'challenge']);

// Goes on to the next step. A flow that can go no further is freed, which wipes its secrets.
// `before` is the question that was answered: a wrong answer may leave it open.
export async function next(flow, options, signal, before) {
  let over = true;
  try {
    const { step, now, body } = await exchange(flow, options, signal);
    const { kind, ...fields } = step;
    if (kind === 'signedIn') return await options.finish(await signedIn(fields, now, options, signal));
    over = false;
    return new Step(flow, options, kind, fields, questionOf(body, options) ?? before);
  } finally {
    if (over) flow.free();
  }
}

// The step that a flow is at already.
export function current(flow, options, question) {
  const { kind, ...fields } = flow.step();
  return new Step(flow, options, kind, fields, question);
}

class Step {
  #flow;
  #options;
  #question;
  #use = 'open';

  constructor(flow, options, kind, { expiresIn, resendIn, ...fields }, question) {
    this.#flow = flow;
    this.#options = options;
    this.#question = question;
    Object.assign(this, { kind }, fields);
    if (expiresIn !== undefined) this.expiresAt = this.#after(expiresIn);
    if (resendIn !== undefined) this.resendAt = this.#after(resendIn);
    if (kind === 'passkey') this.options = JSON.parse(fields.options);
    for (const [name, prepare] of Object.entries(METHODS[kind])) {
      // Not enumerable: a step shows what it says, not what it can do.
      Object.defineProperty(this, name, {
        value: async (...given) => this.#spend(prepare, given),
      });
    }
    if (kind === 'authenticator') Object.defineProperty(this, 'uri', { value: uri });
    if (kind === 'code') {
      // Triggers may have told what is not known here: a question, where a picture is.
      Object.defineProperty(this, 'parameters', { value: Object.freeze({ ...question?.challengeParameters }) });
    }
    if (SAVABLE.has(kind) && question?.session) Object.defineProperty(this, 'save', { value: () => this.#save() });
  }

  // A step is used once. Until the request is ready, nothing is lost by a mistake.
  async #spend(prepare, given) {
    const signal = readSignal(given[prepare.length === 0 ? 0 : 1]?.signal);
    const values = prepare(...given);
    this.#throwIfUsed();
    throwIfAborted(signal);
    core(() => (values ? this.#flow.answer(values) : this.#flow.resend()));
    this.#use = 'busy';
    try {
      return await next(this.#flow, this.#options, signal, this.#question);
    } finally {
      this.#use = 'spent';
    }
  }

  #save() {
    this.#throwIfUsed();
    return toSaved(this, this.#question, this.#flow.username(), this.#options);
  }

  #throwIfUsed() {
    if (this.#use === 'busy') throw new CognitoError('busy', 'this step is being answered');
    if (this.#use === 'spent') throw new CognitoError('spent', 'this step has been answered');
  }

  // The pool counts from when it asked.
  #after(seconds) {
    return new Date(this.#question.receivedAt + seconds * 1000);
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
