//! What the authenticator vouches for: whose page, whether somebody was there, the counter, and of
//! a new credential its id and key.

use minicbor::Decoder;
use sha2::{Digest, Sha256};

use super::{
    Refused, RelyingParty, UserVerification,
    public_key::{self, PublicKey},
};

const MALFORMED: Refused = Refused::Malformed("authenticatorData");

const USER_PRESENT: u8 = 1;
const USER_VERIFIED: u8 = 1 << 2;
const BACKUP_ELIGIBLE: u8 = 1 << 3;
const BACKUP_STATE: u8 = 1 << 4;
const ATTESTED: u8 = 1 << 6;
const EXTENSIONS: u8 = 1 << 7;

/// The authenticator data of either ceremony.
pub struct AuthenticatorData<'a> {
    /// How often it has been used, or 0 if it does not count.
    pub counter: u32,
    hash: &'a [u8; 32],
    flags: u8,
    rest: &'a [u8],
}

/// A new credential.
pub struct Attested<'a> {
    /// Its id.
    pub credential_id: &'a [u8],
    /// Its key.
    pub public_key: PublicKey,
}

/// The authenticator data inside an attestation object.
///
/// # Errors
/// If it is not one.
pub fn of_attestation(object: &[u8]) -> Result<&[u8], Refused> {
    let read = || {
        let mut decoder = Decoder::new(object);
        let mut data = None;
        for _ in 0..decoder.map().ok()?? {
            match decoder.str().ok()? {
                "authData" => data = Some(decoder.bytes().ok()?),
                _ => decoder.skip().ok()?,
            }
        }
        data.filter(|_| decoder.position() == object.len())
    };
    read().ok_or(Refused::Malformed("attestationObject"))
}

impl<'a> AuthenticatorData<'a> {
    /// Takes it apart.
    ///
    /// # Errors
    /// If it is too short, or contradicts itself.
    pub fn parse(bytes: &'a [u8]) -> Result<Self, Refused> {
        let (hash, rest) = bytes.split_first_chunk().ok_or(MALFORMED)?;
        let (&flags, rest) = rest.split_first().ok_or(MALFORMED)?;
        let (counter, rest) = rest.split_first_chunk().ok_or(MALFORMED)?;
        let data = Self {
            counter: u32::from_be_bytes(*counter),
            hash,
            flags,
            rest,
        };
        let more = data.has(ATTESTED) || data.has(EXTENSIONS);
        if (data.has(BACKUP_STATE) && !data.has(BACKUP_ELIGIBLE)) || more == rest.is_empty() {
            return Err(MALFORMED);
        }
        Ok(data)
    }

    /// Checks that it was made for the relying party, with somebody there.
    ///
    /// # Errors
    /// Why it is refused.
    pub fn check(&self, relying_party: &RelyingParty) -> Result<(), Refused> {
        if *self.hash != *Sha256::digest(&relying_party.id) {
            return Err(Refused::RelyingParty);
        }
        let verified = match relying_party.user_verification {
            UserVerification::Preferred => true,
            UserVerification::Required => self.has(USER_VERIFIED),
        };
        match self.has(USER_PRESENT) && verified {
            true => Ok(()),
            false => Err(Refused::Absent),
        }
    }

    /// Whether the credential may be on more than one device.
    pub fn is_backup_eligible(&self) -> bool {
        self.has(BACKUP_ELIGIBLE)
    }

    /// The new credential.
    ///
    /// # Errors
    /// If there is none, or of a kind that is not supported.
    pub fn attested(&self) -> Result<Attested<'a>, Refused> {
        if !self.has(ATTESTED) {
            return Err(MALFORMED);
        }
        let (_aaguid, rest) = self.rest.split_first_chunk::<16>().ok_or(MALFORMED)?;
        let (length, rest) = rest.split_first_chunk().ok_or(MALFORMED)?;
        let length = usize::from(u16::from_be_bytes(*length));
        let (credential_id, key) = rest.split_at_checked(length).ok_or(MALFORMED)?;
        let mut decoder = Decoder::new(key);
        let public_key = public_key::read(&mut decoder)?;
        if self.has(EXTENSIONS) {
            decoder.skip().map_err(|_| MALFORMED)?;
        }
        // 1023 is what Web Authentication allows.
        if decoder.position() != key.len() || !(1..=1023).contains(&length) {
            return Err(MALFORMED);
        }
        Ok(Attested {
            credential_id,
            public_key,
        })
    }

    const fn has(&self, flag: u8) -> bool {
        self.flags & flag != 0
    }
}
