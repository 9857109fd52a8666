//! ES256: ECDSA on P-256 with SHA-256, as COSE writes its keys (RFC 9052, RFC 9053).

use minicbor::Decoder;
use ring::signature::{ECDSA_P256_SHA256_ASN1, UnparsedPublicKey};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::Refused;

/// COSE's number of ES256, which goes into `pubKeyCredParams`.
pub const ES256: i64 = -7;

/// The point, uncompressed.
#[derive(Clone, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PublicKey(Vec<u8>);

const KEY_TYPE: i64 = 1;
const ALGORITHM: i64 = 3;
const CURVE: i64 = -1;
const X: i64 = -2;
const Y: i64 = -3;
const ELLIPTIC_CURVE: i64 = 2;
const P_256: i64 = 1;

/// Reads a key, and leaves the decoder behind it.
///
/// # Errors
/// If it is no key, or one of another kind.
pub fn read(decoder: &mut Decoder<'_>) -> Result<PublicKey, Refused> {
    let malformed = |_| Refused::Malformed("credentialPublicKey");
    let members = decoder.map().map_err(malformed)?;
    let members = members.ok_or(Refused::Malformed("credentialPublicKey"))?;
    let (mut key_type, mut algorithm, mut curve) = (None, None, None);
    let (mut x, mut y) = (None, None);
    for _ in 0..members {
        match decoder.i64().map_err(malformed)? {
            KEY_TYPE => key_type = Some(decoder.i64().map_err(malformed)?),
            ALGORITHM => algorithm = Some(decoder.i64().map_err(malformed)?),
            // Keys of other types have other things under these numbers.
            CURVE if key_type == Some(ELLIPTIC_CURVE) => {
                curve = Some(decoder.i64().map_err(malformed)?);
            }
            X if key_type == Some(ELLIPTIC_CURVE) => {
                x = Some(decoder.bytes().map_err(malformed)?);
            }
            Y if key_type == Some(ELLIPTIC_CURVE) => {
                y = Some(decoder.bytes().map_err(malformed)?);
            }
            _ => decoder.skip().map_err(malformed)?,
        }
    }
    let kind = (key_type, algorithm, curve);
    let (Some(x), Some(y)) = (x, y) else {
        return Err(Refused::NotSupported);
    };
    if kind != (Some(ELLIPTIC_CURVE), Some(ES256), Some(P_256)) {
        return Err(Refused::NotSupported);
    }
    if x.len() != 32 || y.len() != 32 {
        return Err(Refused::Malformed("credentialPublicKey"));
    }
    Ok(PublicKey([&[4], x, y].concat()))
}

impl PublicKey {
    /// Checks the signature of both sides' data.
    ///
    /// # Errors
    /// If the key has not made it.
    pub fn check(
        &self,
        authenticator_data: &[u8],
        client_data: &[u8],
        signature: &[u8],
    ) -> Result<(), Refused> {
        let signed = [authenticator_data, &Sha256::digest(client_data)].concat();
        UnparsedPublicKey::new(&ECDSA_P256_SHA256_ASN1, &self.0)
            .verify(&signed, signature)
            .map_err(|_| Refused::Signature)
    }
}
