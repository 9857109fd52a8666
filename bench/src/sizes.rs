//! What a page loads for a sign-in with each client.

use crate::{
    bar::{Bar, Limit},
    browser::{self, Settings, called},
    report::{bars as bars_of, listed, shown, table},
};
use anyhow::{Context, Result};
use serde_json::{Value, json};

const METHOD: &str = "\
All that a page asks for in a whole sign-in with a code, as observed in Chromium: scripts bundled,
tree-shaken and minified by esbuild, and wasm. Each file is compressed by itself, as it is sent: by
`gzip -9`, by Brotli at level 11. In kilobytes of 1,000 bytes. The engine is made to lack what a core needs, so that
our loader chooses another. *aws-amplify* has `signIn` alone, and stops at the code; *four functions* are
`signIn`, `confirmSignIn`, `fetchAuthSession` and `signOut`.
";

/// Kilobytes that a sign-in with `cognito-email-mfa/slim` may load, by Brotli.
const SLIM: f64 = 20.0;

/// Weighs all of them.
///
/// # Errors
/// If something cannot be started, or somebody is not signed in.
pub fn measure(settings: &Settings) -> Result<Value> {
    let output = browser::run("sizes.mjs", settings, 1)?;
    let clients = output["clients"].as_array().context("clients")?;
    let rows: Vec<_> = clients.iter().map(row).collect();
    Ok(json!({
        "versions": browser::versions(&settings.folder, &output)?,
        "bars": rows.iter().filter_map(bar).map(|bar| bar.to_json()).collect::<Vec<_>>(),
        "clients": rows,
    }))
}

/// What is written of the results.
pub fn section(results: &Value) -> String {
    format!(
        "\n## What a sign-in loads\n\n{}.\n\n{METHOD}\n{}{}",
        listed(&results["versions"]),
        table(
            &results["clients"],
            &[
                ("client", ""),
                ("core", "core"),
                ("files", "files"),
                ("minifiedKb", "minified, KB"),
                ("gzipKb", "gzip, KB"),
                ("brotliKb", "Brotli, KB"),
            ],
        ),
        bars_of(results),
    )
}

fn row(client: &Value) -> Value {
    // To a tenth: more is of no interest to anybody.
    let kilobytes = |size: &str| {
        client[size]
            .as_f64()
            .map(|bytes| (bytes / 100.0).round() / 10.0)
    };
    json!({
        "client": called(client["client"].as_str().unwrap_or_default()),
        "core": client["core"],
        "files": client["files"].as_array().map(Vec::len),
        "minifiedKb": kilobytes("minified"),
        "gzipKb": kilobytes("gzip"),
        "brotliKb": kilobytes("brotli"),
        "brotliBytes": client["files"].as_array().map(|files| bytes_of(files)),
    })
}

/// What each file takes, by the kind of it: names of chunks change with every build.
fn bytes_of(files: &[Value]) -> Value {
    let bytes = files.iter().map(|file| {
        let name = shown(&file["name"]);
        let kind = name.rsplit('.').next().unwrap_or_default();
        json!({ "kind": kind, "bytes": file["brotli"] })
    });
    Value::Array(bytes.collect())
}

fn bar(row: &Value) -> Option<Bar> {
    if row["client"] != called("slim") {
        return None;
    }
    Some(Bar {
        what: format!(
            "{}, {}: KB by Brotli",
            shown(&row["client"]),
            shown(&row["core"])
        ),
        measured: row["brotliKb"].as_f64(),
        limit: Limit::AtMost(SLIM),
    })
}
