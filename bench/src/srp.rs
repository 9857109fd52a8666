//! The arithmetic of a sign-in in Chromium, beside OpenSSL's and that of other clients.

use crate::{
    bar::{Bar, Limit},
    machine,
    statistics::{median, rounded},
};
use anyhow::{Context, Result};
use serde_json::{Value, json};
use std::{collections::HashMap, path::Path, process::Command};

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
    vec![
        ratio("fused / OpenSSL", "fused", "openssl", Limit::AtMost(1.5)),
        ratio("simd / OpenSSL", "simd", "openssl", Limit::AtMost(5.0)),
        ratio("plain / OpenSSL", "plain", "openssl", Limit::AtMost(6.0)),
        ratio(
            "amazon-cognito-identity-js / fused",
            "identity",
            "fused",
            Limit::AtLeast(65.0),
        ),
        ratio(
            "aws-amplify / fused",
            "amplify",
            "fused",
            Limit::AtLeast(65.0),
        ),
        ratio(
            "amazon-cognito-identity-js / simd",
            "identity",
            "simd",
            Limit::AtLeast(18.0),
        ),
        ratio(
            "aws-amplify / simd",
            "amplify",
            "simd",
            Limit::AtLeast(18.0),
        ),
        ratio(
            "amazon-cognito-identity-js / plain",
            "identity",
            "plain",
            Limit::AtLeast(18.0),
        ),
        ratio(
            "aws-amplify / plain",
            "amplify",
            "plain",
            Limit::AtLeast(18.0),
        ),
        ratio("BigInt / fused", "bigInt", "fused", Limit::AtLeast(3.0)),
    ]
}
