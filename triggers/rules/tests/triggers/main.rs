//! The three triggers as Cognito calls them, from event to answer.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::arithmetic_side_effects,
    reason = "a test ends with a panic"
)]

mod answers;
mod bad_answers;
mod bad_events;
mod bad_histories;
mod cognito;
mod limits;
mod mails;
mod million;
mod resends;
mod rotation;
mod scene;
mod sign_ins;
mod victim;
mod walks;
