//! The arithmetic of a sign-in, from `a` to the key, as one function of a page.

#![forbid(unsafe_code)]

use protocol::srp::{Ephemeral, Salt, ServerPublic};
use wasm_bindgen::prelude::*;

/// `A = g^a`, then `u`, `x`, `v`, `S` and the key. Returns `u`, `x`, `S` and the key, of 32, 32,
/// 384 and 16 bytes. `a` is big-endian, `b` and `salt` are hexadecimal.
///
/// # Errors
/// Which of them cannot be one.
#[wasm_bindgen]
pub fn handshake(
    a: &[u8],
    b: &str,
    salt: &str,
    pool_name: &str,
    user_id: &str,
    password: &str,
) -> Result<Vec<u8>, JsError> {
    let ephemeral = Ephemeral::from_be_bytes(a)?;
    let (b, salt) = (ServerPublic::from_hex(b)?, Salt::from_hex(salt)?);
    let values = ephemeral.intermediates(&b, &salt, pool_name, user_id, password.as_bytes())?;
    Ok([&values.u[..], &*values.x, &*values.s, &*values.key].concat())
}
