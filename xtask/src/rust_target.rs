//! Rust's standard library for other machines than this one.

use crate::{process, workspace};
use anyhow::{Context, Result};
use std::path::Path;

/// The browser.
pub const WASM: &str = "wasm32-unknown-unknown";

/// Installs it for a target unless it is there.
///
/// # Errors
/// If it is missing and there is no rustup to install it.
pub fn ensure(target: &str) -> Result<()> {
    let query = ["--print", "target-libdir", "--target", target];
    let folder = process::output_of(workspace::command("rustc").args(query))
        .context("rustc does not answer")?;
    if Path::new(&folder).exists() {
        return Ok(());
    }
    let mut rustup = workspace::command("rustup");
    // Otherwise rustup would take the missing target for a reason to install all anew.
    rustup
        .env("RUSTUP_AUTO_INSTALL", "0")
        .args(["target", "add", target]);
    process::run(&mut rustup)
        .with_context(|| format!("install the target {target} of your Rust, then try again"))
}
