//! Checks a file of SRP known answers, of the shape of `edge_cases` in
//! `vectors/srp-vectors.json`, and prints `N passed, M failed`.
//!
//! ```text
//! cargo run -p protocol --example check_vectors -- protocol/vectors/srp-vectors.json
//! ```

#![expect(
    clippy::arithmetic_side_effects,
    reason = "it counts cases, of which memory holds fewer than overflow"
)]

#[path = "../tests/known_answers/mod.rs"]
mod known_answers;

use std::process::ExitCode;

fn main() -> ExitCode {
    let Some(path) = std::env::args_os().nth(1) else {
        eprintln!("usage: check_vectors FILE");
        return ExitCode::from(2);
    };
    let read = std::fs::read(&path)
        .map_err(|error| error.to_string())
        .and_then(|bytes| serde_json::from_slice(&bytes).map_err(|error| error.to_string()))
        .and_then(|file| known_answers::cases(&file).map(<[_]>::to_vec));
    let cases = match read {
        Ok(cases) => cases,
        Err(error) => {
            eprintln!("{}: {error}", path.display());
            return ExitCode::from(2);
        }
    };
    let mut failed = 0;
    for (index, case) in cases.iter().enumerate() {
        if let Err(error) = known_answers::check(case) {
            let name = case["name"].as_str().unwrap_or("unnamed");
            println!("case {index} ({name}): {error}");
            failed += 1;
        }
    }
    println!("{} passed, {failed} failed", cases.len() - failed);
    if failed == 0 && !cases.is_empty() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}
