//! What `cargo xtask test` checks, cheapest first.

use crate::{
    debian, docs, flow, fuzz,
    outcome::{Format, Outcome},
    package, process, rust_target,
    sam::{self, Architecture},
    scripts, servers, soak, supply_chain, template, vectors,
    wasm::{self, Engine},
    workspace,
};
use anyhow::{Context, Result};
use std::{fs, path::PathBuf, process::Command};

/// One runner, which can be called by its name alone.
pub struct Step {
    /// What it is called on the command line and in the summary.
    pub name: &'static str,
    /// What it checks.
    pub about: &'static str,
    /// Installs and builds what it needs, and runs it.
    pub run: fn() -> Result<Outcome>,
}

/// All of them, in order.
pub const STEPS: &[Step] = &[
    Step {
        name: "format",
        about: "rustfmt",
        run: format,
    },
    Step {
        name: "lint",
        about: "clippy, for this machine and for wasm",
        run: lint,
    },
    Step {
        name: "template",
        about: "template.yaml, by SAM, cfn-lint and checkov",
        run: template::check,
    },
    Step {
        name: "supply-chain",
        about: "licences, versions and sources of what others wrote, and why each is there",
        run: supply_chain::check,
    },
    Step {
        name: "native",
        about: "Rust tests and examples on this machine",
        run: native,
    },
    Step {
        name: "vectors",
        about: "known answers of SRP, by ours and by the runner that others can use",
        run: vectors::check,
    },
    Step {
        name: "fuzz",
        about: "two million replies, events, sign-ins and requests that want to break it",
        run: fuzz::check,
    },
    Step {
        name: "wasm",
        about: "tests of protocol and of every kernel in Chromium",
        run: wasm,
    },
    Step {
        name: "flow",
        about: "the same instructions for every secret, by callgrind",
        run: flow::check,
    },
    Step {
        name: "package",
        about: "the npm package can be built",
        run: build_package,
    },
    Step {
        name: "types",
        about: "the types of the npm package, by TypeScript, and what documents say of it",
        run: types,
    },
    Step {
        name: "node",
        about: "the npm package in Node",
        run: node,
    },
    Step {
        name: "foreign",
        about: "foreign clients against local-cognito",
        run: foreign,
    },
    Step {
        name: "secrets",
        about: "no secret in a log, an error, a mail, a page or the memory of the core",
        run: secrets,
    },
    Step {
        name: "misbehaving",
        about: "our client against a Cognito whose replies are spoilt one by one",
        run: misbehaving,
    },
    Step {
        name: "crash",
        about: "local-cognito and its triggers, killed in the middle of what they do",
        run: crash,
    },
    Step {
        name: "soak",
        about: "a thousand sign-ins, of which many go wrong in some way, and what comes of each",
        run: soak::check,
    },
    Step {
        name: "ministack",
        about: "our client and triggers against a foreign server",
        run: ministack,
    },
    Step {
        name: "browser",
        about: "the demo page in Chromium",
        run: browser,
    },
    Step {
        name: "bundlers",
        about: "the packed npm package in new projects, by every bundler and runtime; its API pages",
        run: bundlers,
    },
    Step {
        name: "engines",
        about: "the demo page and the packed package in Chromium, Firefox and WebKit",
        run: engines,
    },
    Step {
        name: "deploy",
        about: "README's commands from deploying to deleting, on a foreign server",
        run: deploy,
    },
    Step {
        name: "random",
        about: "2,000 random sign-ins against an independent SRP server",
        run: random,
    },
];

fn format() -> Result<Outcome> {
    count(
        workspace::cargo().args(["fmt", "--all", "--check"]),
        Format::ExitStatus,
    )
}

fn lint() -> Result<Outcome> {
    rust_target::ensure(rust_target::WASM)?;
    let native = [
        "clippy",
        "--workspace",
        "--all-targets",
        "--",
        "--deny",
        "warnings",
    ];
    let mut outcomes = vec![count(workspace::cargo().args(native), Format::ExitStatus)?];
    // One by one: together, each would have the features of all.
    for package in ["client-wasm", "challenges", "account"] {
        let wasm = [
            "clippy",
            "--package",
            package,
            "--target",
            rust_target::WASM,
        ];
        outcomes.push(count(
            workspace::cargo()
                .args(wasm)
                .args(["--", "--deny", "warnings"]),
            Format::ExitStatus,
        )?);
    }
    Ok(outcomes.into_iter().sum())
}

fn native() -> Result<Outcome> {
    // Tests of local-cognito start the triggers' executables, those of the table a DynamoDB.
    servers::build()?;
    scripts::ensure_node_modules("e2e")?;
    debian::ensure_libfaketime()?;
    let tests = [
        "test",
        "--no-fail-fast",
        "--workspace",
        "--exclude",
        "wasm-test-runner",
    ];
    count(workspace::cargo().args(tests), Format::Libtest)
}

fn wasm() -> Result<Outcome> {
    rust_target::ensure(rust_target::WASM)?;
    debian::ensure_chromium()?;
    let mut outcomes = vec![in_chromium("protocol", "vectors", &wasm::PLAIN)?];
    for engine in [&wasm::PLAIN, &wasm::SIMD, &wasm::FUSED] {
        outcomes.push(in_chromium("group15", "kernels", engine)?);
    }
    Ok(outcomes.into_iter().sum())
}

