//! 51-bit limbs as floating-point numbers, two in a vector, for engines whose relaxed `madd`
//! rounds once.
//!
//! A product of two limbs has 102 bits, twice what a fraction holds. Added to 2^103 it is rounded
//! to a multiple of 2^51: its upper half. The rest is exact in a second step. Both results have an
//! exponent that is known, so their bits are integers with a constant on top, and are summed as
//! integers (after Niall Emmart's and others' use of it on graphics processors). The sums begin
//! with those constants taken off.

use crate::{
    Kernel, group,
    lanes::{Lanes, add, both_float, fused, high, low, pair, sub_float, to_float},
    limbs::{self, mask, split},
};
use core::array;

pub(crate) const L: usize = 62;
const WIDTH: u32 = 51;
const VECTORS: usize = L / 2;
const N: [u64; L] = split(&group::N, WIDTH);
/// The place of the last two limbs, which are no four.
const LAST: usize = VECTORS - 1;

const TWO_51: f64 = 2_251_799_813_685_248.0;
const TWO_103: f64 = TWO_51 * TWO_51 * 2.0;
/// Bits of the upper half of a product, if it is zero.
const UPPER: u64 = TWO_103.to_bits();
/// Bits of the lower half, if it is zero: it may be negative, and stays above 2^52 like this.
const LOWER: u64 = (3.0 * TWO_51).to_bits();

/// (−1/N − 1) / 2^64 modulo 2^38, for the 102 bits that two quotients have: −1/N is 1 + (N + 1)
/// modulo 2^128, and N + 1 ends in 64 zeros.
const INVERSE: u64 = ((N[1] >> 13) + 1) & mask(38);

/// The kernel for `relaxed-simd`.
pub struct Fused {
    n: [Lanes; VECTORS],
    /// Where the sums of a product begin, and those of a square.
    product: Sums,
    square: Sums,
}

impl Kernel<L> for Fused {
    const WIDTH: u32 = WIDTH;

    fn new(n: &[u64; L]) -> Self {
        Self {
            n: vectors(n),
            product: Sums::without(pairs),
            square: Sums::without(|place| pairs(place).div_ceil(2)),
        }
    }

    #[inline(never)]
    fn multiply(&self, value: &mut [u64; L], by: &[u64; L]) {
        let b = vectors(by);
        let mut sums = self.product;
        for (place, rows) in (0..).step_by(2).zip(value.as_chunks().0) {
            let rows = rows.map(spread);
            let above = sums.add(place, [rows[0], rows[1]], b[0], zero());
            sums.add_four_to_end(place + 1, &rows, &b, above);
        }
        sums.add_two(LAST, [value[L - 2], value[L - 1]].map(spread), &b);
        sums.reduce(&self.n, value);
    }

    #[inline(never)]
    fn square(&self, value: &mut [u64; L]) {
        let b = vectors(value);
        let mut sums = self.square;
        for (place, limbs) in (0..).step_by(2).zip(value.as_chunks().0) {
            // A pair by itself once, then by later ones twice.
            let twice = limbs.map(|limb| spread(2 * limb));
            let (first, at) = ([twice[0], twice[1]], 2 * place);
            let above = sums.add(at, own(limbs[0], limbs[1]), b[place], zero());
            let above = sums.add(at + 1, first, b[place + 1], above);
            let above = sums.add(at + 2, first, b[place + 2], above);
            let beside = sums.add(at + 2, own(limbs[2], limbs[3]), b[place + 1], zero());
            sums.add_four_to_end(at + 3, &twice, &b[place + 2..], add(above, beside));
        }
        sums.add_two(2 * LAST, own(value[L - 2], value[L - 1]), &b[LAST..]);
        sums.reduce(&self.n, value);
    }

    #[inline(never)]
    fn select(table: &[[u64; L]], index: u32) -> [u64; L] {
        limbs::select(table, index)
    }
}

/// Sums of products for two pairs of columns: one that begins at an even column, and the one that
/// begins at the next.
#[derive(Clone, Copy)]
struct Sums([[Lanes; 2]; 2 * VECTORS]);

