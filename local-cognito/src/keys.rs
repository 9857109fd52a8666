//! The two keys that sign tokens, RS256 with a `kid` each, as Cognito has them.

use std::sync::Arc;

use base64ct::{Base64, Base64UrlUnpadded, Encoding};
use rsa::{
    RsaPrivateKey, pkcs1v15,
    rand_core::UnwrapErr,
    signature::{Keypair, RandomizedSigner, SignatureEncoding, Verifier},
    traits::PublicKeyParts,
};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use tokio::sync::watch;

use crate::{
    entropy::SysRng,
    error::{ApiError, Exception},
};

/// The keys of all pools of this run.
///
/// They are drawn anew at each start, on threads of their own: no private key lies on a disk,
/// and nobody waits for two primes but the first tokens.
pub struct Keys {
    id: Drawn,
    access: Drawn,
}

/// One key pair.
pub struct Key {
    kid: String,
    signing: pkcs1v15::SigningKey<Sha256>,
    verifying: pkcs1v15::VerifyingKey<Sha256>,
    jwk: Value,
}

struct Drawn(watch::Receiver<Option<Arc<Key>>>);

const BITS: usize = 2048;

impl Keys {
    /// Begins to draw both.
    pub fn draw() -> Self {
        Self {
            id: Drawn::begin(),
            access: Drawn::begin(),
        }
    }

    /// The key of ID tokens.
    ///
    /// # Errors
    /// If it could not be drawn.
    pub async fn id(&self) -> Result<Arc<Key>, ApiError> {
        self.id.wait().await
    }

    /// The key of access tokens.
    ///
    /// # Errors
    /// If it could not be drawn.
    pub async fn access(&self) -> Result<Arc<Key>, ApiError> {
        self.access.wait().await
    }

    /// Both public keys, as a JSON Web Key Set.
    ///
    /// # Errors
    /// If they could not be drawn.
    pub async fn public(&self) -> Result<Value, ApiError> {
        let (id, access) = (self.id().await?, self.access().await?);
        Ok(json!({ "keys": [id.jwk, access.jwk] }))
    }
}

impl Drawn {
    fn begin() -> Self {
        let (sender, receiver) = watch::channel(None);
        std::thread::spawn(move || {
            if let Ok(key) = Key::draw() {
                // Nobody may be left to want it.
                let _ = sender.send(Some(Arc::new(key)));
            }
        });
        Self(receiver)
    }

    async fn wait(&self) -> Result<Arc<Key>, ApiError> {
        let mut receiver = self.0.clone();
        let key = receiver
            .wait_for(Option::is_some)
            .await
            .ok()
            .and_then(|key| key.clone());
        key.ok_or_else(|| Exception::InternalError.because("No key to sign tokens with."))
    }
}

impl Key {
    fn draw() -> rsa::Result<Self> {
        let private = RsaPrivateKey::new(&mut UnwrapErr(SysRng), BITS)?;
        let n = private.n_bytes();
        let kid = Base64::encode_string(&Sha256::digest(&n));
        let jwk = json!({
            "alg": "RS256",
            "e": Base64UrlUnpadded::encode_string(&private.e_bytes()),
            "kid": kid,
            "kty": "RSA",
            "n": Base64UrlUnpadded::encode_string(&n),
            "use": "sig",
        });
        let signing = pkcs1v15::SigningKey::new(private);
        let verifying = signing.verifying_key();
        Ok(Self {
            kid,
            signing,
            verifying,
            jwk,
        })
    }

    /// A JSON Web Token of the claims.
    ///
    /// # Errors
    /// If the operating system has no random bytes to blind the signature with.
    pub fn sign(&self, claims: &Value) -> Result<String, ApiError> {
        let header = json!({ "kid": self.kid, "alg": "RS256" });
        let encode = |part: &Value| Base64UrlUnpadded::encode_string(part.to_string().as_bytes());
        let signed = format!("{}.{}", encode(&header), encode(claims));
        let signature = self
            .signing
            .try_sign_with_rng(&mut SysRng, signed.as_bytes())
            .map_err(|_| Exception::InternalError.because("A token could not be signed."))?;
        let signature = Base64UrlUnpadded::encode_string(&signature.to_bytes());
        Ok(format!("{signed}.{signature}"))
    }

    /// The claims of a token, if this key signed it.
    pub fn verify(&self, token: &str) -> Option<Value> {
        let (signed, signature) = token.rsplit_once('.')?;
        let signature = Base64UrlUnpadded::decode_vec(signature).ok()?;
        let signature = pkcs1v15::Signature::try_from(signature.as_slice()).ok()?;
        self.verifying.verify(signed.as_bytes(), &signature).ok()?;
        let (_, claims) = signed.split_once('.')?;
        serde_json::from_slice(&Base64UrlUnpadded::decode_vec(claims).ok()?).ok()
    }
}
