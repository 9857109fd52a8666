//! Tiles for engines with `simd128`.
//!
//! `extmul` gives two products of 56 bits at once, of neighbouring columns. Pairs of columns that
//! begin at an even one are summed apart from those that begin at an odd one, so that no sum has to
//! be moved within its vector.
//!
//! Both factors are read from memory for each tile. One that stays the same in a loop is widened
//! before it by the compiler, which then multiplies by 64 bits: eight instructions in place of one.

use crate::{
    Kernel,
    lanes::{Lanes, add, four, high, low, mul_high, mul_low, narrow, pair},
    limbs,
    tiles::{self, L, TILES, Tile},
};

/// The kernel for `simd128`.
pub struct Extmul {
    n: [<Pairs as Tile>::Limbs; TILES],
}

impl Kernel<L> for Extmul {
    const WIDTH: u32 = tiles::WIDTH;

    fn new(n: &[u64; L]) -> Self {
        Self {
            n: tiles::limbs::<Pairs>(n),
        }
    }

    #[inline(never)]
    fn multiply(&self, value: &mut [u64; L], by: &[u64; L]) {
        tiles::multiply::<Pairs>(&self.n, value, by);
    }

    #[inline(never)]
    fn square(&self, value: &mut [u64; L]) {
        tiles::square::<Pairs>(&self.n, value);
    }

    #[inline(never)]
    fn select(table: &[[u64; L]], index: u32) -> [u64; L] {
        limbs::select(table, index)
    }
}

/// Columns 0 and 1, 2 and 3, 4 and 5; columns 1 and 2, 3 and 4, 5 and 6.
#[derive(Clone, Copy)]
struct Pairs {
    even: [Lanes; 3],
    odd: [Lanes; 3],
}

impl Tile for Pairs {
    type Limbs = Lanes;
    type Rows = [Lanes; 4];

    const ZERO: Self = Self {
        even: [pair(0, 0); 3],
        odd: [pair(0, 0); 3],
    };

    #[inline(always)]
    fn limbs([a, b, c, d]: [u64; 4]) -> Lanes {
        narrow(pair(a, b), pair(c, d))
    }

    #[inline(always)]
    fn rows(limbs: [u64; 4]) -> [Lanes; 4] {
        limbs.map(|limb| four(limb as u32))
    }

    #[inline(always)]
    fn add(&mut self, rows: &[Lanes; 4], by: &Lanes) {
        let Self { even, odd } = self;
        even[0] = add(even[0], mul_low(*by, rows[0]));
        odd[0] = add(odd[0], mul_low(*by, rows[1]));
        even[1] = add(even[1], mul_high(*by, rows[0]));
        odd[1] = add(odd[1], mul_high(*by, rows[1]));
        even[1] = add(even[1], mul_low(*by, rows[2]));
        odd[1] = add(odd[1], mul_low(*by, rows[3]));
        even[2] = add(even[2], mul_high(*by, rows[2]));
        odd[2] = add(odd[2], mul_high(*by, rows[3]));
    }

    #[inline(always)]
    fn add_above(&mut self, before: &Self) {
        self.even[0] = add(self.even[0], before.even[2]);
        self.odd[0] = add(self.odd[0], before.odd[2]);
    }

    #[inline(always)]
    fn columns(&self) -> ([u64; 4], u64) {
        let Self { even, odd } = self;
        let columns = [
            low(even[0]),
            high(even[0]) + low(odd[0]),
            low(even[1]) + high(odd[0]),
            high(even[1]) + low(odd[1]),
        ];
        (columns, high(odd[1]))
    }
}
