//! The arithmetic of a sign-in in Chromium, beside OpenSSL's and that of other clients.

use crate::{
    bar::{Bar, Limit},
    machine,
    report::{bars as bars_of, listed, shown, table},
    statistics::{median, rounded},
};
use anyhow::{Context, Result};
use serde_json::{Value, json};
use std::{collections::HashMap, path::Path, process::Command};

const METHOD: &str = "\
What a person waits for between the password and the proof: `A = g^a`, then `u`, `x`, `v`, `S` and
the key, in hot code. In Chromium all candidates share one page and take turns with OpenSSL in each
round; the figure is CPU of the page's thread, or of OpenSSL's process. Before any is timed, all have
to agree: the peers on the key for an `a` of 1,024 bits, which they draw themselves, BigInt on `S` for
one of 512 bits, as ours.

- *ours, fused*: 51-bit limbs as floating-point numbers, for engines with relaxed SIMD; *simd*: 28-bit
  limbs, four times four of them in registers, for engines with simd128; *plain*: for any engine. All in constant time.
- *OpenSSL*: `BN_mod_exp_mont_consttime` thrice, with exponents of 512, 256 and 513 bits as in ours.
- *BigInt*: the three powers by a loop over the engine's BigInt, five bits at a time, without
  hashes, in no constant time.
";

/// How the page calls them, and how people do.
const CANDIDATES: [(&str, &str); 7] = [
    ("openssl", "OpenSSL, native"),
    ("fused", "ours, fused"),
    ("simd", "ours, simd"),
    ("plain", "ours, plain"),
    ("bigInt", "BigInt"),
    ("identity", "amazon-cognito-identity-js"),
    ("amplify", "aws-amplify"),
];

/// Measures all of them in one run: about two seconds a round.
///
/// # Errors
/// If something cannot be started, or the candidates do not agree.
pub fn measure(folder: &Path, modules: &Path, rounds: usize) -> Result<Value> {
    let machine = machine::describe();
    let mut node = Command::new("node");
    node.arg(folder.join("srp/measure.mjs")).arg(modules);
    let output = machine::output_of(node.arg(rounds.to_string()))?;
    let output: Value = serde_json::from_str(&output).context("what measure.mjs prints")?;
    let mut medians = HashMap::new();
    for (name, _) in CANDIDATES {
        let samples = output["samples"][name].as_array().context(name)?;
        let samples = samples.iter().filter_map(Value::as_f64).collect();
        medians.insert(name, median(samples).context(name)?);
    }
    Ok(json!({
        "machine": machine,
        "versions": { "Chromium": output["chromium"], "OpenSSL": output["openssl"] },
        "rounds": rounds,
        "candidates": candidates(&medians),
        "bars": bars(&medians).iter().map(Bar::to_json).collect::<Vec<_>>(),
    }))
}

/// What is written of the results.
pub fn section(results: &Value) -> String {
    format!(
        "\n## Arithmetic of a sign-in\n\n{}. {}. Medians of {} samples.\n\n\
         {METHOD}\n\
         {}{}",
        listed(&results["machine"]),
        listed(&results["versions"]),
        shown(&results["rounds"]),
        table(
            &results["candidates"],
            &[
                ("candidate", ""),
                ("ms", "ms of CPU"),
                ("timesOpenssl", "times OpenSSL"),
            ],
        ),
        bars_of(results),
    )
}

fn candidates(medians: &HashMap<&str, f64>) -> Vec<Value> {
    let row = |(name, candidate)| {
        json!({
            "candidate": candidate,
            "ms": rounded(medians[name]),
            "timesOpenssl": rounded(medians[name] / medians["openssl"]),
        })
    };
    CANDIDATES.into_iter().map(row).collect()
}

fn bars(medians: &HashMap<&str, f64>) -> Vec<Bar> {
    let ratio = |what: &str, one, other, limit| Bar {
        what: what.to_owned(),
        measured: Some(medians[one] / medians[other]),
        limit,
    };
    let mut bars = Vec::new();
    for (core, most) in [("fused", 1.5), ("simd", 5.0), ("plain", 6.0)] {
        let what = format!("{core} / OpenSSL");
        bars.push(ratio(&what, core, "openssl", Limit::AtMost(most)));
    }
    for (core, least) in [("fused", 65.0), ("simd", 18.0), ("plain", 18.0)] {
        for (peer, name) in [
            ("identity", "amazon-cognito-identity-js"),
            ("amplify", "aws-amplify"),
        ] {
            let what = format!("{name} / {core}");
            bars.push(ratio(&what, peer, core, Limit::AtLeast(least)));
        }
    }
    bars.push(ratio(
        "BigInt / fused",
        "bigInt",
        "fused",
        Limit::AtLeast(3.0),
    ));
    bars
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_bar_is_of_candidates_that_there_are() {
        let medians = CANDIDATES.map(|(name, _)| (name, 1.0)).into();
        assert_eq!(bars(&medians).len(), 10);
        assert!(bars(&medians).iter().all(|bar| bar.measured == Some(1.0)));
    }
}
