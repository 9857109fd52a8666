//! Skeleton.
#![forbid(unsafe_code)]
#![cfg_attr(test, allow(clippy::arithmetic_side_effects))]
extern crate alloc;
pub mod srp;
mod timestamp;
pub use timestamp::{BadTimestamp, Timestamp};
