//! The same operations one by one, so that kernels for vectors are tested on every machine.

/// Two integers of 64 bits, or the bits of two floating-point numbers, or four of 32 bits.
#[derive(Clone, Copy)]
pub(crate) struct Lanes([u64; 2]);

pub(crate) const fn pair(low: u64, high: u64) -> Lanes {
    Lanes([low, high])
}

pub(crate) fn low(lanes: Lanes) -> u64 {
    lanes.0[0]
}

pub(crate) fn high(lanes: Lanes) -> u64 {
    lanes.0[1]
}

pub(crate) fn four(value: u32) -> Lanes {
    Lanes([u64::from(value) << 32 | u64::from(value); 2])
}

pub(crate) fn both_float(value: f64) -> Lanes {
    Lanes([value.to_bits(); 2])
}

pub(crate) fn add(a: Lanes, b: Lanes) -> Lanes {
    Lanes(core::array::from_fn(|at| a.0[at].wrapping_add(b.0[at])))
}

pub(crate) fn sub_float(a: Lanes, b: Lanes) -> Lanes {
    let sub = |at: usize| f64::from_bits(a.0[at]) - f64::from_bits(b.0[at]);
    Lanes(core::array::from_fn(|at| sub(at).to_bits()))
}

/// `a·b + c`, rounded once.
#[cfg(not(target_arch = "wasm32"))]
pub(crate) fn fused(a: Lanes, b: Lanes, c: Lanes) -> Lanes {
    let [a, b, c] = [a, b, c].map(|lanes| lanes.0.map(f64::from_bits));
    Lanes(core::array::from_fn(|at| {
        a[at].mul_add(b[at], c[at]).to_bits()
    }))
}

/// Products of the lower two integers of 32 bits.
pub(crate) fn mul_low(a: Lanes, b: Lanes) -> Lanes {
    products(a.0[0], b.0[0])
}

/// Products of the upper two.
pub(crate) fn mul_high(a: Lanes, b: Lanes) -> Lanes {
    products(a.0[1], b.0[1])
}

fn products(a: u64, b: u64) -> Lanes {
    let lower = u64::from(u32::MAX);
    Lanes([(a & lower) * (b & lower), (a >> 32) * (b >> 32)])
}

/// The lower halves of four numbers.
pub(crate) fn narrow(a: Lanes, b: Lanes) -> Lanes {
    let lower = u64::from(u32::MAX);
    Lanes([a, b].map(|lanes| lanes.0[0] & lower | lanes.0[1] << 32))
}

/// Integers below 2^52 as floating-point numbers.
pub(crate) fn to_float(lanes: Lanes) -> Lanes {
    const EXPONENT: f64 = 4_503_599_627_370_496.0;
    let float = |bits: u64| f64::from_bits(bits | EXPONENT.to_bits()) - EXPONENT;
    Lanes(lanes.0.map(|bits| float(bits).to_bits()))
}
