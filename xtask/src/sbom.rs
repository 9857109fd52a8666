//! Bills of materials: CycloneDX lists of every crate in what is handed on.

use crate::{outcome::Outcome, process, workspace};
use anyhow::{Context, Result, ensure};
use serde_json::Value;
use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
    process::Command,
};

/// A crate that is handed on, the folder it lies in, and where it runs.
struct Shipped {
    name: &'static str,
    folder: &'static str,
    target: &'static str,
}

const WASM: &str = "wasm32-unknown-unknown";
const LAMBDA: &str = "aarch64-unknown-linux-gnu";
const PC: &str = "x86_64-unknown-linux-gnu";

const SHIPPED: [Shipped; 8] = [
    shipped("client-wasm", "client-wasm", WASM),
    shipped("challenges", "client-wasm/challenges", WASM),
    shipped("account", "client-wasm/account", WASM),
    shipped("define-auth-challenge", "triggers/define", LAMBDA),
    shipped("create-auth-challenge", "triggers/create", LAMBDA),
    shipped("verify-auth-challenge-response", "triggers/verify", LAMBDA),
    shipped("local-cognito", "local-cognito", PC),
    shipped("cli", "cli", PC),
];

const fn shipped(name: &'static str, folder: &'static str, target: &'static str) -> Shipped {
    Shipped {
        name,
        folder,
        target,
    }
}

/// Writes a list of each crate that is handed on into `target/sbom`, and compares it with what
/// cargo says it is made of.
///
/// # Errors
/// If cargo-cyclonedx or npm fails.
pub fn check(copy: &Path) -> Result<Outcome> {
    let program = ensure_cyclonedx()?;
    let lists = workspace::target().join("sbom");
    fs::create_dir_all(&lists)?;
    let outcomes = SHIPPED.iter().map(|shipped| {
        let list = lists.join(shipped.name).with_extension("cdx.json");
        write(&program, copy, shipped, &list)?;
        compare(copy, shipped, &list)
    });
    outcomes.sum()
}

/// Installs the tool unless it is there: some minutes.
fn ensure_cyclonedx() -> Result<PathBuf> {
    let tools = workspace::target().join("tools");
    let program = tools.join("bin/cargo-cyclonedx");
    if !program.exists() {
        let install = ["install", "--locked", "cargo-cyclonedx@0.5.9", "--root"];
        process::run(workspace::cargo().args(install).arg(tools))?;
    }
    Ok(program)
}

/// The tool writes a list beside every manifest: in the copy, to keep them out of the project.
fn write(program: &Path, copy: &Path, shipped: &Shipped, list: &Path) -> Result<()> {
    let mut command = Command::new(program);
    command
        .current_dir(copy)
        .args([
            "cyclonedx",
            "--quiet",
            "--format",
            "json",
            "--spec-version",
            "1.5",
        ])
        .args(["--target", shipped.target, "--override-filename", "bill"])
        .arg("--manifest-path")
        .arg(copy.join(shipped.folder).join("Cargo.toml"));
    process::run(&mut command)?;
    let written = copy.join(shipped.folder).join("bill.json");
    fs::copy(&written, list).with_context(|| written.display().to_string())?;
    Ok(())
}

fn compare(copy: &Path, shipped: &Shipped, list: &Path) -> Result<Outcome> {
    let listed = listed(&fs::read_to_string(list)?)?;
    let made_of = made_of(copy, shipped)?;
    ensure!(
        made_of.len() > 5,
        "{}: cargo tree has no crates",
        shipped.name
    );
    let missing: Vec<_> = made_of.difference(&listed).collect();
    let there = made_of.len().saturating_sub(missing.len());
    println!(
        "{:<31} {there} of {} crates listed",
        shipped.name,
        made_of.len()
    );
    for name in &missing {
        println!("  missing: {name}");
    }
    Ok(Outcome::one(missing.is_empty()))
}

/// `NAME VERSION` of each component of a list.
fn listed(list: &str) -> Result<BTreeSet<String>> {
    let list: Value = serde_json::from_str(list)?;
    let components = list.get("components").and_then(Value::as_array);
    let components = components.context("no components")?;
    let entry = |component: &Value| {
        let text = |name| component.get(name).and_then(Value::as_str);
        Some(format!("{} {}", text("name")?, text("version")?))
    };
    components
        .iter()
        .map(|component| entry(component).context("a component without a name or version"))
        .collect()
}

/// `NAME VERSION` of each crate that cargo compiles for it, but the crate itself.
fn made_of(copy: &Path, shipped: &Shipped) -> Result<BTreeSet<String>> {
    let mut tree = Command::new("cargo");
    tree.current_dir(copy)
        .args(["tree", "--locked", "--package", shipped.name])
        .args(["--edges", "normal,build", "--target", shipped.target])
        .args(["--prefix", "none", "--format", "{p}"]);
    let tree = process::output_of(&mut tree).context("cargo tree")?;
    let crates = tree.lines().skip(1).filter_map(|line| {
        let mut words = line.split(' ');
        let (name, version) = (words.next()?, words.next()?);
        Some(format!("{name} {}", version.strip_prefix('v')?))
    });
    Ok(crates.collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_names_crates_with_their_versions() {
        let list = r#"{ "components": [{ "name": "subtle", "version": "2.6.1" }] }"#;
        assert_eq!(
            listed(list).unwrap(),
            BTreeSet::from(["subtle 2.6.1".to_owned()])
        );
        for list in ["{}", r#"{ "components": [{ "name": "subtle" }] }"#] {
            assert!(listed(list).is_err(), "{list}");
        }
    }
}
