//! The two powers of an SRP client, modulo the prime of RFC 3526 group 15 with `g = 2`.
//!
//! [`pow_g`] is `g^e`, for `A` and `v`; [`premaster`] is `(B − k·g^x)^e`, for `S`. No branch, no
//! index and no loop count depends on a secret; the length of an exponent is public.
//!
//! ```text
//! pow_g, premaster          powers     combs and windows, for any kernel
//!        │
//!      Kernel               kernel     a·b/R and a²/R mod N, and how wide a limb is
//!   ┌────┼──────┐
//! Fused  Extmul  Scalar                51-bit limbs in f64, 28-bit limbs four at a time, 28-bit
//! ```
//!
//! [`Fastest`] is the kernel that the target can run, and what callers use without a choice of
//! their own. On a machine without those instructions all three run, on lanes that are emulated.

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
mod powers;
mod scalar;

pub use exponent::Exponent;
#[cfg(any(not(target_arch = "wasm32"), target_feature = "simd128"))]
pub use extmul::Extmul;
#[cfg(any(not(target_arch = "wasm32"), target_feature = "relaxed-simd"))]
pub use fused::Fused;
pub use group::{BYTES, G, N, N_HEX};
pub use kernel::Kernel;
pub use powers::{pow_g, premaster};
pub use scalar::Scalar;

/// A number below `N`, big-endian.
pub type Number = [u8; BYTES];

#[cfg(target_feature = "relaxed-simd")]
/// The kernel for this target.
pub type Fastest = Fused;
#[cfg(all(target_feature = "simd128", not(target_feature = "relaxed-simd")))]
/// The kernel for this target.
pub type Fastest = Extmul;
#[cfg(not(target_feature = "simd128"))]
/// The kernel for this target.
pub type Fastest = Scalar;
