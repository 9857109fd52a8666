//! Two builds of the npm package, in folders of different names, give the same bytes.

use crate::{outcome::Outcome, process, workspace};
use anyhow::{Context, Result, ensure};
use sha2::{Digest, Sha256};
use std::{
    collections::BTreeMap,
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
    process::Command,
};

/// Builds the package in two copies of the project, and compares each file and the packed whole.
///
/// # Errors
/// If a build fails.
pub fn check(first: &Path, second: &Path) -> Result<Outcome> {
    let (first, second) = (build(first)?, build(second)?);
    ensure!(
        first.keys().eq(second.keys()),
        "the builds have other files"
    );
    println!();
    let compare = |((name, ours), theirs): ((&String, &String), &String)| {
        let same = ours == theirs;
        if !same {
            println!("{name}: {ours} and {theirs}");
        } else if name.ends_with(".wasm") || name.ends_with(".tgz") {
            println!("{ours}  {name}");
        }
        Outcome::one(same)
    };
    Ok(first.iter().zip(second.values()).map(compare).sum())
}

/// Builds the package in a copy of the project, and tells the hash of each file and of the archive.
fn build(copy: &Path) -> Result<BTreeMap<String, String>> {
    // Nothing of this run's: not its target folder, and not the flags of its cargo.
    let mut package = Command::new("cargo");
    package
        .current_dir(copy)
        .args(["--locked", "xtask", "package"])
        .env_remove("CARGO_TARGET_DIR");
    process::run(&mut package)?;
    let folder = copy.join("target/npm");
    let mut pack = workspace::command("npm");
    pack.current_dir(&folder)
        .args(["pack", "--silent", "--pack-destination", ".."]);
    process::run(&mut pack)?;
    let mut files = files_in(&folder)?;
    files.extend(archives(&copy.join("target"))?);
    let hash = |path: PathBuf| {
        let name = path.strip_prefix(copy)?.display().to_string();
        let bytes = fs::read(&path).with_context(|| path.display().to_string())?;
        Ok((name, hexadecimal(&Sha256::digest(&bytes))))
    };
    files.into_iter().map(hash).collect()
}

fn files_in(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).with_context(|| folder.display().to_string())? {
        let path = entry?.path();
        if path.is_dir() {
            files.extend(files_in(&path)?);
        } else {
            files.push(path);
        }
    }
    Ok(files)
}

fn archives(folder: &Path) -> Result<Vec<PathBuf>> {
    let entries = fs::read_dir(folder)?.collect::<Result<Vec<_>, _>>()?;
    let paths = entries.into_iter().map(|entry| entry.path());
    let archives: Vec<_> = paths
        .filter(|path| path.extension().is_some_and(|end| end == "tgz"))
        .collect();
    ensure!(
        archives.len() == 1,
        "npm packed {} archives",
        archives.len()
    );
    Ok(archives)
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}
