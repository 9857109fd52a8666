//! Integers as Cognito writes them: hexadecimal text on the wire, Java's minimal two's
//! complement inside every hash. Fixed-width padding fails three sign-ins in four.

use alloc::{string::String, vec::Vec};
use zeroize::Zeroizing;

/// `PAD(n)` of an unsigned big-endian integer: no superfluous zero bytes, and one zero
/// byte in front where the top bit would read as a sign.
pub(super) fn pad(magnitude: &[u8]) -> Zeroizing<Vec<u8>> {
    let magnitude = without_leading_zeros(magnitude);
    // The whole capacity at once: a growing vector would leave unwiped copies behind.
    let mut out = Zeroizing::new(Vec::with_capacity(magnitude.len().saturating_add(1)));
    if magnitude.first().is_none_or(|top| top & 0x80 != 0) {
        out.push(0);
    }
    out.extend_from_slice(magnitude);
    out
}

/// `PAD(−n)`: the two's complement, without superfluous bytes of ones in front.
pub(super) fn pad_negative(magnitude: &[u8]) -> Zeroizing<Vec<u8>> {
    let mut out = pad(magnitude);
    let mut carry = true;
    for byte in out.iter_mut().rev() {
        (*byte, carry) = (!*byte).overflowing_add(carry.into());
    }
    while let [0xff, next, ..] = out[..]
        && next & 0x80 != 0
    {
        out.remove(0);
    }
    out
}

/// The bytes of a hexadecimal number of 1 to `digits` digits, of even or odd length.
pub(super) fn from_hex(text: &[u8], digits: usize) -> Option<Vec<u8>> {
    if text.is_empty() || text.len() > digits {
        return None;
    }
    let mut out = Vec::with_capacity(text.len().div_ceil(2));
    // From the right, so that an odd digit stands alone at the top.
    for pair in text.rchunks(2) {
        out.push(match *pair {
            [high, low] => nibble(high)? << 4 | nibble(low)?,
            [low] => nibble(low)?,
            _ => return None,
        });
    }
    out.reverse();
    Some(out)
}

/// Lower-case hexadecimal without leading zeros; `0` for zero.
pub(super) fn to_hex(magnitude: &[u8]) -> String {
    let mut out = String::with_capacity(magnitude.len().saturating_mul(2).max(1));
    for byte in without_leading_zeros(magnitude) {
        for nibble in [byte >> 4, byte & 15] {
            if nibble != 0 || !out.is_empty() {
                out.extend(char::from_digit(nibble.into(), 16));
            }
        }
    }
    if out.is_empty() {
        out.push('0');
    }
    out
}

/// Big-endian bytes at a fixed width. The caller has checked that they fit.
pub(super) fn widen<const WIDTH: usize>(magnitude: &[u8]) -> [u8; WIDTH] {
    let mut out = [0; WIDTH];
    for (to, from) in out.iter_mut().rev().zip(magnitude.iter().rev()) {
        *to = *from;
    }
    out
}

fn without_leading_zeros(mut magnitude: &[u8]) -> &[u8] {
    while let [0, rest @ ..] = magnitude {
        magnitude = rest;
    }
    magnitude
}

fn nibble(digit: u8) -> Option<u8> {
    char::from(digit)
        .to_digit(16)
        .and_then(|value| u8::try_from(value).ok())
}

#[cfg(test)]
mod tests {
    use super::*;
    use num_bigint::{BigInt, Sign};
    use proptest::prelude::*;

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn num_bigint_pads_alike(
            // Bytes at the edges are as likely as all others.
            magnitude in prop::collection::vec(prop_oneof![Just(0), Just(0x7f), Just(0x80), Just(0xff), any::<u8>()], 0..34)
        ) {
            let positive = BigInt::from_bytes_be(Sign::Plus, &magnitude);
            prop_assert_eq!(&*pad(&magnitude), &positive.to_signed_bytes_be());
            prop_assert_eq!(&*pad_negative(&magnitude), &(-positive).to_signed_bytes_be());
        }
    }

    #[test]
    fn hex_round_trips_at_every_length() {
        for (text, bytes) in [
            ("0", &[0][..]),
            ("f", &[15]),
            ("0f", &[15]),
            ("123", &[1, 0x23]),
            ("FFff", &[255, 255]),
        ] {
            assert_eq!(from_hex(text.as_bytes(), 4).unwrap(), bytes, "{text}");
        }
        assert_eq!(to_hex(&[0, 0, 1, 0x20]), "120");
        assert_eq!(to_hex(&[0, 0]), "0");
        assert_eq!(to_hex(&[]), "0");
    }

    #[test]
    fn anything_else_is_not_hex() {
        for text in ["", "-1", "0x1", " 1", "1 ", "zz", "１", "12345"] {
            assert_eq!(from_hex(text.as_bytes(), 4), None, "{text:?}");
        }
    }

    #[test]
    fn pad_has_one_sign_byte_and_no_other_zero() {
        for (magnitude, padded) in [
            (&[][..], &[0][..]),
            (&[0, 0], &[0]),
            (&[1], &[1]),
            (&[0x7f], &[0x7f]),
            (&[0x80], &[0, 0x80]),
            (&[0, 0, 0x80, 0], &[0, 0x80, 0]),
        ] {
            assert_eq!(pad(magnitude)[..], *padded, "{magnitude:?}");
        }
    }
}
