//! The functions, built as SAM builds them for a deployment.

use crate::{process, rust_target, scripts, template, workspace};
use anyhow::{Context, Result, bail, ensure};
use std::{
    env,
    fs::{self, DirEntry},
    path::{Path, PathBuf},
    process::Command,
};

/// The processors that Lambda has.
#[derive(Clone, Copy, Debug)]
pub enum Architecture {
    /// AWS's own.
    Arm64,
    /// Intel's and AMD's.
    X86_64,
}

impl Architecture {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Arm64, Self::X86_64];

    /// That of the machine we run on.
    pub fn of_this_machine() -> Self {
        match env::consts::ARCH {
            "aarch64" => Self::Arm64,
            _ => Self::X86_64,
        }
    }

    /// What Lambda calls it.
    fn name(self) -> &'static str {
        match self {
            Self::Arm64 => "arm64",
            Self::X86_64 => "x86_64",
        }
    }

    /// What Rust calls it.
    fn target(self) -> &'static str {
        match self {
            Self::Arm64 => "aarch64-unknown-linux-gnu",
            Self::X86_64 => "x86_64-unknown-linux-gnu",
        }
    }
}

/// The functions, and how many bytes each may have when it is zipped: Lambda loads them at
/// each cold start.
const FUNCTIONS: [(&str, usize); 3] = [
    ("DefineAuthChallenge", 800_000),
    ("CreateAuthChallenge", 2_500_000),
    ("VerifyAuthChallengeResponse", 2_500_000),
];

/// Prints the size of a file in a zip.
const ZIPPED_SIZE: &str = "
import io, sys, zipfile
archive = io.BytesIO()
with zipfile.ZipFile(archive, 'w', zipfile.ZIP_DEFLATED, compresslevel=9) as zipped:
    zipped.write(sys.argv[1], 'bootstrap')
print(len(archive.getvalue()))
";

/// Checks the template, builds the functions for some architectures, and prints their sizes.
///
/// # Errors
/// If a check or a build fails, or a function is larger than it may be.
pub fn run(architectures: &[Architecture]) -> Result<()> {
    let checked = template::check()?;
    ensure!(checked.failed == 0, "template.yaml: {checked}");
    let mut lines = Vec::new();
    let mut too_large = false;
    for &architecture in architectures {
        let folder = build(architecture)?;
        for (function, limit) in FUNCTIONS {
            let executable = executable_in(&folder.join(function))?;
            let size = fs::metadata(&executable)?.len();
            let zipped = zipped_size(&executable)?;
            too_large |= zipped > limit;
            lines.push(format!(
                "{:<7} {function:<27} {size:>8} bytes, zipped {zipped:>8} of {limit}",
                architecture.name()
            ));
        }
    }
    println!("\n{}", lines.join("\n"));
    if too_large {
        bail!("a function is larger than it may be");
    }
    Ok(())
}

/// Builds the functions into a folder, and tells where: `template.yaml` in it is what is
/// deployed.
///
/// # Errors
/// If a tool is missing and cannot be installed, or the build fails.
pub fn build(architecture: Architecture) -> Result<PathBuf> {
    rust_target::ensure(architecture.target())?;
    let folder = workspace::target().join("sam").join(architecture.name());
    let parameter = format!("Architecture={}", architecture.name());
    process::run(
        command("sam")?
            .args(["build", "--parameter-overrides", &parameter, "--build-dir"])
            .arg(&folder),
    )?;
    Ok(folder)
}

/// A program of the Python environment that has SAM, cargo-lambda, Zig and cfn-lint.
///
/// # Errors
/// If the environment cannot be installed.
pub fn command(program: &str) -> Result<Command> {
    let python = scripts::ensure_environment("sam/venv", "xtask/python/sam.txt")?;
    let programs = python.parent().context("Python lies in a folder")?;
    // SAM looks for cargo-lambda there, and cargo-lambda for Zig.
    let path = env::var_os("PATH").unwrap_or_default();
    let path = env::join_paths(
        [programs.to_owned()]
            .into_iter()
            .chain(env::split_paths(&path)),
    )?;
    let mut command = workspace::command(programs.join(program));
    command.env("PATH", path).env("SAM_CLI_TELEMETRY", "0");
    Ok(command)
}

/// The executable, which is all that SAM puts into a function's folder.
fn executable_in(folder: &Path) -> Result<PathBuf> {
    let files: Vec<DirEntry> = fs::read_dir(folder)
        .with_context(|| folder.display().to_string())?
        .collect::<Result<_, _>>()?;
    match files.as_slice() {
        [file] if file.file_name() == "bootstrap" => Ok(file.path()),
        _ => bail!("{}: expected `bootstrap` alone", folder.display()),
    }
}

fn zipped_size(file: &Path) -> Result<usize> {
    process::output_of(command("python")?.args(["-c", ZIPPED_SIZE]).arg(file))
        .and_then(|size| size.parse().ok())
        .with_context(|| format!("cannot zip {}", file.display()))
}
