//! `clientDataJSON`: what the browser vouches for.

use base64ct::{Base64UrlUnpadded, Encoding};
use serde::Deserialize;
use subtle::ConstantTimeEq;

use super::{Challenge, Refused, RelyingParty};

/// What the page asked of the authenticator.
#[derive(Clone, Copy)]
pub enum Ceremony {
    /// A new credential.
    Create,
    /// The use of one.
    Get,
}

/// There may be more members, now or in future.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ClientData {
    r#type: String,
    challenge: String,
    origin: String,
    #[serde(default)]
    cross_origin: bool,
}

/// Checks that a page of the relying party asked for this, with this challenge.
///
/// # Errors
/// Why it is refused.
pub fn check(
    json: &[u8],
    ceremony: Ceremony,
    challenge: &Challenge,
    relying_party: &RelyingParty,
) -> Result<(), Refused> {
    let malformed = Refused::Malformed("clientDataJSON");
    let data: ClientData = serde_json::from_slice(json).map_err(|_| malformed)?;
    let expected = match ceremony {
        Ceremony::Create => "webauthn.create",
        Ceremony::Get => "webauthn.get",
    };
    if data.r#type != expected {
        return Err(malformed);
    }
    let signed = Base64UrlUnpadded::decode_vec(&data.challenge).map_err(|_| malformed)?;
    if !bool::from(signed.ct_eq(challenge)) {
        return Err(Refused::Challenge);
    }
    if data.cross_origin || !is_origin_of(&relying_party.id, &data.origin) {
        return Err(Refused::Origin);
    }
    Ok(())
}

/// Whether pages of this origin may use the relying party's passkeys: its domain and those below
/// it, by HTTPS, or this machine.
fn is_origin_of(id: &str, origin: &str) -> bool {
    let Some((scheme, authority)) = origin.split_once("://") else {
        return false;
    };
    let (host, port) = authority.split_once(':').unwrap_or((authority, "443"));
    let below = |domain: &str| {
        let name = host.strip_suffix(domain);
        name.is_some_and(|name| name.is_empty() || name.ends_with('.'))
    };
    let is_name = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.');
    let is_safe = scheme == "https" || (scheme == "http" && below("localhost"));
    is_safe && below(id) && host.bytes().all(is_name) && port.parse::<u16>().is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_is_the_domain_or_one_below_it() {
        for (id, origin) in [
            ("example.org", "https://example.org"),
            ("example.org", "https://sign-in.example.org"),
            ("example.org", "https://example.org:8443"),
            ("localhost", "http://localhost:8080"),
            ("localhost", "https://localhost"),
            ("localhost", "http://app.localhost:1"),
        ] {
            assert!(is_origin_of(id, origin), "{id} {origin}");
        }
        for (id, origin) in [
            ("example.org", "http://example.org"),
            ("example.org", "https://evilexample.org"),
            ("example.org", "https://example.org.evil.example"),
            ("example.org", "https://evil.example#.example.org"),
            ("example.org", "https://evil.example/.example.org"),
            ("example.org", "https://a@example.org"),
            ("example.org", "https://example.org:"),
            ("example.org", "https://example.org:1:2"),
            ("sign-in.example.org", "https://example.org"),
            ("localhost", "http://evil.example"),
            ("localhost", "http://notlocalhost"),
            ("localhost", "null"),
            ("localhost", ""),
        ] {
            assert!(!is_origin_of(id, origin), "{id} {origin}");
        }
    }
}
