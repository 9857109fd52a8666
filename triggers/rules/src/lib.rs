//! What the three Cognito triggers decide, as plain functions of (event, settings, time).
//!
//! # In scope
//!
//! - which histories of a sign-in go on, end well, or end badly ([`define`])
//! - when a code is issued, repeated or replaced, and the mail that carries it ([`create`])
//! - whether an answer is the code ([`verify`])
//! - the settings, read from environment variables ([`CodeSettings`], [`MailSettings`])
//!
//! # Out of scope
//!
//! - the network, the clock, randomness: a code is derived from a key, the time is an argument
//! - AWS: no type of it appears here
//! - limits that outlive one sign-in
//!
//! # One sign-in
//!
//! ```text
//! []                              ─▶ fail
//! [SRP_A ✓]                       ─▶ PASSWORD_VERIFIER
//! [SRP_A ✓, PASSWORD_VERIFIER ✓]  ─▶ CUSTOM_CHALLENGE, the first code is mailed
//! [ … , CUSTOM_CHALLENGE ✗]       ─▶ CUSTOM_CHALLENGE, same code      (a wrong answer, 2 times)
//!                                 ─▶ CUSTOM_CHALLENGE, new code       (a resend, 3 times)
//!                                 ─▶ fail                             (the third wrong answer)
//! [ … , CUSTOM_CHALLENGE ✓]       ─▶ tokens
//! anything else                   ─▶ fail
//! ```
//!
//! Cognito's history shows a resend and a wrong answer alike, as an answer that was not
//! correct. They are told apart by the [`Record`](record) that `create` writes into each
//! challenge: who asks for a resend later cannot rewrite what earlier answers were.
//!
//! # What is not promised
//!
//! The event of `create` names no sign-in, so Cognito's repetition of a call that took too
//! long looks like a second sign-in. Both get one code if the same process serves them within
//! 15 seconds ([`Recent`]). Different processes derive the same code only if both calls fall
//! into the same step of 15 seconds: with calls 5 seconds apart, two times in three. Otherwise
//! only the later code is accepted. Nothing here counts across sign-ins.

#![forbid(unsafe_code)]
#![cfg_attr(test, allow(clippy::arithmetic_side_effects))]

mod address;
mod code;
mod config;
mod create;
mod define;
mod event;
mod failure;
mod history;
mod mail;
mod recent;
mod record;
mod verify;

pub use address::Address;
pub use config::{CodeSettings, MailSettings, Misconfigured};
pub use create::{Created, create};
pub use define::define;
pub use event::Answer;
pub use failure::Failure;
pub use mail::Mail;
pub use recent::Recent;
pub use verify::verify;
