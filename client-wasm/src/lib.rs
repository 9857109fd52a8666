//! The half of a sign-in that JavaScript should not do: the client's side of SRP, in constant time.
//!
//! Every page that uses the npm package `cognito-email-mfa` loads this module, so there is no more
//! in it: `npm/conversation.js` has the usual way of a sign-in, and the crate `challenges`, a module
//! of its own that is loaded when it is needed, every other.
//!
//! ```js
//! const ephemeral = Ephemeral.of(crypto.getRandomValues(new Uint8Array(64)));
//! while (!ephemeral.advance());
//! const srpA = ephemeral.publicHex();
//! // With the pool's challenge:
//! const name = utf8(poolName + userId);
//! if (!ephemeral.agree(utf8(srpB), utf8(salt), name, password)) throw badChallenge;
//! while (!ephemeral.advance());
//! const signature = ephemeral.sign(name, claim);
//! ```

#![cfg_attr(target_arch = "wasm32", no_std)]
#![forbid(unsafe_code)]

extern crate alloc;

#[cfg(target_arch = "wasm32")]
mod runtime;

use alloc::{string::String, vec::Vec};
use core::mem;
use protocol::srp::{self, Agreement, Drawing, Salt, ServerPublic};
use wasm_bindgen::prelude::*;
use zeroize::Zeroizing;

/// `a` and `A`, then the key that is agreed on. It serves for one proof. What takes long is computed
/// in parts, so that a page can do in between what else is due.
#[wasm_bindgen]
#[derive(Debug)]
pub struct Ephemeral(Stage);

#[derive(Debug)]
enum Stage {
    Drawing(Drawing),
    Drawn(srp::Ephemeral),
    Agreeing(Agreement),
    Spent,
}

#[wasm_bindgen]
impl Ephemeral {
    /// Takes an `a` of 64 random bytes, which are wiped. Nothing if they are not 64, or all zero: no
    /// random number generator gives that.
    pub fn of(entropy: Vec<u8>) -> Option<Self> {
        let entropy = Zeroizing::new(entropy);
        let entropy = <&[u8; 64]>::try_from(entropy.as_slice()).ok()?;
        let drawing = Drawing::new(entropy).ok()?;
        Some(Self(Stage::Drawing(drawing)))
    }

    /// Computes a part of `A`, or of the key, and tells whether there is no more to do.
    pub fn advance(&mut self) -> bool {
        match &mut self.0 {
            Stage::Drawing(drawing) => drawing.advance(),
            Stage::Agreeing(agreement) => agreement.advance(),
            Stage::Drawn(_) | Stage::Spent => true,
        }
    }

    /// `SRP_A`. Nothing once a key has been agreed on.
    #[wasm_bindgen(js_name = publicHex)]
    pub fn public_hex(&mut self) -> Option<String> {
        let drawn = self.drawn()?;
        let public = drawn.public_hex();
        self.0 = Stage::Drawn(drawn);
        Some(public)
    }

    /// Begins to agree on the key, and tells whether that can be. All is UTF-8: `name` is the pool's name and
    /// `USER_ID_FOR_SRP` in one, which are hashed together anyway; `password` is wiped.
    ///
    /// It cannot be if `salt` is no hexadecimal number of at most 64 digits, if `srp_b` is none with
    /// 0 < B < N, or if a key has been agreed on before.
    pub fn agree(&mut self, srp_b: &[u8], salt: &[u8], name: &[u8], password: Vec<u8>) -> bool {
        let password = Zeroizing::new(password);
        let agreement = self.drawn().and_then(|drawn| {
            let server = ServerPublic::from_hex(srp_b).ok()?;
            let salt = Salt::from_hex(salt).ok()?;
            drawn.agreement(&server, &salt, name, "", &password).ok()
        });
        agreement
            .map(|agreement| self.0 = Stage::Agreeing(agreement))
            .is_some()
    }

    /// `PASSWORD_CLAIM_SIGNATURE` before base64, 32 bytes. `name` as before; `claim` is the secret
    /// block, without base64, and the timestamp in one. Nothing before a key has been agreed on.
    pub fn sign(&mut self, name: &[u8], claim: &[u8]) -> Option<Vec<u8>> {
        match mem::replace(&mut self.0, Stage::Spent) {
            Stage::Agreeing(agreement) => {
                Some(agreement.finish().sign(name, "", claim, "").to_vec())
            }
            Stage::Drawing(_) | Stage::Drawn(_) | Stage::Spent => None,
        }
    }

    fn drawn(&mut self) -> Option<srp::Ephemeral> {
        match mem::replace(&mut self.0, Stage::Spent) {
            Stage::Drawing(drawing) => Some(drawing.finish()),
            Stage::Drawn(drawn) => Some(drawn),
            Stage::Agreeing(_) | Stage::Spent => None,
        }
    }
}
