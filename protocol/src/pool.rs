//! Where and who: a user pool with one of its app clients, and a person's credentials.

use crate::{Device, Flow, Misuse, Password, device::Participant};
use alloc::{borrow::ToOwned, boxed::Box, format, string::String, vec::Vec};
use core::fmt;
use zeroize::Zeroizing;

/// A user pool and the app client that is used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pool {
    id: String,
    client_id: String,
}

/// Which of a region's endpoints is used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EndpointVariant {
    /// The one that every region has.
    Standard,
    /// The one whose cryptography is validated by FIPS 140. Not every region has it.
    Fips,
}

/// The domains of AWS's partitions, by how the names of their regions begin.
const SUFFIXES: [(&str, &str); 6] = [
    ("cn-", "amazonaws.com.cn"),
    ("eusc-", "amazonaws.eu"),
    ("us-iso-", "c2s.ic.gov"),
    ("us-isob-", "sc2s.sgov.gov"),
    ("us-isof-", "csp.hci.ic.gov"),
    ("eu-isoe-", "cloud.adc-e.uk"),
];

/// What a person signs in with.
pub struct Credentials {
    pub(crate) username: String,
    pub(crate) password: Option<Password>,
    pub(crate) client_metadata: Vec<(String, String)>,
    pub(crate) flow: Flow,
    pub(crate) device: Option<Participant>,
}

impl Pool {
    /// Checks the forms that Cognito's service model gives: `userPoolId` is a region, `_`
    /// and letters or digits, at most 55 characters (`us-east-1_Example1`); `clientId` is
    /// letters, digits, `_` or `+`, at most 128.
    ///
    /// # Errors
    /// [`Misuse`] with the field that has another form.
    pub fn new(id: &str, client_id: &str) -> Result<Self, Misuse> {
        let word = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-';
        let well_formed = id.len() <= 55
            && id.split_once('_').is_some_and(|(region, name)| {
                // The name is what SRP hashes; Cognito's own have no further underscore.
                !region.is_empty()
                    && region.bytes().all(word)
                    && !name.is_empty()
                    && name.bytes().all(|byte| byte.is_ascii_alphanumeric())
            });
        if !well_formed {
            return Err(Misuse::new(
                "userPoolId",
                "a region, `_` and letters or digits",
                id,
            ));
        }
        let client_word = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'+';
        if client_id.is_empty() || client_id.len() > 128 || !client_id.bytes().all(client_word) {
            return Err(Misuse::new(
                "clientId",
                "1 to 128 letters or digits",
                client_id,
            ));
        }
        Ok(Self {
            id: id.to_owned(),
            client_id: client_id.to_owned(),
        })
    }

    /// The pool's id.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The app client's id.
    pub fn client_id(&self) -> &str {
        &self.client_id
    }

    /// The part of the id before the first `_`, such as `us-east-1`.
    pub fn region(&self) -> &str {
        self.id.split_once('_').map_or("", |(region, _)| region)
    }

    /// Where the pool's region answers: `https://cognito-idp.{region}.amazonaws.com/`, with
    /// the suffix of the region's partition.
    pub fn endpoint(&self, variant: EndpointVariant) -> String {
        let region = self.region();
        let service = match variant {
            EndpointVariant::Standard => "cognito-idp",
            EndpointVariant::Fips => "cognito-idp-fips",
        };
        let mut suffixes = SUFFIXES.iter();
        let suffix = suffixes.find(|(prefix, _)| region.starts_with(prefix));
        let suffix = suffix.map_or("amazonaws.com", |(_, suffix)| suffix);
        format!("https://{service}.{region}.{suffix}/")
    }

    pub(crate) fn name(&self) -> &str {
        self.id.split_once('_').map_or("", |(_, name)| name)
    }
}

impl Credentials {
    /// For [`Flow::Custom`], see [`Credentials::of`].
    ///
    /// # Errors
    /// [`Misuse`] with the field that is empty or too long.
    pub fn new(username: &str, password: Password) -> Result<Self, Misuse> {
        Self::of(username, Some(password), Flow::Custom)
    }

    /// A user name or alias of 1 to 128 characters, as Cognito's service model has it, and a
    /// password of 1 to 256 characters. Both are sent or proved exactly as they are.
    ///
    /// # Errors
    /// [`Misuse`] with the field that is empty, too long, or missing though the flow begins
    /// with it.
    pub fn of(username: &str, password: Option<Password>, flow: Flow) -> Result<Self, Misuse> {
        let length = username.chars().count();
        if !(1..=128).contains(&length) || username.chars().any(char::is_control) {
            let expected = "1 to 128 printable characters";
            return Err(Misuse::sized("username", expected, length));
        }
        flow.check(password.as_ref())?;
        Ok(Self {
            username: username.to_owned(),
            password,
            client_metadata: Vec::new(),
            flow,
            device: None,
        })
    }

