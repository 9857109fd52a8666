//! The runner without coverage: `fuzz [TARGET] [--cases N] [--seed N]`.
//!
//! It replays `fuzz/corpus` and `fuzz/regressions`, then draws cases from a seed on eight threads. A
//! case that breaks a promise is left in `fuzz/regressions/TARGET`, and the seed's number with it.

#![allow(
    clippy::arithmetic_side_effects,
    reason = "a tool for tests, which counts cases"
)]

use std::{
    collections::BTreeSet,
    env, fs,
    panic::catch_unwind,
    path::{Path, PathBuf},
    process::ExitCode,
    thread,
    time::Instant,
};

use fuzz::{
    TARGETS, Target,
    cases::{Random, draw},
    tally::{self, Tally},
};

/// However many cores there are, so that the cases are the same everywhere.
const THREADS: u64 = 8;

struct Arguments {
    target: Option<String>,
    cases: Option<u64>,
    seed: u64,
}

fn main() -> ExitCode {
    let arguments = match Arguments::read() {
        Ok(arguments) => arguments,
        Err(message) => {
            eprintln!("{message}\nusage: fuzz [TARGET] [--cases N] [--seed N]");
            return ExitCode::FAILURE;
        }
    };
    let named = |target: &&Target| {
        arguments
            .target
            .as_deref()
            .is_none_or(|name| name == target.name)
    };
    let (mut passed, mut failed) = (0, 0);
    for target in TARGETS.iter().filter(named) {
        let begun = Instant::now();
        let count = run(target, &arguments);
        let seconds = begun.elapsed().as_secs_f64();
        match count {
            Ok(Count {
                files,
                cases,
                reached,
            }) => {
                println!(
                    "{}: {files} files, {cases} cases in {seconds:.1} s",
                    target.name
                );
                println!("    {reached:?}");
                passed += 1;
            }
            Err(place) => {
                println!("{}: broken by {place}", target.name);
                failed += 1;
            }
        }
    }
    println!("{passed} passed, {failed} failed");
    if passed > 0 && failed == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

struct Count {
    files: usize,
    cases: u64,
    reached: Tally,
}

/// All cases of a target; the name of what broke it otherwise.
fn run(target: &Target, arguments: &Arguments) -> Result<Count, String> {
    let corpus = files(&folder("corpus", target))?;
    let regressions = files(&folder("regressions", target))?;
    for (path, bytes) in corpus.iter().chain(&regressions) {
        attempt(target, bytes).map_err(|()| path.display().to_string())?;
    }
    let corpus: Vec<Vec<u8>> = corpus.into_iter().map(|(_, bytes)| bytes).collect();
    let cases = arguments.cases.unwrap_or(target.cases).div_ceil(THREADS);
    let some = |seed| {
        let corpus = &corpus;
        move || {
            let mut random = Random::new(seed);
            for case in 0..cases {
                let bytes = draw(&mut random, target.input, corpus);
                attempt(target, &bytes).map_err(|()| keep(target, &bytes, seed, case))?;
            }
            Ok(tally::take())
        }
    };
    let reached = thread::scope(|scope| {
        let running: Vec<_> = (0..THREADS)
            .map(|thread| scope.spawn(some(arguments.seed.wrapping_mul(1_000) + thread)))
            .collect();
        let joined = |thread: thread::ScopedJoinHandle<'_, _>| {
            thread
                .join()
                .unwrap_or_else(|_| Err("the runner itself".to_owned()))
        };
        running.into_iter().map(joined).try_fold(Tally::new(), sum)
    })?;
    // Few cases need not come to everything.
    let missing = target
        .outcomes
        .iter()
        .find(|name| !reached.contains_key(*name));
    if let Some(name) = missing.filter(|_| cases * THREADS >= target.cases) {
        return Err(format!("no case: none comes to {name:?}"));
    }
    let files = regressions.len() + corpus.len();
    Ok(Count {
        files,
        cases: cases * THREADS,
        reached,
    })
}

fn sum(mut sum: Tally, part: Result<Tally, String>) -> Result<Tally, String> {
    for (outcome, count) in part? {
        *sum.entry(outcome).or_default() += count;
    }
    Ok(sum)
}

fn attempt(target: &Target, bytes: &[u8]) -> Result<(), ()> {
    catch_unwind(|| (target.run)(bytes)).map_err(drop)
}

/// Keeps an input for ever, and says where.
fn keep(target: &Target, bytes: &[u8], seed: u64, case: u64) -> String {
    let folder = folder("regressions", target);
    let path = folder.join(format!("seed-{seed}-case-{case}"));
    let kept = fs::create_dir_all(&folder).and_then(|()| fs::write(&path, bytes));
    match kept {
        Ok(()) => path.display().to_string(),
        Err(error) => format!("case {case} of seed {seed}, which is not kept: {error}"),
    }
}

fn folder(kind: &str, target: &Target) -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.join(kind).join(target.name)
}

/// The files of a folder in the order of their names; none if there is no folder.
fn files(folder: &Path) -> Result<Vec<(PathBuf, Vec<u8>)>, String> {
    if !folder.exists() {
        return Ok(Vec::new());
    }
    let paths = fs::read_dir(folder).and_then(|entries| {
        let path = |entry: std::io::Result<fs::DirEntry>| entry.map(|entry| entry.path());
        entries.map(path).collect::<Result<BTreeSet<_>, _>>()
    });
    let read = |path: PathBuf| fs::read(&path).map(|bytes| (path, bytes));
    let read = paths.and_then(|paths| paths.into_iter().map(read).collect());
    read.map_err(|error| format!("{}: {error}", folder.display()))
}

impl Arguments {
    fn read() -> Result<Self, String> {
        let mut read = Self {
            target: None,
            cases: None,
            seed: 1,
        };
        let mut arguments = env::args().skip(1);
        while let Some(argument) = arguments.next() {
            let mut number = || {
                let text = arguments.next().unwrap_or_default();
                let number = text.parse();
                number.map_err(|_| format!("{argument}: expected a number, got {text:?}"))
            };
            match argument.as_str() {
                "--cases" => read.cases = Some(number()?),
                "--seed" => read.seed = number()?,
                name if TARGETS.iter().any(|target| target.name == name) => {
                    read.target = Some(name.to_owned());
                }
                other => return Err(format!("{other}: no target of that name")),
            }
        }
        Ok(read)
    }
}
