//! The stack, which nobody else wipes.

use zeroize::Zeroize;

/// Does some work, then overwrites what it and all that it called have left on the stack. What
/// is returned should hold its secrets on the heap: it is moved, and may leave a copy behind.
///
/// Once for a part of the work costs nothing; for each product of a power it would.
pub fn wiped<T>(work: impl FnOnce() -> T) -> T {
    #[inline(never)] // So that it is below what is wiped.
    fn below<T>(work: impl FnOnce() -> T) -> T {
        work()
    }
    #[inline(never)]
    fn wipe() {
        [0_u64; 3072].zeroize();
    }
    let result = below(work);
    wipe();
    result
}
