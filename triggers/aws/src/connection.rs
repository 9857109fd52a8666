//! How AWS is reached, as Lambda says it in environment variables.

use std::{error, fmt};

use aws_credential_types::Credentials;
use aws_sdk_dynamodb::config::{Region, SharedHttpClient};
use aws_smithy_http_client::{
    Builder,
    tls::{Provider, rustls_provider::CryptoMode},
};

/// What every service is called with.
#[derive(Clone, Debug)]
pub struct Connection {
    /// `AWS_REGION`.
    pub region: Region,
    /// `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY` and, if it is set, `AWS_SESSION_TOKEN`.
    pub credentials: Credentials,
    /// HTTP with TLS. Trusted are the certificate authorities of the system.
    pub http_client: SharedHttpClient,
}

/// A variable is missing, or no address. The text says which, and what was expected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MissingOrMalformed(String);

impl Connection {
    /// Reads the variables; none of them but the token may be empty.
    pub fn new(variable: impl Fn(&str) -> Option<String>) -> Result<Self, MissingOrMalformed> {
        let required = |name: &str| {
            let value = set(&variable, name);
            value.ok_or(MissingOrMalformed(format!(
                "{name}: expected a value, found not set"
            )))
        };
        let credentials = Credentials::new(
            required("AWS_ACCESS_KEY_ID")?,
            required("AWS_SECRET_ACCESS_KEY")?,
            set(&variable, "AWS_SESSION_TOKEN"),
            None,
            "environment",
        );
        let tls = Provider::Rustls(CryptoMode::Ring);
        Ok(Self {
            region: Region::new(required("AWS_REGION")?),
            credentials,
            http_client: Builder::new().tls_provider(tls).build_https(),
        })
    }

    /// The address that a service is reached at instead of AWS's, if there is one: that in
    /// `own`, a variable for this service alone, or that in `AWS_ENDPOINT_URL`.
    pub fn endpoint(
        variable: impl Fn(&str) -> Option<String>,
        own: &str,
    ) -> Result<Option<String>, MissingOrMalformed> {
        for name in [own, "AWS_ENDPOINT_URL"] {
            let Some(url) = set(&variable, name) else {
                continue;
            };
            if url.starts_with("https://") || url.starts_with("http://") {
                return Ok(Some(url));
            }
            return Err(MissingOrMalformed(format!(
                "{name}: expected an http(s) address, found {url:?}"
            )));
        }
        Ok(None)
    }
}

fn set(variable: impl Fn(&str) -> Option<String>, name: &str) -> Option<String> {
    variable(name).filter(|value| !value.is_empty())
}

impl fmt::Display for MissingOrMalformed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl error::Error for MissingOrMalformed {}
