//! The local pool and the triggers that it starts.

use crate::{process, workspace};
use anyhow::Result;
use std::{env::consts::EXE_SUFFIX, path::PathBuf};

const PACKAGES: [&str; 4] = [
    "local-cognito",
    "define-auth-challenge",
    "create-auth-challenge",
    "verify-auth-challenge-response",
];

/// Builds them next to each other, where local-cognito looks for its triggers.
///
/// # Errors
/// If cargo fails.
pub fn build() -> Result<()> {
    let packages = PACKAGES.iter().flat_map(|package| ["--package", package]);
    process::run(workspace::cargo().arg("build").args(packages))
}

/// The folder of the executables.
pub fn folder() -> PathBuf {
    workspace::target().join("debug")
}

/// The executable of the local pool.
pub fn local_cognito() -> PathBuf {
    folder().join(format!("local-cognito{EXE_SUFFIX}"))
}
