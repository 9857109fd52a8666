//! What is uploaded.

use super::{
    Bench,
    subject::{Implementation, Subject, python_functions},
};
use crate::machine::output_of;
use anyhow::Result;
use std::{fs, process::Command};

/// Packs as SAM does: Python's `zipfile`, deflated.
const PACK: &str = "\
import sys, zipfile
with zipfile.ZipFile(sys.argv[1], 'w', zipfile.ZIP_DEFLATED) as archive:
    for path, name in zip(sys.argv[2::2], sys.argv[3::2]):
        archive.write(path, name)";

/// The size of a function's zip. In Python, SDK and runtime are Lambda's own.
///
/// # Errors
/// If it cannot be packed.
pub fn megabytes(bench: &Bench, subject: Subject) -> Result<f64> {
    let archive = bench.scratch.join("function.zip");
    let mut command = Command::new(&bench.settings.python);
    command.args(["-c", PACK]).arg(&archive);
    match subject.implementation {
        Implementation::Python => {
            for name in [&format!("{}.py", subject.trigger.name()), "challenges.py"] {
                command.arg(python_functions().join(name)).arg(name);
            }
        }
        Implementation::Rust | Implementation::RustWithTable => {
            let executable = subject.trigger.executable();
            command.arg(bench.settings.executables.join(executable));
            command.arg("bootstrap");
        }
    }
    output_of(&mut command)?;
    #[expect(clippy::cast_precision_loss, reason = "no zip is that large")]
    Ok(fs::metadata(&archive)?.len() as f64 / 1e6)
}
