//! The two secret powers of a handshake, behind one small trait.
//!
//! An implementation must take the same steps whatever the secrets are: no branch, no
//! index and no loop count may depend on them.

use super::{
    encoding::widen,
    group::{self, BYTES, G, K, N_HEX},
};
use crypto_bigint::{Limb, U256, U3072, Uint, const_monty_params, modular::ConstMontyForm};
use zeroize::{Zeroize, Zeroizing};

/// What a big-number implementation has to offer.
pub(super) trait Kernel {
    /// `g^e mod N`, big-endian.
    fn pow_g(&self, e: &Exponent) -> Zeroizing<[u8; BYTES]>;

    /// `(B − k·g^x)^e mod N`, big-endian, for `0 < B < N`.
    fn premaster(&self, b: &[u8; BYTES], x: &Exponent, e: &Exponent) -> Zeroizing<[u8; BYTES]>;
}

/// Limbs of 1,088 bits: `a` has at most 1,024, and `a + u·x` one more.
const LIMBS: usize = 1088 / Limb::BITS as usize;

/// A secret exponent. Its length in bits is public.
#[derive(Clone, Zeroize)]
#[zeroize(drop)]
pub(super) struct Exponent {
    value: Uint<LIMBS>,
    bits: u32,
}

impl Exponent {
    /// At most 128 big-endian bytes.
    pub(super) fn from_be_bytes(bytes: &[u8]) -> Option<Self> {
        let bits = u32::try_from(bytes.len())
            .ok()
            .filter(|&len| len <= 128)?
            .checked_mul(8)?;
        let wide = Zeroizing::new(widen::<{ 1088 / 8 }>(bytes));
        Some(Self {
            value: Uint::from_be_slice(wide.as_slice()),
            bits,
        })
    }

    /// `self + u·x`: the exponent of the client's `S`.
    pub(super) fn plus_product(&self, u: &[u8; 32], x: &[u8; 32]) -> Self {
        let x = Zeroizing::new(U256::from_be_slice(x));
        let product = Zeroizing::new(
            U256::from_be_slice(u)
                .concatenating_mul(&*x)
                .resize::<LIMBS>(),
        );
        Self {
            value: self.value.wrapping_add(&product),
            // Both terms are below 2^max(bits, 512), so their sum needs one bit more.
            bits: self.bits.max(512).saturating_add(1),
        }
    }

    #[cfg(test)]
    fn to_biguint(&self) -> num_bigint::BigUint {
        num_bigint::BigUint::from_bytes_be(self.value.to_be_bytes().as_ref())
    }
}

/// On crypto-bigint: constant-time Montgomery multiplication with a fixed window.
pub(super) struct Portable;

const_monty_params!(Modulus, U3072, N_HEX);

impl Kernel for Portable {
    fn pow_g(&self, e: &Exponent) -> Zeroizing<[u8; BYTES]> {
        out(&pow_g(e))
    }

    fn premaster(&self, b: &[u8; BYTES], x: &Exponent, e: &Exponent) -> Zeroizing<[u8; BYTES]> {
        let kv = Zeroizing::new(k().mul(&pow_g(x)));
        let base = Zeroizing::new(residue(b).sub(&kv));
        out(&Zeroizing::new(base.pow_bounded_exp(&e.value, e.bits)))
    }
}

/// The server's two values. They stand here because they use the same arithmetic, outside
/// the trait because no browser computes them.
pub(super) mod server {
    use super::*;

    /// `B = k·v + g^b mod N`.
    pub(in super::super) fn public(v: &[u8; BYTES], b: &Exponent) -> [u8; BYTES] {
        *out(&k().mul(&residue(v)).add(&pow_g(b)))
    }

    /// `S = (A·v^u)^b mod N`.
    pub(in super::super) fn premaster(
        a: &[u8; BYTES],
        v: &[u8; BYTES],
        u: &[u8; 32],
        b: &Exponent,
    ) -> Zeroizing<[u8; BYTES]> {
        let base = residue(a).mul(&residue(v).pow(&U256::from_be_slice(u)));
        out(&Zeroizing::new(base.pow_bounded_exp(&b.value, b.bits)))
    }
}

type Residue = ConstMontyForm<Modulus, { U3072::LIMBS }>;

fn pow_g(e: &Exponent) -> Zeroizing<Residue> {
    Zeroizing::new(Residue::new(&U3072::from_u8(G)).pow_bounded_exp(&e.value, e.bits))
}

fn k() -> Residue {
    Residue::new(&U256::from_be_slice(&K).resize())
}

fn residue(bytes: &[u8; group::BYTES]) -> Residue {
    Residue::new(&U3072::from_be_slice(bytes))
}

fn out(value: &Residue) -> Zeroizing<[u8; BYTES]> {
    let retrieved = Zeroizing::new(value.retrieve());
    let encoded = retrieved.to_be_bytes();
    Zeroizing::new(widen(encoded.as_ref()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use num_bigint::BigUint;
    use proptest::prelude::*;

    /// The same two powers on num-bigint: slow, variable-time, written by others.
    struct Oracle;

    fn n() -> BigUint {
        BigUint::from_bytes_be(&group::N)
    }

    fn wide(value: BigUint) -> Zeroizing<[u8; BYTES]> {
        Zeroizing::new(widen(&value.to_bytes_be()))
    }

    impl Kernel for Oracle {
        fn pow_g(&self, e: &Exponent) -> Zeroizing<[u8; BYTES]> {
            wide(BigUint::from(G).modpow(&e.to_biguint(), &n()))
        }

        fn premaster(&self, b: &[u8; BYTES], x: &Exponent, e: &Exponent) -> Zeroizing<[u8; BYTES]> {
            let v = BigUint::from(G).modpow(&x.to_biguint(), &n());
            let kv = BigUint::from_bytes_be(&K) * v % n();
            let base = (BigUint::from_bytes_be(b) + n() - kv) % n();
            wide(base.modpow(&e.to_biguint(), &n()))
        }
    }

    fn exponent() -> impl Strategy<Value = Vec<u8>> {
        prop_oneof![
            proptest::collection::vec(any::<u8>(), 1..=128),
            Just(vec![0; 64]),
            Just(vec![0xff; 64]),
            Just(vec![0xff; 128]),
            Just([vec![0; 63], vec![1]].concat()),
        ]
    }

    fn below_n() -> impl Strategy<Value = Vec<u8>> {
        let n_minus = |d: u32| (n() - d).to_bytes_be();
        prop_oneof![
            proptest::collection::vec(any::<u8>(), 383),
            Just(vec![1]),
            Just(vec![2]),
            Just(n_minus(1)),
            Just(n_minus(2)),
        ]
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(48) })]

        #[test]
        fn agrees_with_num_bigint(a in exponent(), b in below_n(), u: [u8; 32], x: [u8; 32]) {
            let a = Exponent::from_be_bytes(&a).unwrap();
            let x_exponent = Exponent::from_be_bytes(&x).unwrap();
            let e = a.plus_product(&u, &x);
            prop_assert_eq!(
                e.to_biguint(),
                a.to_biguint() + BigUint::from_bytes_be(&u) * BigUint::from_bytes_be(&x)
            );
            let b = widen(&b);
            prop_assert_eq!(Portable.pow_g(&a), Oracle.pow_g(&a));
            prop_assert_eq!(Portable.premaster(&b, &x_exponent, &e), Oracle.premaster(&b, &x_exponent, &e));
        }
    }

    #[test]
    fn exponents_over_128_bytes_are_refused() {
        assert!(Exponent::from_be_bytes(&[0; 129]).is_none());
    }
}
