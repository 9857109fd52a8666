//! The pool with all its parts, as the operations see it.

use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio::sync::Mutex as AsyncMutex;

use crate::{
    clock::Clock,
    codes::Codes,
    error::{ApiError, Exception},
    faults::Faults,
    grants::Grants,
    inbox::Inbox,
    keys::Keys,
    lockout::Lockouts,
    log::Log,
    passkeys::Registrations,
    pools::Pools,
    sessions::Sessions,
    static_files::StaticFiles,
    store::Store,
    table::Table,
    triggers::Triggers,
    users::User,
};

/// Everything this program knows.
pub struct Service {
    /// `http://127.0.0.1:PORT`.
    pub origin: String,
    /// What time it is.
    pub clock: Clock,
    /// Pools, clients and users.
    pub store: Store,
    /// The keys of tokens.
    pub keys: Keys,
    /// The programs behind the triggers.
    pub triggers: Triggers,
    /// The mails that were sent.
    pub inbox: Inbox,
    /// The demo page and the package.
    pub files: StaticFiles,
    /// What a test wants to go wrong.
    pub faults: Faults,
    /// What the triggers remember of users.
    pub table: Table,
    /// What `--verbose` shows.
    pub log: Log,
    /// Wrong passwords. Held across the judging of one.
    pub lockouts: AsyncMutex<Lockouts>,
    /// Sign-ins in flight.
    pub sessions: Mutex<Sessions>,
    /// Refresh tokens.
    pub grants: Mutex<Grants>,
    /// Codes that the pool has mailed itself.
    pub codes: Mutex<Codes>,
    /// Registrations of passkeys that have begun.
    pub registrations: Mutex<Registrations>,
}

impl Service {
    /// The pools, to look something up. Not to be held across an await.
    pub fn pools(&self) -> MutexGuard<'_, Pools> {
        self.store.pools()
    }

    /// The sign-ins in flight. Not to be held across an await.
    pub fn sessions(&self) -> MutexGuard<'_, Sessions> {
        self.sessions.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The grants. Not to be held across an await.
    pub fn grants(&self) -> MutexGuard<'_, Grants> {
        self.grants.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The pool's own codes. Not to be held across an await.
    pub fn codes(&self) -> MutexGuard<'_, Codes> {
        self.codes.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The registrations of passkeys. Not to be held across an await.
    pub fn registrations(&self) -> MutexGuard<'_, Registrations> {
        let registrations = self.registrations.lock();
        registrations.unwrap_or_else(PoisonError::into_inner)
    }

    /// A user as they are now.
    ///
    /// # Errors
    /// `UserNotFoundException`.
    pub fn user(&self, pool_id: &str, username: &str) -> Result<User, ApiError> {
        let user = self.pools().pool(pool_id)?.users.get(username).cloned();
        user.ok_or_else(|| Exception::UserNotFound.because("User does not exist."))
    }

    /// `iss` of a pool's tokens. It names this machine, so nobody can take them for AWS's.
    pub fn issuer(&self, pool_id: &str) -> String {
        format!("{}/{pool_id}", self.origin)
    }
}
