//! local-cognito beside MiniStack, a Cognito and Lambda by other people.

use crate::{
    bar::{Bar, Limit},
    machine,
    report::{bars as bars_of, listed, shown, table},
    statistics::{median, rounded},
};
use anyhow::{Context, Result};
use serde_json::{Value, json};
use std::{path::PathBuf, process::Command};

const METHOD: &str = "\
Whole sign-ins, to the tokens, by clients on `protocol` in one process, four at a time on connections
that stay open, each of another person; `A` is ready when the clock starts. Both servers run our three
triggers, built for release, as `provided.al2023`; on MiniStack their mail goes to a mailbox of the
bench's own. They take turns in each round. The clients compute on the same cores, which is the more
of a sign-in the faster the server is.

- *ready*: from the start of the process to its first answer. *Memory*: `VmHWM` of the server alone,
  after all rounds; the triggers are the same processes on both.
- *begun again*: sign-ins of all rounds that a server was too busy for, so that a trigger waited in
  vain; they are repeated while the clock runs.
- *CPU for a sign-in*: of all threads of a process, in the kernel's hundredths of a second over 200
  sign-ins; the triggers are called five times in each.
- *Users*: those whom it finds in the file that it keeps them in when it starts, beside those who
  sign in.
";

/// What the script is told.
pub struct Settings {
    /// The folder of this crate.
    pub folder: PathBuf,
    /// The folder of local-cognito and the three triggers.
    pub executables: PathBuf,
    /// How often each server is measured.
    pub rounds: usize,
}

/// Measures both in one run: about seven seconds a round, and a minute more.
///
/// # Errors
/// If something cannot be started, or somebody is not signed in.
pub fn measure(settings: &Settings) -> Result<Value> {
    let machine = machine::describe();
    let output = run(settings)?;
    let of = |samples: &Value| {
        let samples = samples.as_array().context("there are no samples")?;
        let samples = samples.iter().filter_map(Value::as_f64).collect();
        median(samples).context("there are no samples")
    };
    let ready = of(&output["ready"])?;
    let mut servers = Vec::new();
    for (name, called) in [
        ("localCognito", "local-cognito"),
        ("miniStack", "MiniStack"),
    ] {
        servers.push(json!({
            "server": called,
            "signInsPerSecond": rounded(of(&output["rates"][name])?),
            "repeated": output["repeated"][name],
            "memoryMb": output["memory"][name].as_f64().map(rounded),
        }));
    }
    let ratio = |field: &str| {
        let [ours, theirs] = servers.as_slice() else {
            return None;
        };
        Some(ours[field].as_f64()? / theirs[field].as_f64()?)
    };
    let bars = [
        (
            "local-cognito: ready, ms",
            Some(ready),
            Limit::AtMost(100.0),
        ),
        (
            "local-cognito / MiniStack: sign-ins a second",
            ratio("signInsPerSecond"),
            Limit::AtLeast(10.0),
        ),
        (
            "local-cognito / MiniStack: memory",
            ratio("memoryMb"),
            Limit::AtMost(0.2),
        ),
    ];
    let bars = bars.map(|(what, measured, limit)| Bar {
        what: what.to_owned(),
        measured,
        limit,
    });
    Ok(json!({
        "machine": machine,
        "rounds": settings.rounds,
        "readyMs": rounded(ready),
        "concurrency": at_once(&output["concurrency"]),
        "users": users(&output["users"]),
        "bars": bars.iter().map(Bar::to_json).collect::<Vec<_>>(),
        "servers": servers,
    }))
}

/// What is written of the results.
pub fn section(results: &Value) -> String {
    format!(
        "\n## Cognito on a laptop\n\n{}. Ready in {} ms; medians of {} rounds.\n\n{METHOD}\n{}\n{}\n{}{}",
        listed(&results["machine"]),
        shown(&results["readyMs"]),
        shown(&results["rounds"]),
        table(
            &results["servers"],
            &[
                ("server", ""),
                ("signInsPerSecond", "sign-ins a second"),
                ("repeated", "begun again"),
                ("memoryMb", "memory, MB"),
            ],
        ),
        table(
            &results["concurrency"],
            &[
                ("clients", "clients of local-cognito at once"),
                ("signInsPerSecond", "sign-ins a second"),
                ("clientMs", "CPU for each, ms: client"),
                ("serverMs", "server"),
                ("triggersMs", "triggers"),
            ],
        ),
        table(
            &results["users"],
            &[
                ("server", ""),
                ("users", "users"),
                ("signInsPerSecond", "sign-ins a second"),
                ("memoryMb", "memory, MB"),
            ],
        ),
        bars_of(results),
    )
}

fn run(settings: &Settings) -> Result<Value> {
    let mut node = Command::new("node");
    node.arg(settings.folder.join("servers/measure.mjs"))
        .arg(settings.rounds.to_string())
        .env("TRIGGERS", &settings.executables)
        .env(
            "SIGN_INS",
            std::env::current_exe()?.with_file_name("sign-ins"),
        )
        .env("LOCAL_COGNITO", settings.executables.join("local-cognito"));
    let output = machine::output_of(&mut node)?;
    serde_json::from_str(&output).context("what measure.mjs prints")
}

fn at_once(concurrency: &Value) -> Vec<Value> {
    let rows = concurrency.as_object().into_iter().flatten();
    rows.map(|(clients, figures)| {
        json!({
            "clients": clients,
            "signInsPerSecond": figures["rate"].as_f64().map(rounded),
            "clientMs": figures["clientMs"].as_f64().map(rounded),
            "serverMs": figures["serverMs"].as_f64().map(rounded),
            "triggersMs": figures["triggersMs"].as_f64().map(rounded),
        })
    })
    .collect()
}

fn users(users: &Value) -> Vec<Value> {
    let rows = users.as_array().into_iter().flatten();
    rows.map(|row| {
        json!({
            "server": row["server"],
            "users": row["users"],
            "signInsPerSecond": row["rate"].as_f64().map(rounded),
            "memoryMb": row["mb"].as_f64().map(rounded),
        })
    })
    .collect()
}
