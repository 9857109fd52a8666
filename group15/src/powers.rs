//! The powers, on any kernel. Values are in Montgomery form, `value·R`, unless said otherwise.

use crate::{Exponent, Kernel, Number, group, group::STRIDE, limbs, wiped};
use alloc::{boxed::Box, vec, vec::Vec};
use core::slice;
use zeroize::{Zeroize, Zeroizing};

/// Squarings of a part, about: some milliseconds on a slow telephone.
const PART: usize = 48;

/// A power on the way. It is computed in parts, for a page must not be kept from all else for long.
pub struct Power<K, const L: usize>(Box<Ladder<K, L>>);

impl<K: Kernel<L>, const L: usize> Power<K, L> {
    /// `g^e mod N`.
    pub fn of_g(e: &Exponent) -> Self {
        wiped(|| Self(Box::new(Ladder::of_g(e, None))))
    }

    /// `(B − k·g^x)^e mod N`, for `0 < B < N`.
    pub fn premaster(b: &Number, k: &[u8; 32], x: &Exponent, e: &Exponent) -> Self {
        wiped(|| {
            let (b, k, e) = (*b, *k, e.clone());
            let difference = Box::new(Difference { b, k, e });
            Self(Box::new(Ladder::of_g(x, Some(difference))))
        })
    }

    /// Computes a part, and tells whether it was the last.
    pub fn advance(&mut self) -> bool {
        wiped(|| self.0.advance())
    }

    /// Computes what is left. Big-endian.
    pub fn finish(mut self) -> Zeroizing<Number> {
        while !self.advance() {}
        wiped(|| self.0.number())
    }
}

/// Goes down an exponent that is cut into stretches, some bits of each at a time.
struct Ladder<K, const L: usize> {
    kernel: K,
    one: [u64; L],
    exponent: Exponent,
    comb: Comb,
    table: Zeroizing<Vec<[u64; L]>>,
    /// The lowest bit of each stretch that has been done.
    place: usize,
    power: Zeroizing<[u64; L]>,
    /// What is raised when this power is done. By itself: an option that is none keeps in its
    /// place what was there before.
    then: Option<Box<Difference>>,
}

/// `(B − k·power)^e`, where `B` and `k` are not in Montgomery form.
struct Difference {
    b: Number,
    k: [u8; 32],
    e: Exponent,
}

/// How an exponent is cut, which its length alone decides.
#[derive(Clone, Copy)]
struct Comb {
    /// Bits of a stretch.
    stride: usize,
    /// Bits at a time.
    width: usize,
    /// The first stretch whose base is in the table: below it is that of `g`, whose powers are
    /// shifts.
    first: usize,
    /// How many bases are in the table.
    teeth: usize,
}

impl<K: Kernel<L>, const L: usize> Ladder<K, L> {
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

    fn of_g(exponent: &Exponent, then: Option<Box<Difference>>) -> Self {
        let (stride, width, teeth) = match exponent.bits() {
            0..=256 => (STRIDE, 2, 2),
            257..=512 => (STRIDE, 1, 4),
            bits => (bits, 3, 0),
        };
        // 2^3072 − N is 2^3072 modulo N.
        let above = Self::R_BITS - 8 * group::BYTES;
        let mut ladder = Self {
            kernel: K::new(&limbs::split(&group::N, K::WIDTH)),
            one: limbs::times_power(limbs::complement(K::WIDTH), above, K::WIDTH),
            exponent: exponent.clone(),
            comb: Comb {
                stride,
                width,
                first: 1,
                teeth,
            },
            table: Zeroizing::new(Vec::new()),
            place: 0,
            power: Zeroizing::new([0; L]),
            then,
        };
        let bases = Self::TEETH.map(|tooth| limbs::split(&tooth, K::WIDTH));
        ladder.begin(&bases[..teeth]);
        ladder
    }

    /// Goes to the top, with a table of these bases.
    fn begin(&mut self, bases: &[[u64; L]]) {
        let Comb { stride, width, .. } = self.comb;
        self.table = self.table(bases, width);
        self.place = stride.next_multiple_of(width);
        *self.power = self.one;
    }

    fn advance(&mut self) -> bool {
        for _ in 0..PART / self.comb.width {
            if self.place > 0 {
                self.go_down();
            }
        }
        match self.then.take() {
            Some(difference) if self.place == 0 => self.raise(&difference),
            then => self.then = then,
        }
        self.place == 0
    }

    fn go_down(&mut self) {
        let Comb {
            stride,
            width,
            first,
            teeth,
        } = self.comb;
        // Above the first digit there is nothing to square.
        if self.place < stride {
            for _ in 0..width {
                self.kernel.square(&mut self.power);
            }
        }
        self.place -= width;
        let digit = |stretch| {
            let place = stretch * stride + self.place;
            self.exponent.digit(place, width as u32)
        };
        if teeth > 0 {
            let join = |index, stretch| index << width | digit(stretch);
            let index = (first..first + teeth).rev().fold(0, join);
            let mut entry = K::select(&self.table, index);
            self.kernel.multiply(&mut self.power, &entry);
            entry.zeroize();
        }
        if first > 0 {
            limbs::shift(&mut self.power, digit(0), K::WIDTH);
        }
    }

    /// Begins the power of a difference, four bits at a time.
    fn raise(&mut self, Difference { b, k, e }: &Difference) {
        let mut wide = [0; group::BYTES];
        for (to, from) in wide.iter_mut().rev().zip(k.iter().rev()) {
            *to = *from;
        }
        // `k` is not in Montgomery form, so the product is not either.
        let k = limbs::split(&wide, K::WIDTH);
        self.kernel.multiply(&mut self.power, &k);
        let kv = Zeroizing::new(limbs::reduce(&self.power, K::WIDTH));
        let mut base = Zeroizing::new(limbs::split(b, K::WIDTH));
        *base = limbs::subtract(&base, &kv, K::WIDTH);
        *base = limbs::times_power(*base, Self::R_BITS, K::WIDTH);
        self.comb = Comb {
            stride: e.bits(),
            width: 4,
            first: 0,
            teeth: 1,
        };
        self.exponent.clone_from(e);
        self.begin(slice::from_ref(&base));
    }

    /// Products of the bases, each raised to a digit of so many bits of an entry's index, the first
    /// base to the lowest.
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

    /// Takes the power out of Montgomery form.
    fn number(&mut self) -> Zeroizing<Number> {
        let mut one = [0; L];
        one[0] = 1;
        self.kernel.multiply(&mut self.power, &one);
        *self.power = limbs::reduce(&self.power, K::WIDTH);
        Zeroizing::new(limbs::join(&self.power, K::WIDTH))
    }
}
