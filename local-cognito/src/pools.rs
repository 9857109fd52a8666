//! User pools and their app clients.

use std::collections::{BTreeMap, BTreeSet};

use base64ct::{Base64, Encoding};
use hmac::{Hmac, KeyInit, Mac};
use protocol::srp::Salt;
use serde::{Deserialize, Serialize};
use sha2::Sha256;
use uuid::Uuid;

use crate::{
    devices::Tracking,
    directory::{Changing, Directory},
    entropy,
    error::{ApiError, Exception},
    factors::Mfa,
    lifetimes::{Lifetimes, Rotation},
    passkeys,
    users::{Credential, Subject, User},
};

/// All pools, by id.
#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Pools(pub BTreeMap<String, Pool>);

/// A user pool.
#[derive(Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Pool {
    /// For example `us-east-1_EmailMfa1`.
    pub id: String,
    /// For people.
    pub name: String,
    /// What people type as their name.
    pub sign_in_names: SignInNames,
    /// The triggers this pool calls: `DefineAuthChallenge` and so on.
    pub triggers: BTreeSet<String>,
    /// App clients, by id.
    pub clients: BTreeMap<String, Client>,
    /// Users.
    pub users: Directory,
    /// Attributes that every user has to have.
    #[serde(default)]
    pub required_attributes: Vec<String>,
    /// Second factors.
    #[serde(default)]
    pub mfa: Mfa,
    /// Whether devices are remembered.
    #[serde(default)]
    pub devices: Tracking,
    /// Whether people may sign in with passkeys, and for whom they are made.
    #[serde(default)]
    pub passkeys: passkeys::Policy,
    secret: Secret,
    /// Of a password nobody has, for users that do not exist.
    nobody: Credential,
}

/// `UsernameAttributes`, as far as a local pool has them.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum SignInNames {
    /// None: the user name itself.
    Username,
    /// `["email"]`: the address; the user name is made up and equals `sub`.
    Email,
}

/// An app client.
#[derive(Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Client {
    /// `ClientId`.
    pub id: String,
    /// For people.
    pub name: String,
    /// `ExplicitAuthFlows`: `ALLOW_CUSTOM_AUTH` and so on.
    pub explicit_auth_flows: BTreeSet<String>,
    /// `PreventUserExistenceErrors`.
    pub prevent_user_existence_errors: ExistenceErrors,
    /// `AuthSessionValidity`, in minutes.
    pub auth_session_validity: u8,
    /// How long its tokens live.
    #[serde(default)]
    pub lifetimes: Lifetimes,
    /// Whether each refresh brings another refresh token.
    #[serde(default)]
    pub rotation: Option<Rotation>,
}

/// What a client learns about users that do not exist.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum ExistenceErrors {
    /// Nothing: they look like those that do.
    Enabled,
    /// `UserNotFoundException`.
    Legacy,
}

/// A key of the pool, in base64 where it is stored.
#[derive(Clone, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
struct Secret([u8; 32]);

impl Pools {
    /// The pool of an app client, and the client.
    ///
    /// # Errors
    /// `ResourceNotFoundException`.
    pub fn of_client(&self, client_id: &str) -> Result<(&Pool, &Client), ApiError> {
        let found = self
            .0
            .values()
            .find_map(|pool| Some((pool, pool.clients.get(client_id)?)));
        found.ok_or_else(|| Exception::ResourceNotFound.because("User pool client does not exist."))
    }

    /// A pool by its id.
    ///
    /// # Errors
    /// `ResourceNotFoundException`.
    pub fn pool(&self, id: &str) -> Result<&Pool, ApiError> {
        self.0.get(id).ok_or_else(no_such_pool)
    }

    /// As [`Pools::pool`], to change it.
    ///
    /// # Errors
    /// `ResourceNotFoundException`.
    pub fn pool_mut(&mut self, id: &str) -> Result<&mut Pool, ApiError> {
        self.0.get_mut(id).ok_or_else(no_such_pool)
    }
}

impl Pool {
    /// A pool without users and clients.
    ///
    /// # Errors
    /// If the operating system has no random bytes.
    pub fn new(id: String, name: String, names: SignInNames) -> Result<Self, entropy::Error> {
        let nobody = Credential::of("", "", &entropy::handle()?)?;
        Ok(Self {
            id,
            name,
            sign_in_names: names,
            triggers: BTreeSet::new(),
            clients: BTreeMap::new(),
            users: Directory::default(),
            required_attributes: Vec::new(),
            mfa: Mfa::default(),
            devices: Tracking::default(),
            passkeys: passkeys::Policy::default(),
            secret: Secret(entropy::bytes()?),
            nobody,
        })
    }

    /// The part of the id that SRP hashes.
    pub fn short_name(&self) -> &str {
        short_name(&self.id)
    }