impl Sums {
    /// Sums without the constants of what is to be added to them: at each place, pairs of limbs
    /// times so many vectors, and times those of a reduction.
    fn without(added: impl Fn(usize) -> usize) -> Self {
        let mut sums = Self([[zero(); 2]; 2 * VECTORS]);
        let mut before = 0;
        for (place, [even, odd]) in sums.0.iter_mut().enumerate() {
            let pairs = (added(place) + pairs(place)) as u64;
            let [lower, upper] = [LOWER, UPPER].map(|bits| bits.wrapping_mul(pairs).wrapping_neg());
            [*even, *odd] =
                [lower.wrapping_add(before), lower.wrapping_add(upper)].map(|sum| pair(sum, sum));
            before = upper;
        }
        sums
    }

    /// Adds two limbs times a vector and what is carried from the vector before. Returns what is
    /// carried on: the upper halves of the second limb's products.
    #[inline(always)]
    fn add(&mut self, place: usize, rows: [Lanes; 2], b: Lanes, carried: Lanes) -> Lanes {
        let [even, odd] = &mut self.0[place];
        let [first, second] = rows.map(|row| product(row, b));
        *even = add(*even, add(first.lower, carried));
        *odd = add(*odd, add(first.upper, second.lower));
        second.upper
    }

    /// Adds two limbs times some vectors.
    #[inline(always)]
    fn add_two(&mut self, place: usize, rows: [Lanes; 2], b: &[Lanes]) {
        let mut carried = zero();
        for (place, &b) in (place..).zip(b) {
            carried = self.add(place, rows, b, carried);
        }
        let [even, _] = &mut self.0[place + b.len()];
        *even = add(*even, carried);
    }

    /// Adds four limbs times some vectors: the first two from the second vector on, the others,
    /// which are one place higher, up to the last but one. Half as many loads and stores as by
    /// two. Returns what is carried on.
    #[inline(always)]
    fn add_four(
        &mut self,
        place: usize,
        rows: &[Lanes; 4],
        b: &[Lanes],
        mut carried: Lanes,
    ) -> Lanes {
        let mut before = b[0];
        for ([even, odd], &b) in self.0[place..].iter_mut().zip(&b[1..]) {
            let [first, second] = [rows[0], rows[1]].map(|row| product(row, b));
            let [third, fourth] = [rows[2], rows[3]].map(|row| product(row, before));
            *even = add(add(*even, carried), add(first.lower, third.lower));
            let upper = add(
                add(first.upper, second.lower),
                add(third.upper, fourth.lower),
            );
            *odd = add(*odd, upper);
            carried = add(second.upper, fourth.upper);
            before = b;
        }
        carried
    }

    /// As `add_four`, to the end: the last two limbs times the last vector too.
    #[inline(always)]
    fn add_four_to_end(&mut self, place: usize, rows: &[Lanes; 4], b: &[Lanes], carried: Lanes) {
        let carried = self.add_four(place, rows, b, carried);
        let end = place + b.len() - 1;
        let carried = self.add(end, [rows[2], rows[3]], b[b.len() - 1], carried);
        let [even, _] = &mut self.0[end + 1];
        *even = add(*even, carried);
    }

    /// Makes all limbs of the lower half zero by adding multiples of N, and leaves them out.
    #[inline(never)]
    fn reduce(&mut self, n: &[Lanes; VECTORS], product: &mut [u64; L]) {
        let mut step = self.begin_step(0, 0, n);
        for place in (2..LAST).step_by(2) {
            // The next quotients need the next two places alone: computed before the others are
            // summed, they are there when they are needed.
            let above = self.add_four(place, &step.quotients, &n[1..4], step.above);
            let next = self.begin_step(place, step.carry, n);
            self.add_four_to_end(place + 2, &step.quotients, &n[3..], above);
            step = next;
        }
        self.add_four_to_end(LAST, &step.quotients, &n[1..], step.above);
        let last = self.quotients(LAST, step.carry);
        self.add_two(LAST, last, n);
        let (_, mut carry) = self.carried(LAST, step.carry);
        for (place, limbs) in (VECTORS..).zip(product.as_chunks_mut().0) {
            (*limbs, carry) = self.carried(place, carry);
        }
    }

