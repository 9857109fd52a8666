//! Drives [`protocol`] in a browser, a worker or Node: fetch through web-sys, JSON through
//! the engine's own parser, entropy and time from the platform.
//!
//! People use the npm package `cognito-email-mfa`, whose small JavaScript part (`npm/`) loads
//! this module when it is first needed, waits for replies, and holds time limits and
//! abort signals. What is exported here is what that part builds on:
//!
//! ```js
//! const signIn = new SignIn(userPoolId, clientId, endpoint, { username, password, ... });
//! for (;;) {
//!   const response = await signIn.post(headers, signal);
//!   const step = signIn.receive(response.status, response.headers, await response.json());
//!   if (step) break; // otherwise the next request is ready: post again
//! }
//! ```
//!
//! Nothing here decides anything about the protocol: every branch on what Cognito says is in
//! `protocol`.

#![forbid(unsafe_code)]

mod ambient;
mod fields;
mod js_error;
mod prompt;
mod sign_in;
mod step;

pub use sign_in::{PreparedEphemeral, SignIn};
