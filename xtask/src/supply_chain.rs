//! What others wrote and we hand on: under which licences, in how many versions, from where, and
//! that what is built of it is the same wherever it is built.

use crate::{
    outcome::{Format, Outcome},
    process, reproduce, sbom, scripts, steps, workspace,
};
use anyhow::{Context, Result};
use std::{
    env, fs,
    path::{Path, PathBuf},
    process::{Command, ExitCode, Stdio},
};

/// The rules that need nothing but the lock files: a few seconds.
///
/// # Errors
/// If cargo-deny cannot be installed.
pub fn check() -> Result<Outcome> {
    let denied = ["--deny", "warnings", "licenses", "bans", "sources"];
    let licences = steps::count(cargo_deny()?.args(denied), Format::ExitStatus)?;
    let rules = ["test", "--package", "xtask", "--test", "manifests"];
    let manifests = steps::count(workspace::cargo().args(rules), Format::Libtest)?;
    Ok([licences, manifests].into_iter().sum())
}

/// All of them: those of [`check`], the lists of what is handed on, and two builds.
///
/// # Errors
/// If a tool cannot be installed, or a build fails.
pub fn run() -> Result<ExitCode> {
    let rules = check()?;
    let first = committed_copy("first")?;
    let listed = sbom::check(&first)?;
    let second = committed_copy("a second one, in a folder with another name")?;
    let built = reproduce::check(&first, &second)?;
    for copy in [first, second] {
        fs::remove_dir_all(copy)?;
    }
    println!("\nrules: {rules}\nbills of materials: {listed}\ntwo builds: {built}");
    let sum: Outcome = [rules, listed, built].into_iter().sum();
    println!("{sum}");
    Ok(sum.exit_code())
}

/// Asks RustSec's database whether a crate has a known hole. It is fetched from GitHub.
///
/// # Errors
/// If cargo-deny cannot be installed.
pub fn advisories() -> Result<ExitCode> {
    let outcome = steps::count(cargo_deny()?.arg("advisories"), Format::ExitStatus)?;
    Ok(outcome.exit_code())
}

fn cargo_deny() -> Result<Command> {
    let list = "xtask/python/supply-chain.txt";
    let python = scripts::ensure_environment("supply-chain/venv", list)?;
    let programs = python.parent().context("Python lies in a folder")?;
    let mut command = workspace::command(programs.join("cargo-deny"));
    command.args(["--locked", "check"]);
    Ok(command)
}

/// What was committed last, without anything that was ever built. It lies outside this folder,
/// whose `.cargo/config.toml` would otherwise be read, too.
fn committed_copy(name: &str) -> Result<PathBuf> {
    let folder = env::temp_dir().join("cognito-email-mfa").join(name);
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    fs::create_dir_all(&folder)?;
    unpack(&folder).with_context(|| folder.display().to_string())?;
    Ok(folder)
}

fn unpack(folder: &Path) -> Result<()> {
    let mut archive = workspace::command("git")
        .args(["archive", "HEAD"])
        .stdout(Stdio::piped())
        .spawn()?;
    let files = archive.stdout.take().context("standard output is piped")?;
    process::run(
        workspace::command("tar")
            .args(["-x", "-C"])
            .arg(folder)
            .stdin(files),
    )?;
    anyhow::ensure!(archive.wait()?.success(), "git archive failed");
    Ok(())
}
