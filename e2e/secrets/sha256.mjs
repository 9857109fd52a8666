// SHA-256 with the states between its blocks, which node:crypto does not show: an implementation
// keeps them in memory, and whoever has that of an HMAC's key needs the key no more.

const PRIMES = [];
for (let n = 2; PRIMES.length < 64; n += 1) if (PRIMES.every((prime) => n % prime)) PRIMES.push(n);
/** The first 32 bits behind the point, of a root that is given as a number of 2^64ths. */
const fraction = (root) => Number((root >> 32n) & 0xffffffffn);
const START = PRIMES.slice(0, 8).map((prime) => fraction(rootOf(2n, BigInt(prime))));
const K = PRIMES.map((prime) => fraction(rootOf(3n, BigInt(prime))));

/** The state after each block, as 32 big-endian bytes; the last one is the hash. */
export function states(message) {
  const states = [];
  let state = START;
  for (const block of blocks(message)) {
    state = compress(state, block);
    const bytes = Buffer.alloc(32);
    state.forEach((word, at) => bytes.writeUInt32BE(word, 4 * at));
    states.push(bytes);
  }
  return states;
}

/** ⌊n^(1/degree) · 2^64⌋, by Newton. */
function rootOf(degree, n) {
  const target = n << (64n * degree);
  let root = 1n << 70n;
  for (;;) {
    const next = ((degree - 1n) * root + target / root ** (degree - 1n)) / degree;
    if (next >= root) return root;
    root = next;
  }
}

function* blocks(message) {
  const padded = Buffer.alloc(Math.ceil((message.length + 9) / 64) * 64);
  padded.set(message);
  padded[message.length] = 0x80;
  padded.writeBigUInt64BE(8n * BigInt(message.length), padded.length - 8);
  for (let at = 0; at < padded.length; at += 64) yield padded.subarray(at, at + 64);
}

function compress(state, block) {
  const turn = (word, bits) => (word >>> bits) | (word << (32 - bits));
  const w = Array.from({ length: 16 }, (_, at) => block.readUInt32BE(4 * at));
  for (let at = 16; at < 64; at += 1) {
    const [far, near] = [w[at - 15], w[at - 2]];
    const first = turn(far, 7) ^ turn(far, 18) ^ (far >>> 3);
    const second = turn(near, 17) ^ turn(near, 19) ^ (near >>> 10);
    w.push((w[at - 16] + first + w[at - 7] + second) | 0);
  }
  let [a, b, c, d, e, f, g, h] = state;
  for (let at = 0; at < 64; at += 1) {
    const one = h + (turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)) + ((e & f) ^ (~e & g)) + K[at] + w[at];
    const two = (turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) + ((a & b) ^ (a & c) ^ (b & c));
    [a, b, c, d, e, f, g, h] = [(one + two) | 0, a, b, c, (d + one) | 0, e, f, g];
  }
  return [a, b, c, d, e, f, g, h].map((word, at) => (word + state[at]) >>> 0);
}
