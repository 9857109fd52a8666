//! The powers, on any kernel. Values are in Montgomery form, `value·R`, unless said otherwise.

use crate::{Exponent, Kernel, Number, group, group::STRIDE, limbs};
use alloc::{vec, vec::Vec};
use core::slice;
use zeroize::{Zeroize, Zeroizing};

/// `g^e mod N`, big-endian.
pub fn pow_g<K: Kernel<L>, const L: usize>(e: &Exponent) -> Zeroizing<Number> {
    let power = power_of_g::<K, L>(e);
    wipe_stack();
    power
}

/// `(B − k·g^x)^e mod N`, big-endian, for `0 < B < N`.
pub fn premaster<K: Kernel<L>, const L: usize>(
    b: &Number,
    k: &[u8; 32],
    x: &Exponent,
    e: &Exponent,
) -> Zeroizing<Number> {
    let power = power_of_difference::<K, L>(b, k, x, e);
    wipe_stack();
    power
}

/// Overwrites what numbers the functions that have returned left on the stack: once for a power
/// costs nothing, for each of its products it would.
#[inline(never)]
fn wipe_stack() {
    [0_u64; 3072].zeroize();
}

#[inline(never)] // So that it is below what is wiped.
fn power_of_g<K: Kernel<L>, const L: usize>(e: &Exponent) -> Zeroizing<Number> {
    let ring = Ring::<K, L>::new();
    ring.number(ring.pow_g(e))
}

#[inline(never)] // As above.
fn power_of_difference<K: Kernel<L>, const L: usize>(
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
    // `k` is not in Montgomery form, so the product is not either.
    let k = limbs::split(&wide, K::WIDTH);
    ring.kernel.multiply(&mut kv, &k);
    *kv = limbs::reduce(&kv, K::WIDTH);
    let mut base = Zeroizing::new(limbs::split(b, K::WIDTH));
    *base = limbs::subtract(&base, &kv, K::WIDTH);
    *base = limbs::times_power(*base, Ring::<K, L>::R_BITS, K::WIDTH);
    ring.number(ring.pow(&base, e))
}

/// What is computed once for a power or two.
struct Ring<K, const L: usize> {
    one: [u64; L],
    kernel: K,
}

impl<K: Kernel<L>, const L: usize> Ring<K, L> {
    const R_BITS: usize = L * K::WIDTH as usize;

    /// The teeth in Montgomery form, in as many bytes as they need.
    const TEETH: [Number; 4] = {
        let mut teeth = group::TEETH;
        let mut at = 0;
        while at < teeth.len() {
            let tooth = limbs::split::<L>(&teeth[at], K::WIDTH);
            let residue = limbs::times_power(tooth, Self::R_BITS, K::WIDTH);
            teeth[at] = limbs::join(&residue, K::WIDTH);
            at += 1;
        }
        teeth
    };

    fn new() -> Self {
        // 2^3072 − N is 2^3072 modulo N.
        let above = Self::R_BITS - 8 * group::BYTES;
        Self {
            one: limbs::times_power(limbs::complement(K::WIDTH), above, K::WIDTH),
            kernel: K::new(&limbs::split(&group::N, K::WIDTH)),
        }
    }

    /// Takes a number out of Montgomery form.
    fn number(&self, mut residue: Zeroizing<[u64; L]>) -> Zeroizing<Number> {
        let mut one = [0; L];
        one[0] = 1;
        self.kernel.multiply(&mut residue, &one);
        *residue = limbs::reduce(&residue, K::WIDTH);
        Zeroizing::new(limbs::join(&residue, K::WIDTH))
    }

    fn pow_g(&self, e: &Exponent) -> Zeroizing<[u64; L]> {
        match e.bits() {
            0..=256 => self.comb(e, 2, 2),
            257..=512 => self.comb(e, 4, 1),
            // Three at a time, without a table.
            bits => self.by_digits(bits, 3, |power, place| {
                limbs::shift(power, e.digit(place, 3), K::WIDTH);
            }),
        }
    }

    /// `g^e`, so many bits at a time of each stretch between teeth.
    fn comb(&self, e: &Exponent, teeth: usize, width: usize) -> Zeroizing<[u64; L]> {
        let bases = Self::TEETH.map(|tooth| limbs::split(&tooth, K::WIDTH));
        let table = self.table(&bases[..teeth], width);
        self.by_digits(STRIDE, width, |power, place| {
            let digit = |tooth: usize| e.digit(tooth * STRIDE + place, width as u32);
            let join = |index, tooth| index << width | digit(tooth);
            self.times_entry(power, &table, (1..=teeth).rev().fold(0, join));
            limbs::shift(power, digit(0), K::WIDTH);
        })
    }

    /// `base^e`: four bits at a time.
    fn pow(&self, base: &[u64; L], e: &Exponent) -> Zeroizing<[u64; L]> {
        let table = self.table(slice::from_ref(base), 4);
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
                self.kernel.square(&mut power);
            }
            multiply(&mut power, place);
        }
        power
    }

    /// Products of the bases, each raised to a digit of so many bits of an entry's index, the first
    /// base to the lowest.
    #[inline(never)]
    fn table(&self, bases: &[[u64; L]], width: usize) -> Zeroizing<Vec<[u64; L]>> {
        let mut table = Zeroizing::new(vec![self.one; 1 << (bases.len() * width)]);
        let mut done = 1;
        for base in bases {
            let mut base = Zeroizing::new(*base);
            for bit in 0..width {
                if bit > 0 {
                    self.kernel.square(&mut base);
                }
                // What has been done already, and the same with this power of the base besides.
                let (before, with) = table.split_at_mut(done);
                with[0] = *base;
                for (to, from) in with.iter_mut().zip(before).skip(1) {
                    *to = *from;
                    self.kernel.multiply(to, &base);
                }
                done *= 2;
            }
        }
        table
    }

    fn times_entry(&self, power: &mut [u64; L], table: &[[u64; L]], index: u32) {
        let mut entry = K::select(table, index);
        self.kernel.multiply(power, &entry);
        entry.zeroize();
    }
}
