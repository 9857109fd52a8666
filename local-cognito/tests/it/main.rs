//! The real program, started on a free port and spoken to over HTTP.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::arithmetic_side_effects,
    reason = "a test that panics has failed, as it should"
)]

mod account;
mod auth_flows;
mod authenticator;
mod client;
mod devices;
mod factors;
mod hostile;
mod http;
mod lockouts;
mod mfa_preference;
mod pages;
mod passkeys;
mod rotation;
mod ses;
mod sessions;
mod sms;
mod support;
mod triggers;
mod users;
