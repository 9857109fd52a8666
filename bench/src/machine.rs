//! Where and with what it was measured.

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};
use std::{fs, process::Command, thread};

/// Processor, cores, system, and how busy it was.
pub fn describe() -> Value {
    let information = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let processor = information
        .lines()
        .find_map(|line| line.strip_prefix("model name")?.split_once(": "))
        .map(|(_, name)| name);
    let release = fs::read_to_string("/etc/os-release").unwrap_or_default();
    let system = release
        .lines()
        .find_map(|line| line.strip_prefix("PRETTY_NAME="))
        .map(|name| name.trim_matches('"'));
    let load = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    json!({
        "processor": processor,
        "cores": thread::available_parallelism().ok().map(usize::from),
        "system": system,
        "architecture": std::env::consts::ARCH,
        "loadAtStart": load.split(' ').next(),
    })
}

/// The version of a program, without its name: `1.95.0` of `rustc 1.95.0 (59807616e 2026-04-14)`.
pub fn version_of(program: &str) -> Result<String> {
    let text = output_of(Command::new(program).arg("--version"))?;
    let version = text.split([' ', '-']).find(|word| is_version(word));
    version
        .map(str::to_owned)
        .with_context(|| format!("{program} does not tell its version"))
}

fn is_version(word: &str) -> bool {
    word.starts_with(|first: char| first.is_ascii_digit()) && word.contains('.')
}

/// What a program prints.
pub fn output_of(command: &mut Command) -> Result<String> {
    let output = command
        .output()
        .with_context(|| format!("cannot start {command:?}"))?;
    if !output.status.success() {
        bail!(
            "{command:?}: {}{}",
            output.status,
            String::from_utf8_lossy(&output.stderr)
        );
    }
    let text = String::from_utf8(output.stdout).with_context(|| format!("{command:?}"))?;
    Ok(text.trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_has_no_name_of_its_program() {
        let version = version_of("rustc").unwrap();
        assert!(is_version(&version), "{version}");
        assert!(!version.contains("rustc"), "{version}");
    }
}
