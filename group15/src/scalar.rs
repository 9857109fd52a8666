//! 28-bit limbs, for any machine: each column is summed as a whole before it is carried, because
//! 222 products of 56 bits fit into 64.

use crate::{
    Kernel, group,
    limbs::{self, mask, split},
};

const L: usize = 111;
const WIDTH: u32 = 28;
const N: [u64; L] = split(&group::N, WIDTH);

/// The kernel that needs nothing.
pub struct Scalar;

impl Kernel<L> for Scalar {
    const WIDTH: u32 = WIDTH;

    #[inline(never)]
    fn multiply(value: &mut [u64; L], by: &[u64; L]) {
        *value = product(|from, to| dot(&value[from..to], &by[from..to]));
    }

    #[inline(never)]
    fn square(value: &mut [u64; L]) {
        *value = product(|from, to| {
            let half = (to - from) / 2;
            let twice = 2 * dot(&value[from..from + half], &value[to - half..to]);
            let middle = if (to - from) % 2 == 1 {
                value[from + half]
            } else {
                0
            };
            twice + middle * middle
        });
    }

    #[inline(never)]
    fn select(table: &[[u64; L]], index: u32) -> [u64; L] {
        limbs::select(table, index)
    }
}

/// Reduces a product on the way. `column` sums the products of the limbs in a range with those of
/// the same range backwards.
#[inline(always)]
fn product(column: impl Fn(usize, usize) -> u64) -> [u64; L] {
    let mut quotients = [0; L];
    let mut carry = 0;
    for at in 0..L {
        let sum = carry + column(0, at + 1) + dot(&quotients[..at], &N[1..=at]);
        // −1/N is 1 modulo 2^64, so a quotient is what it has to cancel; and the lowest limb of
        // N is one less than 2^WIDTH, so cancelling it leaves the quotient itself above.
        quotients[at] = sum & mask(WIDTH);
        carry = (sum >> WIDTH) + quotients[at];
    }
    let mut product = [0; L];
    for at in 0..L {
        let sum = carry + column(at + 1, L) + dot(&quotients[at + 1..], &N[at + 1..]);
        product[at] = sum & mask(WIDTH);
        carry = sum >> WIDTH;
    }
    product
}

/// The first with the last, the second with the last but one.
#[inline(always)]
fn dot(a: &[u64], b: &[u64]) -> u64 {
    a.iter().zip(b.iter().rev()).map(|(a, b)| a * b).sum()
}
