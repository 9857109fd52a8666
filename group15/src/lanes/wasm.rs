//! The engine's own vectors.

use core::arch::wasm32 as wasm;
pub(crate) use wasm::{
    i64x2_add as add, u32x4_splat as four, u64x2 as pair, u64x2_extmul_high_u32x4 as mul_high,
    u64x2_extmul_low_u32x4 as mul_low, v128 as Lanes,
};

#[cfg(target_feature = "relaxed-simd")]
pub(crate) use wasm::{
    f64x2_relaxed_madd as fused, f64x2_splat as both_float, f64x2_sub as sub_float,
};

pub(crate) fn low(lanes: Lanes) -> u64 {
    wasm::u64x2_extract_lane::<0>(lanes)
}

pub(crate) fn high(lanes: Lanes) -> u64 {
    wasm::u64x2_extract_lane::<1>(lanes)
}

/// The lower halves of four numbers.
pub(crate) fn narrow(a: Lanes, b: Lanes) -> Lanes {
    wasm::u32x4_shuffle::<0, 2, 4, 6>(a, b)
}

/// Integers below 2^52 as floating-point numbers: under the exponent of 2^52, an integer is the
/// fraction.
#[cfg(target_feature = "relaxed-simd")]
pub(crate) fn to_float(lanes: Lanes) -> Lanes {
    let exponent = both_float(4_503_599_627_370_496.0);
    sub_float(wasm::v128_or(lanes, exponent), exponent)
}
