//! The three triggers beside functions of the same kind in Python.

mod bars;
mod callgrind;
mod certificates;
mod process;
mod section;
mod services;
mod share;
mod subject;
mod zip;

use crate::{
    machine,
    statistics::{median, rounded},
};
use anyhow::{Context, Result};
pub use section::section;
use serde_json::{Value, json};
use services::Services;
use std::{fs, path::PathBuf, process::Command};
use subject::{SUBJECTS, Subject};

/// Where things are, and how often to measure.
pub struct Settings {
    /// The folder of the executables.
    pub executables: PathBuf,
    /// An interpreter that has awslambdaric and boto3.
    pub python: PathBuf,
    /// How often each function is started.
    pub rounds: usize,
}

/// Calls after the first one, in each round.
const WARM_CALLS: usize = 50;

/// Of which the last must succeed.
const STARTS_AT_SHARE: usize = 5;

/// What all measurements share.
struct Bench {
    settings: Settings,
    services: Services,
    /// For certificates, profiles and zips.
    scratch: PathBuf,
    /// The certificate authorities that each implementation reads at its start.
    roots: Roots,
}

struct Roots {
    rust: PathBuf,
    python: PathBuf,
}

/// What was measured of one function.
#[derive(Default)]
struct Figures {
    /// From the start of the process until it asks for an event.
    init_ms: Vec<f64>,
    /// From the start of the process to the first answer.
    cold_ms: Vec<f64>,
    /// From the first event to its answer.
    first_ms: Vec<f64>,
    /// The same at the CPU share of a function with 128 MB.
    first_ms_at_share: Vec<f64>,
    /// From the start to the first answer, with the event at that share.
    cold_ms_at_share: Vec<f64>,
    /// From an event to its answer: the median of a round.
    warm_ms: Vec<f64>,
    /// `VmHWM` after all calls.
    peak_memory_mb: Vec<f64>,
    /// Until it asks for the second event.
    instructions: Option<f64>,
    /// What is uploaded.
    zip_mb: Option<f64>,
}

/// Measures everything: some minutes.
///
/// # Errors
/// If something cannot be started, or answers something else than it should.
pub fn measure(settings: &Settings) -> Result<Value> {
    let machine = machine::describe();
    let bench = Bench::new(settings)?;
    let mut all: Vec<Figures> = SUBJECTS.iter().map(|_| Figures::default()).collect();
    bench.time(&mut all)?;
    let share = share::Share::new();
    if share.is_ok() {
        bench.time_at_share(&mut all)?;
    }
    for (subject, figures) in SUBJECTS.iter().zip(&mut all) {
        eprintln!("{subject}: instructions");
        figures.instructions = Some(callgrind::instructions(&bench, *subject)?);
        figures.zip_mb = Some(zip::megabytes(&bench, *subject)?);
    }
    let functions: Vec<Value> = SUBJECTS
        .iter()
        .zip(&all)
        .map(|(subject, figures)| figures.to_json(*subject))
        .collect();
    Ok(json!({
        "machine": machine,
        "versions": bench.versions()?,
        "rounds": bench.settings.rounds,
        "warmCalls": WARM_CALLS,
        "share": match &share {
            Ok(share) => share.to_json(),
            Err(error) => json!({ "notMeasured": format!("{error:#}") }),
        },
        "functions": functions,
        "ratios": bars::ratios(&all),
        "bars": bars::bars(&all).iter().map(|bar| bar.to_json()).collect::<Vec<_>>(),
    }))
}

impl Bench {
    fn new(settings: &Settings) -> Result<Self> {
        let scratch = settings.executables.join("bench-files");
        fs::create_dir_all(&scratch).with_context(|| scratch.display().to_string())?;
        let certificates = certificates::issue(&scratch)?;
        let bundle = machine::output_of(Command::new(&settings.python).args([
            "-c",
            "import botocore, pathlib; print(pathlib.Path(botocore.__file__).parent / 'cacert.pem')",
        ]))?;
        Ok(Self {
            roots: Roots {
                rust: certificates.trusted_beside(&subject::pinned_roots(), &scratch, "rust")?,
                python: certificates.trusted_beside(bundle.as_ref(), &scratch, "python")?,
            },
            services: Services::start(&certificates)?,
            settings: Settings {
                executables: settings.executables.clone(),
                python: settings.python.clone(),
                rounds: settings.rounds,
            },
            scratch,
        })
    }