    /// Of a sign-in that has begun, for [`take_over`](crate::take_over): the pool itself has said
    /// what it calls the user, and the password has done its part.
    pub fn begun(username: &str) -> Self {
        Self {
            username: username.to_owned(),
            password: None,
            client_metadata: Vec::new(),
            flow: Flow::Choice(None),
            device: None,
        }
    }

    /// Signs in with a device that the pool remembers. `entropy` must be fresh: the device
    /// may have to prove its password, too.
    pub fn with_device(mut self, device: Device, entropy: &[u8; 64]) -> Self {
        let mut ephemeral_entropy = Box::new(Zeroizing::new([0; 64]));
        ephemeral_entropy.copy_from_slice(entropy);
        self.device = Some(Participant {
            device,
            ephemeral_entropy,
        });
        self
    }

    /// Adds a pair that reaches the triggers as `clientMetadata` with every answer. The key
    /// `action` is this project's own and is refused.
    ///
    /// # Errors
    /// [`Misuse`] if the key is `action`.
    pub fn with_client_metadata(mut self, key: &str, value: &str) -> Result<Self, Misuse> {
        if key == "action" {
            return Err(Misuse::new(
                "clientMetadata",
                "keys other than `action`",
                key,
            ));
        }
        self.client_metadata
            .push((key.to_owned(), value.to_owned()));
        Ok(self)
    }
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Credentials")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pool_ids_of_other_forms_are_named() {
        let long = format!("us-east-1_{}", "a".repeat(46));
        for id in [
            "",
            "us-east-1",
            "_",
            "us-east-1_",
            "_Example1",
            "us-east-1_a_b",
            "us-east-1_a b",
            "us-east-1_a\n",
            "us/east_a",
            "us-east-1_ü",
            &long,
            &"a".repeat(10_000),
        ] {
            let misuse = Pool::new(id, "client").unwrap_err();
            assert_eq!(misuse.field, "userPoolId", "{id:?}");
        }
        for client_id in [
            "",
            "https://example.com",
            "ünïcode",
            "a b",
            &"a".repeat(129),
        ] {
            let misuse = Pool::new("us-east-1_Example1", client_id).unwrap_err();
            assert_eq!(misuse.field, "clientId", "{client_id:?}");
        }
    }

    #[test]
    fn a_pool_is_what_it_was_made_of() {
        let pool = Pool::new("eu-central-1_Example1", "exampleclient").unwrap();
        assert_eq!(pool.id(), "eu-central-1_Example1");
        assert_eq!(pool.client_id(), "exampleclient");
        assert_eq!((pool.region(), pool.name()), ("eu-central-1", "Example1"));
    }

    #[test]
    fn endpoints_are_those_of_botocores_rule_set() {
        let file = include_str!("../vectors/endpoints.json");
        let file: serde_json::Value = serde_json::from_str(file).unwrap();
        let cases = file["endpoints"].as_array().unwrap();
        assert!(cases.len() > 40);
        for case in cases {
            let region = case["region"].as_str().unwrap();
            let pool = Pool::new(&format!("{region}_A"), "c").unwrap();
            let (standard, fips) = (EndpointVariant::Standard, EndpointVariant::Fips);
            assert_eq!(pool.endpoint(standard), case["default"].as_str().unwrap());
            assert_eq!(pool.endpoint(fips), case["fips"].as_str().unwrap());
        }
    }

    #[test]
    fn credentials_are_taken_as_they_are_or_refused_by_name() {
        let long = "a".repeat(129);
        for username in ["", "a\0b", "a\nb", &long] {
            let misuse = Credentials::new(username, Password::new("p")).unwrap_err();
            assert_eq!(misuse.field, "username", "{username:?}");
        }
        for password in [&b""[..], &[b'p'; 1025]] {
            let misuse = Credentials::new("user", Password::new(password)).unwrap_err();
            assert_eq!(misuse.field, "password");
        }
        for (username, password) in [
            ("😀", " trailing "),
            ("a+b@example.com", "nul\0"),
            (" Lead", "é"),
            ("É", "e\u{301}"),
        ] {
            let taken = Credentials::new(username, Password::new(password)).unwrap();
            assert_eq!(taken.username, username);
            assert_eq!(taken.password.unwrap().as_bytes(), password.as_bytes());
        }
        let metadata = Credentials::new("user", Password::new("p"))
            .unwrap()
            .with_client_metadata("action", "resend");
        assert_eq!(metadata.unwrap_err().field, "clientMetadata");
    }
}
