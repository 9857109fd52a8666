//! The local pool and the triggers that it starts.

use crate::{process, workspace};
use anyhow::Result;
use std::{env::consts::EXE_SUFFIX, path::PathBuf};

const POOL: &str = "local-cognito";
const TRIGGERS: [&str; 3] = [
    "define-auth-challenge",
    "create-auth-challenge",
    "verify-auth-challenge-response",
];

/// Builds them next to each other, where local-cognito looks for its triggers.
///
/// # Errors
/// If cargo fails.
pub fn build() -> Result<()> {
    let packages = [POOL].into_iter().chain(TRIGGERS);
    let packages = packages.flat_map(|package| ["--package", package]);
    process::run(workspace::cargo().arg("build").args(packages))
}

/// The folder of the executables.
pub fn folder() -> PathBuf {
    workspace::target().join("debug")
}

/// The executable of the local pool.
pub fn local_cognito() -> PathBuf {
    folder().join(format!("{POOL}{EXE_SUFFIX}"))
}

/// Builds them as they are released.
///
/// # Errors
/// If cargo fails.
pub fn build_released() -> Result<()> {
    build_released_triggers()?;
    build_for_release(POOL)
}

/// Builds the triggers as they are released.
///
/// # Errors
/// If cargo fails.
pub fn build_released_triggers() -> Result<()> {
    // One by one, as SAM does: together, each would have the features of all.
    TRIGGERS.into_iter().try_for_each(build_for_release)
}

/// The folder of the released executables.
pub fn released() -> PathBuf {
    workspace::target().join("release")
}

fn build_for_release(package: &str) -> Result<()> {
    process::run(workspace::cargo().args(["build", "--release", "--package", package]))
}
