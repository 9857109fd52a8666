//! Tiles for any engine: sixteen products of two numbers in registers.

use crate::{
    Kernel, limbs,
    tiles::{self, L, TILES, Tile},
};

/// The kernel that needs nothing.
pub struct Scalar {
    n: [<Columns as Tile>::Limbs; TILES],
}

impl Kernel<L> for Scalar {
    const WIDTH: u32 = tiles::WIDTH;

    fn new(n: &[u64; L]) -> Self {
        Self {
            n: tiles::limbs::<Columns>(n),
        }
    }

    #[inline(never)]
    fn multiply(&self, value: &mut [u64; L], by: &[u64; L]) {
        tiles::multiply::<Columns>(&self.n, value, by);
    }

    #[inline(never)]
    fn square(&self, value: &mut [u64; L]) {
        tiles::square::<Columns>(&self.n, value);
    }

    #[inline(never)]
    fn select(table: &[[u64; L]], index: u32) -> [u64; L] {
        limbs::select(table, index)
    }
}

#[derive(Clone, Copy)]
struct Columns([u64; 7]);

impl Tile for Columns {
    type Limbs = [u64; 4];
    type Rows = [u64; 4];

    const ZERO: Self = Self([0; 7]);

    #[inline(always)]
    fn limbs(limbs: [u64; 4]) -> [u64; 4] {
        limbs
    }

    #[inline(always)]
    fn rows(limbs: [u64; 4]) -> [u64; 4] {
        limbs
    }

    #[inline(always)]
    fn add(&mut self, rows: &[u64; 4], by: &[u64; 4]) {
        for (at, row) in rows.iter().enumerate() {
            for (column, limb) in self.0[at..].iter_mut().zip(by) {
                *column += row * limb;
            }
        }
    }

    #[inline(always)]
    fn add_above(&mut self, before: &Self) {
        for (column, above) in self.0.iter_mut().zip(&before.0[4..]) {
            *column += above;
        }
    }

    #[inline(always)]
    fn columns(&self) -> ([u64; 4], u64) {
        let [a, b, c, d, ..] = self.0;
        ([a, b, c, d], 0)
    }
}
