//! The template, as tools that know AWS judge it. What they cannot know is in this crate's
//! tests.

use crate::{
    outcome::{Format, Outcome},
    process, sam, scripts, steps, workspace,
};
use anyhow::{Context, Result};
use std::{fs, path::PathBuf, process::Command};

/// SAM, cfn-lint, and a policy scan that must find nothing but what the template excepts.
///
/// # Errors
/// If a tool is missing and cannot be installed.
pub fn check() -> Result<Outcome> {
    let mut validate = sam::command("sam")?;
    validate
        .args(["validate", "--lint", "--template", "template.yaml"])
        // Nothing is looked up there.
        .args(["--region", "us-east-1"]);
    let mut lint = sam::command("cfn-lint")?;
    // Advice counts as well.
    lint.args(["--include-checks", "I", "--", "template.yaml"]);
    let outcomes = [
        steps::count(&mut validate, Format::ExitStatus)?,
        steps::count(&mut lint, Format::ExitStatus)?,
        scan()?,
    ];
    Ok(outcomes.into_iter().sum())
}

fn scan() -> Result<Outcome> {
    let text = fs::read_to_string(workspace::root().join("template.yaml"))?;
    // Checkov passes over resources that the parameters' defaults leave out.
    let text: String = text
        .split_inclusive('\n')
        .filter(|line| !line.starts_with("    Condition: "))
        .collect();
    let outcome = steps::count(&mut checkov("excepted", &text)?, Format::Checkov)?;
    let exceptions = text.matches("          - id: CKV").count();
    let blind = text.replace("      checkov:\n", "      other:\n");
    let found = process::output_of(checkov("blind", &blind)?.arg("--soft-fail"));
    let found: Outcome = found
        .iter()
        .flat_map(|output| output.lines())
        .filter_map(|line| Outcome::read(line, Format::Checkov))
        .sum();
    // An exception that is not needed hides what comes later.
    let needed = u64::try_from(exceptions).is_ok_and(|exceptions| exceptions == found.failed);
    if !needed {
        eprintln!("{exceptions} exceptions, but {} are needed", found.failed);
    }
    Ok([outcome, Outcome::one(needed)].into_iter().sum())
}

/// The scan of a text, which is kept under a name.
fn checkov(name: &str, text: &str) -> Result<Command> {
    let python = scripts::ensure_environment("checkov", "xtask/python/checkov.txt")?;
    let folder: PathBuf = workspace::target().join("sam/scan").join(name);
    fs::create_dir_all(&folder)?;
    let copy = folder.join("template.yaml");
    fs::write(&copy, text).with_context(|| copy.display().to_string())?;
    let mut command = workspace::command(python.with_file_name("checkov"));
    command
        // Its rules are in the package.
        .args([
            "--skip-download",
            "--framework",
            "cloudformation",
            "--quiet",
            "--compact",
        ])
        .arg("--file")
        .arg(copy);
    Ok(command)
}
