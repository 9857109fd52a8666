//! Measures what this workspace builds beside what others have built, and writes the figures
//! down. `cargo xtask bench` builds and installs what it needs, and calls it.

#![forbid(unsafe_code)]
#![cfg_attr(test, allow(clippy::arithmetic_side_effects))]
#![allow(
    clippy::indexing_slicing,
    reason = "a field that is not in a JSON value is null"
)]

mod bar;
mod browser;
mod cold;
mod machine;
mod report;
mod servers;
mod sizes;
mod srp;
mod statistics;
mod tasks;
mod triggers;

use anyhow::{Context, Result, bail};
use lexopt::{Arg, Parser, ValueExt};
use std::{
    collections::HashMap,
    path::{Path, PathBuf},
    process::ExitCode,
};

const USAGE: &str = "\
usage: bench triggers --executables DIR --python FILE [--rounds N]
       bench srp --modules DIR [--rounds N]
       bench cold --package DIR [--rounds N]
       bench tasks --package DIR [--rounds N]
       bench sizes --package DIR
       bench servers --executables DIR [--rounds N]

  --executables DIR   the folder of the three triggers and local-cognito, built for release
  --python FILE       an interpreter that has awslambdaric and boto3
  --modules DIR       the folder of the arithmetic as wasm, a module for each kernel
  --package DIR       the npm package, as it is published
  --rounds N          how often each is started or sampled; 15 if not said
";

/// What is measured.
enum Bench {
    Triggers(triggers::Settings),
    Srp { modules: PathBuf, rounds: usize },
    Cold(browser::Settings),
    Tasks(browser::Settings),
    Sizes(browser::Settings),
    Servers(servers::Settings),
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
        Bench::Cold(settings) => ("cold", cold::measure(&settings)?),
        Bench::Tasks(settings) => ("tasks", tasks::measure(&settings)?),
        Bench::Sizes(settings) => ("sizes", sizes::measure(&settings)?),
        Bench::Servers(settings) => ("servers", servers::measure(&settings)?),
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
    let (mut named, mut rounds, mut folders) = (None, 15, HashMap::new());
    while let Some(argument) = arguments.next()? {
        match argument {
            Arg::Value(name) if named.is_none() => named = Some(name.string()?),
            Arg::Long("rounds") => rounds = arguments.value()?.parse()?,
            Arg::Long(flag @ ("executables" | "python" | "modules" | "package")) => {
                let flag = flag.to_owned();
                folders.insert(flag, PathBuf::from(arguments.value()?));
            }
            other @ (Arg::Value(_) | Arg::Long(_) | Arg::Short(_)) => {
                bail!("{}\n\n{USAGE}", other.unexpected())
            }
        }
    }
    let mut given = |flag: &str| {
        let path = folders.remove(flag);
        path.with_context(|| format!("--{flag} is missing"))
    };
    Ok(match named.as_deref() {
        Some("triggers") => Bench::Triggers(triggers::Settings {
            executables: given("executables")?,
            python: given("python")?,
            rounds,
        }),
        Some("srp") => Bench::Srp {
            modules: given("modules")?,
            rounds,
        },
        Some("servers") => Bench::Servers(servers::Settings {
            folder: folder(),
            executables: given("executables")?,
            rounds,
        }),
        Some("cold") => Bench::Cold(in_browser(given("package")?, rounds)),
        Some("tasks") => Bench::Tasks(in_browser(given("package")?, rounds)),
        Some("sizes") => Bench::Sizes(in_browser(given("package")?, rounds)),
        _ => bail!("what is to be measured?\n\n{USAGE}"),
    })
}

fn in_browser(package: PathBuf, rounds: usize) -> browser::Settings {
    browser::Settings {
        folder: folder(),
        package,
        rounds,
    }
}
