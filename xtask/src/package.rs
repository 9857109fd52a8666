//! The npm package: the release wasm, its JavaScript glue, and what people wrote by hand.

use crate::{process, rust_target, workspace};
use anyhow::{Context, Result};
use base64ct::{Base64, Encoding};
use std::{
    env,
    fs::{self, File},
    io::ErrorKind,
    path::{Path, PathBuf},
};
use wasm_bindgen_cli_support::Bindgen;

/// A wasm module of the package.
struct Module {
    /// The crate.
    package: &'static str,
    /// What its glue is called: `NAME.js`, `NAME_bg.wasm`.
    name: &'static str,
    /// The file that has its bytes as text.
    inlined: &'static str,
}

/// The second is loaded when it is first used.
const MODULES: [Module; 2] = [
    Module {
        package: "client-wasm",
        name: "core",
        inlined: "wasm-inline.js",
    },
    Module {
        package: "account",
        name: "account-core",
        inlined: "account-inline.js",
    },
];

/// Where the package is written.
pub fn folder() -> PathBuf {
    workspace::target().join("npm")
}

/// Builds the package into [`folder`].
///
/// # Errors
/// If anything on the way fails.
pub fn build() -> Result<()> {
    rust_target::ensure(rust_target::WASM)?;
    process::run(
        workspace::cargo()
            .args(["build", "--release"])
            .args(
                MODULES
                    .iter()
                    .flat_map(|module| ["--package", module.package]),
            )
            .args(["--target", rust_target::WASM])
            .args(["--config", &without_local_paths()]),
    )?;
    let target = workspace::target();
    let compiled = target.join("wasm32-unknown-unknown/release");
    let _lock = only_builder(&target.join("npm.lock"))?;
    let draft = target.join("npm.draft");
    remove(&draft)?;
    let dist = draft.join("dist");
    fs::create_dir_all(&dist)?;
    for module in &MODULES {
        generate_glue(module, &compiled, &dist).context("wasm-bindgen")?;
    }
    copy_written_files(&draft)?;
    replace(&folder(), &draft)
}

/// Two commands may run at once, and the second then waits until the file is closed.
fn only_builder(path: &Path) -> Result<File> {
    let file = File::create(path).with_context(|| path.display().to_string())?;
    file.lock()?;
    Ok(file)
}

/// Puts the draft in the package's place, so that nothing of an earlier build stays in it.
fn replace(package: &Path, draft: &Path) -> Result<()> {
    remove(package)?;
    fs::rename(draft, package).with_context(|| package.display().to_string())
}

fn remove(folder: &Path) -> Result<()> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != ErrorKind::NotFound => {
            Err(error).with_context(|| format!("remove {}", folder.display()))
        }
        Ok(()) | Err(_) => Ok(()),
    }
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

fn generate_glue(module: &Module, compiled: &Path, dist: &Path) -> Result<()> {
    let Module {
        package,
        name,
        inlined,
    } = module;
    let wasm = format!("{}.wasm", package.replace('-', "_"));
    Bindgen::new()
        .input_path(compiled.join(wasm))
        .out_name(name)
        .web(true)?
        // Bundlers would follow `new URL("…_bg.wasm", ...)` even where it is not used.
        .omit_default_module_path(true)
        // The types that people see are written by hand.
        .typescript(false)
        // A third of the bytes, and of use to a debugger alone.
        .remove_name_section(true)
        .remove_producers_section(true)
        .generate(dist)?;
    let wasm = fs::read(dist.join(format!("{name}_bg.wasm")))?;
    let text = format!("export default \"{}\";\n", Base64::encode_string(&wasm));
    fs::write(dist.join(inlined), text)?;
    Ok(())
}

fn copy_written_files(draft: &Path) -> Result<()> {
    let root = workspace::root();
    let written = root.join("client-wasm/npm");
    let mut copies = vec![
        (written.join("package.json"), draft.join("package.json")),
        (written.join("README.md"), draft.join("README.md")),
        (written.join("MIGRATING.md"), draft.join("MIGRATING.md")),
        (root.join("LICENSE"), draft.join("LICENSE")),
    ];
    for entry in fs::read_dir(&written).with_context(|| written.display().to_string())? {
        let path = entry?.path();
        let name = path
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        if name.ends_with(".js") || name.ends_with(".d.ts") {
            copies.push((path, draft.join("dist").join(name)));
        }
    }
    for (from, to) in copies {
        fs::copy(&from, &to).with_context(|| format!("copy {}", from.display()))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_of_an_earlier_build_stays() {
        let scratch = env::temp_dir().join(format!("xtask-package-{}", std::process::id()));
        let (package, draft) = (scratch.join("npm"), scratch.join("npm.draft"));
        for name in ["old.js", "new.js"] {
            fs::create_dir_all(draft.join("dist")).unwrap();
            fs::write(draft.join("dist").join(name), name).unwrap();
            replace(&package, &draft).unwrap();
        }
        let files = fs::read_dir(package.join("dist")).unwrap();
        let names: Vec<_> = files.map(|file| file.unwrap().file_name()).collect();
        assert_eq!(names, ["new.js"]);
        assert!(!draft.exists());
        remove(&scratch).unwrap();
    }
}
