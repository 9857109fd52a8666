// A sign-in as a custom element. It holds the attributes and the events; what it shows is a Flow
// through the views.
import { Screen } from './element-screen.js';

const NAME = 'cognito-sign-in';
const ATTRIBUTES = ['user-pool-id', 'client-id', 'endpoint', 'flow', 'lang'];
const PROPERTIES = ['cognito', 'session', 'words'];

// Where there are no elements, as on a server, there is nothing to define.
export function defineSignIn() {
  const { customElements } = globalThis;
  if (customElements && !customElements.get(NAME)) customElements.define(NAME, elementClass());
}

// A class of HTMLElement exists only where HTMLElement does.
function elementClass() {
  return class CognitoSignIn extends HTMLElement {
    static observedAttributes = ATTRIBUTES;
    #screen = new Screen(this);
    #leave;

    connectedCallback() {
      // What was set before the element was defined stands in the way of the accessors.
      for (const name of PROPERTIES.filter((name) => Object.hasOwn(this, name))) {
        const { [name]: value } = this;
        delete this[name];
        this[name] = value;
      }
      this.#leave = this.#screen.show();
    }

    disconnectedCallback() {
      this.#leave();
    }

    attributeChangedCallback(name, before, now) {
      if (before !== now) this.#screen.attributeChanged();
    }

    get cognito() {
      return this.#screen.cognito;
    }

    set cognito(cognito) {
      this.#screen.cognito = cognito;
    }

    get session() {
      return this.#screen.session;
    }

    set session(session) {
      this.#screen.session = session;
    }

    get words() {
      return this.#screen.words;
    }

    set words(words) {
      this.#screen.words = words;
    }

    get step() {
      return this.#screen.flow.state.step;
    }

    get error() {
      return this.#screen.flow.state.error;
    }

    get pending() {
      return this.#screen.flow.state.pending;
    }

    start(credentials) {
      return this.#screen.start(credentials);
    }

    reset() {
      this.#screen.flow.reset();
    }
  };
}
