// Numbers that a seed repeats: Math.random cannot be told one.

/** Draws from 0 to 1, by Marsaglia's xorshift of 32 bits. */
export function random(seed) {
  let state = (seed ^ 0x9e3779b9) >>> 0 || 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    state >>>= 0;
    return state / 2 ** 32;
  };
}
