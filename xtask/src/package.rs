//! The npm package: the release wasm, its JavaScript glue, and what people wrote by hand.

use crate::{
    panics,
    wasm::{self, Engine},
    workspace,
};
use anyhow::{Context, Result, bail};
use base64ct::{Base64, Encoding};
use std::{
    fs::{self, File},
    io::ErrorKind,
    path::{Path, PathBuf},
};

/// Where the package is written.
pub fn folder() -> PathBuf {
    workspace::target().join("npm")
}

/// Builds the package into [`folder`].
///
/// # Errors
/// If anything on the way fails.
pub fn build() -> Result<()> {
    let target = workspace::target();
    let _lock = only_builder(&target.join("npm.lock"))?;
    let draft = target.join("npm.draft");
    remove(&draft)?;
    let dist = draft.join("dist");
    fs::create_dir_all(&dist)?;
    // Loaded when they are first used.
    for name in ["challenges", "account"] {
        let compiled = wasm::compile(&[name], &wasm::PLAIN)?;
        let core = format!("{name}-core");
        let module = compiled.join(name).with_extension("wasm");
        wasm::generate_glue(&module, &core, &dist, panics::PANICS)?;
        inline(&dist, &core, &format!("{name}-inline.js"))?;
    }
    // By itself, or it would have the features that the others want of the same crates.
    let compiled = wasm::compile(&["client-wasm"], &wasm::PLAIN)?;
    let core = compiled.join("client_wasm.wasm");
    wasm::generate_glue(&core, "core", &dist, panics::PANICS_AND_NUMBERS)?;
    inline(&dist, "core", "core-inline.js")?;
    for engine in [&wasm::SIMD, &wasm::FUSED] {
        add_engine(engine, &dist)?;
    }
    copy_written_files(&draft)?;
    replace(&folder(), &draft)
}

/// Adds the core for an engine. One copy of the glue serves all of them.
fn add_engine(engine: &Engine, dist: &Path) -> Result<()> {
    let compiled = wasm::compile(&["client-wasm"], engine)?;
    let aside = dist.with_extension("engine");
    let core = compiled.join("client_wasm.wasm");
    wasm::generate_glue(&core, "core", &aside, panics::PANICS_AND_NUMBERS)?;
    if fs::read(aside.join("core.js"))? != fs::read(dist.join("core.js"))? {
        bail!("the core has another glue for {}", engine.suffix);
    }
    let name = format!("core{}", engine.suffix);
    fs::rename(
        aside.join("core_bg.wasm"),
        dist.join(format!("{name}_bg.wasm")),
    )?;
    remove(&aside)?;
    inline(dist, &name, &format!("{name}-inline.js"))
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

/// The bytes of a module as text, in a script of its own.
fn inline(dist: &Path, module: &str, script: &str) -> Result<()> {
    let wasm = fs::read(dist.join(format!("{module}_bg.wasm")))?;
    let text = format!("export default \"{}\";\n", Base64::encode_string(&wasm));
    fs::write(dist.join(script), text)?;
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
    use std::env;

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
