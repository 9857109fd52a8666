//! The known answers of SRP that others can use.

use crate::{
    outcome::{Format, Outcome},
    scripts, steps, workspace,
};
use anyhow::Result;
use std::process::ExitCode;

/// By ours, and by the runner that others can use: some seconds.
///
/// # Errors
/// If one of them does not start.
pub fn check() -> Result<Outcome> {
    const FILE: &str = "protocol/vectors/cognito_srp_test.json";
    let example = [
        "run",
        "--quiet",
        "--package",
        "protocol",
        "--example",
        "check_vectors",
        "--",
        FILE,
    ];
    let ours = steps::count(workspace::cargo().args(example), Format::Plain)?;
    let mut pythons = workspace::command("python3");
    let pythons = steps::count(
        pythons.args(["protocol/vectors/check.py", FILE]),
        Format::Plain,
    )?;
    Ok([ours, pythons].into_iter().sum())
}

/// By clients that others wrote, too: a minute, in which they compute powers.
///
/// # Errors
/// If what they need cannot be installed.
pub fn run() -> Result<ExitCode> {
    let ours = check()?;
    scripts::ensure_node_modules("e2e")?;
    scripts::ensure_python()?;
    let theirs = steps::node_tests("e2e/vectors")?;
    let sum: Outcome = [ours, theirs].into_iter().sum();
    println!("{sum}");
    Ok(sum.exit_code())
}
