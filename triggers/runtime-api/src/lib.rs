//! The Lambda Runtime API in front of a real executable: for the tests of all three triggers,
//! and for measuring them.
//!
//! Everything here panics when something goes wrong: it is part of the tests.

#![forbid(unsafe_code)]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a test ends with a panic"
)]

use std::{
    net::SocketAddr,
    process::{Child, Command, Output, Stdio},
    time::Duration,
};

use serde_json::Value;

mod events;
mod http;
mod lambda;

pub use events::{CANARY, event, full_of_canaries, password_proven};
pub use http::{Request, Response, listen};
pub use lambda::{Call, RuntimeApi};

/// Longer than any event may take.
const PATIENCE: Duration = Duration::from_secs(20);

/// A running executable that waits for events.
pub struct Function {
    process: Option<Child>,
    api: RuntimeApi,
}

impl Function {
    /// Starts an executable with these variables and no others, but for Lambda's own.
    pub fn start(executable: &str, variables: &[(&str, &str)]) -> Self {
        let api = RuntimeApi::new(PATIENCE);
        Self {
            process: Some(spawn(executable, &api, variables)),
            api,
        }
    }

    /// What it answers to an event: a value, or a Lambda error.
    pub fn invoke(&self, event: impl Into<Vec<u8>>) -> Result<Value, Value> {
        self.api.call(event).outcome
    }

    /// Ends it, and gives back all that it wrote, to standard output and error.
    pub fn stop(mut self) -> (String, String) {
        let mut process = self.process.take().unwrap();
        process.kill().unwrap();
        written(process.wait_with_output().unwrap())
    }
}

impl Drop for Function {
    fn drop(&mut self) {
        if let Some(process) = &mut self.process {
            process.kill().unwrap();
            process.wait().unwrap();
        }
    }
}

/// What an executable writes to standard error that ends before its first event.
pub fn complaint(executable: &str, variables: &[(&str, &str)]) -> String {
    let output = spawn(executable, &RuntimeApi::new(PATIENCE), variables)
        .wait_with_output()
        .unwrap();
    assert_eq!(output.status.code(), Some(1));
    let (stdout, stderr) = written(output);
    assert_eq!(stdout, "");
    stderr
}

/// Answers each HTTP request on a free port with a status and a body, until the test ends. Not
/// the `GET` by which a function opens a connection before its first event: that is answered 404.
pub fn serve(mut respond: impl FnMut(Request) -> (u16, Vec<u8>) + Send + 'static) -> SocketAddr {
    listen(
        |connection| connection,
        move |request| {
            if request.line.starts_with("GET ") {
                return Response::json(404, "{}");
            }
            let (status, body) = respond(request);
            Response::json(status, body)
        },
    )
}

fn spawn(executable: &str, api: &RuntimeApi, variables: &[(&str, &str)]) -> Child {
    let mut command = Command::new(executable);
    command.env_clear();
    api.environment(&mut command);
    command
        // The loudest that any library could be.
        .env("RUST_LOG", "trace")
        .envs(variables.iter().copied())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
}

fn written(output: Output) -> (String, String) {
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (text(output.stdout), text(output.stderr))
}
