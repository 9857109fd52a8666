//! What people do with their account outside a sign-in, as calls of the pool: a typed input
//! becomes a request, a reply becomes a typed value, and a refusal a stable code.
//!
//! A wasm module of its own, because it is structured data that it is about: serde and
//! serde-wasm-bindgen read and write it, and who only signs in loads neither. The JavaScript
//! part (`../npm/account-methods.js`) loads it when a method is first called, sends the request,
//! and holds time limits, repetitions and abort signals:
//!
//! ```js
//! const call = new Call(userPoolId, clientId, 'userAttributes', { accessToken });
//! const { target, body } = call.request();
//! const response = await fetch(endpoint, { method: 'POST', headers: headersOf(target), body });
//! const { value } = call.receive(response.status, response.headers, await response.json(), 1);
//! ```
//!
//! In scope: one request for each method, and what its reply means. Out of scope: where tokens
//! come from and are kept.

#![forbid(unsafe_code)]
#![cfg_attr(test, allow(clippy::arithmetic_side_effects))]

mod border;
mod call;
mod field;
mod listed;
mod operation;
mod refusal;
mod reply;
mod value;

pub use call::Call;
