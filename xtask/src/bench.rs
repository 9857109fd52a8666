//! Measures what we build beside what others have built, into `bench/`.

use crate::{debian, process, scripts, wasm, workspace};
use anyhow::{Context, Result};
use std::{
    ffi::OsString,
    fs,
    path::Path,
    process::{Command, ExitCode},
};

const TRIGGERS: [&str; 3] = [
    "define-auth-challenge",
    "create-auth-challenge",
    "verify-auth-challenge-response",
];

/// Installs and builds what is needed, and measures. Fails if a bar is missed.
///
/// # Errors
/// If something cannot be installed, built or started.
pub fn run(arguments: &[OsString]) -> Result<ExitCode> {
    process::run(workspace::cargo().args(["build", "--release", "--package", "bench"]))?;
    let mut bench = workspace::command(workspace::target().join("release/bench"));
    bench.args(arguments);
    match arguments.first().and_then(|name| name.to_str()) {
        Some("srp") => srp(&mut bench)?,
        Some("triggers") => triggers(&mut bench)?,
        // It says itself what it can measure.
        _ => {}
    }
    // What it says itself is enough.
    let status = bench.status()?;
    Ok(if status.success() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

fn triggers(bench: &mut Command) -> Result<()> {
    let python = scripts::ensure_python()?;
    debian::ensure_program("valgrind")?;
    debian::ensure_program("openssl")?;
    debian::ensure_libfaketime()?;
    for trigger in TRIGGERS {
        // One by one, as SAM does: together, each would have the features of all.
        process::run(workspace::cargo().args(["build", "--release", "--package", trigger]))?;
    }
    let executables = workspace::target().join("release");
    bench.arg("--executables").arg(executables);
    bench.arg("--python").arg(python);
    Ok(())
}

fn srp(bench: &mut Command) -> Result<()> {
    scripts::ensure_node_modules("e2e")?;
    debian::ensure_chromium()?;
    let folder = workspace::target().join("bench/srp");
    let kernels = [
        ("plain", &wasm::PLAIN),
        ("simd", &wasm::SIMD),
        ("fused", &wasm::FUSED),
    ];
    for (kernel, engine) in kernels {
        let compiled = wasm::compile(&["handshake"], engine)?;
        keep_module(&compiled.join("handshake.wasm"), kernel, &folder)?;
    }
    bench.arg("--modules").arg(folder);
    Ok(())
}

/// One copy of the glue serves all of them.
fn keep_module(module: &Path, kernel: &str, folder: &Path) -> Result<()> {
    wasm::generate_glue(module, "handshake", folder, wasm::PANICS)?;
    let named = folder.join(kernel).with_extension("wasm");
    fs::rename(folder.join("handshake_bg.wasm"), &named).context("the module of a kernel")
}
