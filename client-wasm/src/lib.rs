//! The sign-in by password and e-mail code, in a browser, a worker or Node: what every page loads
//! that uses the npm package, and therefore small.
//!
//! People use the npm package `cognito-email-mfa`, whose JavaScript part (`npm/`) loads this
//! module when it is first needed, sends the requests, draws random numbers, reads the clock, and
//! holds time limits, repetitions and abort signals. What is exported here is what that part
//! builds on:
//!
//! ```js
//! const signIn = new SignIn(userPoolId, clientId, username, password, flow, prepared);
//! for (;;) {
//!   const { target, body } = signIn.request();
//!   const response = await fetch(endpoint, { method: 'POST', headers: headersOf(target), body });
//!   const step = signIn.receive(response.status, errorType, date, now, await response.json());
//!   if (step) break; // otherwise the next request is ready
//! }
//! ```
//!
//! Nothing here decides anything about the protocol: every branch on what Cognito says is in
//! `protocol`. Challenges that are no codes are in the crate `challenges`, a module of its own.

#![cfg_attr(target_arch = "wasm32", no_std)]
#![forbid(unsafe_code)]

extern crate alloc;

mod fields;
mod record;
#[cfg(target_arch = "wasm32")]
mod runtime;
mod sign_in;

pub use sign_in::{PreparedEphemeral, SignIn};
