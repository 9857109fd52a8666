//! Devices that a user has, and that prove themselves by SRP.

use std::time::Duration;

use base64ct::{Base64, Encoding};
use protocol::srp::{ClientPublic, Salt, Verifier};
use serde::{Deserialize, Serialize};

use crate::{
    auth::{AuthReply, SignIn},
    entropy,
    error::{ApiError, Exception},
    password::{self, Claim},
    service::Service,
    sessions::{PasswordStep, Step},
    tokens,
    users::Credential,
};

/// `DeviceConfiguration`, as far as a local pool has it.
#[derive(Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Tracking {
    /// None: no tokens announce a device.
    #[default]
    Off,
    /// A device that is confirmed is remembered.
    Always,
    /// `DeviceOnlyRememberedOnUserPrompt`: a second call says that it is to be.
    OnPrompt,
}

/// A device of a user.
#[derive(Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Device {
    /// `DeviceGroupKey`.
    pub group_key: String,
    /// For people.
    pub name: Option<String>,
    /// What the device proves its password against.
    pub credential: Credential,
    /// Whether it stands for the second factor.
    pub remembered: bool,
    /// When it was confirmed, in seconds since 1970.
    #[serde(default)]
    pub created: u64,
    /// When its status was last set, in seconds since 1970.
    #[serde(default)]
    pub modified: u64,
    /// When it last proved itself, or else was confirmed, in seconds since 1970.
    #[serde(default)]
    pub authenticated: u64,
}

/// `NewDeviceMetadata`.
#[derive(Clone)]
pub struct NewDevice {
    /// `DeviceKey`.
    pub key: String,
    /// `DeviceGroupKey`.
    pub group_key: String,
}

impl NewDevice {
    /// Names for a device.
    ///
    /// # Errors
    /// If the operating system has no random bytes.
    pub fn draw(region: &str) -> Result<Self, entropy::Error> {
        let group: String = entropy::handle()?.chars().take(8).collect();
        Ok(Self {
            key: format!("{region}_{}", entropy::uuid()?),
            group_key: format!("-{group}"),
        })
    }
}

impl Device {
    /// Reads `DeviceSecretVerifierConfig`.
    ///
    /// # Errors
    /// `InvalidParameterException`.
    pub fn new(
        group_key: String,
        name: Option<String>,
        salt: &str,
        verifier: &str,
        now: Duration,
    ) -> Result<Self, ApiError> {
        let hex = |text: &str, field: &str| {
            let bytes = Base64::decode_vec(text).map_err(|_| invalid(field))?;
            let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
            Ok::<_, ApiError>(hex.trim_start_matches('0').to_owned())
        };
        let salt = Salt::from_hex(&hex(salt, "Salt")?).map_err(|_| invalid("Salt"))?;
        let verifier = hex(verifier, "PasswordVerifier")?;
        let verifier = Verifier::from_hex(&verifier).map_err(|_| invalid("PasswordVerifier"))?;
        Ok(Self {
            group_key,
            name,
            credential: Credential { salt, verifier },
            remembered: false,
            created: now.as_secs(),
            modified: now.as_secs(),
            authenticated: now.as_secs(),
        })
    }
}

/// The error about a device that is not there.
pub fn no_such_device() -> ApiError {
    Exception::ResourceNotFound.because("Device does not exist.")
}

/// Challenges the device that sent `A`.
///
/// # Errors
/// If the device has been forgotten meanwhile.
pub async fn challenge(
    service: &Service,
    sign_in: SignIn,
    a: ClientPublic,
) -> Result<AuthReply, ApiError> {
    let device = device_of(service, &sign_in)?;
    let (step, mut parameters) = password::handshake(device.credential, a).await?;
    parameters.insert("USERNAME".into(), sign_in.subject.username.clone());
    let key = sign_in.device_key.clone().unwrap_or_default();
    parameters.insert("DEVICE_KEY".into(), key);
    let session = entropy::handle()?;
    sign_in.keep(service, session.clone(), Step::DevicePassword(step))?;
    Ok(AuthReply::Challenge {
        name: "DEVICE_PASSWORD_VERIFIER",
        session: Some(session),
        parameters,
    })
}

/// Checks the device's claim.
///
/// # Errors
/// `NotAuthorizedException`: another password, or another device.
pub async fn prove(
    service: &Service,
    sign_in: SignIn,
    step: PasswordStep,
    claim: Claim,
) -> Result<AuthReply, ApiError> {
    let device = device_of(service, &sign_in)?;
    let key = sign_in.device_key.clone().unwrap_or_default();
    if password::proves(step, claim, device.group_key, key.clone()).await? {
        note(service, &sign_in, &key)?;
        tokens::issue(service, sign_in).await
    } else {
        Err(ApiError::incorrect())
    }
}

/// Notes when the device has proved itself.
fn note(service: &Service, sign_in: &SignIn, key: &str) -> Result<(), ApiError> {
    service.store.change(|pools| {
        let users = &mut pools.pool_mut(&sign_in.pool_id)?.users;
        let mut user = users.get_mut(&sign_in.subject.username);
        let device = user.as_mut().and_then(|user| user.devices.get_mut(key));
        if let Some(device) = device {
            device.authenticated = service.clock.now().as_secs();
        }
        Ok(())
    })
}

fn device_of(service: &Service, sign_in: &SignIn) -> Result<Device, ApiError> {
    let user = service.user(&sign_in.pool_id, &sign_in.subject.username)?;
    let key = sign_in.device_key.as_ref();
    key.and_then(|key| user.devices.get(key).cloned())
        .ok_or_else(no_such_device)
}

fn invalid(field: &str) -> ApiError {
    Exception::InvalidParameter.because(format!("Invalid device verifier: {field}"))
}
