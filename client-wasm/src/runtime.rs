//! What the standard library would bring, for a tenth of its bytes.

use core::panic::PanicInfo;
use lol_alloc::{FreeListAllocator, LockedAllocator};

/// Slow only for those who allocate much: a sign-in does so some hundred times.
#[global_allocator]
static ALLOCATOR: LockedAllocator<FreeListAllocator> =
    LockedAllocator::new(FreeListAllocator::new());

/// Nothing is meant to panic. JavaScript gets a `RuntimeError`, and there is nobody to read more.
#[panic_handler]
fn panic(_: &PanicInfo<'_>) -> ! {
    core::arch::wasm32::unreachable()
}
