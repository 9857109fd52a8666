//! 28-bit limbs, for any machine: each column is summed as a whole before it is carried, because
//! 222 products of 56 bits fit into 64.

use crate::{
    Kernel, group,
    limbs::{mask, split},
};

const L: usize = 111;
const WIDTH: u32 = 28;
const N: [u64; L] = split(&group::N, WIDTH);

/// The kernel that needs nothing.
pub struct Scalar;

impl Kernel<L> for Scalar {
    const WIDTH: u32 = WIDTH;

    fn multiply(a: &[u64; L], b: &[u64; L]) -> [u64; L] {
        columns(|from, to| dot(&a[from..to], &b[from..to]))
    }

    fn square(a: &[u64; L]) -> [u64; L] {
        columns(|from, to| {
            let half = (to - from) / 2;
            let twice = 2 * dot(&a[from..from + half], &a[to - half..to]);
            let middle = if (to - from) % 2 == 1 {
                a[from + half]
            } else {
                0
            };
            twice + middle * middle
        })
    }
}

/// Reduces a product on the way. `column` sums the products of the limbs in a range with those of
/// the same range backwards.
#[inline(always)]
fn columns(column: impl Fn(usize, usize) -> u64) -> [u64; L] {
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
