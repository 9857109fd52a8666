//! Every challenge of Cognito's service model, answered or handed back.

#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::wildcard_enum_match_arm,
    clippy::arithmetic_side_effects,
    reason = "a test ends with a panic, and exports nothing"
)]

mod choices;
mod codes;
mod devices;
mod forms;
mod hostile;
#[path = "../pool/mod.rs"]
mod pool;
mod resume;
mod sign_in;
