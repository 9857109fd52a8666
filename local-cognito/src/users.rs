//! Users: what a pool keeps of them, and what it shows of those it does not have.

use std::{collections::BTreeMap, time::Duration};

use protocol::srp::{self, Salt, Verifier};
use serde::{Deserialize, Serialize};

use crate::{devices::Device, entropy, factors::SecondFactors, passkeys::Passkey};

/// A user of a pool.
#[derive(Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct User {
    /// The name inside the pool; where people sign in by address, equal to `sub`.
    pub username: String,
    /// Whether tokens may be issued.
    pub status: Status,
    /// An administrator's switch.
    pub enabled: bool,
    /// `sub`, `email`, `email_verified` and so on, all as text.
    pub attributes: BTreeMap<String, String>,
    /// What proves the password.
    pub credential: Credential,
    /// What else proves who it is.
    #[serde(default)]
    pub second_factors: SecondFactors,
    /// Devices, by key.
    #[serde(default)]
    pub devices: BTreeMap<String, Device>,
    /// Passkeys, by `CredentialId`.
    #[serde(default)]
    pub passkeys: BTreeMap<String, Passkey>,
    /// Seconds since 1970.
    pub created: u64,
    /// Seconds since 1970.
    pub modified: u64,
}

/// `UserStatus`, as far as a local pool has them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Status {
    /// May sign in.
    Confirmed,
    /// Has not confirmed the address yet.
    Unconfirmed,
    /// Has a temporary password.
    ForceChangePassword,
    /// Has to choose a new password.
    ResetRequired,
}

/// The SRP verifier of a password, and its salt. The password itself is never kept.
#[derive(Clone, Serialize, Deserialize)]
#[serde(try_from = "StoredCredential", into = "StoredCredential")]
pub struct Credential {
    /// `SALT`.
    pub salt: Salt,
    /// `v = g^x`.
    pub verifier: Verifier,
}

/// Who a sign-in is about: a user, or the stand-in for one that does not exist.
#[derive(Clone)]
pub struct Subject {
    /// What the client sent as `USERNAME` first.
    pub typed: String,
    /// `USER_ID_FOR_SRP`: the user's name, or an invented one that stays the same.
    pub username: String,
    /// Whether there is such a user.
    pub exists: bool,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct StoredCredential {
    salt: String,
    verifier: String,
}

impl User {
    /// A confirmed user without attributes but `sub`.
    pub fn new(username: String, sub: String, credential: Credential, now: Duration) -> Self {
        Self {
            username,
            status: Status::Confirmed,
            enabled: true,
            attributes: BTreeMap::from([("sub".to_owned(), sub)]),
            credential,
            second_factors: SecondFactors::default(),
            devices: BTreeMap::new(),
            passkeys: BTreeMap::new(),
            created: now.as_secs(),
            modified: now.as_secs(),
        }
    }

    /// An attribute, or an empty text.
    pub fn attribute(&self, name: &str) -> &str {
        self.attributes.get(name).map_or("", String::as_str)
    }
}

impl Status {
    /// The name on the wire.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Confirmed => "CONFIRMED",
            Self::Unconfirmed => "UNCONFIRMED",
            Self::ForceChangePassword => "FORCE_CHANGE_PASSWORD",
            Self::ResetRequired => "RESET_REQUIRED",
        }
    }
}

impl Credential {
    /// Makes the verifier of a password under a fresh salt. Takes some ten milliseconds.
    ///
    /// # Errors
    /// If the operating system has no random bytes.
    pub fn of(pool_name: &str, username: &str, password: &str) -> Result<Self, entropy::Error> {
        let salt = Salt::from_bytes(entropy::bytes()?);
        let verifier = Verifier::derive(pool_name, username, password.as_bytes(), &salt);
        Ok(Self { salt, verifier })
    }
}

impl Subject {
    /// Whether a client that answers as `name` means this one.
    pub fn goes_by(&self, name: &str) -> bool {
        name == self.username || name.eq_ignore_ascii_case(&self.typed)
    }
}

impl TryFrom<StoredCredential> for Credential {
    type Error = srp::Error;

    fn try_from(stored: StoredCredential) -> Result<Self, srp::Error> {
        Ok(Self {
            salt: Salt::from_hex(&stored.salt)?,
            verifier: Verifier::from_hex(&stored.verifier)?,
        })
    }
}

impl From<Credential> for StoredCredential {
    fn from(credential: Credential) -> Self {
        Self {
            salt: credential.salt.to_hex(),
            verifier: credential.verifier.to_hex(),
        }
    }
}
