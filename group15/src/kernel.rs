//! What a kernel is: Montgomery products modulo `N`, on limbs of its own width.

/// Numbers of `L` limbs of `WIDTH` bits, the lowest first, and `R = 2^(L·WIDTH)`.
///
/// An operand may have some bits more than `N`, as far as both have no more than `R` and `N`
/// together: a product then has at most one more than `N`, and is never reduced further. Each
/// limb is below `2^WIDTH`.
/// These are the functions that take time, so they are compiled for speed, and never into others:
/// an engine compiles a function anew, and better, once it has been called often.
pub trait Kernel<const L: usize>: Sized {
    /// Bits of a limb.
    const WIDTH: u32;

    /// What is computed once from the limbs of `N`: a module then holds `N` but once.
    fn new(n: &[u64; L]) -> Self;

    /// Makes `value` congruent to `value·by/R` modulo `N`.
    fn multiply(&self, value: &mut [u64; L], by: &[u64; L]);

    /// Makes `value` congruent to `value²/R` modulo `N`.
    fn square(&self, value: &mut [u64; L]);

    /// One entry of a table, by looking at all of them.
    fn select(table: &[[u64; L]], index: u32) -> [u64; L];
}
