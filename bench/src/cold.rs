//! The first use of each client by a page, until the proof of the password leaves.

use crate::{
    bar::{Bar, Limit},
    browser::{self, Settings},
    machine,
    report::{bars as bars_of, listed, shown, table},
    statistics::{median, rounded},
};
use anyhow::{Context, Result};
use serde_json::{Value, json};
use std::collections::HashMap;

const METHOD: &str = "\
From `import()` until the request with the proof leaves, in a browser context of its own, with nothing
cached, on loopback. Each client is bundled by esbuild as a page has it, with chunks for what it imports
later. The pool is the same for all, and costs next to nothing: its `B` is made beforehand. A sample
counts only if the pool then takes the proof, which it checks by BigInt. All take turns in each round,
every time in another order.

- *import*: until `import()` is done; *click*: from the call that begins the sign-in until the proof
  leaves; *all*: both. *CPU*: of the page's main thread.
- *prepared*: `prepare()` is done before the click, as while a person types.
- *the requests alone*: a script of two calls of `fetch`, and no proof: what the browser takes of its own.
";

/// The candidates by the names that the script gives them, and as people call them.
const CANDIDATES: [(&str, &str); 8] = [
    ("default", "ours"),
    ("slim", "ours, slim"),
    ("defaultPrepared", "ours, prepared"),
    ("slimPrepared", "ours, slim, prepared"),
    ("identity", "amazon-cognito-identity-js"),
    ("passwordless", "amazon-cognito-passwordless-auth"),
    ("amplify", "aws-amplify"),
    ("requests", "the requests alone"),
];

const FIELDS: [&str; 4] = ["importMs", "clickMs", "wallMs", "cpuMs"];

/// The medians of one candidate, by their names.
type Medians = HashMap<&'static str, f64>;

/// Measures all of them in one run: about seven seconds a round.
///
/// # Errors
/// If something cannot be started, or the pool does not take a proof.
pub fn measure(settings: &Settings) -> Result<Value> {
    let machine = machine::describe();
    let output = browser::run("cold.mjs", settings, settings.rounds)?;
    let mut all = HashMap::new();
    for (name, _) in CANDIDATES {
        all.insert(name, medians(&output["samples"][name]).context(name)?);
    }
    Ok(json!({
        "machine": machine,
        "versions": browser::versions(&settings.folder, &output)?,
        "rounds": settings.rounds,
        "candidates": CANDIDATES.map(|(name, candidate)| row(candidate, name, &all)),
        "bars": bars(&all).iter().map(Bar::to_json).collect::<Vec<_>>(),
    }))
}

/// What is written of the results.
pub fn section(results: &Value) -> String {
    format!(
        "\n## First use\n\n{}. {}. Medians of {} samples.\n\n{METHOD}\n{}{}",
        listed(&results["machine"]),
        listed(&results["versions"]),
        shown(&results["rounds"]),
        table(
            &results["candidates"],
            &[
                ("candidate", ""),
                ("importMs", "import, ms"),
                ("clickMs", "click, ms"),
                ("wallMs", "all, ms"),
                ("cpuMs", "CPU, ms"),
            ],
        ),
        bars_of(results),
    )
}

fn medians(samples: &Value) -> Result<Medians> {
    let samples = samples.as_array().context("there are no samples")?;
    let of = |field| {
        let figures = samples.iter().filter_map(|sample| sample[field].as_f64());
        Ok((field, median(figures.collect()).context(field)?))
    };
    FIELDS.into_iter().map(of).collect()
}

/// While a person types, no clock is of interest.
fn row(candidate: &str, name: &str, all: &HashMap<&str, Medians>) -> Value {
    let figure = |field| rounded(all[name][field]);
    let whole = (!name.ends_with("Prepared")).then(|| figure("wallMs"));
    json!({
        "candidate": candidate,
        "importMs": figure("importMs"),
        "clickMs": figure("clickMs"),
        "wallMs": whole,
        "cpuMs": figure("cpuMs"),
    })
}

fn bars(all: &HashMap<&str, Medians>) -> Vec<Bar> {
    let ratio = |name: &str, field: &str, limit| {
        let (_, called) = CANDIDATES.into_iter().find(|(one, _)| *one == name)?;
        let what = match field {
            "wallMs" => "all",
            "cpuMs" => "CPU",
            _ => "click",
        };
        Some(Bar {
            what: format!("{called} / aws-amplify, {what}"),
            measured: Some(all[name][field] / all["amplify"][field]),
            limit: Limit::AtMost(limit),
        })
    };
    let bars = [
        ratio("default", "wallMs", 0.08),
        ratio("slim", "wallMs", 0.08),
        ratio("default", "cpuMs", 0.06),
        ratio("slim", "cpuMs", 0.06),
        ratio("defaultPrepared", "clickMs", 0.02),
        ratio("slimPrepared", "clickMs", 0.02),
    ];
    bars.into_iter().flatten().collect()
}
