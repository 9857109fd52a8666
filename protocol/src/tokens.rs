//! What a sign-in is for.

use crate::{Error, Fields, NewDevice};
use alloc::string::String;
use core::fmt;
use zeroize::Zeroizing;

/// The tokens. Keeping them is the application's decision.
pub struct Tokens {
    access: Zeroizing<String>,
    id: Zeroizing<String>,
    refresh: Option<Zeroizing<String>>,
    token_type: String,
    expires_in: u32,
    new_device: Option<NewDevice>,
    pub(crate) device_forgotten: bool,
}

impl Tokens {
    pub(crate) fn read(fields: &dyn Fields) -> Result<Self, Error> {
        let text = |name| {
            let text = fields.text(&["AuthenticationResult", name]);
            text.filter(|text| !text.is_empty()).map(Zeroizing::new)
        };
        let token = |name: &'static str| {
            text(name)
                .filter(|token| token.split('.').count() == 3)
                .ok_or(Error::misbehaved(name, "a token of three parts"))
        };
        let expires_in = fields
            .number(&["AuthenticationResult", "ExpiresIn"])
            .filter(|seconds| (1.0..=86_400.0).contains(seconds))
            .ok_or(Error::misbehaved(
                "ExpiresIn",
                "a number of seconds, 1 to 86400",
            ))?;
        Ok(Self {
            access: token("AccessToken")?,
            id: token("IdToken")?,
            refresh: text("RefreshToken"),
            token_type: fields
                .text(&["AuthenticationResult", "TokenType"])
                .filter(|name| !name.is_empty())
                .unwrap_or_else(|| "Bearer".into()),
            #[expect(
                clippy::as_conversions,
                reason = "between 1 and 86400, as checked above"
            )]
            expires_in: expires_in as u32,
            new_device: new_device(fields),
            device_forgotten: false,
        })
    }

    /// The access token, a JWT.
    pub fn access(&self) -> &str {
        &self.access
    }

    /// The ID token, a JWT.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The refresh token, opaque.
    pub fn refresh(&self) -> Option<&str> {
        self.refresh.as_ref().map(|token| token.as_str())
    }

    /// `TokenType`: `Bearer`.
    pub fn token_type(&self) -> &str {
        &self.token_type
    }

    /// Seconds that access and ID token are valid from now.
    pub fn expires_in(&self) -> u32 {
        self.expires_in
    }

    /// `NewDeviceMetadata`: the pool would remember this device, see
    /// [`remember_device`](crate::remember_device).
    pub fn new_device(&self) -> Option<&NewDevice> {
        self.new_device.as_ref()
    }

    /// Whether the device that was signed in with is no longer known: forget it.
    pub fn is_device_forgotten(&self) -> bool {
        self.device_forgotten
    }
}

fn new_device(fields: &dyn Fields) -> Option<NewDevice> {
    let text = |name| {
        fields
            .text(&["AuthenticationResult", "NewDeviceMetadata", name])
            .filter(|text| (1..=256).contains(&text.len()))
    };
    Some(NewDevice {
        key: text("DeviceKey")?,
        group_key: text("DeviceGroupKey")?,
    })
}

impl fmt::Debug for Tokens {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Tokens")
    }
}