    /// Four quotients, and what of their products with N the next quotient of them needs.
    #[inline(always)]
    fn begin_step(&mut self, place: usize, carry: i64, n: &[Lanes]) -> Step {
        let [first, second] = self.quotients(place, carry);
        let above = self.add(place, [first, second], n[0], zero());
        let above = self.add(place + 1, [first, second], n[1], above);
        let (_, carry) = self.carried(place, carry);
        let [third, fourth] = self.quotients(place + 1, carry);
        let beside = self.add(place + 1, [third, fourth], n[0], zero());
        let (_, carry) = self.carried(place + 1, carry);
        Step {
            quotients: [first, second, third, fourth],
            above: add(above, beside),
            carry,
        }
    }

    /// Two columns, but for what is carried into the first.
    fn two(&self, place: usize) -> [u64; 2] {
        let [even, odd] = self.0[place];
        [low(even), high(even).wrapping_add(low(odd))]
    }

    /// Their limbs, and what is carried into the next. Columns may be negative.
    fn carried(&self, place: usize, mut carry: i64) -> ([u64; 2], i64) {
        let limbs = self.two(place).map(|column| {
            let sum = column.cast_signed().wrapping_add(carry);
            carry = sum >> WIDTH;
            sum.cast_unsigned() & mask(WIDTH)
        });
        let [_, odd] = self.0[place];
        (limbs, carry.wrapping_add(high(odd).cast_signed()))
    }

    /// The multiples of N, for two limbs of N, that make two columns zero.
    fn quotients(&self, place: usize, carry: i64) -> [Lanes; 2] {
        // These columns still lack the lowest products with N, whose constants are taken off.
        let [first, second] = self.two(place);
        let first = first.wrapping_add(LOWER).cast_signed().wrapping_add(carry);
        let second = second
            .wrapping_add(LOWER)
            .wrapping_add(UPPER)
            .wrapping_add(LOWER);
        let second = second
            .cast_signed()
            .wrapping_add(first >> WIDTH)
            .cast_unsigned();
        let first = first.cast_unsigned() & mask(WIDTH);
        // The lower 64 bits of −1/N are 1: only the second limb sees the rest.
        let second = second.wrapping_add(first.wrapping_mul(INVERSE) << 13) & mask(WIDTH);
        [first, second].map(spread)
    }
}

/// How many pairs of limbs meet a vector at a place, if all meet all.
fn pairs(place: usize) -> usize {
    (place + 1).min((2 * VECTORS - 1).saturating_sub(place))
}

/// Four limbs of a reduction, and what they carry: as vectors, and out of the columns below.
struct Step {
    quotients: [Lanes; 4],
    above: Lanes,
    carry: i64,
}

/// Both halves of the products of two pairs of limbs, as bits.
struct Product {
    lower: Lanes,
    upper: Lanes,
}

#[inline(always)]
fn product(a: Lanes, b: Lanes) -> Product {
    let upper = fused(a, b, both_float(TWO_103));
    let rest = sub_float(both_float(TWO_103 + 3.0 * TWO_51), upper);
    let lower = fused(a, b, rest);
    Product { lower, upper }
}

/// Two limbs as the rows of their own pair: the lower one by both, the upper one by itself.
fn own(low: u64, high: u64) -> [Lanes; 2] {
    [to_float(pair(low, 2 * low)), to_float(pair(0, high))]
}

/// A limb in both places of a vector.
fn spread(limb: u64) -> Lanes {
    to_float(pair(limb, limb))
}

fn vectors(limbs: &[u64; L]) -> [Lanes; VECTORS] {
    array::from_fn(|at| to_float(pair(limbs[2 * at], limbs[2 * at + 1])))
}

fn zero() -> Lanes {
    pair(0, 0)
}
