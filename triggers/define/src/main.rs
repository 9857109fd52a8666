//! The `DefineAuthChallenge` trigger. It needs no settings.

#![forbid(unsafe_code)]

use std::process::ExitCode;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    function::serve("define", async |event| rules::define(event)).await
}
