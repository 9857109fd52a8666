// Which core an engine can run.
import { decode } from './loading.js';

// A function of three numbers, a·b + c by relaxed SIMD.
const FUSED = 'AGFzbQEAAAABCAFgA3x8fAF8AwIBAAcJAQVmdXNlZAAAChYBFAAgAP0UIAH9FCAC/RT9hwL9IQAL';
// A function that gives a vector.
const SIMD = 'AGFzbQEAAAABBQFgAAF7AwIBAAoIAQYAQQD9Dws=';

const LIMB = 2 ** 51;

// The fastest core that it can run, and that computes exactly there.
export function fastest() {
  try {
    if (isExact()) return 'fused';
  } catch {
    // No relaxed SIMD, or no modules at all, which the core that is loaded will tell.
  }
  return WebAssembly.validate(decode(SIMD)) ? 'simd' : 'plain';
}

// Whether products of limbs come out as a whole. An engine may round them twice.
function isExact() {
  const { fused } = new WebAssembly.Instance(new WebAssembly.Module(decode(FUSED))).exports;
  return [1, 3, 987_654_321_012].every((less) => {
    const [a, b] = [LIMB - less, LIMB - 1];
    // As the core halves them.
    const upper = fused(a, b, 2 ** 103);
    const lower = fused(a, b, 2 ** 103 + 3 * LIMB - upper);
    const sum = BigInt(upper - 2 ** 103) + BigInt(lower - 3 * LIMB);
    return sum === BigInt(a) * BigInt(b);
  });
}
