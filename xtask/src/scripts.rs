//! What comes from npm and PyPI, as lock files pin it.

use crate::{debian, process, workspace};
use anyhow::{Context, Result};
use std::{
    fs,
    path::{Path, PathBuf},
};

/// Installs the `node_modules` of a project unless they are as new as its lock file.
///
/// # Errors
/// If npm is missing or fails.
pub fn ensure_node_modules(project: &str) -> Result<()> {
    let folder = workspace::root().join(project);
    let lock = folder.join("package-lock.json");
    // npm writes this file last.
    let installed = folder.join("node_modules/.package-lock.json");
    if is_newer(&installed, &lock) {
        return Ok(());
    }
    process::run(workspace::command("npm").arg("ci").current_dir(&folder))
        .context("Node 20 or newer with npm is needed")
}

/// Installs the tests' Python environment, and tells where its interpreter is.
///
/// # Errors
/// If Python is missing or pip fails.
pub fn ensure_python() -> Result<PathBuf> {
    ensure_environment("venv", "e2e/python/requirements.txt")
}

/// Installs a Python environment into a folder of `target` unless it holds what a list of
/// requirements names, and tells where its interpreter is. A list is complete, so that pip chooses
/// nothing, and has the hashes of all files that it may take. Where a version has been changed by
/// hand, `uv pip compile --universal --python-version 3.11 --generate-hashes --no-annotate
/// --no-header LIST --output-file LIST` writes it anew.
///
/// # Errors
/// If Python is missing or pip fails.
pub fn ensure_environment(folder: &str, requirements: &str) -> Result<PathBuf> {
    let environment = workspace::target().join(folder);
    let python = environment.join("bin/python");
    let list = workspace::root().join(requirements);
    let wanted = fs::read_to_string(&list).with_context(|| requirements.to_owned())?;
    // Written last, so that a broken installation is done again.
    let stamp = environment.join("installed.txt");
    if fs::read_to_string(&stamp).is_ok_and(|installed| installed == wanted) {
        return Ok(python);
    }
    if process::output_of(workspace::command("python3").args(["-c", "import ensurepip"])).is_none()
    {
        debian::install(&["python3-venv"])?;
    }
    let create = ["-m", "venv", "--clear"];
    process::run(workspace::command("python3").args(create).arg(&environment))?;
    let install = ["-m", "pip", "install", "--quiet", "--no-deps"];
    // A source distribution would run its own program here.
    let trusted = ["--require-hashes", "--only-binary=:all:", "--requirement"];
    let mut pip = workspace::command(&python);
    process::run(pip.args(install).args(trusted).arg(&list))?;
    fs::write(&stamp, wanted)?;
    Ok(python)
}

/// Whether a file is there and was written no earlier than another.
fn is_newer(file: &Path, other: &Path) -> bool {
    let written = |path: &Path| fs::metadata(path).and_then(|metadata| metadata.modified());
    matches!((written(file), written(other)), (Ok(file), Ok(other)) if file >= other)
}
