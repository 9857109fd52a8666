//! Wasm modules: compiled for what an engine can do, and given their JavaScript glue.

use crate::{panics, process, rust_target, workspace};
use anyhow::{Context, Result};
use std::{
    env,
    ffi::OsString,
    fs, iter,
    path::{Path, PathBuf},
};
use walrus::Module;
use wasm_bindgen_cli_support::Bindgen;

/// What an engine has to have.
pub struct Engine {
    /// The end of its modules' names.
    pub suffix: &'static str,
    /// What rustc calls it.
    features: &'static str,
}

/// Any engine.
pub const PLAIN: Engine = Engine {
    suffix: "",
    features: "",
};

/// Engines with vectors of integers.
pub const SIMD: Engine = Engine {
    suffix: "-simd",
    features: "-Ctarget-feature=+simd128",
};

/// Engines that multiply and add in one step.
pub const FUSED: Engine = Engine {
    suffix: "-fused",
    features: "-Ctarget-feature=+simd128,+relaxed-simd",
};

impl Engine {
    /// What cargo is told, to compile for it.
    pub fn arguments(&self) -> [OsString; 6] {
        [
            "--target".into(),
            rust_target::WASM.into(),
            "--config".into(),
            flags(self).into(),
            "--target-dir".into(),
            self.target().into(),
        ]
    }

    /// Where cargo compiles for it. In one folder, a change of flags would discard all that was
    /// compiled with others, and each build of the package begin from nothing.
    fn target(&self) -> PathBuf {
        workspace::target().join(format!("wasm{}", self.suffix))
    }
}

/// Compiles some crates, and tells where their modules are.
///
/// # Errors
/// If they do not compile.
pub fn compile(packages: &[&str], engine: &Engine) -> Result<PathBuf> {
    rust_target::ensure(rust_target::WASM)?;
    let packages = packages.iter().flat_map(|package| ["--package", package]);
    process::run(
        workspace::cargo()
            .args(["build", "--release"])
            .args(packages)
            .args(engine.arguments()),
    )?;
    Ok(engine.target().join(rust_target::WASM).join("release"))
}

/// Writes `NAME.js` and `NAME_bg.wasm`. What is in `unheard` traps at once.
///
/// # Errors
/// If the module is none, or the folder cannot be written.
pub fn generate_glue(module: &Path, name: &str, folder: &Path, unheard: &[&str]) -> Result<()> {
    let module = Module::from_file(module).with_context(|| module.display().to_string())?;
    Bindgen::new()
        .input_bytes(name, panics::cut(module, unheard))
        // The script that would load the module is replaced by one of ours, which does not need to
        // have it on the main thread at once, nor to know where it is.
        .bundler(true)?
        // The types that people see are written by hand.
        .typescript(false)
        // A third of the bytes, and of use to a debugger alone.
        .remove_name_section(true)
        .remove_producers_section(true)
        .generate(folder)
        .context("wasm-bindgen")?;
    let script = fs::read_to_string(folder.join(format!("{name}_bg.js")))?;
    let functions = script.lines().filter_map(|line| {
        let (name, _) = line.strip_prefix("export function ")?.split_once('(')?;
        Some(name)
    });
    // All that a module may import, as an object: bundlers give a namespace a request of its own.
    let functions = functions.collect::<Vec<_>>().join(", ");
    let script = format!("{script}\nexport const glue = {{ {functions} }};\n");
    fs::remove_file(folder.join(format!("{name}_bg.js")))?;
    fs::write(folder.join(name).with_extension("js"), script).context("the module's script")
}

/// What is told with `--config`. Panics know the files they are in; the wasm is to be the same
/// on every machine, and to tell nothing of the one it was built on.
fn flags(engine: &Engine) -> String {
    let home = env::var_os("CARGO_HOME").map(PathBuf::from);
    let home = home
        .or_else(|| Some(env::home_dir()?.join(".cargo")))
        .unwrap_or_default();
    // What comes last counts: crates by their names, and whatever else there is.
    let registries = fs::read_dir(home.join("registry/src"));
    let folders = registries.into_iter().flatten().flatten();
    let folders = folders.map(|folder| (folder.path(), ""));
    let mut flags: Vec<_> = iter::once((home, "cargo"))
        .chain(folders)
        .map(|(from, to)| format!("--remap-path-prefix={}={to}", from.display()))
        .collect();
    if !engine.features.is_empty() {
        flags.push(engine.features.to_owned());
    }
    // These add to the flags of `.cargo/config.toml`.
    format!("target.wasm32-unknown-unknown.rustflags = {flags:?}")
}
