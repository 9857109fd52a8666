//! The one place that asks for the time and for random bytes.

use crate::failure::Failure;
use protocol::{Timestamp, srp::Ephemeral};
use std::time::SystemTime;
use zeroize::Zeroizing;

/// The clock of this machine.
pub fn now() -> Timestamp {
    let since = SystemTime::now()
        .duration_since(SystemTime::UNIX_EPOCH)
        .unwrap_or_default();
    Timestamp::from_unix(since.as_secs())
}

/// A fresh `a`.
///
/// # Errors
/// [`Failure::Pool`] if the system has no randomness to give: nothing can be sent then.
pub fn ephemeral() -> Result<Ephemeral, Failure> {
    let unavailable = || Failure::Pool("The system gives no random bytes.".to_owned());
    let mut entropy = Zeroizing::new([0; 64]);
    getrandom::fill(&mut *entropy).map_err(|_| unavailable())?;
    Ephemeral::new(&entropy).map_err(|_| unavailable())
}
