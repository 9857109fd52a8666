//! Where requests go, and how.

use crate::{failure::Failure, reply::HttpReply};
use protocol::{EndpointVariant, Pool, Request};
use std::{net::IpAddr, time::Duration};
use ureq::{Agent, http::Uri};

/// A person waits; Cognito gives its triggers 5 seconds, three times.
const TIMEOUT: Duration = Duration::from_secs(30);
/// Several times the longest reply: a session, and three tokens.
const LONGEST_BODY: u64 = 256 * 1024;

/// Where the pool answers.
#[derive(Debug)]
pub struct Endpoint {
    url: Uri,
    agent: Agent,
}

impl Endpoint {
    /// The given place, or the one of the pool's region, or `fips` for its other one.
    ///
    /// # Errors
    /// [`Failure::Usage`] if it is none of these, or not an https URL nor an http URL of this
    /// machine.
    pub fn new(url: Option<&str>, pool: &Pool) -> Result<Self, Failure> {
        let text = match url {
            None => pool.endpoint(EndpointVariant::Standard),
            Some("fips") => pool.endpoint(EndpointVariant::Fips),
            Some(url) => url.to_owned(),
        };
        let url: Uri = text.parse().unwrap_or_default();
        let here = url.host().is_some_and(is_loopback);
        let permitted = match url.scheme_str() {
            Some("https") => url.host().is_some_and(|host| !host.is_empty()),
            Some("http") => here,
            _ => false,
        };
        if !permitted {
            let expected = "an https URL, an http URL of this machine, or fips";
            return Err(Failure::Usage(format!(
                "--endpoint: expected {expected}, got {text:?}"
            )));
        }
        let mut config = Agent::config_builder()
            .timeout_global(Some(TIMEOUT))
            .http_status_as_error(false)
            // Cognito never redirects, and nobody else is to see the answers.
            .max_redirects(0)
            .https_only(!here);
        if here {
            config = config.proxy(None);
        }
        Ok(Self {
            url,
            agent: config.build().new_agent(),
        })
    }

    /// Sends a request, once.
    ///
    /// # Errors
    /// [`Failure::Pool`] if no reply came, or only part of one.
    pub fn post(&self, request: &Request) -> Result<HttpReply, Failure> {
        let unreachable =
            |error: ureq::Error| Failure::Pool(format!("{} does not answer: {error}", self.url));
        let response = self
            .agent
            .post(&self.url)
            .content_type(Request::CONTENT_TYPE)
            .header("X-Amz-Target", request.target())
            .header("Cache-Control", "no-store")
            .send(request.body())
            .map_err(unreachable)?;
        let (parts, mut body) = response.into_parts();
        let body = body
            .with_config()
            .limit(LONGEST_BODY)
            .read_to_vec()
            .map_err(unreachable)?;
        Ok(HttpReply::new(&parts, &body))
    }
}

fn is_loopback(host: &str) -> bool {
    let address = host.trim_start_matches('[').trim_end_matches(']');
    host == "localhost"
        || address
            .parse::<IpAddr>()
            .is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn endpoint(url: Option<&str>) -> Result<Endpoint, Failure> {
        Endpoint::new(url, &Pool::new("eu-west-1_A", "c").unwrap())
    }

    #[test]
    fn secrets_go_to_https_or_stay_on_this_machine() {
        assert_eq!(
            endpoint(None).unwrap().url,
            "https://cognito-idp.eu-west-1.amazonaws.com/"
        );
        assert_eq!(
            endpoint(Some("fips")).unwrap().url,
            "https://cognito-idp-fips.eu-west-1.amazonaws.com/"
        );
        for url in [
            "https://pool.example.com/proxy",
            "http://127.0.0.1:8080/",
            "http://127.9.9.9/",
            "http://localhost:1/",
            "http://[::1]:8080/",
        ] {
            endpoint(Some(url)).unwrap();
        }
        for url in [
            "",
            "http://pool.example.com/",
            "http://127.0.0.1.example.com/",
            "http://localhost.example.com/",
            "http://192.168.0.1/",
            "ftp://127.0.0.1/",
            "127.0.0.1:8080",
            "/path",
            "https://",
            "not a url",
        ] {
            let failure = endpoint(Some(url)).unwrap_err();
            assert!(matches!(failure, Failure::Usage(_)), "{url}: {failure}");
            assert!(
                failure.to_string().starts_with("--endpoint: expected"),
                "{failure}"
            );
        }
    }
}
