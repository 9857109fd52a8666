//! The proof of a password, the person's or the device's.

use crate::{
    Error, Fields, Timestamp,
    srp::{Ephemeral, Salt, ServerPublic},
};
use alloc::string::{String, ToString};
use base64ct::{Base64, Encoding};

/// What is proved.
pub(crate) struct Secret<'a> {
    /// The part of the pool's id after the `_`, or the device's group.
    pub group: &'a str,
    /// `USER_ID_FOR_SRP`, or the device's key.
    pub user_id: &'a str,
    /// The password.
    pub password: &'a [u8],
}

/// A signed claim, as `PASSWORD_VERIFIER` and `DEVICE_PASSWORD_VERIFIER` want it.
pub(crate) struct Proof {
    /// As it came: it is sent back unchanged.
    secret_block: String,
    signature: String,
    timestamp: String,
}

impl Proof {
    /// Checks all that the pool sent before the password is touched.
    pub fn of(
        secret: &Secret<'_>,
        ephemeral: &Ephemeral,
        fields: &dyn Fields,
        time: Timestamp,
    ) -> Result<Self, Error> {
        let server = ServerPublic::from_hex(&text(fields, "SRP_B", 768)?)
            .map_err(|_| Error::misbehaved("SRP_B", "a hexadecimal number, 0 < B < N"))?;
        let salt = Salt::from_hex(&text(fields, "SALT", 65)?)
            .map_err(|_| Error::misbehaved("SALT", "a hexadecimal number of at most 64 digits"))?;
        let secret_block = text(fields, "SECRET_BLOCK", 8192)?;
        let block = Base64::decode_vec(&secret_block)
            .map_err(|_| Error::misbehaved("SECRET_BLOCK", "base64"))?;
        let &Secret {
            group,
            user_id,
            password,
        } = secret;
        let handshake = ephemeral
            .agree(&server, &salt, group, user_id, password)
            .map_err(|_| Error::misbehaved("SRP_B", "a value with which u is not zero"))?;
        let timestamp = time.to_string();
        let signature = handshake.sign(group, user_id, &block, &timestamp);
        Ok(Self {
            secret_block,
            signature: Base64::encode_string(&*signature),
            timestamp,
        })
    }

    /// `ChallengeResponses`, but for who answers.
    pub fn responses(&self) -> [(&str, &str); 3] {
        [
            ("PASSWORD_CLAIM_SECRET_BLOCK", &self.secret_block),
            ("PASSWORD_CLAIM_SIGNATURE", &self.signature),
            ("TIMESTAMP", &self.timestamp),
        ]
    }
}

/// A challenge parameter that has to be there.
pub(crate) fn text(fields: &dyn Fields, name: &'static str, most: usize) -> Result<String, Error> {
    fields
        .text(&["ChallengeParameters", name])
        .filter(|text| !text.is_empty() && text.len() <= most)
        .ok_or(Error::misbehaved(
            name,
            "a string, neither empty nor too long",
        ))
}
