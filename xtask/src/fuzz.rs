//! Input that wants to break it: a short run without coverage in each test, and a long one with.

use crate::{
    outcome::{Format, Outcome},
    process,
    steps::count,
    workspace,
};
use anyhow::{Context, Result, bail};
use std::{ffi::OsString, fs, process::ExitCode};

const TARGETS: [&str; 5] = ["replies", "proofs", "events", "sign_ins", "requests"];
const CASES: &str = "10000000";
/// The night ends here, for the targets whose cases are whole sign-ins and connections.
const SECONDS: u32 = 5 * 60 * 60;

/// What cargo-fuzz would set, as the stable compiler has it.
const COVERAGE: [&str; 6] = [
    "-Cpasses=sancov-module",
    "-Cllvm-args=-sanitizer-coverage-level=4",
    "-Cllvm-args=-sanitizer-coverage-inline-8bit-counters",
    "-Cllvm-args=-sanitizer-coverage-pc-table",
    "-Cllvm-args=-sanitizer-coverage-trace-compares",
    "-Ccodegen-units=1",
];

/// Corpus, regressions, and as many drawn cases as the targets name.
///
/// # Errors
/// If the runner cannot be built.
pub fn check() -> Result<Outcome> {
    let runner = ["run", "--quiet", "--package", "fuzz", "--bin", "fuzz"];
    count(workspace::cargo().args(runner), Format::Plain)
}

/// Runs libFuzzer on one target, or on all in turn: `[TARGET] [CASES]`, each for five hours at the
/// most. What it finds new goes to `target/fuzz/TARGET`, and what breaks a promise to
/// `fuzz/regressions/TARGET`.
///
/// # Errors
/// If an argument is neither, nothing can be built, or a promise is broken.
pub fn run(arguments: &[OsString]) -> Result<ExitCode> {
    let mut targets = TARGETS.to_vec();
    let mut cases = CASES;
    for argument in arguments {
        let argument = argument.to_str().context("an argument is no text")?;
        match TARGETS.iter().find(|target| **target == argument) {
            Some(target) => targets = vec![*target],
            None if argument.parse::<u64>().is_ok() => cases = argument,
            None => bail!("{argument}: expected one of {TARGETS:?}, or a number of cases"),
        }
    }
    for target in targets {
        fuzz(target, cases)?;
    }
    Ok(ExitCode::SUCCESS)
}

fn fuzz(target: &str, cases: &str) -> Result<()> {
    let host = host()?;
    // With a target named, the flags reach no build script, and no other build is done anew.
    let build = ["build", "--package", "fuzz", "--features", "libfuzzer"];
    process::run(
        workspace::cargo()
            .args(build)
            .args(["--bin", target, "--target", &host])
            .env("RUSTFLAGS", COVERAGE.join(" ")),
    )?;
    let found = workspace::target().join("fuzz").join(target);
    let broken = workspace::root().join("fuzz/regressions").join(target);
    fs::create_dir_all(&found)?;
    fs::create_dir_all(&broken)?;
    let program = workspace::target().join(&host).join("debug").join(target);
    let mut command = workspace::command(program);
    command
        .arg(format!("-runs={cases}"))
        .arg(format!("-max_total_time={SECONDS}"))
        .arg(format!("-artifact_prefix={}/", broken.display()))
        // A case that hangs is kept like one that panics.
        .args([
            "-timeout=60",
            "-max_len=4096",
            "-print_final_stats=1",
            "-verbosity=1",
        ])
        .args([&found, &broken]);
    let corpus = workspace::root().join("fuzz/corpus").join(target);
    if corpus.is_dir() {
        command.arg(corpus);
    }
    process::run(&mut command)
}

/// This machine, as the compiler calls it.
fn host() -> Result<String> {
    let mut command = workspace::command("rustc");
    let version = process::output_of(command.arg("-vV")).context("rustc -vV")?;
    let host = version.lines().find_map(|line| line.strip_prefix("host: "));
    host.map(str::to_owned).context("rustc names no host")
}
