//! How AWS is reached, as Lambda says it in environment variables.

use std::{error, fmt, time::Duration};

use aws_credential_types::Credentials;
use aws_sdk_dynamodb::config::{Region, SharedHttpClient};
use aws_smithy_http_client::{
    Connector,
    tls::{Provider, TlsContext, TrustStore, rustls_provider::CryptoMode},
};
use aws_smithy_runtime_api::client::http::{
    HttpConnectorSettings, SharedHttpConnector, http_client_fn,
};

use crate::roots;

/// Cognito waits five seconds for the whole function.
const CONNECT_TIMEOUT: Duration = Duration::from_millis(800);

/// What every service is called with.
#[derive(Clone, Debug)]
pub struct Connection {
    /// `AWS_REGION`.
    pub region: Region,
    /// `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY` and, if it is set, `AWS_SESSION_TOKEN`.
    pub credentials: Credentials,
    /// HTTP with TLS, given up unless it is connected after 800 ms. Trusted are the roots of
    /// Amazon Trust Services, or those in the file that `AWS_CA_BUNDLE` names.
    pub http_client: SharedHttpClient,
}

/// A variable is missing, or its value makes no sense. The text says which, and what was expected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MissingOrMalformed(pub(crate) String);

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
        Ok(Self {
            region: Region::new(required("AWS_REGION")?),
            credentials,
            http_client: http_client(roots::trusted(&variable)?)?,
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

/// A client that hands out one connector. The SDK's own would make one for every service and
/// set of timeouts, and another to see whether it can, and read the roots for each.
fn http_client(roots: TrustStore) -> Result<SharedHttpClient, MissingOrMalformed> {
    let tls = TlsContext::builder().with_trust_store(roots).build();
    let tls = tls.map_err(|error| MissingOrMalformed(format!("TLS: {error}")))?;
    let settings = HttpConnectorSettings::builder().connect_timeout(CONNECT_TIMEOUT);
    let connector = Connector::builder()
        .connector_settings(settings.build())
        .tls_provider(Provider::Rustls(CryptoMode::Ring))
        .tls_context(tls)
        .build();
    let connector = SharedHttpConnector::new(connector);
    Ok(http_client_fn(move |_, _| connector.clone()))
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
