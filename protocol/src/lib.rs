//! Sign-in to an Amazon Cognito user pool with a password and a code from an e-mail, as a
//! conversation without IO: you send what this crate says, and hand it what came back.
//!
//! # In scope
//!
//! - SRP as Cognito speaks it: the client's half, and the server's for tests ([`srp`])
//! - `CUSTOM_AUTH` with SRP first, wrong codes, new codes, tokens; `USER_SRP_AUTH` and
//!   `USER_AUTH` for what the pool asks by itself ([`Flow`])
//! - every challenge of Cognito's: a form for each, and one for those that do not exist yet
//! - devices that the pool remembers ([`remember_device`])
//! - going on in a page that was reloaded while a code was awaited ([`resume`])
//! - Cognito's errors, told apart by what they mean at that point
//!
//! # Out of scope
//!
//! - network, clock, randomness: arguments, all of them
//! - reading JSON: the driver has a parser already ([`Fields`])
//! - retrying, logging, keeping tokens
//! - checking the tokens' signatures: that is the business of whoever receives them
//!
//! # The conversation
//!
//! ```text
//!              sign_in
//!                 │  InitiateAuth
//!                 ▼
//!          AwaitingReply ◀──────────────────────────────┐
//!                 │ receive                             │
//!    ┌────────────┼────────────┬──────────────┐         │
//!    ▼            ▼            ▼              ▼         │
//!   Send       AskCode      SignedIn       Ask…, Other… │
//!    │            │                           │         │
//!    │            ├── submit, resend ──┐      │         │
//!    │ proof      ▼                     ▼      ▼ answer  │
//!    └──────────────── RespondToAuthChallenge ──────────┘
//! ```
//!
//! A state is a value that is spent: each transition takes it. Every reply gives exactly
//! one [`Next`]; act on it, then feed the reply back.
//!
//! ```
//! # mod pool { include!("../tests/pool/mod.rs"); }
//! use protocol::{Credentials, Next, Password, Pool, Reason, Timestamp, sign_in, srp::Ephemeral};
//!
//! # let mut cognito = pool::Pool::new();
//! # let entropy = [7; 64];
//! let pool = Pool::new("us-east-1_Example1", "exampleclient")?;
//! let credentials = Credentials::new("user@example.com", Password::new("Correct-Horse-9"))?;
//! let ephemeral = Ephemeral::new(&entropy)?; // 64 bytes of the platform's generator
//! let now = Timestamp::from_unix(1_790_000_000); // its clock
//!
//! let (request, state) = sign_in(&pool, credentials, ephemeral);
//! let reply = cognito.post(&request); // InitiateAuth
//! let Next::Send(request, state) = state.receive(reply.view(), now)? else { panic!() };
//! let reply = cognito.post(&request); // RespondToAuthChallenge, PASSWORD_VERIFIER
//! let Next::AskCode(prompt) = state.receive(reply.view(), now)? else { panic!() };
//! assert_eq!(prompt.details().destination.as_deref(), Some("u***@e***"));
//!
//! let code = prompt.read_code("000 000")?; // a wrong one
//! let (request, state) = prompt.submit(&code);
//! let reply = cognito.post(&request); // RespondToAuthChallenge, CUSTOM_CHALLENGE
//! let Next::AskCode(prompt) = state.receive(reply.view(), now)? else { panic!() };
//! assert_eq!((prompt.reason(), prompt.details().attempts_left), (Reason::WrongCode, Some(2)));
//!
//! let code = prompt.read_code("123 456")?;
//! let (request, state) = prompt.submit(&code);
//! let reply = cognito.post(&request);
//! let Next::SignedIn(tokens) = state.receive(reply.view(), now)? else { panic!() };
//! assert_eq!(tokens.expires_in(), 3600);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

#![cfg_attr(not(test), no_std)]
#![forbid(unsafe_code)]
#![cfg_attr(test, allow(clippy::arithmetic_side_effects))]

extern crate alloc;

mod conversation;
mod device;
mod error;
#[cfg(feature = "serde_json")]
mod fields_json;
mod flow;
mod json;
mod pool;
mod prompt;
mod proof;
mod refusal;
mod secret;
pub mod srp;
mod timestamp;
mod tokens;
mod wire;

pub use conversation::{AwaitingReply, Next, resume, sign_in, take_over};
pub use device::{AwaitingConfirmation, Confirmation, Device, NewDevice, remember_device};
pub use error::{Error, Misbehaviour, Misuse, Refusal, RefusalKind};
pub use flow::{FirstFactor, Flow};
pub use pool::{Credentials, EndpointVariant, Pool};
pub use prompt::{
    AuthenticatorPrompt, Beside, Challenge, ChoicePrompt, CodePrompt, Details, Medium, Misused,
    NewPasswordPrompt, PasskeyPrompt, PasswordPrompt, Purpose, Reason,
};
pub use refusal::{exception_name, failed_trigger};
pub use secret::{Code, Password, Session};
pub use timestamp::{BadTimestamp, Timestamp};
pub use tokens::Tokens;
pub use wire::{Fields, Operation, Reply, Request};
