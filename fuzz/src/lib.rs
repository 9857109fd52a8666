//! Input that wants to break what reads it. A target is a function of bytes that panics if what
//! this project promises does not hold.
//!
//! | target | input | promises |
//! |---|---|---|
//! | [`replies`] | a script of what a pool replies and a person answers, once a sign-in goes on in another page | no panic; no secret unasked; only sessions that the pool gave; no endless exchange |
//! | [`proofs`] | the same from the beginning, with SRP of people and devices | the same, and only who knows the password is believed |
//! | [`events`] | the JSON of a trigger's event | tokens only after password and code; an answer is right only if it is the code; no code in an answer |
//! | [`sign_ins`] | a script of sign-ins, one store, time that goes on | no tokens without the last mail's code; codes count once; limits hold |
//! | [`requests`] | HTTP as bytes, several requests on a connection | Cognito's shape in every answer, never a server's fault |
//!
//! The same functions are called by libFuzzer (`fuzz_targets/`) and by the runner (`main.rs`),
//! which needs no instrumentation and draws the same cases every time.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::arithmetic_side_effects,
    clippy::wildcard_enum_match_arm,
    reason = "a target ends with a panic if a promise does not hold"
)]

pub mod cases;
mod conversation;
mod events;
mod person;
mod pool_replies;
mod requests;
mod script;
mod sign_ins;
pub mod tally;
mod trigger_events;

pub use conversation::{proofs, replies};
pub use events::events;
pub use requests::requests;
pub use sign_ins::sign_ins;

/// A target by name.
#[derive(Clone, Copy)]
pub struct Target {
    /// The name of its corpus, its regressions and its binary.
    pub name: &'static str,
    /// Panics if a promise does not hold.
    pub run: fn(&[u8]),
    /// What its input looks like.
    pub input: Input,
    /// How many cases are tried where no number is given.
    pub cases: u64,
    /// What some of so many cases come to.
    pub outcomes: &'static [&'static str],
}

/// What an input looks like, and thus how one is made of another.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Input {
    /// Bytes that choices are read from: any are as good.
    Script,
    /// Text with tokens in it, such as JSON.
    Text,
}

/// All of them.
pub const TARGETS: [Target; 5] = [
    Target {
        name: "replies",
        run: replies,
        input: Input::Script,
        cases: 1_000_000,
        outcomes: &[
            "asked for a code",
            "asked for a new password",
            "asked for a choice",
            "asked for a passkey",
            "asked for an authenticator",
            "asked for something else",
            "refused",
            "misbehaved",
            "signed in",
        ],
    },
    Target {
        name: "proofs",
        run: proofs,
        input: Input::Script,
        cases: 2_000,
        outcomes: &[
            "asked for a code",
            "asked for the password",
            "refused",
            "misbehaved",
            "remembered",
            "signed in",
            "signed in by proof",
        ],
    },
    Target {
        name: "events",
        run: events,
        input: Input::Text,
        cases: 1_000_000,
        outcomes: &[
            "prove_password",
            "enter_code",
            "issue_tokens",
            "fail",
            "code_sent",
            "code_repeated",
            "right",
            "wrong",
            "resend",
            "no_address",
            "no_challenge",
        ],
    },
    Target {
        name: "sign_ins",
        run: sign_ins,
        input: Input::Script,
        cases: 40_000,
        outcomes: &[
            "code_sent",
            "code_sent_before",
            "code_repeated",
            "resend_refused",
            "right",
            "wrong",
            "wrong_and_locked",
            "locked",
            "expired",
            "superseded",
            "tokens",
        ],
    },
    Target {
        name: "requests",
        run: requests,
        input: Input::Text,
        cases: 30_000,
        outcomes: &["JSON", "no JSON", "an error"],
    },
];
