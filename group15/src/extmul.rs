//! 28-bit limbs, four in a vector, for engines with `simd128`.
//!
//! `extmul` gives two products of 56 bits at once, of neighbouring columns. Pairs of columns that
//! begin at an even one are summed in one array, those that begin at an odd one in another, so
//! that every sum is aligned. Four rows of the product are added in one go.

use crate::{
    Kernel, group,
    lanes::{Lanes, add, four, high, low, mul_high, mul_low, narrow, pair},
    limbs::{self, mask, split},
};
use core::array;

const L: usize = 112;
const WIDTH: u32 = 28;
const VECTORS: usize = L / 4;
const N: [u64; L] = split(&group::N, WIDTH);

static N_VECTORS: [Lanes; VECTORS] = {
    let mut vectors = [pair(0, 0); VECTORS];
    let mut at = 0;
    while at < VECTORS {
        let place = 4 * at;
        vectors[at] = pair(
            N[place] | N[place + 1] << 32,
            N[place + 2] | N[place + 3] << 32,
        );
        at += 1;
    }
    vectors
};

/// (−1/N − 1) / 2^64 modulo 2^48, for the 112 bits that four quotients have: −1/N is
/// 1 + (N + 1) modulo 2^128, and N + 1 ends in 64 zeros.
const INVERSE: u64 = {
    // Bits 64 to 112 of N, which are those of N + 1 less the carry that its ones below make.
    let above = N[2] >> 8 | N[3] << 20;
    (above + 1) & mask(48)
};

/// The kernel for `simd128`.
pub struct Extmul;

impl Kernel<L> for Extmul {
    const WIDTH: u32 = WIDTH;

    #[inline(never)]
    fn multiply(value: &mut [u64; L], by: &[u64; L]) {
        let b = vectors(by);
        let mut columns = Columns::new();
        for (place, rows) in value.as_chunks().0.iter().enumerate() {
            columns.add_to_end(place, &rows.map(spread), &b, zero());
        }
        columns.reduce(value);
    }

    #[inline(never)]
    fn square(value: &mut [u64; L]) {
        let b = vectors(value);
        let mut columns = Columns::new();
        for (place, rows) in value.as_chunks().0.iter().enumerate() {
            // Products of these four with each other once, those with later ones twice.
            let twice = rows.map(|limb| spread(2 * limb));
            let (own, later) = b[place..].split_at(1);
            let above = columns.add(2 * place, &rows.map(spread), own, zero());
            columns.add_to_end(2 * place + 1, &twice, later, above);
        }
        columns.reduce(value);
    }

    #[inline(never)]
    fn select(table: &[[u64; L]], index: u32) -> [u64; L] {
        limbs::select(table, index)
    }
}

/// Sums of products, each for four columns: `even` for two that begin at an even one, and the
/// two after them; `odd` for those that begin one later.
struct Columns {
    even: [[Lanes; 2]; 2 * VECTORS],
    odd: [[Lanes; 2]; 2 * VECTORS],
}

impl Columns {
    fn new() -> Self {
        Self {
            even: [[pair(0, 0); 2]; 2 * VECTORS],
            odd: [[pair(0, 0); 2]; 2 * VECTORS],
        }
    }

    /// Adds the products of four limbs with some vectors, from the column `4·place` on. Returns
    /// what is carried on.
    #[inline(always)]
    fn add(
        &mut self,
        place: usize,
        rows: &[Lanes; 4],
        b: &[Lanes],
        above: [Lanes; 2],
    ) -> [Lanes; 2] {
        let [mut even_above, mut odd_above] = above;
        let sums = self.even[place..].iter_mut().zip(&mut self.odd[place..]);
        for ((even, odd), &b) in sums.zip(b) {
            even[0] = add(add(even[0], even_above), mul_low(b, rows[0]));
            odd[0] = add(add(odd[0], odd_above), mul_low(b, rows[1]));
            even[1] = add(even[1], add(mul_high(b, rows[0]), mul_low(b, rows[2])));
            odd[1] = add(odd[1], add(mul_high(b, rows[1]), mul_low(b, rows[3])));
            even_above = mul_high(b, rows[2]);
            odd_above = mul_high(b, rows[3]);
        }
        [even_above, odd_above]
    }

    /// As `add`, to the end.
    #[inline(always)]
    fn add_to_end(&mut self, place: usize, rows: &[Lanes; 4], b: &[Lanes], above: [Lanes; 2]) {
        let above = self.add(place, rows, b, above);
        let end = place + b.len();
        self.even[end][0] = add(self.even[end][0], above[0]);
        self.odd[end][0] = add(self.odd[end][0], above[1]);
    }

    /// Makes all limbs of the lower half zero by adding multiples of N, and leaves them out.
    #[inline(never)]
    fn reduce(&mut self, product: &mut [u64; L]) {
        let n = &N_VECTORS;
        let mut carry = 0;
        let mut rows = quotients(self.four(0), carry).map(spread);
        for place in 0..VECTORS {
            // The next quotients need the next place alone: computed before the others are summed,
            // they are there when they are needed.
            let above = self.add(place, &rows, &n[..2], zero());
            (_, carry) = self.carried(place, carry);
            let next = quotients(self.four(place + 1), carry).map(spread);
            self.add_to_end(place + 2, &rows, &n[2..], above);
            rows = next;
        }
        for (place, limbs) in (VECTORS..).zip(product.as_chunks_mut().0) {
            (*limbs, carry) = self.carried(place, carry);
        }
    }

    /// Four columns, but for what is carried into the first.
    fn four(&self, place: usize) -> [u64; 4] {
        let (even, odd) = (self.even[place], self.odd[place]);
        [
            low(even[0]),
            high(even[0]) + low(odd[0]),
            low(even[1]) + high(odd[0]),
            high(even[1]) + low(odd[1]),
        ]
    }

    /// Their limbs, and what is carried into the next.
    fn carried(&self, place: usize, mut carry: u64) -> ([u64; 4], u64) {
        let limbs = self.four(place).map(|column| {
            let sum = column + carry;
            carry = sum >> WIDTH;
            sum & mask(WIDTH)
        });
        (limbs, carry + high(self.odd[place][1]))
    }
}

/// The multiples of N, for four limbs of N, that make four columns zero.
fn quotients(columns: [u64; 4], carry: u64) -> [u64; 4] {
    let first = columns[0] + carry;
    let second = columns[1] + (first >> WIDTH);
    let [first, second_limb] = [first, second].map(|sum| sum & mask(WIDTH));
    // The lower 64 bits of −1/N are 1: the others see but these two limbs.
    let product = (first | second_limb << WIDTH).wrapping_mul(INVERSE);
    let third = columns[2] + (second >> WIDTH) + ((product & mask(20)) << 8);
    let fourth = columns[3] + (third >> WIDTH) + (product >> 20 & mask(WIDTH));
    [
        first,
        second_limb,
        third & mask(WIDTH),
        fourth & mask(WIDTH),
    ]
}

/// Four limbs in each vector.
fn vectors(limbs: &[u64; L]) -> [Lanes; VECTORS] {
    array::from_fn(|at| {
        let [a, b, c, d] = limbs.as_chunks().0[at];
        narrow(pair(a, b), pair(c, d))
    })
}

/// A limb in all places of a vector.
fn spread(limb: u64) -> Lanes {
    four(limb as u32)
}

fn zero() -> [Lanes; 2] {
    [pair(0, 0); 2]
}
