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
