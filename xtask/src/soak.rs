//! Many sign-ins, some of which go wrong in some way, and what has to come of each.

use crate::{
    debian,
    outcome::{Format, Outcome},
    package, scripts, servers,
    steps::count,
    workspace,
};
use anyhow::Result;
use std::{
    env::consts::EXE_SUFFIX,
    ffi::{OsStr, OsString},
    path::Path,
    process::ExitCode,
};

/// In each test: every scene comes up, and it takes half a minute.
const FEW: &str = "1000";

/// A thousand sign-ins, by what other steps have built.
///
/// # Errors
/// If something cannot be built or started.
pub fn check() -> Result<Outcome> {
    prepare()?;
    servers::build()?;
    sign_in(&servers::folder(), [FEW])
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
