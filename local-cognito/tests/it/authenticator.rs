//! An authenticator and the browser before it, which do as they are told.

use base64ct::{Base64UrlUnpadded, Encoding};
use minicbor::Encoder;
use ring::{
    rand::SystemRandom,
    signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, KeyPair},
};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::client::random;

const HERE: &str = "http://localhost:8080";

/// One passkey, and what is said with it.
pub struct Authenticator {
    pub id: String,
    pub origin: &'static str,
    pub relying_party: &'static str,
    pub flags: u8,
    pub counter: u32,
    pub user_handle: Option<String>,
    key: EcdsaKeyPair,
}

impl Authenticator {
    /// A user is there, and was verified.
    pub fn new() -> Self {
        let (algorithm, entropy) = (&ECDSA_P256_SHA256_ASN1_SIGNING, SystemRandom::new());
        let key = EcdsaKeyPair::generate_pkcs8(algorithm, &entropy).unwrap();
        Self {
            id: encoded(&random::<16>()),
            origin: HERE,
            relying_party: "localhost",
            flags: 0b101,
            counter: 1,
            user_handle: None,
            key: EcdsaKeyPair::from_pkcs8(algorithm, key.as_ref(), &entropy).unwrap(),
        }
    }

    /// Says what is true again, but for the counter.
    pub fn behave(&mut self) {
        (self.origin, self.relying_party) = (HERE, "localhost");
        (self.flags, self.user_handle) = (0b101, None);
    }

    /// What the browser makes of `CredentialCreationOptions`.
    pub fn create(&self, options: &Value) -> Value {
        let id = Base64UrlUnpadded::decode_vec(&self.id).unwrap();
        let length = u16::try_from(id.len()).unwrap().to_be_bytes();
        let attested = [&[0; 16][..], &length, &id, &self.cose_key()].concat();
        let data = self.data(self.flags | 0b0100_0000, &attested);
        let mut object = Encoder::new(Vec::new());
        let encoded_object = object
            .map(3)
            .and_then(|object| object.str("fmt")?.str("none")?.str("attStmt")?.map(0))
            .and_then(|object| object.str("authData")?.bytes(&data));
        encoded_object.unwrap();
        json!({
            "id": self.id,
            "rawId": self.id,
            "type": "public-key",
            "authenticatorAttachment": "platform",
            "clientExtensionResults": {},
            "response": {
                "clientDataJSON": encoded(&self.client_data("webauthn.create", options)),
                "attestationObject": encoded(&object.into_writer()),
                "transports": ["internal"],
            },
        })
    }

    /// What the browser makes of `CREDENTIAL_REQUEST_OPTIONS`.
    pub fn sign(&self, options: &Value) -> Value {
        let client_data = self.client_data("webauthn.get", options);
        let data = self.data(self.flags, &[]);
        let signed = [&data[..], &Sha256::digest(&client_data)].concat();
        let signature = self.key.sign(&SystemRandom::new(), &signed).unwrap();
        let mut response = json!({
            "clientDataJSON": encoded(&client_data),
            "authenticatorData": encoded(&data),
            "signature": encoded(signature.as_ref()),
        });
        if let Some(handle) = &self.user_handle {
            response["userHandle"] = encoded(handle.as_bytes()).into();
        }
        json!({ "id": self.id, "rawId": self.id, "type": "public-key", "response": response })
    }

    fn client_data(&self, kind: &str, options: &Value) -> Vec<u8> {
        let data = json!({
            "type": kind,
            "challenge": options["challenge"],
            "origin": self.origin,
            "crossOrigin": false,
        });
        data.to_string().into_bytes()
    }

    fn data(&self, flags: u8, rest: &[u8]) -> Vec<u8> {
        let hash = Sha256::digest(self.relying_party);
        [&hash[..], &[flags], &self.counter.to_be_bytes(), rest].concat()
    }

    fn cose_key(&self) -> Vec<u8> {
        let (x, y) = self.key.public_key().as_ref()[1..].split_at(32);
        let mut key = Encoder::new(Vec::new());
        let encoded_key = key
            .map(5)
            .and_then(|key| key.i8(1)?.i8(2)?.i8(3)?.i8(-7)?.i8(-1)?.i8(1))
            .and_then(|key| key.i8(-2)?.bytes(x)?.i8(-3)?.bytes(y));
        encoded_key.unwrap();
        key.into_writer()
    }
}

fn encoded(bytes: &[u8]) -> String {
    Base64UrlUnpadded::encode_string(bytes)
}
