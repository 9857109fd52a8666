//! Products of 28-bit limbs by tiles of four times four: all that does not depend on an engine.
//!
//! A product of limbs has 56 bits, and a column of a product and its reduction has 224 of them: they
//! fit into 64 bits, so each column is carried but once. Tiles of the same columns are summed in
//! registers, one diagonal after the other.

use crate::{
    group,
    limbs::{mask, split},
};
use core::array;

pub(crate) const L: usize = 112;
pub(crate) const WIDTH: u32 = 28;
pub(crate) const TILES: usize = L / 4;

const N: [u64; L] = split(&group::N, WIDTH);

/// (−1/N − 1) / 2^64 modulo 2^48, for the 112 bits that four quotients have: −1/N is
/// 1 + (N + 1) modulo 2^128, and N + 1 ends in 64 zeros.
const INVERSE: u64 = {
    // Bits 64 to 112 of N, which are those of N + 1 less the carry that its ones below make.
    let above = N[2] >> 8 | N[3] << 20;
    (above + 1) & mask(48)
};

/// Sums of products of four limbs with four others, for their seven columns.
pub(crate) trait Tile: Copy {
    /// Four limbs as they are multiplied by each of four others.
    type Limbs: Copy;
    /// Those others.
    type Rows: Copy;

    const ZERO: Self;

    fn limbs(limbs: [u64; 4]) -> Self::Limbs;
    fn rows(limbs: [u64; 4]) -> Self::Rows;

    /// Adds all sixteen products.
    fn add(&mut self, rows: &Self::Rows, by: &Self::Limbs);

    /// Adds the upper columns of the tile before to the lower ones.
    fn add_above(&mut self, before: &Self);

    /// The lower four columns, and what else belongs to the one after them.
    fn columns(&self) -> ([u64; 4], u64);
}

/// `value·by/R`.
#[inline(always)]
pub(crate) fn multiply<T: Tile>(n: &[T::Limbs; TILES], value: &mut [u64; L], by: &[u64; L]) {
    let by = limbs::<T>(by);
    let rows = tiles(value, T::rows);
    reduced(n, value, |sum: &mut T, from, to| {
        dot(sum, &rows[from..to], &by[from..to]);
    });
}

/// `value²/R`.
#[inline(always)]
pub(crate) fn square<T: Tile>(n: &[T::Limbs; TILES], value: &mut [u64; L]) {
    let by = limbs::<T>(value);
    let rows = tiles(value, T::rows);
    let twice = tiles(&value.map(|limb| 2 * limb), T::rows);
    reduced(n, value, |sum: &mut T, from, to| {
        let half = (to - from) / 2;
        dot(sum, &twice[from..from + half], &by[to - half..to]);
        if (to - from) % 2 == 1 {
            sum.add(&rows[from + half], &by[from + half]);
        }
    });
}

pub(crate) fn limbs<T: Tile>(value: &[u64; L]) -> [T::Limbs; TILES] {
    tiles(value, T::limbs)
}

fn tiles<To>(value: &[u64; L], tile: impl Fn([u64; 4]) -> To) -> [To; TILES] {
    array::from_fn(|at| tile(value.as_chunks().0[at]))
}

/// The first with the last, the second with the last but one.
#[inline(always)]
fn dot<T: Tile>(sum: &mut T, rows: &[T::Rows], by: &[T::Limbs]) {
    for (rows, by) in rows.iter().zip(by.iter().rev()) {
        sum.add(rows, by);
    }
}

/// Reduces a product on the way. `column` sums the products of the tiles in a range with those of
/// the same range backwards.
#[inline(always)]
fn reduced<T: Tile>(
    n: &[T::Limbs; TILES],
    product: &mut [u64; L],
    column: impl Fn(&mut T, usize, usize),
) {
    let mut multiples = [T::rows([0; 4]); TILES];
    let mut before = T::ZERO;
    let mut carry = 0;
    for place in 0..2 * TILES {
        let mut sum = T::ZERO;
        let from = (place + 1).saturating_sub(TILES);
        column(&mut sum, from, (place + 1).min(TILES));
        let known = place.min(TILES);
        dot(
            &mut sum,
            &multiples[from..known],
            &n[place + 1 - known..=place - from],
        );
        sum.add_above(&before);
        if place < TILES {
            multiples[place] = T::rows(quotients(sum.columns().0, carry));
            sum.add(&multiples[place], &n[0]);
        }
        let limbs;
        (limbs, carry) = carried(&sum, carry);
        if place >= TILES {
            product.as_chunks_mut().0[place - TILES] = limbs;
        }
        before = sum;
    }
}

/// Limbs of four columns, and what is carried into the next.
#[inline(always)]
fn carried<T: Tile>(sums: &T, mut carry: u64) -> ([u64; 4], u64) {
    let (columns, beyond) = sums.columns();
    let limbs = columns.map(|column| {
        let sum = column + carry;
        carry = sum >> WIDTH;
        sum & mask(WIDTH)
    });
    (limbs, carry + beyond)
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
