//! What every page carries: it runs only what this server serves, and talks only to it and,
//! if its address names a real pool, to that pool's region.

use axum::http::{
    HeaderMap, HeaderName, HeaderValue,
    header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS},
};
use protocol::{EndpointVariant, Pool};

/// Puts the headers on. `query` is that of the page's address.
pub fn protect(headers: &mut HeaderMap, query: &str) {
    let pool_host = pool_id(query).and_then(endpoint).unwrap_or_default();
    let policy = format!(
        "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; \
         img-src 'self'; font-src 'self'; connect-src 'self'{pool_host}; worker-src 'self'; \
         object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; \
         require-trusted-types-for 'script'"
    );
    if let Ok(policy) = HeaderValue::from_str(&policy) {
        headers.insert(CONTENT_SECURITY_POLICY, policy);
    }
    headers.insert(REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(
        HeaderName::from_static("cross-origin-opener-policy"),
        HeaderValue::from_static("same-origin"),
    );
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
}

/// The first `pool` of the query. A pool id needs no percent signs.
fn pool_id(query: &str) -> Option<&str> {
    query.split('&').find_map(|pair| pair.strip_prefix("pool="))
}

/// The endpoint of a well-formed pool id, after a space.
fn endpoint(pool_id: &str) -> Option<String> {
    // The endpoint does not depend on the app client.
    let pool = Pool::new(pool_id, "any").ok()?;
    Some(format!(" {}", pool.endpoint(EndpointVariant::Standard)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn connect_src(query: &str) -> String {
        let mut headers = HeaderMap::new();
        protect(&mut headers, query);
        let policy = headers[CONTENT_SECURITY_POLICY].to_str().unwrap();
        let directive = policy
            .split("; ")
            .find_map(|part| part.strip_prefix("connect-src "));
        directive.unwrap().to_owned()
    }

    #[test]
    fn a_well_formed_pool_id_adds_its_region_and_nothing_else() {
        for (query, host) in [
            (
                "pool=us-east-1_AbC123xyz",
                "https://cognito-idp.us-east-1.amazonaws.com/",
            ),
            (
                "client=a&pool=eu-west-3_A",
                "https://cognito-idp.eu-west-3.amazonaws.com/",
            ),
            (
                "pool=us-gov-west-1_A&client=b",
                "https://cognito-idp.us-gov-west-1.amazonaws.com/",
            ),
            (
                "pool=cn-north-1_A",
                "https://cognito-idp.cn-north-1.amazonaws.com.cn/",
            ),
            (
                "pool=eusc-de-east-1_A",
                "https://cognito-idp.eusc-de-east-1.amazonaws.eu/",
            ),
        ] {
            assert_eq!(connect_src(query), format!("'self' {host}"), "{query}");
        }
    }

    #[test]
    fn anything_else_adds_nothing() {
        for query in [
            "",
            "pool=",
            "pool=_",
            "pool=us-east-1",
            "pool=us-east-1_",
            "pool=_abc",
            "pool=us-east-1_a_b",
            "pool=us-east-1_a%20b",
            "pool=us-east-1_a;script-src",
            "pool=*",
            "pool=evil.example_a",
            "pool=us-east-1.evil.example_a",
            "pool=evil.example/_a",
            "pool=evil.example:443_a",
            "pool=a@evil.example_a",
            "pool=a;b_c",
            "pool=a%2eb_c",
            "pool=us-east-1_a b",
            "xpool=us-east-1_a",
            "pool=us-east-1_\u{e9}",
            "pool=us-east-1_aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
        ] {
            assert_eq!(connect_src(query), "'self'", "{query}");
        }
    }
}
