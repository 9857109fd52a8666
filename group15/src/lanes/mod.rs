//! Vectors of 128 bits: the engine's, or the same operations one by one.

#[cfg(not(target_feature = "simd128"))]
mod emulated;
#[cfg(target_feature = "simd128")]
mod wasm;

#[cfg(not(target_feature = "simd128"))]
pub(crate) use emulated::*;
#[cfg(target_feature = "simd128")]
pub(crate) use wasm::*;
