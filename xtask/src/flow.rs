//! Whether the instructions of a sign-in's powers are the same for every secret, by callgrind.

use crate::{debian, outcome::Outcome, process, workspace};
use anyhow::{Context, Result, bail};
use std::{io::Write, process::Stdio};

const KERNELS: [&str; 3] = ["scalar", "extmul", "fused"];
/// Known to depend on secrets: if it does not here, nothing has been measured.
const CONTROL: &str = "num-bigint";
/// Of a kernel's some hundred millions.
const SPREAD: u64 = 100;

/// Counts the instructions for twenty secrets by each kernel.
///
/// # Errors
/// If it cannot be counted.
pub fn check() -> Result<Outcome> {
    debian::ensure_program("valgrind")?;
    let example = ["--package", "group15", "--example", "powers"];
    process::run(
        workspace::cargo()
            .args(["build", "--release"])
            .args(example),
    )?;
    let mut outcomes = Vec::new();
    for kernel in KERNELS {
        let spread = spread(kernel)?;
        println!("{kernel}: instructions spread by {spread}");
        outcomes.push(Outcome::one(spread <= SPREAD));
    }
    let spread = spread(CONTROL)?;
    println!("{CONTROL}, which depends on secrets: by {spread}");
    outcomes.push(Outcome::one(spread > SPREAD));
    Ok(outcomes.into_iter().sum())
}

fn spread(kernel: &str) -> Result<u64> {
    let counts = secrets()
        .into_iter()
        .map(|secret| instructions(kernel, &secret));
    let counts = counts.collect::<Result<Vec<_>>>()?;
    let ends = counts.iter().max().zip(counts.iter().min());
    let (most, least) = ends.context("no secrets")?;
    Ok(most.abs_diff(*least))
}

/// `a` of 64 bytes and `x` of 32: the least, the greatest, short ones, and any.
fn secrets() -> Vec<[u8; 96]> {
    let mut state = 15_u64;
    let mut any = || {
        // Numbers that are the same in each run, by xorshift.
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state.to_le_bytes()[0]
    };
    let mut secrets = vec![[0; 96], [255; 96]];
    for zeros in [1, 4, 8, 32] {
        // The highest bytes of `a`, and of `x`.
        let is_zero = |at: usize| at % 64 < zeros;
        secrets.push(std::array::from_fn(
            |at| if is_zero(at) { 0 } else { any() },
        ));
    }
    secrets.resize_with(20, || std::array::from_fn(|_| any()));
    secrets
}

fn instructions(kernel: &str, secret: &[u8; 96]) -> Result<u64> {
    let mut valgrind = workspace::command("valgrind");
    valgrind
        .args(["--tool=callgrind", "--callgrind-out-file=/dev/null"])
        .arg("--toggle-collect=*measured*")
        .arg(workspace::target().join("release/examples/powers"))
        .arg(kernel)
        .stdin(Stdio::piped())
        .stderr(Stdio::piped());
    let mut child = valgrind.spawn().context("valgrind does not start")?;
    let mut input = child.stdin.take().context("no input")?;
    input.write_all(secret)?;
    drop(input);
    let output = child.wait_with_output()?;
    let text = String::from_utf8_lossy(&output.stderr);
    if !output.status.success() {
        bail!("powers {kernel}: {text}");
    }
    let counted = text
        .lines()
        .find_map(|line| line.split_once("Collected : "));
    let (_, counted) = counted.context("callgrind has counted nothing")?;
    Ok(counted.trim().parse()?)
}
