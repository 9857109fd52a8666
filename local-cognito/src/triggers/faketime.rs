//! libfaketime, with which a test can move the clock of a program that knows nothing of it.
//!
//! The triggers read the system's clock, as on Lambda. Where Debian's package `libfaketime` is
//! installed, `--test-clock` moves theirs along with ours.

use std::{fs, path::PathBuf};

/// Where the library lies, if it is installed: `/usr/lib/<triplet>/faketime/`.
pub fn library() -> Option<PathBuf> {
    let folders = fs::read_dir("/usr/lib").ok()?;
    folders
        .filter_map(|folder| Some(folder.ok()?.path().join("faketime/libfaketime.so.1")))
        .find(|library| library.is_file())
}
