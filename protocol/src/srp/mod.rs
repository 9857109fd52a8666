//! SRP-6a as Amazon Cognito speaks it.
//!
//! | name | meaning |
//! |---|---|
//! | `N`, `g` | the 3072-bit prime of RFC 3526 group 15, and 2 |
//! | `PAD(n)` | `n` as minimal big-endian two's complement, Java's `BigInteger.toByteArray()` |
//! | `H` | SHA-256 |
//! | `k` | `H(PAD(N) ‖ PAD(g))` |
//! | `a`, `A` | the client's ephemeral secret, and `g^a mod N` (`SRP_A`) |
//! | `b`, `B` | the server's ephemeral secret, and `k·v + g^b mod N` (`SRP_B`) |
//! | `u` | `H(PAD(A) ‖ PAD(B))` |
//! | `x` | `H(PAD(salt) ‖ H(pool name ‖ user id ‖ ":" ‖ password))` |
//! | `v` | `g^x mod N`, what the server stores |
//! | `S` | client `(B − k·g^x)^(a + u·x)`, server `(A·v^u)^b` |
//! | key | HKDF-SHA-256 of `PAD(S)` with salt `PAD(u)` and info `Caldera Derived Key`, 16 bytes |
//!
//! ```text
//! client                                        server
//! A = g^a                  ── SRP_A ──▶
//!                          ◀── SALT, SRP_B, SECRET_BLOCK, USER_ID_FOR_SRP
//! signature = HMAC(key, pool name ‖ user id ‖ secret block ‖ timestamp)
//!                          ── PASSWORD_CLAIM_SIGNATURE, TIMESTAMP ──▶  compares
//! ```
//!
//! The pool name is the part of the pool id after the first `_`. Cognito sends no
//! proof of its own: that the server is the right one rests on TLS alone.

mod claim;
mod client;
mod encoding;
mod server;
mod server_powers;
mod values;

pub use claim::{scrambler, session_key};
pub use client::{Agreement, Drawing, Ephemeral, Handshake, Intermediates};
pub use server::{PasswordClaim, ServerHandshake, Verifier};
pub use values::{ClientPublic, Salt, ServerPublic};

use core::fmt;

/// Why a value of the handshake was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Error {
    /// Not hexadecimal, empty, or longer than the value can be.
    BadHex,
    /// A public value outside `0 < value < N`. A server could learn the password from the reply.
    OutOfRange,
    /// `u` is zero: `S` would not depend on the password.
    ZeroScrambler,
    /// The entropy of an ephemeral secret is all zero, or longer than 128 bytes.
    BadEntropy,
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::BadHex => "not a hexadecimal number of the permitted length",
            Self::OutOfRange => "not greater than 0 and less than N",
            Self::ZeroScrambler => "u is zero",
            Self::BadEntropy => "the entropy of the ephemeral secret is zero or too long",
        })
    }
}

impl core::error::Error for Error {}
