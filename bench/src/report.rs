//! The results as they are kept: `results.json` for programs, `RESULTS.md` for people.

use anyhow::{Context, Result};
use serde_json::{Map, Value};
use std::{fmt::Write as _, fs, path::Path};

const INTRODUCTION: &str = "\
# Results

Written by `cargo xtask bench`; all figures are in [`results.json`](results.json) too.
";

const METHOD: &str = "\
Each function is a process behind a Lambda Runtime API of our own, with SES and DynamoDB behind TLS
on the same machine (RSA certificates by way of an intermediate, as AWS's). The functions in Python
do what those of aws-cognito-email-mfa-example do (`e2e/python/reference_triggers`), under Amazon's
runtime for Python; they know no table. All are started in turn, each round in another order, and
every answer is checked. Each implementation reads the certificate authorities that it reads on
Lambda, and one more: ours the five that it pins, boto3 the bundle that it brings.

- *cold start*: from the start of the process to the first answer; *first call*: from the first
  event to its answer. What Lambda needs to make a sandbox is not in them, nor is a network.
- *at a share*: the process starts at full speed, as on Lambda, and has the CPU of a function with
  128 MB from the first event on. Times are in steps of the period.
- *peak memory*: `VmHWM` after all calls of a round.
- *instructions*: in user space, from the start until the function asks for its second event, by
  callgrind, once. The machine's load does not change them. Where SES or a table is asked, the
  clock is slowed down by libfaketime, which adds some 2 %, or callgrind would be too slow for the
  deadlines.
- *zip*: in Python the function alone, for runtime and SDK are Lambda's.
";

const SRP_METHOD: &str = "\
What a person waits for between the password and the proof: `A = g^a`, then `u`, `x`, `v`, `S` and
the key, in hot code. In Chromium all candidates share one page and take turns with OpenSSL in each
round; the figure is CPU of the page's thread, or of OpenSSL's process. Before any is timed, all have
to agree: the peers on the key for an `a` of 1,024 bits, which they draw themselves, BigInt on `S` for
one of 512 bits, as ours.

- *ours, fused*: 51-bit limbs as floating-point numbers, for engines with relaxed SIMD; *simd*: 28-bit
  limbs four at a time, for engines with simd128; *plain*: for any engine. All in constant time.
- *OpenSSL*: `BN_mod_exp_mont_consttime` thrice, with exponents of 512, 256 and 513 bits as in ours.
- *BigInt*: the three powers by a loop over the engine's BigInt, five bits at a time, without
  hashes, in no constant time.
";

/// Puts the results of one bench beside those of the others, and writes both files.
///
/// # Errors
/// If they cannot be written.
pub fn keep(folder: &Path, bench: &str, results: Value) -> Result<()> {
    let json = folder.join("results.json");
    let mut all: Map<String, Value> = match fs::read(&json) {
        Ok(bytes) => serde_json::from_slice(&bytes).with_context(|| json.display().to_string())?,
        Err(_) => Map::new(),
    };
    all.insert(bench.to_owned(), results);
    fs::write(&json, format!("{:#}\n", Value::Object(all.clone())))?;
    let mut text = INTRODUCTION.to_owned();
    if let Some(results) = all.get("triggers") {
        text.push_str(&triggers(results));
    }
    if let Some(results) = all.get("srp") {
        text.push_str(&srp(results));
    }
    fs::write(folder.join("RESULTS.md"), &text)?;
    print!("{text}");
    Ok(())
}

fn srp(results: &Value) -> String {
    format!(
        "\n## Arithmetic of a sign-in\n\n{}. {}. Medians of {} samples.\n\n\
         {SRP_METHOD}\n\
         {}\nWhat is asked of it:\n\n{}",
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
        bars(results),
    )
}

fn bars(results: &Value) -> String {
    table(
        &results["bars"],
        &[
            ("what", "figure"),
            ("atLeast", "at least"),
            ("atMost", "at most"),
            ("measured", "measured"),
            ("met", "met"),
        ],
    )
}

fn triggers(results: &Value) -> String {
    let share = &results["share"];
    let share = match share.get("notMeasured") {
        Some(reason) => format!("A share of the CPU could not be given: {}.", shown(reason)),
        None => format!(
            "At a share: {} ms of every {} ms.",
            shown(&share["quotaMs"]),
            shown(&share["periodMs"])
        ),
    };
    format!(
        "\n## Triggers\n\n{}. {}. Medians of {} starts, with {} warm calls each. {share}\n\n\
         {METHOD}\n\
         {}\nPython's figure divided by ours:\n\n{}\nWhat is asked of them:\n\n{}",
        listed(&results["machine"]),
        listed(&results["versions"]),
        shown(&results["rounds"]),
        shown(&results["warmCalls"]),
        table(
            &results["functions"],
            &[
                ("trigger", "trigger"),
                ("implementation", ""),
                ("coldMs", "cold start, ms"),
                ("firstCallMs", "first call, ms"),
                ("warmCallMs", "warm call, ms"),
                ("coldMsAtShare", "cold start at a share, ms"),
                ("firstCallMsAtShare", "first call at a share, ms"),
                ("peakMemoryMb", "peak memory, MB"),
                ("instructions", "instructions"),
                ("zipMb", "zip, MB"),
            ],
        ),
        table(
            &results["ratios"],
            &[
                ("trigger", "trigger"),
                ("implementation", ""),
                ("coldMs", "cold start"),
                ("warmCallMs", "warm call"),
                ("coldMsAtShare", "cold start at a share"),
                ("firstCallMsAtShare", "first call at a share"),
                ("peakMemoryMb", "peak memory"),
                ("instructions", "instructions"),
            ],
        ),
        bars(results),
    )
}

/// A table of the objects in a list, by these of their fields, under these headings.
fn table(rows: &Value, columns: &[(&str, &str)]) -> String {
    let mut text = String::new();
    let headings = columns.iter().map(|(_, heading)| (*heading).to_owned());
    line(&mut text, headings);
    line(&mut text, columns.iter().map(|_| "---".to_owned()));
    for row in rows.as_array().into_iter().flatten() {
        line(
            &mut text,
            columns.iter().map(|(field, _)| shown(&row[*field])),
        );
    }
    text
}

fn line(text: &mut String, cells: impl Iterator<Item = String>) {
    for cell in cells {
        let _ = write!(text, "| {cell} ");
    }
    text.push_str("|\n");
}

/// `name value` of each field, with commas.
fn listed(object: &Value) -> String {
    let fields = object.as_object().into_iter().flatten();
    let fields: Vec<_> = fields
        .map(|(name, value)| format!("{name} {}", shown(value)))
        .collect();
    fields.join(", ")
}

fn shown(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::Bool(true) => "yes".to_owned(),
        Value::Bool(false) => "**no**".to_owned(),
        Value::String(text) => text.clone(),
        Value::Number(number) => shown_number(number.as_f64().unwrap_or_default()),
        Value::Array(_) | Value::Object(_) => value.to_string(),
    }
}

