//! What the three Cognito triggers decide, as functions of (event, settings, store, time,
//! entropy).
//!
//! # In scope
//!
//! - which histories of a sign-in go on, end well, or end badly ([`define`])
//! - when a code is issued, repeated or replaced, and the mail that carries it ([`create`])
//! - whether an answer is the code ([`verify`])
//! - what one user may do over all sign-ins: one pure function of (state, time, event), and a
//!   [`Store`] of two methods that keeps the state
//! - the settings, read from environment variables ([`CodeSettings`], [`MailSettings`])
//!
//! # Out of scope
//!
//! - the network, the clock, randomness: time and entropy are arguments
//! - AWS: no type of it appears here
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
//! # Over all sign-ins
//!
//! | limit | number |
//! |---|---|
//! | failures within 24 hours that lock | 10; then each further one |
//! | a lock | 15 minutes, and each further one twice as long, up to 24 hours |
//! | failures without a success that switch the factor off | 100, until the item is deleted |
//! | mails, but for those whose code was answered rightly | 1 in 30 seconds, 5 in an hour |
//!
//! An answer is counted as a failure before it is compared, and taken off the count if it is
//! right. Only the last code counts, and only until it has let somebody in. Locks are short
//! again after a day without a failure.
//!
//! The event of `create` names no sign-in, so Cognito's repetition of a call that took too
//! long looks like a second sign-in. Within 15 seconds, both get one code: mailed once if the
//! first call could say so, twice at most.
//!
//! # Keys
//!
//! A code is derived from a key, and the record names it. `CODE_KEY` lists keys: the first
//! makes new codes, and each that is still listed verifies the codes it made.
//!
//! # Without a store
//!
//! Nothing counts across sign-ins then, and a code must have eight digits. It is derived from
//! the time instead of a nonce: calls in one step of 15 seconds get one code and mail it each
//! time; a repetition that crosses from one step into the next gets another, and only the
//! later one is accepted.

#![forbid(unsafe_code)]
#![cfg_attr(test, allow(clippy::arithmetic_side_effects))]

mod address;
mod attempts;
mod code;
mod config;
mod create;
mod define;
mod event;
mod failure;
mod history;
mod keys;
mod limits;
mod mail;
mod mail_settings;
mod mail_template;
mod nonce;
mod record;
mod store;
mod user;
mod verify;

pub use address::Address;
pub use config::{CodeSettings, Misconfigured};
pub use create::{Created, create};
pub use define::define;
pub use event::Answer;
pub use failure::Failure;
pub use mail::Mail;
pub use mail_settings::MailSettings;
pub use store::{Item, MemoryStore, Put, Store, StoreError};
pub use user::user_hash;
pub use verify::verify;
