//! The powers, on any kernel. Values are in Montgomery form, `value·R`, unless said otherwise.

use crate::{Exponent, Kernel, Number, group, group::STRIDE, limbs};
use alloc::vec::Vec;
use core::marker::PhantomData;
use zeroize::{Zeroize, Zeroizing};

/// `g^e mod N`, big-endian.
pub fn pow_g<K: Kernel<L>, const L: usize>(e: &Exponent) -> Zeroizing<Number> {
    let ring = Ring::<K, L>::new();
    ring.number(&ring.pow_g(e))
}

/// `(B − k·g^x)^e mod N`, big-endian, for `0 < B < N`.
pub fn premaster<K: Kernel<L>, const L: usize>(
    b: &Number,
    k: &[u8; 32],
    x: &Exponent,
    e: &Exponent,
) -> Zeroizing<Number> {
    let ring = Ring::<K, L>::new();
    let mut wide = [0; group::BYTES];
    for (to, from) in wide.iter_mut().rev().zip(k.iter().rev()) {
        *to = *from;
    }
    let kv = Zeroizing::new(K::multiply(&ring.residue(&wide), &ring.pow_g(x)));
    // A product is at most N + 1.
    let base = Zeroizing::new(limbs::subtract(&ring.residue(b), &kv, 2, K::WIDTH));
    ring.number(&ring.pow(&base, e))
}

/// What is computed once for a power or two.
struct Ring<K, const L: usize> {
    one: [u64; L],
    r_squared: [u64; L],
    kernel: PhantomData<K>,
}

impl<K: Kernel<L>, const L: usize> Ring<K, L> {
    const R_BITS: usize = L * K::WIDTH as usize;

    fn new() -> Self {
        // 2^3072 − N has 64 bits less than N, because the highest 64 of N are ones.
        let mut one = limbs::split(&group::N.map(|byte| !byte), K::WIDTH);
        one[0] += 1;
        for _ in 8 * group::BYTES..Self::R_BITS {
            limbs::shift(&mut one, 1, K::WIDTH);
        }
        let mut ring = Self {
            one,
            r_squared: one,
            kernel: PhantomData,
        };
        // R itself is a power of g.
        let [low, high, ..] = Self::R_BITS.to_le_bytes();
        if let Some(bits) = Exponent::from_be_bytes(&[high, low]) {
            ring.r_squared = *ring.ladder(&bits);
        }
        ring
    }

    /// Takes a number into Montgomery form.
    fn residue(&self, number: &Number) -> [u64; L] {
        K::multiply(&limbs::split(number, K::WIDTH), &self.r_squared)
    }

    /// And back.
    fn number(&self, residue: &[u64; L]) -> Zeroizing<Number> {
        let mut one = [0; L];
        one[0] = 1;
        let mut number = K::multiply(residue, &one);
        let mut reduced = limbs::reduce(&number, K::WIDTH);
        let bytes = Zeroizing::new(limbs::join(&reduced, K::WIDTH));
        number.zeroize();
        reduced.zeroize();
        bytes
    }

    fn pow_g(&self, e: &Exponent) -> Zeroizing<[u64; L]> {
        match e.bits() {
            0..=256 => self.two_teeth(e),
            257..=512 => self.four_teeth(e),
            _ => self.ladder(e),
        }
    }

    /// `g^e` for short exponents: three bits of each half at a time.
    fn two_teeth(&self, e: &Exponent) -> Zeroizing<[u64; L]> {
        let tooth = self.residue(&group::TEETH[0]);
        let table = self.table(&tooth, 8);
        let mut power = Zeroizing::new(self.one);
        for place in (0..STRIDE).step_by(3).rev() {
            for _ in 0..3 {
                *power = K::square(&power);
            }
            self.times_entry(&mut power, &table, e.digit(STRIDE + place, 3));
            limbs::shift(&mut power, e.digit(place, 3), K::WIDTH);
        }
        power
    }

    /// `g^e` for longer exponents: one bit of each quarter at a time.
    fn four_teeth(&self, e: &Exponent) -> Zeroizing<[u64; L]> {
        let teeth = group::TEETH.map(|tooth| self.residue(&tooth));
        let mut table = [self.one; 8];
        for at in 1..8_usize {
            // Without its lowest bit, the index has an earlier entry.
            table[at] = match at & (at - 1) {
                0 => teeth[at.ilog2() as usize],
                rest => K::multiply(&table[rest], &table[at ^ rest]),
            };
        }
        let mut power = Zeroizing::new(self.one);
        for place in (0..STRIDE).rev() {
            *power = K::square(&power);
            let bit = |tooth: usize| e.digit(tooth * STRIDE + place, 1);
            self.times_entry(&mut power, &table, bit(1) | bit(2) << 1 | bit(3) << 2);
            limbs::shift(&mut power, bit(0), K::WIDTH);
        }
        power
    }

    /// `g^e` for any exponent: three bits at a time, without a table.
    fn ladder(&self, e: &Exponent) -> Zeroizing<[u64; L]> {
        let mut power = Zeroizing::new(self.one);
        for place in (0..e.bits()).step_by(3).rev() {
            for _ in 0..3 {
                *power = K::square(&power);
            }
            limbs::shift(&mut power, e.digit(place, 3), K::WIDTH);
        }
        power
    }

    /// `base^e`: five bits at a time.
    fn pow(&self, base: &[u64; L], e: &Exponent) -> Zeroizing<[u64; L]> {
        let table = self.table(base, 32);
        let mut power = Zeroizing::new(self.one);
        for place in (0..e.bits()).step_by(5).rev() {
            for _ in 0..5 {
                *power = K::square(&power);
            }
            self.times_entry(&mut power, &table, e.digit(place, 5));
        }
        power
    }

    /// The powers of `base` from 0 up.
    fn table(&self, base: &[u64; L], entries: usize) -> Zeroizing<Vec<[u64; L]>> {
        // The whole capacity at once: a growing vector would leave unwiped copies behind.
        let mut table = Zeroizing::new(Vec::with_capacity(entries));
        table.push(self.one);
        for at in 1..entries {
            let next = K::multiply(&table[at - 1], base);
            table.push(next);
        }
        table
    }

    fn times_entry(&self, power: &mut [u64; L], table: &[[u64; L]], index: u32) {
        let mut entry = limbs::select(table, index);
        *power = K::multiply(power, &entry);
        entry.zeroize();
    }
}
