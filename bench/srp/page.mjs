// Runs in the browser: the arithmetic of a sign-in by each candidate, a function that gives the key.
import AmplifyHelper from "amplify-srp/AuthenticationHelper/AuthenticationHelper.mjs";
import AmplifyInteger from "amplify-srp/BigInteger/BigInteger.mjs";
import { calculateA } from "amplify-srp/calculate/calculateA.mjs";
import IdentityHelper from "amazon-cognito-identity-js/es/AuthenticationHelper.js";
import IdentityInteger from "amazon-cognito-identity-js/es/BigInteger.js";
import { compile, start } from "../../client-wasm/npm/loading.js";

const POOL = "AbCdEfGhI";
const USER = "8f1c2d3e-aaaa-bbbb-cccc-1234567890ab";
const PASSWORD = "Correct-Horse_42!";
const SALT = "43a1f00d9e8b7a6655443322110fedcb";
// Any number below N will do; this one has all of its bits.
const B = `9${"0123456789abcdef".repeat(47)}fedcba987654321`;
// The others draw 1,024 bits, ours 512.
const LONG = Uint8Array.from({ length: 128 }, (_, at) => (at * 73 + 41) & 255);
const SHORT = LONG.subarray(64);

export const candidates = {
  identity: identityKey,
  amplify: amplifyKey,
};

/** Adds our three modules and a loop over BigInt, and checks that all agree. */
export async function load() {
  const N = BigInt(`0x${new IdentityHelper(POOL).N.toString(16)}`);
  for (const name of ["fused", "simd", "plain"]) {
    // A copy of the glue for each.
    const { glue, handshake } = await import(`/handshake.js?${name}`);
    await start(await compile(`/${name}.wasm`), glue);
    const run = (a) => handshake(a, B, SALT, POOL, USER, PASSWORD);
    candidates[name] = () => toHex(run(SHORT).subarray(448));
    const [short, long] = [SHORT, LONG].map((a) => values(run(a)));
    for (const key of [await identityKey(), await amplifyKey()]) same(key, long.key, name);
    same(bigIntPremaster(N, SHORT, short), short.s, name);
    candidates.bigInt = () => bigIntPremaster(N, SHORT, short);
  }
}

function same(one, other, name) {
  if (one !== other) throw new Error(`${name}: ${one} is not ${other}`);
}

function values(bytes) {
  const [u, x, s, key] = [bytes.slice(0, 32), bytes.slice(32, 64), bytes.slice(64, 448), bytes.slice(448)];
  return { u, x, s: toHex(s), key: toHex(key) };
}

function identityKey() {
  const draw = IdentityHelper.prototype.generateRandomSmallA;
  IdentityHelper.prototype.generateRandomSmallA = () => new IdentityInteger(toHex(LONG), 16);
  const helper = new IdentityHelper(POOL);
  IdentityHelper.prototype.generateRandomSmallA = draw;
  const [b, salt] = [B, SALT].map((hex) => new IdentityInteger(hex, 16));
  return new Promise((resolve, reject) =>
    helper.getPasswordAuthenticationKey(USER, PASSWORD, b, salt, (error, key) =>
      error ? reject(error) : resolve(toHex(key)),
    ),
  );
}

async function amplifyKey() {
  const { N, g } = new IdentityHelper(POOL);
  const [a, modulus, base] = [toHex(LONG), N.toString(16), g.toString(16)].map((hex) => new AmplifyInteger(hex, 16));
  const A = await calculateA({ a, g: base, N: modulus });
  const helper = new AmplifyHelper({ userPoolName: POOL, a, g: base, A, N: modulus });
  const [serverBValue, salt] = [B, SALT].map((hex) => new AmplifyInteger(hex, 16));
  return toHex(await helper.getPasswordAuthenticationKey({ username: USER, password: PASSWORD, serverBValue, salt }));
}

// The three powers alone, without hashes, five bits at a time, in no constant time.
function bigIntPremaster(N, a, { u, x }) {
  const [aNumber, uNumber, xNumber] = [a, u, x].map((bytes) => BigInt(`0x${toHex(bytes)}`));
  const k = 0x538282c4354742d7cbbde2359fcf67f9f5b3a6b08791e5011b43b8a5b66d9ee6n;
  power(2n, aNumber, N);
  const base = (((BigInt(`0x${B}`) - k * power(2n, xNumber, N)) % N) + N) % N;
  return power(base, aNumber + uNumber * xNumber, N).toString(16).padStart(768, "0");
}

function power(base, exponent, modulus) {
  const table = [1n, base];
  while (table.length < 32) table.push((table.at(-1) * base) % modulus);
  let result = 1n;
  for (const digit of exponent.toString(32)) {
    if (result !== 1n) for (let bit = 0; bit < 5; bit += 1) result = (result * result) % modulus;
    const value = parseInt(digit, 32);
    if (value !== 0) result = (result * table[value]) % modulus;
  }
  return result;
}

function toHex(bytes) {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
