// Where the record of a session is kept: this page's memory, the browser's storage, or a store of
// the application's. What a store will not take, memory keeps.
import { invalidArgument, report } from './errors.js';

export function placeOf(store, key) {
  switch (store) {
    case 'memory':
      return new Place(undefined, key);
    case 'session':
      return new Place(webStore('sessionStorage'), key);
    case 'local':
      return new Place(webStore('localStorage'), key, 'shared');
    default:
      return new Place(readStore(store), key, 'shared');
  }
}

class Place {
  #store;
  #key;
  #kept;
  #last; // The change that ends last.

  constructor(store, key, reach = 'own') {
    this.#store = store;
    this.#key = key;
    this.#kept = store ? undefined : null;
    // Whether other tabs may see the same record.
    this.shared = store !== undefined && reach === 'shared';
  }

  // The text, null if there is none, undefined if the store does not say; or a promise of these.
  read() {
    if (this.#kept !== undefined) return this.#kept;
    return this.#ask((store) => store.get(this.#key), (text) => text ?? null);
  }

  // Whether the text stands where it was meant to.
  async write(text) {
    this.#kept = text;
    if (!this.#store) return true;
    const stands = await this.#inTurn(async () => {
      if (await this.#ask((store) => store.set(this.#key, text), () => true)) return true;
      // An older record may be in the store still. Its refresh token may have been used.
      await this.#ask((store) => store.remove(this.#key));
      return false;
    });
    // Memory may have something newer by now.
    if (stands && this.#kept === text) this.#kept = undefined;
    return stands;
  }

  async clear() {
    this.#kept = null;
    if (!this.#store) return;
    const cleared = await this.#inTurn(async () => this.#ask((store) => store.remove(this.#key), () => true));
    if (cleared && this.#kept === null) this.#kept = undefined;
  }

  // One change after the other: what a slow store is left with has to be what was wanted last.
  #inTurn(change) {
    const turn = this.#last ? this.#last.then(change) : change();
    this.#last = turn;
    turn.then(() => {
      if (this.#last === turn) this.#last = undefined;
    });
    return turn;
  }

  // Stores answer at once or later. What they throw is told to the developer, and ends nothing.
  #ask(question, read = () => undefined) {
    try {
      const answer = question(this.#store);
      return typeof answer?.then === 'function' ? answer.then(read).catch(report) : read(answer);
    } catch (error) {
      return report(error);
    }
  }
}

function readStore(store) {
  for (const method of ['get', 'set', 'remove']) {
    if (typeof store?.[method] !== 'function') {
      throw invalidArgument('store: expected memory, session, local or an object with get, set and remove');
    }
  }
  return store;
}

// Undefined where there is none, or the person has blocked it.
function webStore(name) {
  try {
    const storage = globalThis[name];
    return storage && {
      get: (key) => storage.getItem(key),
      set: (key, text) => storage.setItem(key, text),
      remove: (key) => storage.removeItem(key),
    };
  } catch {
    return undefined;
  }
}
