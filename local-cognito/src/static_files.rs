//! The demo page and the built package, read from two folders and nowhere else.

use std::{
    fmt,
    path::{Path, PathBuf},
};

use axum::{
    http::{
        HeaderValue, StatusCode, Uri,
        header::{CACHE_CONTROL, CONTENT_TYPE, X_CONTENT_TYPE_OPTIONS},
    },
    response::{IntoResponse, Response},
};

use crate::page_headers;

/// The two folders.
pub struct StaticFiles {
    /// Served at `/`.
    pub www: PathBuf,
    /// Served at `/pkg/`.
    pub pkg: PathBuf,
}

impl StaticFiles {
    /// The file at an address, or a page that says what is missing.
    pub async fn serve(&self, uri: &Uri) -> Response {
        let (folder, path, flag) = match uri.path().strip_prefix("/pkg/") {
            Some(path) => (&self.pkg, path, "--pkg"),
            None => (&self.www, uri.path().trim_start_matches('/'), "--www"),
        };
        let path = if path.is_empty() { "index.html" } else { path };
        let Some(file) = find(folder, path).await else {
            return missing(format_args!(
                "No such file in {}. Another folder can be named with {flag}.\n",
                folder.display()
            ));
        };
        let Ok(contents) = tokio::fs::read(&file).await else {
            return missing(format_args!("{path} cannot be read.\n"));
        };
        let kind = content_type(path);
        let mut response = ([(CONTENT_TYPE, kind)], contents).into_response();
        let headers = response.headers_mut();
        headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-cache"));
        if path.ends_with(".html") {
            page_headers::protect(headers, uri.query().unwrap_or_default());
        }
        response
    }
}

/// The file, if it is one and lies in the folder even after all links are followed.
async fn find(folder: &Path, path: &str) -> Option<PathBuf> {
    if !is_plain(path) {
        return None;
    }
    let folder = tokio::fs::canonicalize(folder).await.ok()?;
    let file = tokio::fs::canonicalize(folder.join(path)).await.ok()?;
    (file.starts_with(&folder) && file.is_file()).then_some(file)
}

/// Names of letters, digits, `-`, `_` and `.`, none of them hidden. No file of ours needs a
/// percent sign, so nothing is decoded and nothing can hide in a code.
fn is_plain(path: &str) -> bool {
    path.split('/').all(|name| {
        !name.is_empty()
            && !name.starts_with('.')
            && name
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte))
    })
}

fn content_type(path: &str) -> &'static str {
    match path.rsplit('.').next() {
        Some("html") => "text/html; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("js" | "mjs") => "text/javascript; charset=utf-8",
        Some("json" | "map") => "application/json",
        Some("wasm") => "application/wasm",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("ico") => "image/x-icon",
        Some("woff2") => "font/woff2",
        Some("txt" | "md" | "ts") => "text/plain; charset=utf-8",
        Some(_) | None => "application/octet-stream",
    }
}

fn missing(why: fmt::Arguments<'_>) -> Response {
    let plain = [(CONTENT_TYPE, "text/plain; charset=utf-8")];
    (StatusCode::NOT_FOUND, plain, why.to_string()).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_path_leads_out() {
        for path in [
            "../secret",
            "a/../../secret",
            "..",
            ".",
            "a//b",
            "/etc/passwd",
            "%2e%2e/secret",
            "..%2fsecret",
            "a%00.html",
            "a\\..\\b",
            ".git/config",
            "a/.env",
            "a b",
            "C:x",
            "",
        ] {
            assert!(!is_plain(path), "{path}");
        }
        for path in ["index.html", "a/b-c_d.js", "core_bg.wasm", "v1.2/x"] {
            assert!(is_plain(path), "{path}");
        }
    }
}
