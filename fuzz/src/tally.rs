//! What cases have come to: a target that never gets a code right checks nothing.

use std::{cell::RefCell, collections::BTreeMap};

/// How often each outcome was reached.
pub type Tally = BTreeMap<&'static str, u64>;

thread_local! {
    static TALLY: RefCell<Tally> = const { RefCell::new(BTreeMap::new()) };
}

/// Counts an outcome of the case that runs on this thread.
pub(crate) fn reached(outcome: &'static str) {
    TALLY.with_borrow_mut(|tally| *tally.entry(outcome).or_default() += 1);
}

/// Takes what this thread has counted.
pub fn take() -> Tally {
    TALLY.take()
}
