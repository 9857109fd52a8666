//! What browsers write of a credential: `RegistrationResponseJSON` and `AuthenticationResponseJSON`.

use std::fmt;

use base64ct::{Base64UrlUnpadded, Encoding};
use serde::Deserialize;

use super::base64url;

/// A new credential.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Registration {
    /// The credential's id.
    pub id: Bytes,
    /// `platform` or `cross-platform`.
    pub authenticator_attachment: Option<String>,
    /// What the authenticator said.
    pub response: RegistrationResponse,
}

/// What the authenticator said of a new credential.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RegistrationResponse {
    /// What the browser vouches for.
    #[serde(rename = "clientDataJSON")]
    pub client_data: Bytes,
    /// The credential, in CBOR.
    pub attestation_object: Bytes,
    /// How to reach the authenticator.
    #[serde(default)]
    pub transports: Vec<String>,
}

/// A credential in use.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Assertion {
    /// The credential's id.
    pub id: Bytes,
    /// What the authenticator said.
    pub response: AssertionResponse,
}

/// What the authenticator said, and its signature.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AssertionResponse {
    /// What the browser vouches for.
    #[serde(rename = "clientDataJSON")]
    pub client_data: Bytes,
    /// What the authenticator vouches for.
    pub authenticator_data: Bytes,
    /// Of both.
    pub signature: Bytes,
    /// Whose it is. Passkeys that find their user by themselves say so.
    pub user_handle: Option<Bytes>,
}

/// Bytes that are written as base64url without padding.
#[derive(Deserialize)]
#[serde(try_from = "String")]
pub struct Bytes(pub Vec<u8>);

impl TryFrom<String> for Bytes {
    type Error = base64ct::Error;

    fn try_from(text: String) -> Result<Self, base64ct::Error> {
        Base64UrlUnpadded::decode_vec(&text).map(Self)
    }
}

impl fmt::Display for Bytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&base64url(&self.0))
    }
}
