//! Code changed in one place at a time, which the tests have to notice.

use crate::{process, workspace};
use anyhow::{Result, bail};
use std::{
    ffi::OsString,
    path::PathBuf,
    process::{Command, ExitCode},
};

const VERSION: &str = "27.1.0";

/// Where a mistake lets somebody in.
const PACKAGES: [&str; 3] = ["rules", "protocol", "group15"];

/// Changes one package, or all in turn: `[PACKAGE] [FLAG...]`, where flags are those of
/// cargo-mutants, such as `--file '**/limits.rs'`. `target/mutants/PACKAGE` has what it found.
///
/// # Errors
/// If there is no such package, or the tool cannot be installed.
pub fn run(arguments: &[OsString]) -> Result<ExitCode> {
    let (named, flags) = match arguments.split_first() {
        Some((first, flags)) if !first.to_string_lossy().starts_with('-') => (Some(first), flags),
        Some(_) | None => (None, arguments),
    };
    let chosen: Vec<_> = PACKAGES
        .into_iter()
        .filter(|package| named.is_none_or(|name| name == package))
        .collect();
    if chosen.is_empty() {
        bail!(
            "there is no such package; there are {}",
            PACKAGES.join(", ")
        );
    }
    let program = ensure_cargo_mutants()?;
    let mut caught = true;
    for package in chosen {
        let mut command = Command::new(&program);
        command
            .current_dir(workspace::root())
            .args(["mutants", "--package", package, "--output"])
            .arg(workspace::target().join("mutants").join(package))
            .args(flags);
        // What it says itself is enough.
        caught &= command.status()?.success();
    }
    Ok(if caught {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

/// Installs the tool unless it is there: some minutes.
fn ensure_cargo_mutants() -> Result<PathBuf> {
    let tools = workspace::target().join("tools");
    let program = tools.join("bin/cargo-mutants");
    if !program.exists() {
        let tool = format!("cargo-mutants@{VERSION}");
        let install = ["install", "--locked", tool.as_str(), "--root"];
        process::run(workspace::cargo().args(install).arg(tools))?;
    }
    Ok(program)
}
