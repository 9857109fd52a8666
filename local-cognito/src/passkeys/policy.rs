//! What a pool allows of passkeys.

use serde::{Deserialize, Serialize};

use crate::error::{ApiError, Exception};

/// `WebAuthnConfiguration`, and whether a sign-in may begin with a passkey at all.
#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Policy {
    /// `AllowedFirstAuthFactors` holds `WEB_AUTHN`.
    pub allowed: bool,
    /// Whose passkeys.
    pub relying_party: Option<RelyingParty>,
}

/// Who passkeys are made for.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RelyingParty {
    /// `RelyingPartyId`: a domain, such as `localhost`.
    pub id: String,
    /// `UserVerification`.
    pub user_verification: UserVerification,
}

/// Whether the authenticator has to verify its user.
#[derive(Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum UserVerification {
    /// It should.
    #[default]
    Preferred,
    /// It must.
    Required,
}

impl Policy {
    /// Whose passkeys the pool takes.
    ///
    /// # Errors
    /// If it takes none, and by which omission.
    pub fn relying_party(&self) -> Result<&RelyingParty, ApiError> {
        if !self.allowed {
            return Err(
                Exception::WebAuthnNotEnabled.because("WebAuthn is not enabled for this pool.")
            );
        }
        self.relying_party.as_ref().ok_or_else(|| {
            Exception::WebAuthnConfigurationMissing
                .because("The pool has no RelyingPartyId in its WebAuthnConfiguration.")
        })
    }
}
