// The forms in which a computer may keep a secret, and a scan of memory for any part of them.

import { setTimeout as pause } from "node:timers/promises";
import { N, powers, toBytes } from "./handshake.mjs";

/** Limbs of the cores: how many, of how many bits; fractions of floating-point numbers or integers. */
export const KERNELS = {
  core: { limbs: 112, width: 28n },
  "core-simd": { limbs: 112, width: 28n },
  "core-fused": { limbs: 62, width: 51n },
};
/** So many bytes of a secret are none by chance. */
const PART = 8;

/** Finds parts of secrets in memory. */
export class Scan {
  /** By their first four bytes. */
  #parts = new Map();
  /** Of which three there are any: most of memory begins like none. */
  #begin = new Uint8Array(1 << 24);

  /** @param {Handshake} handshake whose secrets are searched, or some of them, as the core keeps them */
  constructor(handshake, core) {
    for (const [name, bytes] of Object.entries(handshake.bytes)) this.#addBytes(name, bytes);
    for (const bytes of handshake.masked) this.#addBytes("HMAC's key", bytes);
    for (const [name, states] of Object.entries(handshake.states)) {
      for (const state of states) this.#addBytes(`state of ${name}`, state);
    }
    for (const [name, number] of Object.entries(handshake.exponents)) {
      this.#addBytes(name, toBytes(number, Math.ceil(number.toString(16).length / 2)));
    }
    for (const [name, number] of Object.entries(handshake.residues)) this.#addResidue(name, number, KERNELS[core]);
    const base = handshake.residues["B − k·g^x"];
    for (const number of base ? powers(base, 15).slice(1) : []) {
      this.#addLimbs("power of B − k·g^x", montgomery(number, KERNELS[core]), KERNELS[core]);
    }
  }

  /** The names of the secrets of which there is a part in these bytes, with the place of the first. */
  find(memory) {
    const found = new Map();
    for (let at = 0; at + PART <= memory.length; at += 1) {
      if (!this.#begin[head(memory, at) & 0xffffff]) continue;
      for (const { name, bytes } of this.#parts.get(head(memory, at)) ?? []) {
        if (!found.has(name) && bytes.equals(memory.subarray(at, at + bytes.length))) found.set(name, at);
      }
    }
    return found;
  }

  /**
   * The same once all that is under way has ended: an abort settles at once, and a computation at
   * the end of its part.
   *
   * @param {() => Buffer | Promise<Buffer>} read gives what is searched
   */
  async findInTheEnd(read) {
    let found = this.find(await read());
    for (let tries = 0; found.size > 0 && tries < 50; tries += 1) {
      await pause(100);
      found = this.find(await read());
    }
    return found;
  }

  /** Every part with its name, so that a test can plant it. */
  *parts() {
    for (const parts of this.#parts.values()) yield* parts;
  }

  #addBytes(name, bytes) {
    const orders = [bytes, Buffer.from(bytes).reverse()];
    // Words of 4 and of 8 bytes, as a processor turns them around: they may begin at any byte.
    for (const width of [4, 8]) {
      for (let from = 0; from < width; from += 1) orders.push(turned(bytes.subarray(from), width));
    }
    for (const order of orders) this.#addWindows(name, order, PART, 1);
  }

  #addResidue(name, number, kernel) {
    this.#addBytes(name, toBytes(number, 384));
    for (const value of [number, montgomery(number, kernel)]) this.#addLimbs(name, value, kernel);
  }

  /** A number as limbs, once as it is, and as it comes before or after a reduction. */
  #addLimbs(name, number, { limbs, width }) {
    const all = 1n << (BigInt(limbs) * width);
    for (const value of [number, number + N, (number - N + all) % all]) {
      const split = Array.from({ length: limbs }, (_, at) => (value >> (BigInt(at) * width)) & ((1n << width) - 1n));
      for (const row of [split, split.map((limb) => 2n * limb)]) {
        const integers = Buffer.from(BigUint64Array.from(row).buffer);
        // Two limbs of 28 bits, which are in 16 bytes, or one of 51.
        this.#addWindows(name, integers, width < 32n ? 16 : 8, 8);
        if (width < 32n) this.#addNarrow(name, row.map(Number));
        else this.#addWindows(name, Buffer.from(Float64Array.from(row, Number).buffer), 8, 8);
      }
    }
  }

  /** Limbs in lanes of 32 bits: one in each, or one in four of them. */
  #addNarrow(name, row) {
    this.#addWindows(name, Buffer.from(Uint32Array.from(row).buffer), 8, 4);
    const spread = row.flatMap((limb) => [limb, limb, limb, limb]);
    this.#addWindows(name, Buffer.from(Uint32Array.from(spread).buffer), 32, 16);
  }

  #addWindows(name, bytes, length, step) {
    for (let at = 0; at + length <= bytes.length; at += step) {
      const part = bytes.subarray(at, at + length);
      // Ends of numbers, and a carry that ran through them all, are everywhere.
      if (new Set(part).size < 5) continue;
      const key = head(part, 0);
      const parts = this.#parts.get(key);
      if (parts) parts.push({ name, bytes: part });
      else this.#parts.set(key, [{ name, bytes: part }]);
      this.#begin[key & 0xffffff] = 1;
    }
  }
}

function montgomery(number, { limbs, width }) {
  return (number << (BigInt(limbs) * width)) % N;
}

function turned(bytes, width) {
  const whole = Buffer.from(bytes.subarray(0, bytes.length - (bytes.length % width)));
  return width === 4 ? whole.swap32() : whole.swap64();
}

function head(bytes, at) {
  return bytes[at] | (bytes[at + 1] << 8) | (bytes[at + 2] << 16) | (bytes[at + 3] << 24);
}
