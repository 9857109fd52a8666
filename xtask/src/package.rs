//! The npm package: the release wasm, its JavaScript glue, and what people wrote by hand.

use crate::{process, scripts, wasm_target, workspace};
use anyhow::{Context, Result};
use base64ct::{Base64, Encoding};
use std::{
    env, fs,
    path::{Path, PathBuf},
};
use wasm_bindgen_cli_support::Bindgen;

/// Where the package is written.
pub fn folder() -> PathBuf {
    workspace::target().join("npm")
}

/// Builds the package into [`folder`].
///
/// # Errors
/// If anything on the way fails.
pub fn build() -> Result<()> {
    wasm_target::ensure()?;
    let build = ["build", "--release", "--package", "client-wasm"];
    process::run(
        workspace::cargo()
            .args(build)
            .args(["--target", "wasm32-unknown-unknown"])
            .args(["--config", &without_local_paths()]),
    )?;
    let compiled = workspace::target().join("wasm32-unknown-unknown/release/client_wasm.wasm");
    let dist = folder().join("dist");
    fs::create_dir_all(&dist)?;
    if !scripts::is_newer(&dist.join("wasm-inline.js"), &compiled) {
        generate_glue(&compiled, &dist).context("wasm-bindgen")?;
    }
    copy_written_files(&dist)
}

/// Panic messages name source files. The wasm is to be the same on every machine, and to
/// tell nothing of the one it was built on.
fn without_local_paths() -> String {
    let home = env::var_os("CARGO_HOME").map(PathBuf::from);
    let home = home
        .or_else(|| Some(env::home_dir()?.join(".cargo")))
        .unwrap_or_default();
    // This adds to the flags of `.cargo/config.toml`.
    let flag = format!("--remap-path-prefix={}=cargo", home.display());
    format!("target.wasm32-unknown-unknown.rustflags = [{flag:?}]")
}

fn generate_glue(compiled: &Path, dist: &Path) -> Result<()> {
    Bindgen::new()
        .input_path(compiled)
        .out_name("core")
        .web(true)?
        // Bundlers would follow `new URL("core_bg.wasm", ...)` even where it is not used.
        .omit_default_module_path(true)
        // The types that people see are written by hand.
        .typescript(false)
        // A third of the bytes, and of use to a debugger alone.
        .remove_name_section(true)
        .remove_producers_section(true)
        .generate(dist)?;
    let wasm = fs::read(dist.join("core_bg.wasm"))?;
    let module = format!("export default \"{}\";\n", Base64::encode_string(&wasm));
    // Written last: it stands for all of them in the question whether they are up to date.
    fs::write(dist.join("wasm-inline.js"), module)?;
    Ok(())
}

fn copy_written_files(dist: &Path) -> Result<()> {
    let root = workspace::root();
    let written = root.join("client-wasm/npm");
    let mut copies = vec![
        (written.join("package.json"), folder().join("package.json")),
        (written.join("README.md"), folder().join("README.md")),
        (root.join("LICENSE"), folder().join("LICENSE")),
    ];
    for entry in fs::read_dir(&written).with_context(|| written.display().to_string())? {
        let path = entry?.path();
        let name = path
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        if name.ends_with(".js") || name.ends_with(".d.ts") {
            copies.push((path, dist.join(name)));
        }
    }
    for (from, to) in copies {
        fs::copy(&from, &to).with_context(|| format!("copy {}", from.display()))?;
    }
    Ok(())
}
