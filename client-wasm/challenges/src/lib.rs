//! Drives [`protocol`] in a browser, a worker or Node: JSON is read by the engine's own parser,
//! entropy and time come from the platform.
//!
//! People use the npm package `cognito-email-mfa`, whose small JavaScript part (`npm/`) loads
//! this module when it is first needed, sends the requests, and holds time limits, repetitions
//! and abort signals. What is exported here is what that part builds on:
//!
//! ```js
//! const signIn = new SignIn(userPoolId, clientId, username, password, ...);
//! for (;;) {
//!   const { target, body } = signIn.request();
//!   const response = await fetch(endpoint, { method: 'POST', headers: headersOf(target), body });
//!   const step = signIn.receive(response.status, errorType, date, await response.json());
//!   if (step) break; // otherwise the next request is ready
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

// Small, and slow only for those who allocate much: a sign-in does so some hundred times.
#[cfg(target_arch = "wasm32")]
#[global_allocator]
static ALLOCATOR: lol_alloc::LockedAllocator<lol_alloc::FreeListAllocator> =
    lol_alloc::LockedAllocator::new(lol_alloc::FreeListAllocator::new());