/// Whole numbers without a point, and thousands apart.
fn shown_number(number: f64) -> String {
    let plain = number.to_string();
    let (whole, fraction) = plain.split_once('.').unwrap_or((&plain, ""));
    let mut text = String::new();
    for (place, digit) in whole.chars().rev().enumerate() {
        if place > 0 && place.is_multiple_of(3) && digit.is_ascii_digit() {
            text.insert(0, ',');
        }
        text.insert(0, digit);
    }
    if !fraction.is_empty() {
        text.push('.');
        text.push_str(fraction);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn numbers_are_readable() {
        for (number, text) in [
            (0.0551, "0.0551"),
            (21.9, "21.9"),
            (740.0, "740"),
            (943_512_777.0, "943,512,777"),
            (-1234.5, "-1,234.5"),
        ] {
            assert_eq!(shown_number(number), text);
        }
    }

    #[test]
    fn a_table_has_a_row_for_each_object() {
        let rows = json!([{ "a": 1234, "b": true }, { "a": null, "b": "x", "c": 0 }]);
        assert_eq!(
            table(&rows, &[("a", "first"), ("b", "")]),
            "| first |  |\n| --- | --- |\n| 1,234 | yes |\n|  | x |\n"
        );
    }

    #[test]
    fn other_benches_stay_when_one_runs_again() {
        let folder = std::env::temp_dir().join(format!("bench-report-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        keep(&folder, "other", json!({ "kept": 1 })).unwrap();
        keep(&folder, "triggers", json!({ "rounds": 1 })).unwrap();
        keep(&folder, "triggers", json!({ "rounds": 2 })).unwrap();
        let written = fs::read(folder.join("results.json")).unwrap();
        let written: Value = serde_json::from_slice(&written).unwrap();
        assert_eq!(
            written,
            json!({ "other": { "kept": 1 }, "triggers": { "rounds": 2 } })
        );
        let text = fs::read_to_string(folder.join("RESULTS.md")).unwrap();
        assert!(text.contains("Medians of 2 starts"), "{text}");
        fs::remove_dir_all(&folder).unwrap();
    }
}
