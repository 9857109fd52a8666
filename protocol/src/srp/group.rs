//! The group: constants, checked by the tests below instead of trusted.

/// Bytes of `N`, and of every value modulo `N` at full width.
pub(super) const BYTES: usize = 384;

/// `N` as upper-case hex, RFC 3526 section 4.
pub(super) const N_HEX: &str = "\
FFFFFFFFFFFFFFFFC90FDAA22168C234C4C6628B80DC1CD129024E088A67CC74\
020BBEA63B139B22514A08798E3404DDEF9519B3CD3A431B302B0A6DF25F1437\
4FE1356D6D51C245E485B576625E7EC6F44C42E9A637ED6B0BFF5CB6F406B7ED\
EE386BFB5A899FA5AE9F24117C4B1FE649286651ECE45B3DC2007CB8A163BF05\
98DA48361C55D39A69163FA8FD24CF5F83655D23DCA3AD961C62F356208552BB\
9ED529077096966D670C354E4ABC9804F1746C08CA18217C32905E462E36CE3B\
E39E772C180E86039B2783A2EC07A28FB5C55DF06F4C52C9DE2BCBF695581718\
3995497CEA956AE515D2261898FA051015728E5A8AAAC42DAD33170D04507A33\
A85521ABDF1CBA64ECFB850458DBEF0A8AEA71575D060C7DB3970F85A6E1E4C7\
ABF5AE8CDB0933D71E8C94E04A25619DCEE3D2261AD2EE6BF12FFA06D98A0864\
D87602733EC86A64521F2B18177B200CBBE117577A615D6C770988C0BAD946E2\
08E24FA074E5AB3143DB5BFCE0FD108E4B82D120A93AD2CAFFFFFFFFFFFFFFFF";

/// `g`.
pub(super) const G: u8 = 2;

/// `k = H(PAD(N) ‖ PAD(g))`.
pub(super) const K: [u8; 32] = [
    0x53, 0x82, 0x82, 0xc4, 0x35, 0x47, 0x42, 0xd7, 0xcb, 0xbd, 0xe2, 0x35, 0x9f, 0xcf, 0x67, 0xf9,
    0xf5, 0xb3, 0xa6, 0xb0, 0x87, 0x91, 0xe5, 0x01, 0x1b, 0x43, 0xb8, 0xa5, 0xb6, 0x6d, 0x9e, 0xe6,
];

/// `N` as big-endian bytes.
pub(super) const N: [u8; BYTES] = bytes(N_HEX);

#[expect(
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "runs at compile time: a mistake fails the build"
)]
const fn bytes(hex: &str) -> [u8; BYTES] {
    const fn nibble(digit: u8) -> u8 {
        match digit {
            b'0'..=b'9' => digit - b'0',
            _ => digit - b'A' + 10,
        }
    }
    let hex = hex.as_bytes();
    let mut out = [0; BYTES];
    let mut i = 0;
    while i < BYTES {
        out[i] = nibble(hex[2 * i]) << 4 | nibble(hex[2 * i + 1]);
        i += 1;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::srp::encoding::pad;
    use num_bigint::BigUint;
    use sha2::{Digest, Sha256};

    #[test]
    fn k_is_the_hash_of_the_padded_group() {
        let mut hash = Sha256::new();
        hash.update(pad(&N));
        hash.update(pad(&[G]));
        assert_eq!(hash.finalize()[..], K);
    }

    #[test]
    fn n_is_what_its_hex_says() {
        assert_eq!(
            BigUint::from_bytes_be(&N),
            BigUint::parse_bytes(N_HEX.as_bytes(), 16).unwrap()
        );
    }
}
