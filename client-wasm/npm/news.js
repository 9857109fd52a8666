// Tells the other tabs that the record has changed, and hears it from them. No token is sent:
// whoever hears of a change reads the record.

export class News {
  #key;
  #channel;
  #siblingSince = -Infinity;
  #onChange;
  #waiting = new Set();

  constructor(key, onChange) {
    this.#key = key;
    this.#onChange = onChange;
    if (typeof BroadcastChannel === 'function') {
      this.#channel = new BroadcastChannel(key);
      this.#channel.onmessage = ({ data }) => this.#hear(data);
      // Node would wait for messages for ever.
      this.#channel.unref?.();
    }
    // Where there are no channels; and where somebody else empties the storage.
    globalThis.addEventListener?.('storage', ({ key }) => {
      if (key === this.#key || key === null) this.#hear('changed');
    });
  }

  // Either `changed` or `refreshing`.
  tell(what) {
    this.#channel?.postMessage(what);
  }

  // Waits while another tab refreshes, but no longer than the patience.
  async siblingRefreshed(patienceMs) {
    const left = this.#siblingSince + patienceMs - performance.now();
    if (!(left > 0)) return;
    await new Promise((resolve) => {
      this.#waiting.add(resolve);
      setTimeout(resolve, left);
    });
  }

  #hear(what) {
    if (what === 'refreshing') this.#siblingSince = performance.now();
    if (what !== 'changed') return;
    this.#siblingSince = -Infinity;
    for (const resolve of this.#waiting) resolve();
    this.#waiting.clear();
    this.#onChange();
  }
}
