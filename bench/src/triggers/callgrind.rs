//! Instructions, which are the same on a busy machine: counted by callgrind.

use super::{Bench, process::Running, subject::Subject};
use anyhow::{Context, Result};
use std::{fs, process::Command};

/// How many a function needs from its start until it has answered one event and asks for the
/// next. The profile stays, for `callgrind_annotate`.
///
/// # Errors
/// If it cannot be counted.
pub fn instructions(bench: &Bench, subject: Subject) -> Result<f64> {
    let profile = bench.scratch.join(format!("{subject}.callgrind"));
    let _ = fs::remove_file(&profile);
    let mut wrapper = vec![
        "valgrind".to_owned(),
        "--quiet".to_owned(),
        "--tool=callgrind".to_owned(),
        format!("--callgrind-out-file={}", profile.display()),
    ];
    if subject.has_deadlines() {
        let clock = slow_clock().context("libfaketime is not installed")?;
        wrapper.splice(0..0, clock);
    }
    let question = subject.question(bench)?;
    let mut running = Running::start(bench, subject, &wrapper)?;
    running.api.asked();
    bench.call(subject, &running, &question)?;
    running.api.asked();
    // At this signal it writes down what it has counted.
    let process = running.process.id().to_string();
    Command::new("kill").args(["-TERM", &process]).status()?;
    running.process.wait()?;
    let counted = fs::read_to_string(&profile).context("callgrind has counted nothing")?;
    let total = counted
        .lines()
        .find_map(|line| line.strip_prefix("totals: "))
        .context("no totals in what callgrind has written")?;
    Ok(total.trim().parse()?)
}

/// Under callgrind everything takes longer than the table, or a connection that is opened before
/// the first event, is given. By a clock that is fifty times slower it does not; libfaketime adds
/// a few instructions of its own.
fn slow_clock() -> Option<[String; 3]> {
    let folders = fs::read_dir("/usr/lib").ok()?;
    let mut libraries =
        folders.filter_map(|folder| Some(folder.ok()?.path().join("faketime/libfaketime.so.1")));
    let library = libraries.find(|library| library.exists())?;
    Some([
        "env".to_owned(),
        format!("LD_PRELOAD={}", library.display()),
        "FAKETIME=+0 x0.02".to_owned(),
    ])
}
