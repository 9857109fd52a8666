//! Time as a value. Nothing else in this program reads the system's clock.

use std::{
    sync::atomic::{AtomicU64, Ordering},
    time::{Duration, SystemTime, UNIX_EPOCH},
};

/// The system's clock, and how far a test has moved it ahead.
#[derive(Default)]
pub struct Clock {
    ahead: AtomicU64,
}

impl Clock {
    /// The time since 1970-01-01 00:00:00 UTC.
    pub fn now(&self) -> Duration {
        let system = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .unwrap_or_default();
        system.saturating_add(self.ahead())
    }

    /// How far ahead of the system's clock this one is, in whole seconds.
    pub fn ahead(&self) -> Duration {
        Duration::from_secs(self.ahead.load(Ordering::Relaxed))
    }

    /// Moves the clock ahead for good. It never goes back, as no server's should.
    pub fn advance(&self, seconds: u32) {
        self.ahead.fetch_add(seconds.into(), Ordering::Relaxed);
    }
}
