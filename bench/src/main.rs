//! Measures what this workspace builds beside what others have built, and writes the figures
//! down. `cargo xtask bench` builds and installs what it needs, and calls it.

#![forbid(unsafe_code)]
#![cfg_attr(test, allow(clippy::arithmetic_side_effects))]
#![allow(
    clippy::indexing_slicing,
    reason = "a field that is not in a JSON value is null"
)]

mod bar;
mod machine;
mod report;
mod srp;
mod statistics;
mod triggers;

use anyhow::{Context, Result, bail};
use lexopt::{Arg, Parser, ValueExt};
use std::{
    path::{Path, PathBuf},
    process::ExitCode,
};

const USAGE: &str = "\
usage: bench triggers --executables DIR --python FILE [--rounds N]
       bench srp --modules DIR [--rounds N]

  --executables DIR   the folder of the three triggers, built for release
  --python FILE       an interpreter that has awslambdaric and boto3
  --modules DIR       the folder of the arithmetic as wasm, a module for each kernel
  --rounds N          how often each is started or sampled; 15 if not said
";

/// What is measured.
enum Bench {
    Triggers(triggers::Settings),
    Srp { modules: PathBuf, rounds: usize },
}

fn main() -> ExitCode {
    match run() {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => {
            eprintln!("a bar is missed");
            ExitCode::FAILURE
        }
        Err(error) => {
            eprintln!("{error:#}");
            ExitCode::FAILURE
        }
    }
}

/// Whether all bars are met.
fn run() -> Result<bool> {
    let (name, results) = match parse(Parser::from_env())? {
        Bench::Triggers(settings) => ("triggers", triggers::measure(&settings)?),
        Bench::Srp { modules, rounds } => ("srp", srp::measure(&folder(), &modules, rounds)?),
    };
    let met = bar::all_met(&results);
    report::keep(&folder(), name, results)?;
    Ok(met)
}

/// The folder of this crate, which is that of the results too.
fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).to_owned()
}

fn parse(mut arguments: Parser) -> Result<Bench> {
    let (mut executables, mut python, mut modules) = (None, None, None);
    let (mut rounds, mut named) = (15, None);
    while let Some(argument) = arguments.next()? {
        match argument {
            Arg::Value(name) if named.is_none() => named = Some(name.string()?),
            Arg::Long("executables") => executables = Some(PathBuf::from(arguments.value()?)),
            Arg::Long("python") => python = Some(PathBuf::from(arguments.value()?)),
            Arg::Long("modules") => modules = Some(PathBuf::from(arguments.value()?)),
            Arg::Long("rounds") => rounds = arguments.value()?.parse()?,
            other @ (Arg::Value(_) | Arg::Long(_) | Arg::Short(_)) => {
                bail!("{}\n\n{USAGE}", other.unexpected())
            }
        }
    }
    match named.as_deref() {
        Some("triggers") => Ok(Bench::Triggers(triggers::Settings {
            executables: executables.context("--executables is missing")?,
            python: python.context("--python is missing")?,
            rounds,
        })),
        Some("srp") => Ok(Bench::Srp {
            modules: modules.context("--modules is missing")?,
            rounds,
        }),
        _ => bail!("what is to be measured?\n\n{USAGE}"),
    }
}
