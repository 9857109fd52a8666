//! The powers of the server's half, on crypto-bigint: arithmetic by others, so that client and
//! server do not share a mistake. No browser computes them.

use super::{claim, encoding::widen};
use crypto_bigint::{U256, U512, U3072, const_monty_params, modular::ConstMontyForm};
use group15::{G, N_HEX, Number};
use zeroize::Zeroizing;

/// `B = k·v + g^b mod N`.
pub(super) fn public(v: &Number, b: &[u8; 64]) -> Number {
    let g = Residue::new(&U3072::from_u8(G));
    let power = Zeroizing::new(g.pow(&secret(b)));
    let k = Residue::new(&U256::from_be_slice(&claim::K).resize());
    *out(&k.mul(&residue(v)).add(&power))
}

/// `S = (A·v^u)^b mod N`.
pub(super) fn premaster(a: &Number, v: &Number, u: &[u8; 32], b: &[u8; 64]) -> Zeroizing<Number> {
    let base = residue(a).mul(&residue(v).pow(&U256::from_be_slice(u)));
    out(&Zeroizing::new(base.pow(&secret(b))))
}

const_monty_params!(Modulus, U3072, N_HEX);

type Residue = ConstMontyForm<Modulus, { U3072::LIMBS }>;

fn residue(bytes: &Number) -> Residue {
    Residue::new(&U3072::from_be_slice(bytes))
}

fn secret(bytes: &[u8; 64]) -> Zeroizing<U512> {
    Zeroizing::new(U512::from_be_slice(bytes))
}

fn out(value: &Residue) -> Zeroizing<Number> {
    let retrieved = Zeroizing::new(value.retrieve());
    let encoded = retrieved.to_be_bytes();
    Zeroizing::new(widen(encoded.as_ref()))
}
