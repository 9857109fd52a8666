// One view of the element as a form: real fields with labels, in the page's own tree, where
// password managers and one-time codes find them.
import { countDown } from './element-countdown.js';
import { fill } from './words.js';

export class Form {
  // The form.
  root;
  #view;
  #words;
  #actions;
  #prefix;
  #inputs = new Map();
  #heading;
  #problem;
  #submit;
  #sentItself = false;
  #stop = () => {};

  // `actions` has `send(how, values)`, `resend()`, `again()`, `begun()` and `announce(text)`.
  constructor(view, words, actions, prefix) {
    this.#view = view;
    this.#words = words;
    this.#actions = actions;
    this.#prefix = prefix;
    this.root = this.#build();
    if (view.problem) this.complain(view.problem, view.fields.slice(0, 1).map(({ name }) => name));
  }

  close() {
    this.#stop();
    this.root.remove();
  }

  get values() {
    return Object.fromEntries([...this.#inputs].map(([name, { value }]) => [name, value]));
  }

  set values(values) {
    for (const [name, input] of this.#inputs) input.value = values[name] ?? input.value;
  }

  // The name of the field that has the focus.
  get focused() {
    const { activeElement } = this.root.getRootNode();
    return [...this.#inputs.keys()].find((name) => this.#inputs.get(name) === activeElement);
  }

  set focused(name) {
    this.#inputs.get(name)?.focus();
  }

  // To what the person does next.
  focus() {
    const inputs = [...this.#inputs.values()];
    const next = inputs.find(({ value }) => value === '') ?? inputs[0] ?? this.#heading;
    next.focus();
    next.select?.();
  }

  // Says what is wrong, beside the fields that it is about. Without a sentence all is well.
  complain(sentence = '', names = []) {
    this.#problem.textContent = sentence;
    this.#problem.hidden = sentence === '';
    for (const [name, input] of this.#inputs) {
      input.setAttribute('aria-invalid', String(names.includes(name)));
    }
    const last = this.#inputs.get(names.at(-1));
    if (!this.root.contains(this.root.getRootNode().activeElement)) return;
    last?.focus();
    last?.select();
  }

  setBusy() {
    this.#toggle('true');
    this.#submit?.replaceChildren(this.#words.working);
  }

  setReady() {
    this.#toggle('false');
    this.#submit?.replaceChildren(this.#view.submit);
  }

  #toggle(busy) {
    this.root.setAttribute('aria-busy', busy);
    this.#submit?.setAttribute('aria-disabled', busy);
    for (const input of this.#inputs.values()) input.readOnly = busy === 'true';
  }

  #build() {
    const { heading, text, note, fields, options = [], secret, username } = this.#view;
    const id = (name) => `${this.#prefix}-${name}`;
    this.#heading = create('h2', { part: 'heading', tabindex: '-1' }, heading);
    this.#problem = create('p', { part: 'problem', role: 'alert', id: id('problem'), hidden: '' });
    const form = create(
      'form',
      { part: 'form', method: 'post', novalidate: '', 'aria-busy': 'false' },
      this.#heading,
      text && create('p', { part: 'text', id: id('text') }, text),
      note && create('p', { part: 'note' }, note),
      this.#problem,
      secret && this.#secret(secret),
      // Password managers ask whose password it is.
      username && create('input', { autocomplete: 'username', value: username, hidden: '', readonly: '' }),
      ...fields.map((field) => this.#field(field, id)),
      ...options.map(({ label, choose }) =>
        button('choice', label, () => this.#actions.send(choose)),
      ),
      ...this.#below(),
    );
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      this.#send();
    });
    form.addEventListener('focusin', this.#actions.begun, { once: true });
    return form;
  }

  #field({ name, label, type, autocomplete, value = '', digits }, id) {
    const isCode = autocomplete === 'one-time-code';
    const input = create('input', {
      part: isCode ? 'input code' : 'input',
      id: id(name),
      name,
      type,
      autocomplete,
      'aria-describedby': [this.#view.text && id('text'), id('problem')].filter(Boolean).join(' '),
      'aria-required': 'true',
      autocapitalize: 'none',
      spellcheck: 'false',
      ...(isCode ? { inputmode: 'numeric' } : {}),
    });
    input.value = value;
    if (isCode) input.addEventListener('input', () => this.#typed(input, digits));
    this.#inputs.set(name, input);
    return create(
      'div',
      { part: 'field' },
      create('label', { part: 'label', for: id(name) }, label),
      input,
      type === 'password' && this.#reveal(input, id(`show-${name}`)),
    );
  }

  #reveal(input, id) {
    const box = create('input', { part: 'checkbox', type: 'checkbox', id });
    box.addEventListener('change', () => (input.type = box.checked ? 'text' : 'password'));
    return create(
      'div',
      { part: 'reveal' },
      box,
      create('label', { for: id }, this.#words.showPassword),
    );
  }

  // Whole codes are pasted with blanks, hyphens or words around them, and in other digits.
  #typed(input, digits) {
    const clean = input.value.normalize('NFKC').replace(/[^0-9]/g, '').slice(0, digits);
    if (clean !== input.value) input.value = clean;
    if (clean.length !== digits || !this.#view.sendsItself || this.#sentItself) return;
    this.#sentItself = true;
    this.#send();
  }

  #secret({ text, uri }) {
    return create(
      'div',
      { part: 'secret' },
      create('span', { part: 'label' }, this.#words.key),
      create('code', { part: 'key' }, text.replace(/(.{4})(?=.)/g, '$1 ')),
      create('a', { part: 'link', href: uri }, this.#words.openApp),
    );
  }

  #below() {
    const { submit, timed, back, again } = this.#view;
    const facts = timed && create('p', { part: 'facts' });
    const resend = timed && button('quiet', this.#words.resend, () => this.#actions.resend());
    this.#submit = submit && create('button', { part: 'button submit', type: 'submit' }, submit);
    if (timed) this.#stop = countDown(timed, { facts, resend }, this.#words, this.#actions.announce);
    const others = [
      resend,
      back && button('quiet', this.#words.back, back),
      again && button('quiet', this.#words.startAgain, this.#actions.again),
    ].filter(Boolean);
    return [
      facts,
      this.#submit,
      others.length > 0 && create('div', { part: 'others' }, ...others),
    ];
  }

  #send() {
    const values = {};
    for (const [name, { value }] of this.#inputs) {
      const { label, digits } = this.#view.fields.find((field) => field.name === name);
      const { missing, missingDigits } = this.#words;
      if (value === '') return this.complain(fill(missing, { field: label }), [name]);
      if (digits && value.length !== digits) {
        return this.complain(fill(missingDigits, { n: digits }), [name]);
      }
      values[name] = value;
    }
    this.complain();
    this.#actions.send(this.#view.send, values);
  }
}

// Server's text only ever becomes text.
export function create(name, attributes, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    element.setAttribute(key === 'part' ? 'data-part' : key, value);
  }
  element.append(...children.filter(Boolean));
  return element;
}

function button(part, label, press) {
  const element = create('button', { part: `button ${part}`, type: 'button' }, label);
  element.addEventListener('click', () => {
    if (element.getAttribute('aria-disabled') !== 'true') press();
  });
  return element;
}
