//! The share of a CPU that a small function gets.

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};
use std::{
    fs,
    path::{Path, PathBuf},
    process,
    sync::atomic::{AtomicU32, Ordering},
};

/// Lambda gives a function with 1,769 MB one CPU, and one with 128 MB the same part of it, in
/// periods of 20 milliseconds ("Configure Lambda function memory", AWS Lambda Developer Guide).
const PERIOD_MICROSECONDS: u32 = 20_000;
const QUOTA_MICROSECONDS: u32 = 1_450;

/// How many groups were made: none has another's name, or its debts.
static GROUPS: AtomicU32 = AtomicU32::new(0);

/// A control group with that share, removed when it is dropped.
pub struct Share {
    group: PathBuf,
}

impl Share {
    /// Makes the group, in either version of control groups.
    ///
    /// # Errors
    /// If this machine does not let us.
    pub fn new() -> Result<Self> {
        let count = GROUPS.fetch_add(1, Ordering::Relaxed);
        let name = format!("bench-{}-{count}", process::id());
        let old = Path::new("/sys/fs/cgroup/cpu").join(&name);
        let new = Path::new("/sys/fs/cgroup").join(&name);
        let (quota, period) = (QUOTA_MICROSECONDS, PERIOD_MICROSECONDS);
        let mut reasons = Vec::new();
        for (group, limits) in [
            (
                old,
                vec![
                    ("cpu.cfs_period_us", period.to_string()),
                    ("cpu.cfs_quota_us", quota.to_string()),
                ],
            ),
            (new, vec![("cpu.max", format!("{quota} {period}"))]),
        ] {
            let share = Self { group };
            match share.set(&limits) {
                Ok(()) => return Ok(share),
                Err(error) => reasons.push(format!("{error:#}")),
            }
        }
        bail!("no control group can be made: {}", reasons.join("; "))
    }

    /// Gives a process no more than that from now on.
    ///
    /// # Errors
    /// If the process is gone.
    pub fn limit(&self, process: u32) -> Result<()> {
        let processes = self.group.join("cgroup.procs");
        fs::write(&processes, process.to_string()).with_context(|| processes.display().to_string())
    }

    /// As it is kept in the results.
    pub fn to_json(&self) -> Value {
        json!({
            "quotaMs": f64::from(QUOTA_MICROSECONDS) / 1e3,
            "periodMs": f64::from(PERIOD_MICROSECONDS) / 1e3,
        })
    }

    fn set(&self, limits: &[(&str, String)]) -> Result<()> {
        fs::create_dir(&self.group).with_context(|| self.group.display().to_string())?;
        for (name, value) in limits {
            let file = self.group.join(name);
            // A file that is not there would be made, in a folder that is no control group.
            fs::OpenOptions::new()
                .write(true)
                .open(&file)
                .and_then(|mut file| std::io::Write::write_all(&mut file, value.as_bytes()))
                .with_context(|| file.display().to_string())?;
        }
        Ok(())
    }
}

impl Drop for Share {
    fn drop(&mut self) {
        // It was never made, or a process is still ending in it.
        let _ = fs::remove_dir(&self.group);
    }
}
