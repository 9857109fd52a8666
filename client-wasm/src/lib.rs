//! The half of a sign-in that JavaScript should not do: the client's side of SRP, in constant time.
//!
//! Every page that uses the npm package `cognito-email-mfa` loads this module, so there is no more
//! in it: `npm/conversation.js` has the usual way of a sign-in, and the crate `challenges`, a module
//! of its own that is loaded when it is needed, every other.
//!
//! ```js
//! const ephemeral = new Ephemeral(crypto.getRandomValues(new Uint8Array(64)));
//! const srpA = ephemeral.publicHex();
//! const signature = ephemeral.prove(srpB, salt, poolName + userId, password, claim);
//! ```

#![cfg_attr(target_arch = "wasm32", no_std)]
#![forbid(unsafe_code)]

extern crate alloc;

#[cfg(target_arch = "wasm32")]
mod runtime;

use alloc::{string::String, vec::Vec};
use protocol::srp::{self, Salt, ServerPublic};
use wasm_bindgen::prelude::*;
use zeroize::Zeroizing;

/// `a` and `A`, made before the person submits: the costlier half of SRP. It serves for one proof.
#[wasm_bindgen]
#[derive(Debug)]
pub struct Ephemeral(srp::Ephemeral);

#[wasm_bindgen]
impl Ephemeral {
    /// Computes `A` for an `a` of 64 random bytes, which are wiped. Nothing if they are not 64, or
    /// all zero: no random number generator gives that.
    pub fn of(entropy: Vec<u8>) -> Option<Self> {
        let entropy = Zeroizing::new(entropy);
        let entropy = <&[u8; 64]>::try_from(entropy.as_slice()).ok()?;
        srp::Ephemeral::new(entropy).ok().map(Self)
    }

    /// `SRP_A`.
    #[wasm_bindgen(js_name = publicHex)]
    pub fn public_hex(&self) -> String {
        self.0.public_hex()
    }

    /// `PASSWORD_CLAIM_SIGNATURE` before base64, 32 bytes. `name` is the pool's name and
    /// `USER_ID_FOR_SRP` in one; `password` is UTF-8, and wiped; `claim` is the secret block, without
    /// base64, and the timestamp in one. Each is hashed with its neighbour anyway.
    ///
    /// Nothing if `salt` is no hexadecimal number of at most 64 digits, or `srp_b` none with
    /// 0 < B < N.
    pub fn prove(
        &self,
        srp_b: &str,
        salt: &str,
        name: &str,
        password: Vec<u8>,
        claim: &[u8],
    ) -> Option<Vec<u8>> {
        let password = Zeroizing::new(password);
        let server = ServerPublic::from_hex(srp_b).ok()?;
        let salt = Salt::from_hex(salt).ok()?;
        let agreed = self.0.agree(&server, &salt, name, "", &password).ok()?;
        Some(agreed.sign(name, "", claim, "").to_vec())
    }
}
