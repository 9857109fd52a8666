//! Remembered devices: a pool that knows a device does not ask there for a second factor.
//!
//! A device has a password of its own, which it draws itself and proves by SRP, with the
//! device's group in place of the pool's name and its key in place of the user's id.

use crate::{
    Error, Misuse, Operation, Reply, Request,
    json::{self, Member},
    refusal::{self, Asked},
    srp::{Ephemeral, Salt, Verifier},
};
use alloc::{borrow::ToOwned, boxed::Box, string::String, vec::Vec};
use base64ct::{Base64, Encoding};
use core::fmt;
use zeroize::Zeroizing;

/// A remembered device: its names, and its password, which is to be kept as a token is.
pub struct Device {
    pub(crate) key: String,
    pub(crate) group_key: String,
    pub(crate) password: Zeroizing<String>,
}

/// `NewDeviceMetadata`: the pool would remember this device.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewDevice {
    /// `DeviceKey`.
    pub key: String,
    /// `DeviceGroupKey`.
    pub group_key: String,
}

/// A device that is part of a sign-in.
pub(crate) struct Participant {
    pub device: Device,
    // Where it stays: what is moved leaves a copy behind.
    pub ephemeral_entropy: Box<Zeroizing<[u8; 64]>>,
}

/// Has the pool remember the device that the tokens were issued to: `ConfirmDevice` and,
/// where the pool leaves that to the person, `UpdateDeviceStatus`. Call it if the person
/// agrees.
///
/// `entropy` must be fresh: 40 bytes become the device's password, 16 the salt. `name` is
/// what the person sees in a list of devices.
pub fn remember_device(
    access_token: &str,
    new: NewDevice,
    name: Option<&str>,
    entropy: &[u8; 56],
) -> (Request, AwaitingConfirmation) {
    let (password, salt) = entropy.split_at(40);
    let salt = Salt::from_bytes(<[u8; 16]>::try_from(salt).unwrap_or_default());
    let NewDevice { key, group_key } = new;
    let password = Zeroizing::new(Base64::encode_string(password));
    let verifier = Verifier::derive(&group_key, &key, password.as_bytes(), &salt);
    let secret = [
        ("Salt", Base64::encode_string(&salt.pad())),
        ("PasswordVerifier", Base64::encode_string(&verifier.pad())),
    ];
    let secret = secret
        .each_ref()
        .map(|(name, value)| (*name, value.as_str()));
    let mut members = Vec::from([
        ("AccessToken", Member::Text(access_token)),
        ("DeviceKey", Member::Text(&key)),
        ("DeviceSecretVerifierConfig", Member::Map(&secret)),
    ]);
    if let Some(name) = name {
        members.push(("DeviceName", Member::Text(name)));
    }
    let request = Request::new(Operation::ConfirmDevice, json::object(&members));
    let awaiting = AwaitingConfirmation {
        access_token: Zeroizing::new(access_token.to_owned()),
        device: Device {
            key,
            group_key,
            password,
        },
        last: Operation::ConfirmDevice,
    };
    (request, awaiting)
}

/// A request about a device is on its way.
pub struct AwaitingConfirmation {
    access_token: Zeroizing<String>,
    device: Device,
    last: Operation,
}

/// What to do about a device next.
#[derive(Debug)]
pub enum Confirmation {
    /// Post the request, then hand over its reply.
    Send(Request, AwaitingConfirmation),
    /// The pool remembers the device. Keep this, and sign in with it.
    Remembered(Device),
}

impl AwaitingConfirmation {
    /// Reads the reply.
    ///
    /// # Errors
    /// [`Error`] if the pool refused or misbehaved. The device is not remembered then.
    pub fn receive(mut self, reply: Reply<'_>) -> Result<Confirmation, Error> {
        refusal::check(&reply, Asked::Account)?;
        let necessary = reply
            .body
            .is_some_and(|body| body.truth(&["UserConfirmationNecessary"]));
        if self.last == Operation::UpdateDeviceStatus || !necessary {
            return Ok(Confirmation::Remembered(self.device));
        }
        let members = [
            ("AccessToken", Member::Text(&self.access_token)),
            ("DeviceKey", Member::Text(&self.device.key)),
            ("DeviceRememberedStatus", Member::Text("remembered")),
        ];
        let request = Request::new(Operation::UpdateDeviceStatus, json::object(&members));
        self.last = Operation::UpdateDeviceStatus;
        Ok(Confirmation::Send(request, self))
    }
}

impl Device {
    /// A device that [`remember_device`] made.
    ///
    /// # Errors
    /// [`Misuse`] with the field that is empty or longer than it can be.
    pub fn new(key: &str, group_key: &str, password: &str) -> Result<Self, Misuse> {
        for (field, text, most) in [
            ("deviceKey", key, 55),
            ("deviceGroupKey", group_key, 256),
            ("devicePassword", password, 256),
        ] {
            if text.is_empty() || text.len() > most {
                let expected = "what rememberDevice gave";
                return Err(Misuse::sized(field, expected, text.len()));
            }
        }
        Ok(Self {
            key: key.to_owned(),
            group_key: group_key.to_owned(),
            password: Zeroizing::new(password.to_owned()),
        })
    }

    /// `DeviceKey`. It goes with every request for new tokens.
    pub fn key(&self) -> &str {
        &self.key
    }

    /// `DeviceGroupKey`.
    pub fn group_key(&self) -> &str {
        &self.group_key
    }

    /// The password that the device drew. Whoever has it passes for the device.
    pub fn password(&self) -> &str {
        &self.password
    }
}

impl Participant {
    /// The device's half of SRP; nothing if the entropy is none.
    pub fn ephemeral(&self) -> Option<Ephemeral> {
        Ephemeral::new(&self.ephemeral_entropy).ok()
    }
}

impl fmt::Debug for Device {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Device").field(&self.key).finish()
    }
}

impl fmt::Debug for AwaitingConfirmation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AwaitingConfirmation")
    }
}
