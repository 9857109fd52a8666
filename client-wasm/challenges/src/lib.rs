//! The sign-in with every challenge that Amazon Cognito has: new passwords, choices, authenticators,
//! passkeys, devices, the flow `USER_AUTH`, going on in a page that was reloaded.
//!
//! Few sign-ins come to that, so this is a wasm module of its own, which the npm package
//! `cognito-email-mfa` loads when it is needed. Where nothing can be loaded later, as at the edge,
//! it does the usual sign-in too. `npm/steps.js` drives either:
//!
//! ```js
//! const signIn = new SignIn(userPoolId, clientId, username, password, ...);
//! for (;;) {
//!   const { target, body } = signIn.request();
//!   const response = await fetch(endpoint, { method: 'POST', headers: headersOf(target), body });
//!   const step = signIn.receive(response.status, errorType, await response.json(), date, now);
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
