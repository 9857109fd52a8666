//! Secret exponents.

use zeroize::{Zeroize, Zeroizing};

/// `a` has at most 1,024 bits, and `a + u·x` one more.
const BYTES: usize = 129;

/// A secret exponent. Its length in bits is public.
#[derive(Clone, Zeroize)]
#[zeroize(drop)]
pub struct Exponent {
    little_endian: [u8; BYTES],
    bits: usize,
}

impl Exponent {
    /// Reads at most 128 big-endian bytes; `None` if there are more.
    pub fn from_be_bytes(bytes: &[u8]) -> Option<Self> {
        if bytes.len() >= BYTES {
            return None;
        }
        let mut little_endian = [0; BYTES];
        for (to, from) in little_endian.iter_mut().zip(bytes.iter().rev()) {
            *to = *from;
        }
        let bits = 8 * bytes.len();
        Some(Self {
            little_endian,
            bits,
        })
    }

    /// `self + u·x`: the exponent of the client's `S`. `u` and `x` are big-endian.
    #[must_use]
    pub fn plus_product(&self, u: &[u8; 32], x: &[u8; 32]) -> Self {
        // A column has at most 32 products of bytes: none overflows.
        let mut columns = Zeroizing::new([0_u32; BYTES]);
        for (place, u) in u.iter().rev().enumerate() {
            for (column, x) in columns[place..].iter_mut().zip(x.iter().rev()) {
                *column += u32::from(*u) * u32::from(*x);
            }
        }
        let mut sum = self.clone();
        // Both terms are below 2^max(bits, 512), so their sum needs one bit more.
        sum.bits = self.bits.max(512) + 1;
        let mut carry = 0;
        for (byte, column) in sum.little_endian.iter_mut().zip(columns.iter()) {
            carry += u32::from(*byte) + column;
            *byte = carry.to_le_bytes()[0];
            carry >>= 8;
        }
        sum
    }

    /// The whole number, big-endian.
    pub fn to_be_bytes(&self) -> Zeroizing<[u8; BYTES]> {
        let mut bytes = Zeroizing::new(self.little_endian);
        bytes.reverse();
        bytes
    }

    /// How many bits it may have.
    pub(crate) fn bits(&self) -> usize {
        self.bits
    }

    /// `width` bits, at most 8, from this place up.
    pub(crate) fn digit(&self, place: usize, width: u32) -> u32 {
        let byte = |at: usize| u32::from(self.little_endian.get(at).copied().unwrap_or(0));
        let two = byte(place / 8) | byte(place / 8 + 1) << 8;
        two >> (place % 8) & ((1 << width) - 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use num_bigint::BigUint;

    fn number(e: &Exponent) -> BigUint {
        BigUint::from_bytes_be(&*e.to_be_bytes())
    }

    #[test]
    fn exponents_over_128_bytes_are_refused() {
        assert!(Exponent::from_be_bytes(&[0; 128]).is_some());
        assert!(Exponent::from_be_bytes(&[0; 129]).is_none());
    }

    #[test]
    fn the_exponent_of_s_is_a_sum_that_fits() {
        let ones = BigUint::from_bytes_be(&[255; 32]);
        for (length, bits) in [(1, 513), (32, 513), (64, 513), (128, 1025)] {
            let a = Exponent::from_be_bytes(&[255; 128][..length]).unwrap();
            let e = a.plus_product(&[255; 32], &[255; 32]);
            assert_eq!(number(&e), number(&a) + &ones * &ones);
            assert_eq!(e.bits(), bits);
            assert!(number(&e).bits() <= bits as u64);
        }
    }

    #[test]
    fn a_digit_is_read_from_any_place() {
        let bytes: [u8; 128] = core::array::from_fn(|at| (at * 73 + 41) as u8);
        let e = Exponent::from_be_bytes(&bytes).unwrap();
        for place in 0..1030 {
            let expected = (number(&e) >> place) & BigUint::from(31_u8);
            assert_eq!(BigUint::from(e.digit(place, 5)), expected, "place {place}");
        }
    }
}
