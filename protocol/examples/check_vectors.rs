//! Checks a file of SRP known answers, such as `vectors/cognito_srp_test.json`, and prints
//! `N passed, M failed`.
//!
//! ```text
//! cargo run -p protocol --example check_vectors -- protocol/vectors/cognito_srp_test.json
//! ```

#![expect(
    clippy::arithmetic_side_effects,
    reason = "it counts tests, of which memory holds fewer than overflow"
)]

#[path = "../tests/known_answers/mod.rs"]
mod known_answers;

use std::process::ExitCode;

fn main() -> ExitCode {
    let Some(path) = std::env::args_os().nth(1) else {
        eprintln!("usage: check_vectors FILE");
        return ExitCode::from(2);
    };
    let file = std::fs::read(&path)
        .map_err(|error| error.to_string())
        .and_then(|bytes| serde_json::from_slice(&bytes).map_err(|error| error.to_string()));
    let counted = file.and_then(|file| count(&file));
    match counted {
        Ok((passed, failed)) => {
            println!("{passed} passed, {failed} failed");
            if failed == 0 && passed > 0 {
                ExitCode::SUCCESS
            } else {
                ExitCode::FAILURE
            }
        }
        Err(error) => {
            eprintln!("{}: {error}", path.display());
            ExitCode::from(2)
        }
    }
}

/// How many tests passed and failed.
fn count(file: &serde_json::Value) -> Result<(usize, usize), String> {
    let tests = known_answers::tests(file)?;
    let mut failed = 0;
    for &(kind, test) in &tests {
        if let Err(error) = known_answers::check(kind, test) {
            println!("tcId {} ({}): {error}", test["tcId"], test["comment"]);
            failed += 1;
        }
    }
    Ok((tests.len() - failed, failed))
}
