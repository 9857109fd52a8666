//! The `VerifyAuthChallengeResponse` trigger. Its settings are those of [`CodeSettings`].

#![forbid(unsafe_code)]

use std::process::ExitCode;

use rules::CodeSettings;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    match CodeSettings::read(function::variable) {
        Ok(codes) => {
            let decide = async |event: &_| rules::verify(event, &codes, function::now());
            function::serve("verify", decide).await
        }
        Err(error) => function::stop("verify", error),
    }
}
