//! How many instructions a program executes, by callgrind.

use crate::workspace;
use anyhow::{Context, Result, bail};
use std::{io::Write, path::Path, process::Stdio};

/// Counts those of the functions whose name has `measured` in it.
///
/// # Errors
/// If the program fails, or has no such function.
pub fn instructions(program: &Path, arguments: &[&str], input: &[u8]) -> Result<u64> {
    let mut valgrind = workspace::command("valgrind");
    valgrind
        .args(["--tool=callgrind", "--callgrind-out-file=/dev/null"])
        .arg("--toggle-collect=*measured*")
        .arg(program)
        .args(arguments)
        .stdin(Stdio::piped())
        .stderr(Stdio::piped());
    let mut child = valgrind.spawn().context("valgrind does not start")?;
    let mut to_child = child.stdin.take().context("no input")?;
    to_child.write_all(input)?;
    drop(to_child);
    let output = child.wait_with_output()?;
    let text = String::from_utf8_lossy(&output.stderr);
    if !output.status.success() {
        bail!("{} {arguments:?}: {text}", program.display());
    }
    let counted = text
        .lines()
        .find_map(|line| line.split_once("Collected : "));
    let (_, counted) = counted.context("callgrind has counted nothing")?;
    Ok(counted.trim().parse()?)
}

/// By how much the greatest and the least of some counts differ.
///
/// # Errors
/// If there are none, or one is an error.
pub fn spread(counts: impl Iterator<Item = Result<u64>>) -> Result<u64> {
    let counts = counts.collect::<Result<Vec<_>>>()?;
    let ends = counts.iter().max().zip(counts.iter().min());
    let (most, least) = ends.context("nothing was counted")?;
    Ok(most.abs_diff(*least))
}
