//! Many sign-ins, some of which go wrong in some way, and what has to come of each.

use crate::{
    debian,
    outcome::{Format, Outcome},
    package, scripts, servers,
    steps::{count, node_tests},
    workspace,
};
use anyhow::Result;
use std::{
    env::consts::EXE_SUFFIX,
    ffi::{OsStr, OsString},
    path::Path,
    process::ExitCode,
};

/// In each test, for half a minute: most scenes come up, and others the next time.
const FEW: &str = "1000";

/// What it measures with, and a thousand sign-ins by what other steps have built.
///
/// # Errors
/// If something cannot be built or started.
pub fn check() -> Result<Outcome> {
    prepare()?;
    servers::build()?;
    let instruments = node_tests("e2e/soak")?;
    let signed_in = sign_in(&servers::folder(), [FEW])?;
    Ok([instruments, signed_in].into_iter().sum())
}

/// A hundred thousand, or as many as said, by what is released: `[SIGN_INS] [SEED]`.
///
/// # Errors
/// If something cannot be built or started.
pub fn run(arguments: &[OsString]) -> Result<ExitCode> {
    prepare()?;
    servers::build_released()?;
    Ok(sign_in(&servers::released(), arguments)?.exit_code())
}

fn prepare() -> Result<()> {
    debian::ensure_libfaketime()?;
    scripts::ensure_node_modules("e2e")?;
    package::build()
}

fn sign_in<A: AsRef<OsStr>>(
    executables: &Path,
    arguments: impl IntoIterator<Item = A>,
) -> Result<Outcome> {
    let mut command = workspace::command("node");
    command
        .args(["--expose-gc", "e2e/soak/soak.mjs"])
        .args(arguments)
        .env(
            "LOCAL_COGNITO",
            executables.join(format!("local-cognito{EXE_SUFFIX}")),
        )
        .env("PACKAGE", package::folder());
    count(&mut command, Format::Plain)
}
