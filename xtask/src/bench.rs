//! Measures what we build beside what others have built, into `bench/`.

use crate::{debian, package, panics, process, scripts, servers, wasm, workspace};
use anyhow::{Context, Result, bail};
use std::{
    ffi::OsString,
    fs,
    path::Path,
    process::{Command, ExitCode},
};

/// Installs and builds what one bench needs, and tells it where that is.
type Provide = fn(&mut Command) -> Result<()>;

/// All benches, in the order in which they run.
const BENCHES: [(&str, Provide); 6] = [
    ("triggers", triggers),
    ("srp", srp),
    ("cold", in_browser),
    ("tasks", in_browser),
    ("sizes", in_browser),
    ("servers", pools),
];

/// Measures what is named, or all. Fails if a bar is missed, but not before all are done.
///
/// # Errors
/// If something cannot be installed, built or started, or there is no bench of that name.
pub fn run(arguments: &[OsString]) -> Result<ExitCode> {
    let named = arguments.first().filter(|name| !is_flag(name));
    let chosen: Vec<_> = BENCHES
        .into_iter()
        .filter(|(bench, _)| named.is_none_or(|name| name == bench))
        .collect();
    if chosen.is_empty() {
        bail!(
            "there is no such bench; there are {}",
            BENCHES.map(|(bench, _)| bench).join(", ")
        );
    }
    let flags = arguments.get(usize::from(named.is_some())..);
    process::run(workspace::cargo().args(["build", "--release", "--package", "bench"]))?;
    let mut met = true;
    for (name, provide) in chosen {
        let mut bench = workspace::command(workspace::target().join("release/bench"));
        bench.arg(name).args(flags.unwrap_or_default());
        provide(&mut bench)?;
        // What it says itself is enough.
        met &= bench.status()?.success();
    }
    Ok(if met {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

fn is_flag(argument: &OsString) -> bool {
    argument.to_string_lossy().starts_with('-')
}

fn triggers(bench: &mut Command) -> Result<()> {
    let python = scripts::ensure_python()?;
    debian::ensure_program("valgrind")?;
    debian::ensure_program("openssl")?;
    debian::ensure_libfaketime()?;
    servers::build_released_triggers()?;
    bench.arg("--executables").arg(servers::released());
    bench.arg("--python").arg(python);
    Ok(())
}

fn pools(bench: &mut Command) -> Result<()> {
    scripts::ensure_python()?;
    servers::build_released()?;
    bench.arg("--executables").arg(servers::released());
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

fn in_browser(bench: &mut Command) -> Result<()> {
    // How Chromium is started is in the tests' own support.
    scripts::ensure_node_modules("e2e")?;
    scripts::ensure_node_modules("bench/browser")?;
    debian::ensure_chromium()?;
    package::build()?;
    bench.arg("--package").arg(package::folder());
    Ok(())
}

/// One copy of the glue serves all of them.
fn keep_module(module: &Path, kernel: &str, folder: &Path) -> Result<()> {
    wasm::generate_glue(module, "handshake", folder, panics::PANICS)?;
    let named = folder.join(kernel).with_extension("wasm");
    fs::rename(folder.join("handshake_bg.wasm"), &named).context("the module of a kernel")
}
