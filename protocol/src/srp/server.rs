//! The server's half of the handshake, for local pools and tests.

use super::{
    ClientPublic, Error, Salt, ServerPublic, claim, encoding, server_powers, values::Residue,
};
use alloc::{string::String, vec::Vec};
use core::fmt;
use group15::{Exponent, Number};
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

/// `v = g^x`: what a server stores instead of a password.
#[derive(Clone)]
pub struct Verifier(Zeroizing<Number>);

/// A challenge in flight: `A`, `v`, `b` and `B`.
pub struct ServerHandshake {
    client: ClientPublic,
    verifier: Verifier,
    secret: Zeroizing<[u8; 64]>,
    public: ServerPublic,
}

/// What a client says to have signed.
pub struct PasswordClaim<'a> {
    /// The part of the pool id after the first `_`.
    pub pool_name: &'a str,
    /// The `USER_ID_FOR_SRP` that was sent.
    pub user_id: &'a str,
    /// The bytes of the `SECRET_BLOCK` that was sent.
    pub secret_block: &'a [u8],
    /// `TIMESTAMP` in its canonical form.
    pub timestamp: &'a str,
    /// The bytes of `PASSWORD_CLAIM_SIGNATURE`.
    pub signature: &'a [u8],
}

impl Verifier {
    /// `v = g^x mod N`.
    pub fn derive(pool_name: &str, user_id: &str, password: &[u8], salt: &Salt) -> Self {
        let x = claim::x(salt, pool_name.as_bytes(), user_id.as_bytes(), password);
        // 32 bytes always fit; zero is the answer that verifies nothing.
        let v = Exponent::from_be_bytes(&*x)
            .map_or_else(|| Zeroizing::new([0; 384]), |x| group15::pow_g(&x).finish());
        Self(v)
    }

    /// Reads what [`Verifier::to_hex`] wrote.
    ///
    /// # Errors
    /// [`Error::BadHex`] or [`Error::OutOfRange`] if it is not a value `0 < v < N`.
    pub fn from_hex(text: &str) -> Result<Self, Error> {
        ServerPublic::from_hex(text).map(|value| Self(Zeroizing::new(*value.0.as_bytes())))
    }

    /// Lower-case hexadecimal without leading zeros.
    pub fn to_hex(&self) -> String {
        encoding::to_hex(&*self.0)
    }

    /// `PAD(v)`, as `ConfirmDevice` wants it.
    pub fn pad(&self) -> Zeroizing<Vec<u8>> {
        encoding::pad(&*self.0)
    }
}

impl ServerHandshake {
    /// Draws `b` of 64 fresh random bytes and computes `B = k·v + g^b mod N`.
    ///
    /// # Errors
    /// [`Error::BadEntropy`] if the bytes are all zero, [`Error::OutOfRange`] if `B` is zero.
    pub fn begin(
        verifier: &Verifier,
        client: ClientPublic,
        entropy: &[u8; 64],
    ) -> Result<Self, Error> {
        if entropy == &[0; 64] {
            return Err(Error::BadEntropy);
        }
        let secret = Zeroizing::new(*entropy);
        let public = server_powers::public(&verifier.0, &secret);
        if public == [0; 384] {
            return Err(Error::OutOfRange);
        }
        let public = ServerPublic(Residue::computed(public));
        Ok(Self {
            client,
            verifier: verifier.clone(),
            secret,
            public,
        })
    }

    /// `SRP_B`: lower-case hexadecimal without leading zeros.
    pub fn server_public_hex(&self) -> String {
        self.public.to_hex()
    }

    /// Whether the claim was signed with the password behind the verifier. Compares in
    /// constant time.
    pub fn accepts(&self, claim: &PasswordClaim<'_>) -> bool {
        let u = claim::scrambler(&self.client, &self.public);
        let s =
            server_powers::premaster(self.client.0.as_bytes(), &self.verifier.0, &u, &self.secret);
        let expected = claim::signature(
            &claim::session_key(&u, &s),
            claim.pool_name.as_bytes(),
            claim.user_id.as_bytes(),
            claim.secret_block,
            claim.timestamp,
        );
        expected.as_slice().ct_eq(claim.signature).into()
    }
}

impl fmt::Debug for Verifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Verifier")
    }
}

impl fmt::Debug for ServerHandshake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ServerHandshake")
    }
}

impl fmt::Debug for PasswordClaim<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PasswordClaim")
    }
}