    /// The user that signs in as `name`. Where people sign in by address, their user names
    /// do not.
    pub fn by_sign_in_name(&self, name: &str) -> Option<&User> {
        match self.sign_in_names {
            SignInNames::Username => self.users.get(name),
            SignInNames::Email => self.users.by_address(name),
        }
    }

    /// The user an administrator means: by sign-in name or by user name.
    ///
    /// # Errors
    /// `UserNotFoundException`.
    pub fn by_any_name(&self, name: &str) -> Result<&User, ApiError> {
        let found = self.by_sign_in_name(name).or_else(|| self.users.get(name));
        found.ok_or_else(no_such_user)
    }

    /// As [`Pool::by_any_name`], to change them.
    ///
    /// # Errors
    /// `UserNotFoundException`.
    pub fn by_any_name_mut(&mut self, name: &str) -> Result<Changing<'_>, ApiError> {
        let username = self.by_any_name(name)?.username.clone();
        self.users.get_mut(&username).ok_or_else(no_such_user)
    }

    /// Who signs in as `name`: always somebody, unless the client wants to know.
    ///
    /// # Errors
    /// `UserNotFoundException` for a legacy client.
    pub fn subject(&self, client: &Client, name: &str) -> Result<Subject, ApiError> {
        let typed = name.to_owned();
        if let Some(user) = self.by_sign_in_name(name) {
            return Ok(Subject {
                typed,
                username: user.username.clone(),
                exists: true,
            });
        }
        match client.prevent_user_existence_errors {
            ExistenceErrors::Legacy => Err(no_such_user()),
            ExistenceErrors::Enabled => Ok(Subject {
                typed,
                username: self.stand_in_name(name),
                exists: false,
            }),
        }
    }

    /// What the password challenge of a subject is made of. The salt of a user that does
    /// not exist stays the same, as that of one who does.
    pub fn credential(&self, subject: &Subject) -> Credential {
        match self.users.get(&subject.username) {
            Some(user) if subject.exists => user.credential.clone(),
            Some(_) | None => Credential {
                salt: Salt::from_bytes(self.derived("salt", &subject.typed)),
                verifier: self.nobody.verifier.clone(),
            },
        }
    }

    /// Whether a user of this pool has the device.
    pub fn has_device(&self, key: &str) -> bool {
        self.users.iter().any(|user| user.devices.contains_key(key))
    }

    fn stand_in_name(&self, name: &str) -> String {
        match self.sign_in_names {
            SignInNames::Username => name.to_owned(),
            SignInNames::Email => {
                let namespace = Uuid::from_bytes(self.derived("namespace", ""));
                Uuid::new_v3(&namespace, name.to_ascii_lowercase().as_bytes()).to_string()
            }
        }
    }

    /// Sixteen bytes nobody outside can predict, always the same for a name.
    fn derived(&self, label: &str, name: &str) -> [u8; 16] {
        let mut out = [0; 16];
        // HMAC takes keys of every length; the error exists for other algorithms of the trait.
        if let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(&self.secret.0) {
            mac.update(label.as_bytes());
            mac.update(&[0]);
            mac.update(name.to_ascii_lowercase().as_bytes());
            for (to, from) in out.iter_mut().zip(mac.finalize().into_bytes()) {
                *to = from;
            }
        }
        out
    }
}

impl Client {
    /// Whether `ExplicitAuthFlows` holds a flow under its present name or its old one.
    pub fn allows(&self, flow: &str) -> bool {
        if flow == "REFRESH_TOKEN_AUTH" && self.rotation.is_some() {
            return false;
        }
        let legacy = match flow {
            "CUSTOM_AUTH" => "CUSTOM_AUTH_FLOW_ONLY",
            other => other,
        };
        self.explicit_auth_flows.contains(&format!("ALLOW_{flow}"))
            || self.explicit_auth_flows.contains(legacy)
    }
}

impl TryFrom<String> for Secret {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, &'static str> {
        let mut bytes = [0; 32];
        match Base64::decode(&text, &mut bytes).map(<[u8]>::len) {
            Ok(32) => Ok(Self(bytes)),
            Ok(_) | Err(_) => Err("expected base64 of 32 bytes"),
        }
    }
}

impl From<Secret> for String {
    fn from(secret: Secret) -> Self {
        Base64::encode_string(&secret.0)
    }
}

/// The part of a pool id after the first `_`.
pub fn short_name(pool_id: &str) -> &str {
    pool_id.split_once('_').map_or("", |(_, name)| name)
}

fn no_such_pool() -> ApiError {
    Exception::ResourceNotFound.because("User pool does not exist.")
}

fn no_such_user() -> ApiError {
    Exception::UserNotFound.because("User does not exist.")
}
