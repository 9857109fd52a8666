// Tells the other tabs that the record has changed, and hears it from them. No token is sent:
// whoever hears of a change reads the record.
import { pause } from './waiting.js';

// What one tab writes into the browser's storage reaches the others a little later, and neither
// messages nor locks wait for it.
export const SETTLE_MS = 250;

export class News {
  // Settles when the other tabs can see what was told last.
  settled = Promise.resolve();
  #channel;
  #onChange;
  #siblingSince = -Infinity;
  #waiting = new Set();
  #closing = new AbortController();

  constructor(key, onChange) {
    this.#onChange = onChange;
    if (typeof BroadcastChannel === 'function') {
      this.#channel = new BroadcastChannel(key);
      this.#channel.onmessage = ({ data }) => this.#hear(data);
      // Node would wait for messages for ever.
      this.#channel.unref?.();
    }
    // It comes when the change can be read; and when somebody else empties the storage.
    globalThis.addEventListener?.('storage', (event) => {
      if (event.key === key || event.key === null) this.#changed();
    }, { signal: this.#closing.signal });
  }

  close() {
    this.#closing.abort();
    this.#channel?.close();
    this.#channel = undefined;
  }

  // Either `refreshing`, or `changed` when that is over or the record is another.
  tell(what) {
    this.#channel?.postMessage(what);
    if (what === 'changed') this.settled = pause(SETTLE_MS);
  }

  // Waits while another tab refreshes, but no longer than the patience.
  async siblingRefreshed(patienceMs) {
    const left = this.#siblingSince + patienceMs - performance.now();
    if (!(left > 0)) return;
    await Promise.race([pause(left), new Promise((resolve) => this.#waiting.add(resolve))]);
  }

  async #hear(what) {
    if (what === 'refreshing') this.#siblingSince = performance.now();
    if (what !== 'changed') return;
    this.#onChange();
    await pause(SETTLE_MS);
    this.#changed();
  }

  #changed() {
    this.#siblingSince = -Infinity;
    if (!this.#closing.signal.aborted) this.#onChange();
    for (const resolve of this.#waiting) resolve();
    this.#waiting.clear();
  }
}
