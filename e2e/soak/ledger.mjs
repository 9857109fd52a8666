// Every Session that a client has sent, and every one that the pool has taken. Kept beside the heap
// that is measured, in a table that never grows.

import { createHash } from "node:crypto";

export class Ledger {
  /** Sessions that a client sent again, of its own accord. */
  sentTwice = 0;
  /** Sessions that the pool took again. */
  takenTwice = 0;

  #sent;
  #taken;

  /** @param {number} most how many there may be */
  constructor(most) {
    this.#sent = new Table(most);
    this.#taken = new Table(most);
  }

  get taken() {
    return this.#taken.size;
  }

  noteSent(session) {
    if (!this.#sent.add(session)) this.sentTwice += 1;
  }

  noteTaken(session) {
    if (!this.#taken.add(session)) this.takenTwice += 1;
  }
}

/** A set of texts, of which 64 bits of a hash are kept. */
class Table {
  size = 0;
  #slots;

  constructor(most) {
    this.#slots = new BigUint64Array(2 ** Math.ceil(Math.log2(most * 2)));
  }

  /** Whether it is new. */
  add(text) {
    const hash = createHash("sha256").update(text).digest();
    const [key, mask] = [hash.readBigUInt64LE() || 1n, this.#slots.length - 1];
    for (let at = hash.readUInt32LE(8) & mask; ; at = (at + 1) & mask) {
      if (this.#slots[at] === key) return false;
      if (this.#slots[at] !== 0n) continue;
      if (this.size > mask / 1.2) throw new Error("more sessions than the ledger has room for");
      this.#slots[at] = key;
      this.size += 1;
      return true;
    }
  }
}
