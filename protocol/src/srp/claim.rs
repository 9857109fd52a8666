//! What both halves compute alike: `u`, `x`, the key and the signature.

use super::{ClientPublic, Salt, ServerPublic, encoding::pad};
use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

/// `k = H(PAD(N) ‖ PAD(g))`.
pub(super) const K: [u8; 32] = [
    0x53, 0x82, 0x82, 0xc4, 0x35, 0x47, 0x42, 0xd7, 0xcb, 0xbd, 0xe2, 0x35, 0x9f, 0xcf, 0x67, 0xf9,
    0xf5, 0xb3, 0xa6, 0xb0, 0x87, 0x91, 0xe5, 0x01, 0x1b, 0x43, 0xb8, 0xa5, 0xb6, 0x6d, 0x9e, 0xe6,
];

/// `u = H(PAD(A) ‖ PAD(B))`, big-endian, for tests against other implementations.
pub fn scrambler(a: &ClientPublic, b: &ServerPublic) -> [u8; 32] {
    Sha256::new()
        .chain_update(a.0.pad())
        .chain_update(b.0.pad())
        .finalize()
        .into()
}

/// `x = H(PAD(salt) ‖ H(pool name ‖ user id ‖ ":" ‖ password))`.
pub(super) fn x(
    salt: &Salt,
    pool_name: &[u8],
    user_id: &[u8],
    password: &[u8],
) -> Zeroizing<[u8; 32]> {
    let mut identity = Zeroizing::new([0; 32]);
    Sha256::new()
        .chain_update(pool_name)
        .chain_update(user_id)
        .chain_update(b":")
        .chain_update(password)
        .finalize_into((&mut *identity).into());
    let mut x = Zeroizing::new([0; 32]);
    Sha256::new()
        .chain_update(salt.pad())
        .chain_update(*identity)
        .finalize_into((&mut *x).into());
    x
}

/// `key = HMAC(HMAC(PAD(u), PAD(S)), "Caldera Derived Key" ‖ 1)[..16]`: HKDF, RFC 5869, with
/// an output of less than one block. Of big-endian numbers, for tests against other
/// implementations.
pub fn session_key(u: &[u8; 32], s: &[u8; 384]) -> Zeroizing<[u8; 16]> {
    let pseudorandom = hmac(&pad(u), &[&pad(s)]);
    let block = hmac(&*pseudorandom, &[b"Caldera Derived Key", &[1]]);
    let mut key = Zeroizing::new([0; 16]);
    for (to, from) in key.iter_mut().zip(block.iter()) {
        *to = *from;
    }
    key
}

/// `HMAC(key, pool name ‖ user id ‖ secret block ‖ timestamp)`.
pub(super) fn signature(
    key: &[u8; 16],
    pool_name: &[u8],
    user_id: &[u8],
    secret_block: &[u8],
    timestamp: &str,
) -> Zeroizing<[u8; 32]> {
    hmac(
        key,
        &[pool_name, user_id, secret_block, timestamp.as_bytes()],
    )
}

fn hmac(key: &[u8], parts: &[&[u8]]) -> Zeroizing<[u8; 32]> {
    let mut out = Zeroizing::new([0; 32]);
    // HMAC takes keys of every length; the error exists for other algorithms of the trait.
    if let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key) {
        for part in parts {
            mac.update(part);
        }
        out.copy_from_slice(&mac.finalize().into_bytes());
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::format;

    #[test]
    fn k_is_the_hash_of_the_padded_group() {
        let mut hash = Sha256::new();
        hash.update(pad(&group15::N));
        hash.update(pad(&[group15::G]));
        assert_eq!(hash.finalize()[..], K);
    }

    #[test]
    fn nothing_of_a_handshake_prints() {
        use crate::srp::{Ephemeral, PasswordClaim, ServerHandshake, Verifier};
        let salt = Salt::from_bytes([1; 16]);
        let verifier = Verifier::derive("pool", "user", b"password", &salt);
        let client = Ephemeral::from_be_bytes(&[7]).unwrap();
        let a = ClientPublic::from_hex(client.public_hex()).unwrap();
        let server = ServerHandshake::begin(&verifier, a, &[3; 64]).unwrap();
        let b = ServerPublic::from_hex(server.server_public_hex()).unwrap();
        let handshake = client
            .agree(&b, &salt, "pool", "user", b"password")
            .unwrap();
        let claim = PasswordClaim {
            pool_name: "pool",
            user_id: "user",
            secret_block: b"block",
            timestamp: "time",
            signature: &*handshake.sign("pool", "user", b"block", "time"),
        };
        assert!(server.accepts(&claim));
        assert_eq!(
            format!(
                "{client:?} {handshake:?} {:?} {verifier:?} {server:?} {claim:?}",
                client
                    .intermediates(&b, &salt, "pool", "user", b"password")
                    .unwrap()
            ),
            "Ephemeral Handshake Intermediates Verifier ServerHandshake PasswordClaim"
        );
    }
}
