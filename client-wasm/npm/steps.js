// The steps of a sign-in: what the conversation says, with what the person can do about it.
import { CognitoError, core } from './errors.js';
import { exchange } from './exchange.js';
import { readSignal, text } from './options.js';
import { questionOf, toSaved } from './question.js';
import { signedIn } from './signed-in.js';
import { throwIfAborted, within } from './waiting.js';

// What the kinds of steps have that every page needs; challenges.js has the others. `methods` are
// what a step can be asked to do, and what the conversation is told then, if anything. Options come
// last, and are optional. What is `savable` keeps nothing that opens another door: no password, no
// authenticator's secret.
export const FORMS = {
  code: {
    methods: {
      answer: (code) => [text('code', code), []],
      resend: () => undefined,
    },
    savable: true,
    // Triggers may have told what is not known here: a question, where a picture is.
    more: ({ challengeParameters }) => ({ parameters: Object.freeze({ ...challengeParameters }) }),
  },
};

// Goes on to the next step. A flow that can go no further is freed, which wipes its secrets.
// `before` is the question that was answered: a wrong answer may leave it open.
export async function next(flow, options, signal, before) {
  let over = true;
  try {
    const { step, now, body, trace } = await exchange(flow, options, signal);
    if (step.kind === 'signedIn') return await options.finish(await signedIn(step, now, options, signal));
    const question = questionOf(body, options) ?? before;
    if (step.kind === 'other') {
      const challenges = await within(options.timeoutMs, signal, 'the wasm module to load', () => options.challenges());
      return challenges.takeOver(flow.username(), options, question, trace);
    }
    over = false;
    return new Step(flow, options, step, question);
  } finally {
    if (over) flow.free();
  }
}

// What a sign-in is at. `flow` has its conversation, `options` what its steps share, `step` what the
// conversation has told of this one, `question` what the pool has asked.
export class Step {
  #flow;
  #options;
  #question;
  #use = 'open';

  constructor(flow, options, { expiresIn, resendIn, ...fields }, question) {
    this.#flow = flow;
    this.#options = options;
    this.#question = question;
    Object.assign(this, fields);
    if (expiresIn !== undefined) this.expiresAt = this.#after(expiresIn);
    if (resendIn !== undefined) this.resendAt = this.#after(resendIn);
    const { methods, savable, shown, more } = (options.forms ?? FORMS)[fields.kind];
    Object.assign(this, shown?.(fields));
    for (const [name, prepare] of Object.entries(methods)) {
      this.#add(name, async (...given) => this.#spend(prepare, given));
    }
    for (const [name, value] of Object.entries(more?.(question ?? {}) ?? {})) this.#add(name, value);
    if (savable && question?.session) this.#add('save', () => this.#save());
  }

  // Not enumerable: a step shows what it says, not what it can do.
  #add(name, value) {
    Object.defineProperty(this, name, { value });
  }

  // A step is used once. Until the request is ready, nothing is lost by a mistake.
  async #spend(prepare, given) {
    const signal = readSignal(given[prepare.length === 0 ? 0 : 1]?.signal);
    const values = prepare(...given);
    this.#throwIfUsed();
    throwIfAborted(signal);
    core(() => (values ? this.#flow.answer(...values) : this.#flow.resend()));
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
