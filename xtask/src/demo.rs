//! The demo page with a pool of its own.

use crate::{package, servers, workspace};
use anyhow::{Context, Result};
use std::{
    ffi::OsString,
    process::{Command, ExitCode},
};

/// Builds what is missing and becomes local-cognito, which prints `ready` and the address.
///
/// # Errors
/// If something cannot be built or started.
pub fn run(flags: &[OsString]) -> Result<ExitCode> {
    package::build()?;
    servers::build()?;
    let program = servers::local_cognito();
    let mut command = workspace::command(&program);
    command.args(flags);
    become_program(command).with_context(|| format!("cannot start {}", program.display()))
}

/// Takes the program's place, so that whoever ends us ends it.
#[cfg(unix)]
fn become_program(mut command: Command) -> Result<ExitCode> {
    Err(std::os::unix::process::CommandExt::exec(&mut command).into())
}

/// Elsewhere Ctrl-C reaches both.
#[cfg(not(unix))]
fn become_program(mut command: Command) -> Result<ExitCode> {
    let succeeded = command.status()?.success();
    Ok(if succeeded {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}
