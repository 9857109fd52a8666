//! The powers, on any kernel. Values are in Montgomery form, `value·R`, unless said otherwise.

use crate::{Exponent, Kernel, Number, group, group::STRIDE, limbs};
use alloc::vec::Vec;
use core::marker::PhantomData;
use zeroize::{Zeroize, Zeroizing};

/// `g^e mod N`, big-endian.
pub fn pow_g<K: Kernel<L>, const L: usize>(e: &Exponent) -> Zeroizing<Number> {
    let ring = Ring::<K, L>::new();
    ring.number(ring.pow_g(e))
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
    let mut kv = ring.pow_g(x);
    K::multiply(&mut kv, &ring.residue(&wide));
    // A product is at most N + 1.
    let base = Zeroizing::new(limbs::subtract(&ring.residue(b), &kv, 2, K::WIDTH));
    ring.number(ring.pow(&base, e))
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
        // R itself is a power of g, by an exponent of 12 bits.
        let [low, high, ..] = Self::R_BITS.to_le_bytes();
        if let Some(e) = Exponent::from_be_bytes(&[high, low]) {
            ring.r_squared = *ring.ladder(&e, 12);
        }
        ring
    }

    /// Takes a number into Montgomery form.
    fn residue(&self, number: &Number) -> [u64; L] {
        let mut residue = limbs::split(number, K::WIDTH);
        K::multiply(&mut residue, &self.r_squared);
        residue
    }

    /// And back.
    fn number(&self, mut residue: Zeroizing<[u64; L]>) -> Zeroizing<Number> {
        let mut one = [0; L];
        one[0] = 1;
        K::multiply(&mut residue, &one);
        *residue = limbs::reduce(&residue, K::WIDTH);
        Zeroizing::new(limbs::join(&residue, K::WIDTH))
    }

    fn pow_g(&self, e: &Exponent) -> Zeroizing<[u64; L]> {
        match e.bits() {
            0..=256 => self.two_teeth(e),
            257..=512 => self.four_teeth(e),
            bits => self.ladder(e, bits),
        }
    }

    /// `g^e` for short exponents: three bits of each half at a time.
    fn two_teeth(&self, e: &Exponent) -> Zeroizing<[u64; L]> {
        let tooth = self.residue(&group::TEETH[0]);
        let table = self.table(&tooth, 8);
        self.by_digits(STRIDE, 3, |power, place| {
            self.times_entry(power, &table, e.digit(STRIDE + place, 3));
            limbs::shift(power, e.digit(place, 3), K::WIDTH);
        })
    }

    /// `g^e` for longer exponents: one bit of each quarter at a time.
    fn four_teeth(&self, e: &Exponent) -> Zeroizing<[u64; L]> {
        let teeth = group::TEETH.map(|tooth| self.residue(&tooth));
        let mut table = [self.one; 8];
        for (place, tooth) in teeth.iter().enumerate() {
            // What has been done already, with this tooth besides.
            let (done, next) = table.split_at_mut(1 << place);
            next[0] = *tooth;
            for (to, from) in next.iter_mut().zip(done).skip(1) {
                *to = *from;
                K::multiply(to, tooth);
            }
        }
        self.by_digits(STRIDE, 1, |power, place| {
            let bit = |tooth: usize| e.digit(tooth * STRIDE + place, 1);
            self.times_entry(power, &table, bit(1) | bit(2) << 1 | bit(3) << 2);
            limbs::shift(power, bit(0), K::WIDTH);
        })
    }

    /// `g^e` for any exponent of so many bits: three at a time, without a table.
    fn ladder(&self, e: &Exponent, bits: usize) -> Zeroizing<[u64; L]> {
        self.by_digits(bits, 3, |power, place| {
            limbs::shift(power, e.digit(place, 3), K::WIDTH);
        })
    }

    /// `base^e`: four bits at a time.
    fn pow(&self, base: &[u64; L], e: &Exponent) -> Zeroizing<[u64; L]> {
        let table = self.table(base, 16);
        self.by_digits(e.bits(), 4, |power, place| {
            self.times_entry(power, &table, e.digit(place, 4));
        })
    }

    /// Goes down an exponent, so many bits at a time: raises the power by that many squarings, and
    /// has it multiplied by what the digit at a place stands for.
    fn by_digits(
        &self,
        bits: usize,
        width: usize,
        multiply: impl Fn(&mut [u64; L], usize),
    ) -> Zeroizing<[u64; L]> {
        let mut power = Zeroizing::new(self.one);
        let mut places = (0..bits).step_by(width).rev();
        // Above the first digit there is nothing to square.
        if let Some(first) = places.next() {
            multiply(&mut power, first);
        }
        for place in places {
            for _ in 0..width {
                K::square(&mut power);
            }
            multiply(&mut power, place);
        }
        power
    }

    /// The powers of `base` from 0 up.
    fn table(&self, base: &[u64; L], entries: usize) -> Zeroizing<Vec<[u64; L]>> {
        // The whole capacity at once: a growing vector would leave unwiped copies behind.
        let mut table = Zeroizing::new(Vec::with_capacity(entries));
        table.push(self.one);
        for at in 1..entries {
            let previous = table[at - 1];
            table.push(previous);
            K::multiply(&mut table[at], base);
        }
        table
    }

    fn times_entry(&self, power: &mut [u64; L], table: &[[u64; L]], index: u32) {
        let mut entry = K::select(table, index);
        K::multiply(power, &entry);
        entry.zeroize();
    }
}
