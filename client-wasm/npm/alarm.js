// Rings at a time of the wall clock, and whenever a page comes back: timers stand still while a
// device sleeps.

const LONGEST_TIMER = 0x7fffffff;

export class Alarm {
  #ring;
  #timer;
  #at = Infinity;
  #closing = new AbortController();

  constructor(ring) {
    this.#ring = ring;
    const { signal } = this.#closing;
    for (const event of ['online', 'focus', 'pageshow']) globalThis.addEventListener?.(event, ring, { signal });
    globalThis.document?.addEventListener?.('visibilitychange', ring, { signal });
  }

  close() {
    this.#closing.abort();
    clearTimeout(this.#timer);
  }

  // `at` is in milliseconds since 1970; Infinity for never.
  set(at) {
    this.#at = at;
    clearTimeout(this.#timer);
    if (at === Infinity || this.#closing.signal.aborted) return;
    this.#timer = setTimeout(() => this.#look(), Math.min(Math.max(at - Date.now(), 0), LONGEST_TIMER));
    // A program is not kept alive to refresh its tokens.
    this.#timer.unref?.();
  }

  #look() {
    // The timer may be early, or the clock may have been set.
    if (Date.now() < this.#at) this.set(this.#at);
    else this.#ring();
  }
}
