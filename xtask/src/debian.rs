//! Programs that Debian packages.

use crate::{process, workspace};
use anyhow::{Context, Result, bail};
use std::{env, fs, path::Path};

/// Where the package puts Chromium's driver.
pub const CHROMEDRIVER: &str = "/usr/bin/chromedriver";
const CHROMIUM: &str = "/usr/bin/chromium";

/// Installs Chromium and its driver unless they are there.
///
/// # Errors
/// If they are missing and we may not install them.
pub fn ensure_chromium() -> Result<()> {
    if [CHROMIUM, CHROMEDRIVER]
        .iter()
        .all(|path| Path::new(path).exists())
    {
        return Ok(());
    }
    install(&["chromium", "chromium-driver"])
}

/// Installs the other two engines that pages meet, with what drives them, unless they are there or
/// this release has no such packages.
///
/// # Errors
/// If they are missing, are to be had, and we may not install them.
pub fn ensure_engines() -> Result<()> {
    const ENGINES: [(&str, &[&str]); 2] = [
        ("/usr/bin/firefox-esr", &["firefox-esr"]),
        // WebKit shows its pages on a screen.
        ("/usr/bin/WebKitWebDriver", &["webkit2gtk-driver", "xvfb"]),
    ];
    for (program, packages) in ENGINES {
        if Path::new(program).exists() {
            continue;
        }
        if packages.iter().all(|package| is_packaged(package)) {
            install(packages)?;
        } else {
            eprintln!("{program} is not packaged here: this engine is not tested");
        }
    }
    Ok(())
}

fn is_packaged(name: &str) -> bool {
    let known = || process::output_of(workspace::command("apt-cache").args(["show", name]));
    // A fresh machine has no lists yet, and only root may fetch them.
    known().is_some() || (process::run(apt().arg("update")).is_ok() && known().is_some())
}

/// Installs libfaketime, with which tests move the triggers' clocks, unless it is there.
///
/// # Errors
/// If it is missing and we may not install it.
pub fn ensure_libfaketime() -> Result<()> {
    // It lies in a folder that is named after the architecture.
    let installed = fs::read_dir("/usr/lib").is_ok_and(|mut folders| {
        folders.any(|folder| {
            folder.is_ok_and(|folder| folder.path().join("faketime/libfaketime.so.1").exists())
        })
    });
    if installed {
        Ok(())
    } else {
        install(&["libfaketime"])
    }
}

/// Installs a program that has a package of its own name, unless it is there.
///
/// # Errors
/// If it is missing and we may not install it.
pub fn ensure_program(name: &str) -> Result<()> {
    let paths = env::var_os("PATH").unwrap_or_default();
    if env::split_paths(&paths).any(|folder| folder.join(name).exists()) {
        return Ok(());
    }
    install(&[name])
}

/// Installs Debian packages, for root; anyone else is told the line to run.
///
/// # Errors
/// If we are not root, or apt-get fails.
pub fn install(packages: &[&str]) -> Result<()> {
    let user = process::output_of(workspace::command("id").arg("-u"));
    if user.as_deref() != Some("0") {
        bail!(
            "missing: run `sudo apt-get update && sudo apt-get install --no-install-recommends {}`",
            packages.join(" ")
        );
    }
    process::run(apt().arg("update")).context("apt-get update")?;
    process::run(
        apt()
            .args(["install", "--yes", "--no-install-recommends"])
            .args(packages),
    )
    .with_context(|| format!("install {} by hand, then try again", packages.join(" ")))
}

fn apt() -> std::process::Command {
    let mut command = workspace::command("apt-get");
    // Another installation may hold the lock for a while; ask nobody anything.
    command.env("DEBIAN_FRONTEND", "noninteractive").args([
        "--quiet",
        "--option",
        "DPkg::Lock::Timeout=600",
    ]);
    command
}
