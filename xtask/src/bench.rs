//! Measures what we build beside what others have built, into `bench/`.

use crate::{debian, process, scripts, workspace};
use anyhow::Result;
use std::{ffi::OsString, process::ExitCode};

const TRIGGERS: [&str; 3] = [
    "define-auth-challenge",
    "create-auth-challenge",
    "verify-auth-challenge-response",
];

/// Installs and builds what is needed, and measures. Fails if a bar is missed.
///
/// # Errors
/// If something cannot be installed, built or started.
pub fn run(arguments: &[OsString]) -> Result<ExitCode> {
    let python = scripts::ensure_python()?;
    debian::ensure_program("valgrind")?;
    debian::ensure_program("openssl")?;
    debian::ensure_libfaketime()?;
    for trigger in TRIGGERS {
        // One by one, as SAM does: together, each would have the features of all.
        process::run(workspace::cargo().args(["build", "--release", "--package", trigger]))?;
    }
    process::run(workspace::cargo().args(["build", "--release", "--package", "bench"]))?;
    let executables = workspace::target().join("release");
    let mut bench = workspace::command(executables.join("bench"));
    bench
        .args(arguments)
        .arg("--executables")
        .arg(&executables)
        .arg("--python")
        .arg(python);
    // What it says itself is enough.
    let status = bench.status()?;
    Ok(if status.success() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}
