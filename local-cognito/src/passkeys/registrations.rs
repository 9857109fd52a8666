//! The registrations that have begun. A user has one at a time.

use std::{collections::HashMap, time::Duration};

use super::Challenge;

/// By pool and user.
#[derive(Default)]
pub struct Registrations(HashMap<(String, String), Pending>);

/// A registration between its two calls.
#[derive(Clone)]
pub struct Pending {
    /// The client that began it, which has to complete it.
    pub client_id: String,
    /// What the browser has to show to the authenticator.
    pub challenge: Challenge,
    /// Until when, since 1970.
    pub expires: Duration,
}

impl Registrations {
    /// Keeps one, in the place of the user's last.
    pub fn insert(&mut self, pool_id: &str, username: &str, pending: Pending, now: Duration) {
        self.0.retain(|_, pending| now < pending.expires);
        let key = (pool_id.to_owned(), username.to_owned());
        self.0.insert(key, pending);
    }

    /// Spends the user's, if it has not expired.
    pub fn take(&mut self, pool_id: &str, username: &str, now: Duration) -> Option<Pending> {
        let pending = self.0.remove(&(pool_id.to_owned(), username.to_owned()));
        pending.filter(|pending| now < pending.expires)
    }
}
