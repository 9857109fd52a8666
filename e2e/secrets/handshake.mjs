// One handshake of SRP, on BigInt, by somebody who knows everything: what the pool answers, and
// every value that the client must not leave behind.

import { createHash, createHmac, randomBytes } from "node:crypto";
import { states } from "./sha256.mjs";

/** The prime of RFC 3526 group 15: 2^3072 − 2^3008 − 1 + 2^64·(⌊2^2942·π⌋ + 1690314). */
export const N = (1n << 3072n) - (1n << 3008n) - 1n + ((piTimesPowerOf2(2942n) + 1690314n) << 64n);
export const POOL_NAME = "Example1";
export const USER_ID = "3f1c2e7a-8a1b-4f3e-9d0c-1b2a3c4d5e6f";

export class Handshake {
  password = `Canary-${randomBytes(24).toString("base64url")}`;
  /** What the client shall draw. */
  a = randomBytes(64);
  salt = randomBytes(16);
  secretBlock = randomBytes(700);
  #b = toInt(randomBytes(16));

  constructor() {
    const a = toInt(this.a);
    const k = toInt(sha256(pad(N), pad(2n)));
    const identity = Buffer.from(`${POOL_NAME}${USER_ID}:${this.password}`);
    const salted = Buffer.concat([pad(toInt(this.salt)), sha256(identity)]);
    const x = toInt(sha256(salted));
    const v = power(2n, x);
    this.A = power(2n, a);
    this.B = (k * v + power(2n, this.#b)) % N;
    const u = toInt(sha256(pad(this.A), pad(this.B)));
    const e = a + u * x;
    const base = (this.B + N * k - k * v) % N;
    const S = power(base, e);
    const drawn = hmac(pad(u), pad(S));
    const info = Buffer.from("Caldera Derived Key\u0001");
    const key = hmac(drawn, info).subarray(0, 16);
    this.key = key;
    /** Numbers that only the client has, and the pool in part. */
    this.exponents = { a, x, "a + u·x": e, "u·x": u * x };
    this.residues = { S, "g^x": v, "k·g^x": (k * v) % N, "B − k·g^x": base };
    /** Texts, hashes and keys. */
    this.bytes = {
      password: Buffer.from(this.password),
      "H(identity)": sha256(identity),
      "HKDF's pseudorandom key": drawn,
      key,
    };
    /** Between the blocks of hashes, from the first on that has a secret in it. */
    this.states = {
      "H(identity)": states(identity),
      x: states(salted),
      "HMAC of S": states(Buffer.concat([masked(pad(u), 0x36), pad(S)])).slice(1),
      "HMAC by the pseudorandom key": [0x36, 0x5c].flatMap((by) => states(masked(drawn, by)).slice(0, 1)),
      "HMAC by the key": [0x36, 0x5c].flatMap((by) => states(masked(key, by)).slice(0, 1)),
    };
    this.masked = [drawn, key].flatMap((key) => [0x36, 0x5c].map((by) => masked(key, by).subarray(0, key.length)));
  }

  /** `ChallengeParameters` of `PASSWORD_VERIFIER`. */
  get parameters() {
    return {
      SALT: this.salt.toString("hex"),
      SRP_B: this.B.toString(16),
      SECRET_BLOCK: this.secretBlock.toString("base64"),
      USER_ID_FOR_SRP: USER_ID,
      USERNAME: USER_ID,
    };
  }

  /** Whether a claim is signed with the key: if so, all values here are those of the client. */
  accepts({ PASSWORD_CLAIM_SIGNATURE, TIMESTAMP }) {
    return PASSWORD_CLAIM_SIGNATURE === hmac(this.key, POOL_NAME, USER_ID, this.secretBlock, TIMESTAMP).toString("base64");
  }
}

/** Powers of a residue, which a client has in a table. */
export function powers(base, most) {
  const all = [base];
  while (all.length < most) all.push((all.at(-1) * base) % N);
  return all;
}

/** Big-endian. */
export function toBytes(number, length) {
  return Buffer.from(number.toString(16).padStart(2 * length, "0"), "hex");
}

function masked(key, by) {
  const block = Buffer.alloc(64);
  // A key of more than a block is hashed first.
  block.set(key.length > 64 ? sha256(key) : key);
  return block.map((byte) => byte ^ by);
}

function sha256(...parts) {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part);
  return hash.digest();
}

function hmac(key, ...parts) {
  const mac = createHmac("sha256", key);
  for (const part of parts) mac.update(part);
  return mac.digest();
}

function toInt(bytes) {
  return BigInt(`0x${bytes.toString("hex")}`);
}

function pad(number) {
  const hex = number.toString(16);
  const even = hex.length % 2 ? `0${hex}` : hex;
  return Buffer.from(parseInt(even[0], 16) > 7 ? `00${even}` : even, "hex");
}

function power(base, exponent) {
  let result = 1n;
  for (let square = base; exponent > 0n; exponent >>= 1n) {
    if (exponent & 1n) result = (result * square) % N;
    square = (square * square) % N;
  }
  return result;
}

/** ⌊π·2^bits⌋, by Machin's formula with 64 bits to spare. */
function piTimesPowerOf2(bits) {
  const one = 1n << (bits + 64n);
  const arctanOfInverse = (n) => {
    let sum = 0n;
    for (let [term, at] = [one / n, 0n]; term !== 0n; [term, at] = [term / (n * n), at + 1n]) {
      sum += (at % 2n ? -term : term) / (2n * at + 1n);
    }
    return sum;
  };
  return (4n * (4n * arctanOfInverse(5n) - arctanOfInverse(239n))) >> 64n;
}
