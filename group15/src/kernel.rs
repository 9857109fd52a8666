//! What a kernel is: Montgomery products modulo `N`, on limbs of its own width.

/// Numbers of `L` limbs of `WIDTH` bits, the lowest first, and `R = 2^(L·WIDTH)`.
///
/// An operand may have some bits more than `N`, as far as both have no more than `R` and `N`
/// together: a product then has at most one more than `N`, and is never reduced further. Each
/// limb is below `2^WIDTH`.
pub trait Kernel<const L: usize> {
    /// Bits of a limb.
    const WIDTH: u32;

    /// `a·b/R`, congruent modulo `N`.
    fn multiply(a: &[u64; L], b: &[u64; L]) -> [u64; L];

    /// `a²/R`, congruent modulo `N`.
    fn square(a: &[u64; L]) -> [u64; L];
}
