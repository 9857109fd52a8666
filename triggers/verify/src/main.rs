//! The `VerifyAuthChallengeResponse` trigger. Its settings are those of [`CodeSettings`], and
//! with a table how to reach it ([`Connection`], [`Table`]).

#![forbid(unsafe_code)]

use std::{error::Error, process::ExitCode, time::Duration};

use aws::{Connection, OPENING, Table};
use rules::{Answer, CodeSettings, Failure};
use serde_json::value::RawValue;
use tokio::time::timeout;

/// Cognito calls again after five seconds, and an answer would be counted twice.
const JUDGING: Duration = Duration::from_secs(4);

/// What an execution environment sets up once.
struct Verify {
    codes: CodeSettings,
    table: Option<Table>,
}

impl Verify {
    fn new() -> Result<Self, Box<dyn Error>> {
        let codes = CodeSettings::read(function::variable)?;
        let table = match codes.attempts_table.clone() {
            Some(name) => {
                let connection = Connection::new(function::variable)?;
                Some(Table::new(name, &connection, function::variable)?)
            }
            None => None,
        };
        Ok(Self { codes, table })
    }

    /// Opens the connection.
    async fn open(&self) {
        if let Some(table) = &self.table {
            let _ = timeout(OPENING, table.open()).await;
        }
    }

    async fn decide(&self, event: &RawValue) -> Result<Answer, Failure> {
        let judged = rules::verify(event, &self.codes, self.table.as_ref(), function::now());
        let too_late = Failure::StoreUnavailable { reason: "timeout" };
        timeout(JUDGING, judged).await.unwrap_or(Err(too_late))
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    match Verify::new() {
        Ok(verify) => {
            verify.open().await;
            function::serve("verify", async |event| verify.decide(event).await).await
        }
        Err(error) => function::stop("verify", error),
    }
}
