//! Runs the steps and sums them up.

use crate::{
    outcome::Outcome,
    steps::{STEPS, Step},
};
use anyhow::{Result, bail};
use std::{process::ExitCode, time::Instant};

/// Names the steps.
pub fn list() {
    for step in STEPS {
        println!("{:12} {}", step.name, step.about);
    }
}

/// Runs all steps, or the named ones, to the end whatever fails on the way. The last line
/// has the sum.
///
/// # Errors
/// If there is no step of a name.
pub fn run(names: &[String]) -> Result<ExitCode> {
    if let Some(name) = names
        .iter()
        .find(|name| STEPS.iter().all(|step| step.name != **name))
    {
        bail!("no step `{name}`; `cargo xtask test --list` names them");
    }
    let chosen = STEPS
        .iter()
        .filter(|step| names.is_empty() || names.iter().any(|name| step.name == name));
    let outcomes: Vec<_> = chosen.map(|step| (step.name, run_step(step))).collect();
    println!();
    for (name, outcome) in &outcomes {
        println!("{name}: {outcome}");
    }
    let sum: Outcome = outcomes.into_iter().map(|(_, outcome)| outcome).sum();
    println!("{sum}");
    Ok(sum.exit_code())
}

fn run_step(step: &Step) -> Outcome {
    eprintln!("\n== {}: {}", step.name, step.about);
    let start = Instant::now();
    let outcome = (step.run)().unwrap_or_else(|error| {
        eprintln!("{error:#}");
        Outcome::one(false)
    });
    eprintln!(
        "== {}: {outcome} in {:.1} s",
        step.name,
        start.elapsed().as_secs_f64()
    );
    outcome
}
