//! Passkeys: how one is registered, and how it proves who signs in (Web Authentication, Level 3).

mod authenticator_data;
pub mod challenge;
mod client_data;
mod documents;
mod policy;
mod public_key;
mod registrations;

pub use documents::{Assertion, Registration};
pub use policy::{Policy, RelyingParty, UserVerification};
pub use public_key::ES256;
pub use registrations::{Pending, Registrations};

use base64ct::{Base64UrlUnpadded, Encoding};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use authenticator_data::AuthenticatorData;
use client_data::Ceremony;
use public_key::PublicKey;

/// What the authenticator has to sign, among other things.
pub type Challenge = [u8; 32];

/// A passkey of a user, who has it under its `CredentialId`.
#[derive(Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Passkey {
    /// Where it was registered.
    pub relying_party: String,
    /// `AuthenticatorAttachment`, as the browser said.
    pub attachment: Option<String>,
    /// `AuthenticatorTransports`, as the browser said.
    pub transports: Vec<String>,
    /// Seconds since 1970.
    pub created: u64,
    public_key: PublicKey,
    counter: u32,
    backup_eligible: bool,
}

/// Why a passkey is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refused {
    /// A part is not what the specification says it is.
    Malformed(&'static str),
    /// It answers another challenge.
    Challenge,
    /// A page asked that is not the relying party's.
    Origin,
    /// It was made for another relying party.
    RelyingParty,
    /// Nobody was there, or nobody was verified who had to be.
    Absent,
    /// It has a key of another kind than ES256.
    NotSupported,
    /// It was not signed by this key.
    Signature,
    /// It has counted less than before: somebody may have copied it.
    Counter,
}

impl Passkey {
    /// Reads a new passkey, and its `CredentialId`. Whoever makes it is not asked to attest what
    /// they are, so no attestation is checked.
    ///
    /// # Errors
    /// Why it is refused.
    pub fn register(
        relying_party: &RelyingParty,
        challenge: &Challenge,
        registration: &Registration,
        created: u64,
    ) -> Result<(String, Self), Refused> {
        let response = &registration.response;
        client_data::check(
            &response.client_data.0,
            Ceremony::Create,
            challenge,
            relying_party,
        )?;
        let bytes = authenticator_data::of_attestation(&response.attestation_object.0)?;
        let data = AuthenticatorData::parse(bytes)?;
        data.check(relying_party)?;
        let attested = data.attested()?;
        if attested.credential_id != registration.id.0 {
            return Err(Refused::Malformed("id"));
        }
        let passkey = Self {
            relying_party: relying_party.id.clone(),
            attachment: registration.authenticator_attachment.clone(),
            transports: response.transports.clone(),
            created,
            public_key: attested.public_key,
            counter: data.counter,
            backup_eligible: data.is_backup_eligible(),
        };
        Ok((registration.id.to_string(), passkey))
    }

    /// Checks that this passkey has signed the challenge, and takes over how far it has counted.
    /// `user_handle` is what its user was registered under.
    ///
    /// # Errors
    /// Why it is refused; the passkey is as it was then.
    pub fn prove(
        &mut self,
        relying_party: &RelyingParty,
        challenge: &Challenge,
        user_handle: &str,
        assertion: &Assertion,
    ) -> Result<(), Refused> {
        let response = &assertion.response;
        let named = response.user_handle.as_ref();
        if named.is_some_and(|named| named.0 != user_handle.as_bytes()) {
            return Err(Refused::Malformed("userHandle"));
        }
        client_data::check(
            &response.client_data.0,
            Ceremony::Get,
            challenge,
            relying_party,
        )?;
        let data = AuthenticatorData::parse(&response.authenticator_data.0)?;
        data.check(relying_party)?;
        if data.is_backup_eligible() != self.backup_eligible {
            return Err(Refused::Malformed("authenticatorData"));
        }
        self.public_key.check(
            &response.authenticator_data.0,
            &response.client_data.0,
            &response.signature.0,
        )?;
        let counts = data.counter != 0 || self.counter != 0;
        if counts && data.counter <= self.counter {
            return Err(Refused::Counter);
        }
        self.counter = data.counter;
        Ok(())
    }

    /// What browsers find it by: a `PublicKeyCredentialDescriptorJSON`.
    pub fn descriptor(&self, id: &str) -> Value {
        json!({ "type": "public-key", "id": id, "transports": self.transports })
    }
}

/// Bytes as browsers write them into JSON.
pub fn base64url(bytes: &[u8]) -> String {
    Base64UrlUnpadded::encode_string(bytes)
}

#[cfg(test)]
mod tests;
