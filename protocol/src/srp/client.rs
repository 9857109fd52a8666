//! The client's half of the handshake.

use super::{ClientPublic, Error, Salt, ServerPublic, claim, values::Residue};
use alloc::{boxed::Box, string::String};
use core::fmt;
use group15::{Exponent, wiped};
use zeroize::Zeroizing;

/// `a` and `A`. Made before the person submits, because it is the costlier half.
///
/// `a` has 512 bits: with fewer, `u·x`, which also has 512, would show through `a + u·x`.
pub struct Ephemeral {
    // Where it stays: what is moved leaves a copy behind.
    secret: Box<Exponent>,
    public: ClientPublic,
}

/// `a`, and `A` on the way.
pub struct Drawing {
    secret: Box<Exponent>,
    public: group15::Power,
}

/// `u`, and `S` on the way.
pub struct Agreement {
    u: [u8; 32],
    premaster: group15::Power,
}

/// The agreed key, ready to sign with.
pub struct Handshake {
    // As above.
    key: Box<Zeroizing<[u8; 16]>>,
}

/// Every value of a handshake, big-endian, to be held against known answers.
pub struct Intermediates {
    /// `u`.
    pub u: [u8; 32],
    /// `x`. Secret.
    pub x: Zeroizing<[u8; 32]>,
    /// `S`. Secret.
    pub s: Zeroizing<[u8; 384]>,
    /// The key that signs. Secret.
    pub key: Zeroizing<[u8; 16]>,
}

impl Ephemeral {
    /// Makes `a` of fresh random bytes and computes `A = g^a mod N`.
    ///
    /// # Errors
    /// [`Error::BadEntropy`] if the bytes are all zero: no random number generator gives that.
    pub fn new(entropy: &[u8; 64]) -> Result<Self, Error> {
        Drawing::new(entropy).map(Drawing::finish)
    }

    /// As [`Ephemeral::new`], with an `a` of 1 to 128 bytes, for known answers.
    ///
    /// # Errors
    /// [`Error::BadEntropy`] if `a` is zero or longer than 128 bytes.
    pub fn from_be_bytes(a: &[u8]) -> Result<Self, Error> {
        Drawing::from_be_bytes(a).map(Drawing::finish)
    }

    /// `SRP_A`: lower-case hexadecimal without leading zeros.
    pub fn public_hex(&self) -> String {
        self.public.to_hex()
    }

    /// Agrees on the key: `S = (B − k·g^x)^(a + u·x) mod N`.
    ///
    /// `user_id` is `USER_ID_FOR_SRP`, never what the person typed.
    ///
    /// # Errors
    /// [`Error::ZeroScrambler`] if `u` is zero; the password is not touched then.
    pub fn agree(
        &self,
        server: &ServerPublic,
        salt: &Salt,
        pool_name: impl AsRef<[u8]>,
        user_id: impl AsRef<[u8]>,
        password: &[u8],
    ) -> Result<Handshake, Error> {
        let agreement = self.agreement(server, salt, pool_name, user_id, password);
        agreement.map(Agreement::finish)
    }

    /// As [`Ephemeral::agree`], to be computed in parts.
    ///
    /// # Errors
    /// As [`Ephemeral::agree`].
    pub fn agreement(
        &self,
        server: &ServerPublic,
        salt: &Salt,
        pool_name: impl AsRef<[u8]>,
        user_id: impl AsRef<[u8]>,
        password: &[u8],
    ) -> Result<Agreement, Error> {
        let u = claim::scrambler(&self.public, server);
        if u == [0; 32] {
            return Err(Error::ZeroScrambler);
        }
        wiped(|| {
            let x = claim::x(salt, pool_name.as_ref(), user_id.as_ref(), password);
            let exponent = self.secret.plus_product(&u, &x);
            let x = Exponent::from_be_bytes(&*x).ok_or(Error::BadEntropy)?;
            let premaster = group15::premaster(server.0.as_bytes(), &claim::K, &x, &exponent);
            Ok(Agreement { u, premaster })
        })
    }

    /// The values on the way to the key that [`Ephemeral::agree`] would agree on, for tests against
    /// other implementations.
    ///
    /// # Errors
    /// As [`Ephemeral::agree`].
    pub fn intermediates(
        &self,
        server: &ServerPublic,
        salt: &Salt,
        pool_name: impl AsRef<[u8]>,
        user_id: impl AsRef<[u8]>,
        password: &[u8],
    ) -> Result<Intermediates, Error> {
        let (pool_name, user_id) = (pool_name.as_ref(), user_id.as_ref());
        let Agreement { u, premaster } =
            self.agreement(server, salt, pool_name, user_id, password)?;
        let s = premaster.finish();
        Ok(Intermediates {
            u,
            x: claim::x(salt, pool_name, user_id, password),
            key: claim::session_key(&u, &s),
            s,
        })
    }
}

impl Drawing {
    /// As [`Ephemeral::new`], with `A` still to be computed.
    ///
    /// # Errors
    /// As [`Ephemeral::new`].
    pub fn new(entropy: &[u8; 64]) -> Result<Self, Error> {
        Self::from_be_bytes(entropy)
    }

    /// Computes a part of `A`, and tells whether it was the last.
    pub fn advance(&mut self) -> bool {
        self.public.advance()
    }

    /// Computes what is left.
    pub fn finish(self) -> Ephemeral {
        Ephemeral {
            secret: self.secret,
            public: ClientPublic(Residue::computed(*self.public.finish())),
        }
    }

    fn from_be_bytes(a: &[u8]) -> Result<Self, Error> {
        if a.iter().all(|&byte| byte == 0) {
            return Err(Error::BadEntropy);
        }
        wiped(|| {
            let secret = Box::new(Exponent::from_be_bytes(a).ok_or(Error::BadEntropy)?);
            let public = group15::pow_g(&secret);
            Ok(Self { secret, public })
        })
    }
}

impl Agreement {
    /// Computes a part of `S`, and tells whether it was the last.
    pub fn advance(&mut self) -> bool {
        self.premaster.advance()
    }

    /// Computes what is left.
    pub fn finish(self) -> Handshake {
        wiped(|| Handshake {
            key: Box::new(claim::session_key(&self.u, &self.premaster.finish())),
        })
    }
}

impl Handshake {
    /// `PASSWORD_CLAIM_SIGNATURE` before base64. `timestamp` is the text that is sent too.
    pub fn sign(
        &self,
        pool_name: impl AsRef<[u8]>,
        user_id: impl AsRef<[u8]>,
        secret_block: &[u8],
        timestamp: &str,
    ) -> Zeroizing<[u8; 32]> {
        wiped(|| {
            claim::signature(
                &self.key,
                pool_name.as_ref(),
                user_id.as_ref(),
                secret_block,
                timestamp,
            )
        })
    }
}

impl fmt::Debug for Ephemeral {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Ephemeral")
    }
}

impl fmt::Debug for Drawing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Drawing")
    }
}

impl fmt::Debug for Agreement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Agreement")
    }
}

impl fmt::Debug for Handshake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Handshake")
    }
}

impl fmt::Debug for Intermediates {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Intermediates")
    }
}
