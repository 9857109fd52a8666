//! The limits across sign-ins: on this program's table through the real SDK, and with the
//! triggers as they are deployed.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::arithmetic_side_effects,
    reason = "a test that panics has failed, as it should"
)]

#[path = "../../../triggers/rules/tests/triggers/cognito.rs"]
#[allow(dead_code, reason = "the rules' own tests use more of it")]
mod cognito;
#[path = "../../../triggers/rules/tests/triggers/limits.rs"]
mod limits;
mod sign_ins;
#[path = "../it/support.rs"]
#[allow(dead_code, reason = "the other tests use more of it")]
mod support;
mod table;
