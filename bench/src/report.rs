//! The results as they are kept: `results.json` for programs, `RESULTS.md` for people.

use crate::{cold, servers, sizes, srp, tasks, triggers};
use anyhow::{Context, Result};
use serde_json::{Map, Value};
use std::{fmt::Write as _, fs, path::Path};

const INTRODUCTION: &str = "\
# Results

Written by `cargo xtask bench`; all figures are in [`results.json`](results.json) too.
";

/// Writes of the results of one bench.
type Section = fn(&Value) -> String;

/// What each bench says of its results, in this order.
const SECTIONS: &[(&str, Section)] = &[
    ("triggers", triggers::section),
    ("srp", srp::section),
    ("cold", cold::section),
    ("tasks", tasks::section),
    ("sizes", sizes::section),
    ("servers", servers::section),
];

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
    for (name, section) in SECTIONS {
        if let Some(results) = all.get(*name) {
            text.push_str(&section(results));
        }
    }
    fs::write(folder.join("RESULTS.md"), &text)?;
    print!("{text}");
    Ok(())
}

/// What was asked of the figures, and whether it was met.
pub fn bars(results: &Value) -> String {
    let table = table(
        &results["bars"],
        &[
            ("what", "figure"),
            ("atLeast", "at least"),
            ("atMost", "at most"),
            ("measured", "measured"),
            ("met", "met"),
        ],
    );
    format!("\nWhat is asked of it:\n\n{table}")
}

/// A table of the objects in a list, by these of their fields, under these headings.
pub fn table(rows: &Value, columns: &[(&str, &str)]) -> String {
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
pub fn listed(object: &Value) -> String {
    let fields = object.as_object().into_iter().flatten();
    let fields: Vec<_> = fields
        .map(|(name, value)| format!("{name} {}", shown(value)))
        .collect();
    fields.join(", ")
}

/// As a cell of a table has it.
pub fn shown(value: &Value) -> String {
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
