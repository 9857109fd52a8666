//! `local-cognito [FLAGS]`.

#![forbid(unsafe_code)]

use std::{env, process::ExitCode};

use local_cognito::{HELP, Options, run};

#[tokio::main]
async fn main() -> ExitCode {
    let outcome = match Options::parse(env::args_os().skip(1)) {
        Ok(Some(options)) => run(options).await,
        Ok(None) => {
            print!("{HELP}");
            Ok(())
        }
        Err(error) => Err(error),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("local-cognito: {error:#}");
            ExitCode::FAILURE
        }
    }
}
