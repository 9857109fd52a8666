//! Rust's standard library for wasm.

use crate::{process, workspace};
use anyhow::{Context, Result};
use std::path::Path;

const TARGET: &str = "wasm32-unknown-unknown";

/// Installs it unless it is there.
///
/// # Errors
/// If it is missing and there is no rustup to install it.
pub fn ensure() -> Result<()> {
    let query = ["--print", "target-libdir", "--target", TARGET];
    let folder = process::output_of(workspace::command("rustc").args(query))
        .context("rustc does not answer")?;
    if Path::new(&folder).exists() {
        return Ok(());
    }
    let mut rustup = workspace::command("rustup");
    // Otherwise rustup would take the missing target for a reason to install all anew.
    rustup
        .env("RUSTUP_AUTO_INSTALL", "0")
        .args(["target", "add", TARGET]);
    process::run(&mut rustup)
        .with_context(|| format!("install the target {TARGET} of your Rust, then try again"))
}
