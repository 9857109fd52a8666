//! Instructions, which are the same on a busy machine: counted by callgrind.

use super::{Bench, process::Running, subject::Subject};
use anyhow::{Context, Result};
use std::{fs, process::Command};

const ATTEMPTS: usize = 10;

/// How many a function needs from its start until it has answered one event and asks for the
/// next. The profile stays, for `callgrind_annotate`.
///
/// # Errors
/// If it cannot be counted.
pub fn instructions(bench: &Bench, subject: Subject) -> Result<f64> {
    let mut counted = count(bench, subject);
    // Fifty times slower, on a busy machine, a function may miss a deadline of its own.
    for _ in 1..ATTEMPTS {
        if let Err(error) = &counted {
            eprintln!("{error:#}: once more");
            counted = count(bench, subject);
        }
    }
    counted
}

fn count(bench: &Bench, subject: Subject) -> Result<f64> {
    let profile = bench.scratch.join(format!("{subject}.callgrind"));
    let _ = fs::remove_file(&profile);
    let wrapper = [
        "valgrind".to_owned(),
        "--quiet".to_owned(),
        "--tool=callgrind".to_owned(),
        format!("--callgrind-out-file={}", profile.display()),
    ];
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
