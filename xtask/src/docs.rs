//! Pages of the npm package's API, generated from its types.

use crate::{
    outcome::{Format, Outcome},
    scripts, steps, workspace,
};
use anyhow::Result;
use std::process::ExitCode;

/// The command.
///
/// # Errors
/// If the generator cannot be installed.
pub fn run() -> Result<ExitCode> {
    let outcome = build()?;
    println!("{outcome}");
    Ok(outcome.exit_code())
}

/// Writes the pages into `target/docs`. A link that leads nowhere, or something that nobody has
/// described, fails.
///
/// # Errors
/// If the generator cannot be installed.
pub fn build() -> Result<Outcome> {
    const PROJECT: &str = "e2e/bundlers";
    scripts::ensure_node_modules(PROJECT)?;
    let mut generator = workspace::command("node");
    generator
        .arg(format!("{PROJECT}/node_modules/typedoc/bin/typedoc"))
        .args(["--options", &format!("{PROJECT}/typedoc.json")])
        .arg("--out")
        .arg(workspace::target().join("docs"));
    steps::count(&mut generator, Format::ExitStatus)
}