/// A test of a crate, compiled for what an engine can do.
fn in_chromium(package: &str, test: &str, engine: &Engine) -> Result<Outcome> {
    let mut command = workspace::cargo();
    command
        .args(["test", "--package", package, "--test", test])
        .args(engine.arguments())
        .env("CHROMEDRIVER", debian::CHROMEDRIVER)
        .env(
            "WASM_BINDGEN_TEST_WEBDRIVER_JSON",
            workspace::root().join("xtask/webdriver.json"),
        )
        // The defaults of 5 and 20 seconds are too short for a busy machine.
        .env("WASM_BINDGEN_TEST_DRIVER_TIMEOUT", "60")
        .env("WASM_BINDGEN_TEST_TIMEOUT", "240");
    count(&mut command, Format::Libtest)
}

fn build_package() -> Result<Outcome> {
    package::build().map(|()| Outcome::one(true))
}

fn types() -> Result<Outcome> {
    scripts::ensure_node_modules("e2e")?;
    package::build()?;
    let compiler = workspace::root().join("e2e/node_modules/typescript/bin/tsc");
    // As Node resolves modules, and as bundlers do.
    let projects = ["e2e/types/tsconfig.json", "e2e/types/tsconfig.bundler.json"];
    let check = |project| {
        let mut command = workspace::command("node");
        count(
            command.arg(&compiler).args(["--project", project]),
            Format::ExitStatus,
        )
    };
    let types = projects.into_iter().map(check).sum::<Result<Outcome>>()?;
    Ok([types, node_tests("e2e/docs")?].into_iter().sum())
}

fn node() -> Result<Outcome> {
    scripts::ensure_node_modules("e2e")?;
    package::build()?;
    node_tests("client-wasm/npm/test")
}

fn foreign() -> Result<Outcome> {
    ensure_all()?;
    node_tests("e2e/foreign")
}

fn secrets() -> Result<Outcome> {
    debian::ensure_chromium()?;
    ensure_all()?;
    node_tests("e2e/secrets")
}

fn misbehaving() -> Result<Outcome> {
    debian::ensure_chromium()?;
    ensure_all()?;
    node_tests("e2e/misbehaving")
}

fn crash() -> Result<Outcome> {
    ensure_all()?;
    node_tests("e2e/crash")
}

fn ministack() -> Result<Outcome> {
    ensure_all()?;
    node_tests("e2e/ministack")
}

fn browser() -> Result<Outcome> {
    debian::ensure_chromium()?;
    ensure_all()?;
    node_tests("e2e/browser")
}

fn bundlers() -> Result<Outcome> {
    debian::ensure_chromium()?;
    ensure_all()?;
    let documented = docs::build()?;
    let tested = node_tests("e2e/bundlers")?;
    Ok([documented, tested].into_iter().sum())
}

fn engines() -> Result<Outcome> {
    debian::ensure_chromium()?;
    debian::ensure_engines()?;
    ensure_all()?;
    node_tests("e2e/engines")
}

fn deploy() -> Result<Outcome> {
    debian::ensure_chromium()?;
    // The README's commands call it.
    debian::ensure_program("openssl")?;
    ensure_all()?;
    let build = sam::build(Architecture::of_this_machine())?;
    let mut tests = node_tests_of("e2e/deploy")?;
    tests
        .env("SAM", sam::command("sam")?.get_program())
        .env("SAM_BUILD", build);
    count(&mut tests, Format::NodeSpec)
}

fn random() -> Result<Outcome> {
    let python = scripts::ensure_python()?;
    let example = [
        "build",
        "--release",
        "--package",
        "protocol",
        "--example",
        "prove",
    ];
    process::run(workspace::cargo().args(example))?;
    let mut command = workspace::command(python);
    command
        .arg("e2e/python/random_sign_ins.py")
        .env("PROVE", workspace::target().join("release/examples/prove"))
        // MiniStack makes a key as soon as it is imported.
        .env("STATE_DIR", workspace::target().join("ministack"));
    count(&mut command, Format::Plain)
}

/// Everything that tests of a whole sign-in may start.
fn ensure_all() -> Result<()> {
    debian::ensure_libfaketime()?;
    scripts::ensure_node_modules("e2e")?;
    scripts::ensure_python()?;
    package::build()?;
    servers::build()?;
    process::run(workspace::cargo().args(["build", "--package", "cli"]))
}

/// Runs the tests of a folder.
///
/// # Errors
/// If Node does not start.
pub fn node_tests(folder: &str) -> Result<Outcome> {
    count(&mut node_tests_of(folder)?, Format::NodeSpec)
}

/// The tests of a folder, two files at once: each starts servers and
/// browsers of its own, on ports that the system chooses.
fn node_tests_of(folder: &str) -> Result<Command> {
    let mut files: Vec<PathBuf> = fs::read_dir(workspace::root().join(folder))
        .with_context(|| folder.to_owned())?
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.to_string_lossy().ends_with(".test.mjs"))
        .collect();
    files.sort();
    let mut command = workspace::command("node");
    command
        .args(["--test", "--test-reporter=spec", "--test-concurrency=2"])
        .args(files)
        .env("LOCAL_COGNITO", servers::local_cognito())
        .env("TRIGGERS", servers::folder())
        .env("PACKAGE", package::folder())
        .env("PYTHON", workspace::target().join("venv/bin/python"));
    Ok(command)
}

/// Runs a program and reads how many checks it did.
///
/// # Errors
/// If it does not start.
pub fn count(command: &mut Command, format: Format) -> Result<Outcome> {
    let mut outcomes = Vec::new();
    let status =
        process::run_reading(command, |line| outcomes.extend(Outcome::read(line, format)))?;
    Ok(outcomes
        .into_iter()
        .sum::<Outcome>()
        .after_exit(format, status.success()))
}
