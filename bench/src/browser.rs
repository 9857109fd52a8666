//! Scripts that measure in Chromium, with our package and the others' bundled as pages have them.

use crate::machine;
use anyhow::{Context, Result};
use serde_json::Value;
use std::{
    path::{Path, PathBuf},
    process::Command,
};

/// What the scripts are told.
pub struct Settings {
    /// The folder of this crate.
    pub folder: PathBuf,
    /// Our npm package, as it is published.
    pub package: PathBuf,
    /// How often each client is measured.
    pub rounds: usize,
}

/// The clients by the names of their files in `browser/clients/`, and as people call them.
const CLIENTS: [(&str, &str); 6] = [
    ("default", "ours"),
    ("slim", "ours, slim"),
    ("identity", "amazon-cognito-identity-js"),
    ("passwordless", "amazon-cognito-passwordless-auth"),
    ("amplify", "aws-amplify"),
    ("amplify-four", "aws-amplify, four functions"),
];

/// How people call a client.
pub fn called(client: &str) -> &str {
    CLIENTS
        .iter()
        .find_map(|(file, name)| (*file == client).then_some(*name))
        .unwrap_or(client)
}

/// What a script of `browser/` prints.
///
/// # Errors
/// If it cannot be started, fails, or prints no JSON.
pub fn run(script: &str, settings: &Settings, rounds: usize) -> Result<Value> {
    let mut node = Command::new("node");
    node.arg(settings.folder.join("browser").join(script))
        .arg(&settings.package)
        .arg(rounds.to_string());
    let output = machine::output_of(&mut node)?;
    serde_json::from_str(&output).with_context(|| format!("what {script} prints"))
}

/// Chromium, and the others' packages as they are installed.
///
/// # Errors
/// If one cannot be read.
pub fn versions(folder: &Path, output: &Value) -> Result<Value> {
    let mut versions = serde_json::Map::new();
    versions.insert("Chromium".to_owned(), output["chromium"].clone());
    let packages = std::fs::read(folder.join("browser/package.json"))?;
    let packages: Value = serde_json::from_slice(&packages)?;
    let packages = packages["devDependencies"].as_object();
    for (name, version) in packages.into_iter().flatten() {
        versions.insert(name.clone(), version.clone());
    }
    Ok(Value::Object(versions))
}
