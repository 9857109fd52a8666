//! The longest tasks of a page's main thread in a sign-in, with the CPU slowed down.

use crate::{
    bar::{Bar, Limit},
    browser::{self, Settings, called},
    machine,
    report::{bars as bars_of, listed, shown, table},
    statistics::{median, rounded},
};
use anyhow::{Context, Result};
use serde_json::{Value, json};

const METHOD: &str = "\
Whole sign-ins, from `import()` to the tokens, with the CPU throttled by Chromium. Tasks of the main
thread are taken from a trace, but for those of the DevTools themselves. Of each sign-in the longest
counts, by what it takes of the thread's CPU, which the throttling is part of: on the clock there is also
what else runs on this machine. *Worst* is the longest of all, and *in it* are the calls into wasm of
that one. Tracing is slowed down like all else, and is in the figures. The engine is made to lack what a core needs, so
that our loader chooses another.
";

/// What a page may do at a time, in milliseconds, by the definition of a long task.
const LONG: f64 = 50.0;

/// Measures all of them in one run, half as often as the others: about fifteen seconds a round.
///
/// # Errors
/// If something cannot be started, or somebody is not signed in.
pub fn measure(settings: &Settings) -> Result<Value> {
    let machine = machine::describe();
    let rounds = settings.rounds.div_ceil(2);
    let output = browser::run("tasks.mjs", settings, rounds)?;
    let candidates = output["candidates"].as_array().context("candidates")?;
    let rows = candidates.iter().map(row).collect::<Result<Vec<_>>>()?;
    Ok(json!({
        "machine": machine,
        "versions": browser::versions(&settings.folder, &output)?,
        "rounds": rounds,
        "throttle": output["throttle"],
        "bars": rows.iter().filter_map(bar).map(|bar| bar.to_json()).collect::<Vec<_>>(),
        "candidates": rows,
    }))
}

/// What is written of the results.
pub fn section(results: &Value) -> String {
    format!(
        "\n## Tasks of the page\n\n{}. {}. {} times slower; medians of {} sign-ins.\n\n{METHOD}\n{}{}",
        listed(&results["machine"]),
        listed(&results["versions"]),
        shown(&results["throttle"]),
        shown(&results["rounds"]),
        table(
            &results["candidates"],
            &[
                ("candidate", ""),
                ("core", "core"),
                ("prepared", "prepared"),
                ("cpuMs", "longest task, ms of CPU"),
                ("clockMs", "on the clock, ms"),
                ("worstCpuMs", "worst, ms of CPU"),
                ("calls", "in it"),
            ],
        ),
        bars_of(results),
    )
}

fn row(candidate: &Value) -> Result<Value> {
    let client = candidate["client"].as_str().context("client")?;
    let samples = candidate["longest"].as_array().context("longest")?;
    let of = |field: &str| -> Vec<_> {
        let figures = samples.iter().filter_map(|task| task[field].as_f64());
        figures.collect()
    };
    let worst = of("cpuMs").into_iter().fold(0.0, f64::max);
    let last = samples.iter().find(|task| task["cpuMs"] == worst);
    let middle = |field| median(of(field)).context("there are no samples");
    Ok(json!({
        "candidate": called(client),
        "core": candidate["core"],
        "prepared": (candidate["prepares"] == true).then_some("yes"),
        "cpuMs": rounded(middle("cpuMs")?),
        "clockMs": rounded(middle("clockMs")?),
        "worstCpuMs": rounded(worst),
        "calls": last.map(|task| calls(&task["calls"])),
    }))
}

fn calls(calls: &Value) -> String {
    let calls = calls.as_array().into_iter().flatten();
    let calls: Vec<_> = calls
        .map(|call| {
            let took = rounded(call["ms"].as_f64().unwrap_or_default());
            format!("{} {took} ms", shown(&call["name"]))
        })
        .collect();
    calls.join(", ")
}

/// Only ours have cores.
fn bar(row: &Value) -> Option<Bar> {
    let core = row["core"].as_str()?;
    let prepared = if row["prepared"] == "yes" {
        ", prepared"
    } else {
        ""
    };
    Some(Bar {
        what: format!(
            "{}, {core}{prepared}: longest task, ms of CPU",
            shown(&row["candidate"])
        ),
        measured: row["cpuMs"].as_f64(),
        limit: Limit::AtMost(LONG),
    })
}
