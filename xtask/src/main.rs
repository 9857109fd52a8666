//! The commands of this workspace, the same for people, README and CI.

mod bench;
mod callgrind;
mod debian;
mod demo;
mod docs;
mod flow;
mod fuzz;
mod mutants;
mod outcome;
mod package;
mod panics;
mod process;
mod reproduce;
mod rust_target;
mod sam;
mod sbom;
mod scripts;
mod servers;
mod soak;
mod steps;
mod supply_chain;
mod template;
mod test;
mod vectors;
mod wasm;
mod workspace;

use anyhow::{Result, bail};
use lexopt::{Arg, Parser, ValueExt};
use sam::Architecture;
use std::{ffi::OsString, process::ExitCode};

const USAGE: &str = "\
usage: cargo xtask COMMAND

  demo [FLAG...]      build everything and start it here; FLAGs are local-cognito's,
                      such as --port 9000
  test [STEP...]      check everything, or the named steps alone
  test --list         name the steps
  package             build the npm package into target/npm
  docs                write the package's API pages into target/docs
  bench [NAME]        measure everything, or one of triggers, srp, cold, tasks, sizes and servers,
                      beside what others have built, and write bench/RESULTS.md and results.json;
                      --rounds N says how often
  fuzz [TARGET] [CASES]
                      look for input that breaks a promise, guided by coverage: 10,000,000 cases of
                      each of replies, proofs, events, sign_ins and requests, or five hours of it
  mutants [PACKAGE] [FLAG...]
                      change the code of rules, protocol and group15 in one place at a time, and
                      say what no test notices; FLAGs are those of cargo-mutants
  soak [SIGN_INS] [SEED]
                      100,000 sign-ins, of which one in twenty goes wrong in some way
  sam [--all]         check template.yaml and build the functions into target/sam, for this
                      machine's architecture or for both of Lambda's
  vectors             known answers of SRP, by clients that others wrote, too
  supply-chain        licences, versions and sources of what others wrote, lists of it in
                      target/sbom, and two builds of the npm package that have to be the same
  advisories          known holes in it, by RustSec's database, which is fetched from GitHub
";

enum Invocation {
    Bench(Vec<OsString>),
    Demo(Vec<OsString>),
    Fuzz(Vec<OsString>),
    Mutants(Vec<OsString>),
    Soak(Vec<OsString>),
    Test(Vec<String>),
    ListSteps,
    Package,
    Docs,
    Sam(Vec<Architecture>),
    Vectors,
    SupplyChain,
    Advisories,
    Help,
}

fn main() -> ExitCode {
    run().unwrap_or_else(|error| {
        eprintln!("{error:#}");
        ExitCode::FAILURE
    })
}

fn run() -> Result<ExitCode> {
    match parse(Parser::from_env())? {
        Invocation::Bench(arguments) => bench::run(&arguments),
        Invocation::Demo(flags) => demo::run(&flags),
        Invocation::Fuzz(arguments) => fuzz::run(&arguments),
        Invocation::Mutants(arguments) => mutants::run(&arguments),
        Invocation::Soak(arguments) => soak::run(&arguments),
        Invocation::Test(names) => test::run(&names),
        Invocation::ListSteps => {
            test::list();
            Ok(ExitCode::SUCCESS)
        }
        Invocation::Docs => docs::run(),
        Invocation::Package => package::build().map(|()| ExitCode::SUCCESS),
        Invocation::Sam(architectures) => sam::run(&architectures).map(|()| ExitCode::SUCCESS),
        Invocation::Vectors => vectors::run(),
        Invocation::SupplyChain => supply_chain::run(),
        Invocation::Advisories => supply_chain::advisories(),
        Invocation::Help => {
            print!("{USAGE}");
            Ok(ExitCode::SUCCESS)
        }
    }
}

fn parse(mut arguments: Parser) -> Result<Invocation> {
    let command = match arguments.next()? {
        Some(Arg::Value(command)) => command.string()?,
        Some(Arg::Long("help") | Arg::Short('h')) => return Ok(Invocation::Help),
        Some(flag) => bail!("{}\n\n{USAGE}", flag.unexpected()),
        None => bail!("which command?\n\n{USAGE}"),
    };
    match command.as_str() {
        "bench" => return Ok(Invocation::Bench(arguments.raw_args()?.collect())),
        "demo" => return Ok(Invocation::Demo(arguments.raw_args()?.collect())),
        "fuzz" => return Ok(Invocation::Fuzz(arguments.raw_args()?.collect())),
        "mutants" => return Ok(Invocation::Mutants(arguments.raw_args()?.collect())),
        "soak" => return Ok(Invocation::Soak(arguments.raw_args()?.collect())),
        _ => {}
    }
    let mut names = Vec::new();
    let mut architectures = vec![Architecture::of_this_machine()];
    while let Some(argument) = arguments.next()? {
        match argument {
            Arg::Long("help") | Arg::Short('h') => return Ok(Invocation::Help),
            Arg::Long("list") if command == "test" => return Ok(Invocation::ListSteps),
            Arg::Long("all") if command == "sam" => architectures = Architecture::ALL.to_vec(),
            Arg::Value(name) if command == "test" => names.push(name.string()?),
            other @ (Arg::Long(_) | Arg::Short(_) | Arg::Value(_)) => {
                bail!("{}\n\n{USAGE}", other.unexpected())
            }
        }
    }
    match command.as_str() {
        "test" => Ok(Invocation::Test(names)),
        "package" => Ok(Invocation::Package),
        "docs" => Ok(Invocation::Docs),
        "sam" => Ok(Invocation::Sam(architectures)),
        "vectors" => Ok(Invocation::Vectors),
        "supply-chain" => Ok(Invocation::SupplyChain),
        "advisories" => Ok(Invocation::Advisories),
        _ => bail!("no command `{command}`\n\n{USAGE}"),
    }
}
