//! The two powers of an SRP client, modulo the prime of RFC 3526 group 15 with `g = 2`.
//!
//! [`pow_g`] is `g^e`, for `A` and `v`; [`premaster`] is `(B − k·g^x)^e`, for `S`. Each is computed
//! in parts, or at once. No branch, no index and no loop count depends on a secret; the length of an
//! exponent is public.
//!
//! ```text
//! pow_g, premaster          powers     combs and windows, for any kernel
//!        │                  stack      wiped after each part of them
//!      Kernel               kernel     a·b/R and a²/R mod N, and how wide a limb is
//!   ┌────┴─────┐
//! Fused      tiles                     51-bit limbs in f64; 28-bit limbs, four times four
//!            ┌─┴───┐
//!         Extmul  Scalar               two products at once, or one
//! ```
//!
//! They run on the fastest kernel that the target has. On a machine without those instructions all
//! three run, on lanes that are emulated.

#![cfg_attr(target_arch = "wasm32", no_std)]
#![forbid(unsafe_code)]
#![allow(
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "indices and sums have bounds that no argument moves; tests check both"
)]

extern crate alloc;

mod exponent;
#[cfg(any(not(target_arch = "wasm32"), target_feature = "simd128"))]
mod extmul;
#[cfg(any(not(target_arch = "wasm32"), target_feature = "relaxed-simd"))]
mod fused;
mod group;
mod kernel;
#[cfg(any(not(target_arch = "wasm32"), target_feature = "simd128"))]
mod lanes;
mod limbs;
pub mod powers;
mod scalar;
mod stack;
mod tiles;

pub use exponent::Exponent;
#[cfg(any(not(target_arch = "wasm32"), target_feature = "simd128"))]
pub use extmul::Extmul;
#[cfg(any(not(target_arch = "wasm32"), target_feature = "relaxed-simd"))]
pub use fused::Fused;
pub use group::{BYTES, G, N, N_HEX};
pub use kernel::Kernel;
pub use scalar::Scalar;
pub use stack::wiped;

/// A number below `N`, big-endian.
pub type Number = [u8; BYTES];

/// A power on the fastest kernel that the target has.
#[cfg(target_feature = "relaxed-simd")]
pub type Power = powers::Power<Fused, { fused::L }>;
/// A power on the fastest kernel that the target has.
#[cfg(all(target_feature = "simd128", not(target_feature = "relaxed-simd")))]
pub type Power = powers::Power<Extmul, { tiles::L }>;
/// A power on the fastest kernel that the target has.
#[cfg(not(target_feature = "simd128"))]
pub type Power = powers::Power<Scalar, { tiles::L }>;

/// `g^e mod N` on the way.
#[inline] // So that it is compiled for size where the caller is; the kernels are not.
pub fn pow_g(e: &Exponent) -> Power {
    Power::of_g(e)
}

/// `(B − k·g^x)^e mod N` on the way, for `0 < B < N`.
#[inline] // As above.
pub fn premaster(b: &Number, k: &[u8; 32], x: &Exponent, e: &Exponent) -> Power {
    Power::premaster(b, k, x, e)
}
