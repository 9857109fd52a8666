// What the element shows now, and what follows from it: a form for each step, events, tokens.
import { Form, create } from './element-form.js';
import { SavedSteps } from './element-saved.js';
import { adoptStyle } from './element-style.js';
import { viewOf } from './element-views.js';
import { CognitoError, report } from './errors.js';
import { Flow } from './flow.js';
import { sentenceFor, wordsFor } from './words.js';

let screens = 0;

export class Screen {
  flow;
  session;
  #host;
  #prefix = `cognito-sign-in-${(screens += 1)}`;
  #announcer = create('p', { part: 'announcer', role: 'status' });
  #form;
  #given; // The pool that was set, or made from the attributes.
  #made;
  #ownWords;
  #step;
  #picked;
  #resent = false;
  #answered = false;
  #username = '';
  #sending;

  constructor(host) {
    this.#host = host;
    // Properties and attributes may come late, so the pool is looked up when it is needed.
    this.flow = new Flow({
      signIn: async (input) => (await this.#pool()).signIn(input),
      resume: async (saved, options) => (await this.#pool()).resume(saved, options),
    });
    this.flow.subscribe((state) => this.#follow(state));
  }

  get cognito() {
    return this.#given;
  }

  set cognito(cognito) {
    this.#given = cognito;
    this.redraw();
    if (this.#form) this.#resume();
  }

  get words() {
    const tag = this.#host.closest('[lang]')?.lang || navigator.language;
    return wordsFor(tag, this.#ownWords);
  }

  set words(words) {
    this.#ownWords = words;
    this.redraw();
  }

  // On the page, until what it returns is called.
  show() {
    adoptStyle(this.#host.getRootNode());
    this.#draw();
    this.#resume();
    return this.flow.hold();
  }

  attributeChanged() {
    this.#made = undefined;
    this.redraw();
  }

  // The same step with other words or another pool. What was typed stays, and so does the focus.
  redraw() {
    if (!this.#form) return;
    const { values, focused } = this.#form;
    this.#draw();
    this.#form.values = values;
    this.#form.focused = focused;
  }

  start(credentials) {
    this.#username = String(credentials?.username ?? '');
    return this.flow.start(credentials);
  }

  #resume() {
    const saved = this.#saved?.read();
    if (saved === undefined || this.#step || this.flow.state.pending) return;
    this.#username = String(saved?.username ?? '');
    this.flow.resume(saved);
  }

  #follow({ step, error, pending }) {
    // An answer may arrive even if the page hears no more of it.
    if (!pending || step) this.#saved?.keep(pending ? undefined : step);
    if (pending) {
      this.#answered = step !== undefined;
      this.#form?.setBusy();
      this.#announce(this.words.working);
      return;
    }
    if (step === this.#step) this.#form?.setReady();
    else this.#arrive(step);
    if (error) this.#fail(error);
  }

  #arrive(step) {
    this.#step = step;
    this.#picked = undefined;
    this.#sending?.abort();
    this.#sending = undefined;
    if (step?.kind === 'signedIn') this.#finish(step);
    else if (step) this.#offer(step);
    else this.#advance();
    this.#resent = false;
  }

  // A page may take the element away as soon as its session has the tokens.
  async #finish(step) {
    await this.session?.keep(step.tokens).catch(report);
    if (this.#step === step) this.#offer(step);
    this.#tell('signed-in', step);
  }

  // The page may say that it shows the step itself.
  #offer(step) {
    if (this.#tell('step', step)) this.#advance();
    else this.#clear();
  }

  #fail(error) {
    const sentence = sentenceFor(error, this.words, { answered: this.#answered });
    this.#announce('');
    this.#form?.complain(sentence, error.code === 'bad_credentials' ? ['username', 'password'] : []);
    this.#tell('sign-in-error', error);
  }

  async #send(send, values) {
    if (this.#sending || this.flow.state.pending) return;
    // What is answered without a connection is lost for good.
    if (this.#step && navigator.onLine === false) {
      this.#form.complain(this.words.offline);
      return;
    }
    const sending = new AbortController();
    this.#sending = sending;
    const form = this.#form;
    form.setBusy();
    try {
      await send(values, sending.signal);
    } catch (error) {
      this.#answered = false;
      if (!sending.signal.aborted) this.#fail(error);
    } finally {
      if (this.#sending === sending) this.#sending = undefined;
      form.setReady();
    }
  }

  // The focus goes along, unless the person is elsewhere on the page.
  #advance() {
    const { activeElement } = this.#host.getRootNode();
    const isHere =
      !activeElement || activeElement === document.body || this.#host.contains(activeElement);
    const { heading, note } = this.#draw();
    this.#announce([heading, note].filter(Boolean).join('. '));
    if (isHere) this.#form.focus();
  }

  #draw() {
    this.#form?.close();
    const { words } = this;
    const view = viewOf(this.#step, this.#situation(), words);
    this.#form = new Form(view, words, this.#actions(), this.#prefix);
    this.#host.replaceChildren(this.#announcer, this.#form.root);
    return view;
  }

  #clear() {
    this.#form?.close();
    this.#form = undefined;
  }

  #situation() {
    return {
      flow: this.#given?.settings.flow ?? this.#attribute('flow'),
      username: this.#username,
      issuer: this.#attribute('issuer') ?? location.hostname,
      picked: this.#picked,
      pick: (option) => {
        this.#picked = option;
        this.#advance();
      },
      resent: this.#resent,
      start: (credentials) => this.start(credentials),
    };
  }

  #actions() {
    return {
      send: (send, values) => this.#send(send, values),
      resend: () =>
        this.#send(() => {
          this.#resent = true;
          return this.#step.resend();
        }),
      again: () => this.flow.reset(),
      announce: (text) => this.#announce(text),
      // The costly half of SRP, while the person types.
      begun: () => this.#pool().then((cognito) => cognito.prepare()).catch(() => {}),
    };
  }

  #announce(text) {
    this.#announcer.textContent = text;
  }

  // Whether nobody has prevented the default.
  #tell(type, detail) {
    const cancelable = type === 'step';
    return this.#host.dispatchEvent(
      new CustomEvent(type, { detail, cancelable, bubbles: true, composed: true }),
    );
  }

  async #pool() {
    if (this.#given) return this.#given;
    this.#made ??= import('./index.js').then(
      ({ Cognito }) =>
        new Cognito({
          userPoolId: this.#attribute('user-pool-id'),
          clientId: this.#attribute('client-id'),
          endpoint: this.#attribute('endpoint'),
          flow: this.#attribute('flow'),
        }),
      (cause) => {
        this.#made = undefined;
        throw new CognitoError('network', 'the package could not be loaded', { cause });
      },
    );
    return this.#made;
  }

  get #saved() {
    if (this.#attribute('resume') === undefined) return undefined;
    const { userPoolId, clientId } = this.#given?.settings ?? {};
    return new SavedSteps(
      userPoolId ?? this.#attribute('user-pool-id'),
      clientId ?? this.#attribute('client-id'),
    );
  }

  #attribute(name) {
    return this.#host.getAttribute(name) ?? undefined;
  }
}
