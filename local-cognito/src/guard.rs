//! Who may call a server that listens on loopback: programs on this machine, and the pages
//! it serves itself. Any web page can make a browser send requests to 127.0.0.1.

use axum::{
    extract::Request,
    http::{
        HeaderMap, StatusCode,
        header::{HOST, ORIGIN},
    },
    middleware::Next,
    response::{IntoResponse, Response},
};

/// Refuses requests meant for another host: a foreign name that resolves to 127.0.0.1 would
/// make this server part of the foreign site.
pub async fn loopback_host_only(request: Request, next: Next) -> Response {
    if is_loopback(host(request.headers())) {
        next.run(request).await
    } else {
        (
            StatusCode::MISDIRECTED_REQUEST,
            "This server answers as localhost and 127.0.0.1 only.\n",
        )
            .into_response()
    }
}

/// Refuses requests that a page of another origin made.
pub async fn own_origin_only(request: Request, next: Next) -> Response {
    if is_foreign(request.headers()) {
        (
            StatusCode::FORBIDDEN,
            "Pages of other origins may not ask for this.\n",
        )
            .into_response()
    } else {
        next.run(request).await
    }
}

/// Whether a page of another origin made the request.
pub fn is_foreign(headers: &HeaderMap) -> bool {
    match headers.get(ORIGIN).map(|origin| origin.to_str()) {
        None => false,
        Some(Ok(origin)) => origin.strip_prefix("http://") != Some(host(headers)),
        Some(Err(_)) => true,
    }
}

fn host(headers: &HeaderMap) -> &str {
    headers
        .get(HOST)
        .and_then(|host| host.to_str().ok())
        .unwrap_or_default()
}

/// The port may differ from ours: a tunnel from another machine keeps its own.
fn is_loopback(host: &str) -> bool {
    let (name, port) = match host.rsplit_once(':') {
        Some((name, port)) if !port.ends_with(']') => (name, port),
        Some(_) | None => (host, "0"),
    };
    matches!(name, "127.0.0.1" | "localhost" | "[::1]") && port.parse::<u16>().is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_loopback_names_pass() {
        for host in [
            "127.0.0.1",
            "127.0.0.1:8080",
            "localhost:1",
            "[::1]:8080",
            "[::1]",
        ] {
            assert!(is_loopback(host), "{host}");
        }
        for host in [
            "",
            "evil.example",
            "evil.example:8080",
            "127.0.0.1.evil.example",
            "localhost.",
            "localhost:8080:1",
            "localhost:99999",
            "127.0.0.2",
            "0.0.0.0",
            "[::1]x:1",
            "::1",
        ] {
            assert!(!is_loopback(host), "{host}");
        }
    }

    #[test]
    fn an_origin_is_ours_if_it_is_the_host() {
        for (origin, foreign) in [
            ("http://localhost:8080", false),
            ("http://localhost:8081", true),
            ("https://localhost:8080", true),
            ("http://evil.example", true),
            ("null", true),
        ] {
            let headers = HeaderMap::from_iter([
                (HOST, "localhost:8080".parse().unwrap()),
                (ORIGIN, origin.parse().unwrap()),
            ]);
            assert_eq!(is_foreign(&headers), foreign, "{origin}");
        }
        assert!(!is_foreign(&HeaderMap::new()));
    }
}