    /// All functions in turn, each round in another order, so that what else the machine does
    /// falls on all of them.
    fn time(&self, all: &mut [Figures]) -> Result<()> {
        for round in 0..self.settings.rounds {
            eprintln!(
                "round {} of {}",
                round.saturating_add(1),
                self.settings.rounds
            );
            for (subject, figures) in in_turn(round, all) {
                let timed = self.run(subject, None, WARM_CALLS)?;
                figures.init_ms.push(timed.init_ms);
                figures.cold_ms.push(timed.cold_ms);
                figures.first_ms.push(timed.first_ms);
                figures.warm_ms.extend(median(timed.warm_ms));
                figures.peak_memory_mb.push(timed.peak_memory_mb);
            }
        }
        Ok(())
    }

    fn time_at_share(&self, all: &mut [Figures]) -> Result<()> {
        for round in 0..self.settings.rounds {
            eprintln!("round {} at a share of the CPU", round.saturating_add(1));
            for (subject, figures) in in_turn(round, all) {
                let timed = self.run_patiently(subject)?;
                figures.cold_ms_at_share.push(timed.cold_ms);
                figures.first_ms_at_share.push(timed.first_ms);
            }
        }
        Ok(())
    }

    /// On a machine that is busy with other things, a function with so little of the CPU may miss
    /// a deadline of its own: it is then started again, and the person is told.
    fn run_patiently(&self, subject: Subject) -> Result<process::Timed> {
        for _ in 1..STARTS_AT_SHARE {
            match self.run_at_share(subject) {
                Ok(timed) => return Ok(timed),
                Err(error) => eprintln!("{error:#}: once more"),
            }
        }
        self.run_at_share(subject)
    }

    /// Each start has a group of its own: what the process before it has overdrawn would be taken
    /// from this one.
    fn run_at_share(&self, subject: Subject) -> Result<process::Timed> {
        let share = share::Share::new()?;
        self.run(subject, Some(&share), 0)
    }

    fn versions(&self) -> Result<Value> {
        let packages = "import importlib.metadata as m, platform; \
            print(platform.python_version(), m.version('awslambdaric'), m.version('boto3'))";
        let python =
            machine::output_of(Command::new(&self.settings.python).args(["-c", packages]))?;
        let mut python = python.split(' ');
        Ok(json!({
            "rustc": machine::version_of("rustc")?,
            "python": python.next(),
            "awslambdaric": python.next(),
            "boto3": python.next(),
            "valgrind": machine::version_of("valgrind")?,
        }))
    }
}

fn in_turn(round: usize, all: &mut [Figures]) -> impl Iterator<Item = (Subject, &mut Figures)> {
    let mut turn: Vec<_> = SUBJECTS.into_iter().zip(all).collect();
    let first = round.checked_rem(turn.len()).unwrap_or(0);
    turn.rotate_left(first);
    turn.into_iter()
}

impl Figures {
    fn to_json(&self, subject: Subject) -> Value {
        let middle = |samples: &Vec<f64>| median(samples.clone()).map(rounded);
        json!({
            "trigger": subject.trigger.name(),
            "implementation": subject.implementation.name(),
            "initMs": middle(&self.init_ms),
            "coldMs": middle(&self.cold_ms),
            "firstCallMs": middle(&self.first_ms),
            "warmCallMs": middle(&self.warm_ms),
            "coldMsAtShare": middle(&self.cold_ms_at_share),
            "firstCallMsAtShare": middle(&self.first_ms_at_share),
            "peakMemoryMb": middle(&self.peak_memory_mb),
            "instructions": self.instructions,
            "zipMb": self.zip_mb.map(rounded),
        })
    }
}
