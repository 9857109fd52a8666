//! The Runtime API: events out, outcomes in.

use std::{
    cell::Cell,
    net::SocketAddr,
    process::Command,
    sync::mpsc::{self, Receiver, Sender},
    time::{Duration, Instant},
};

use serde_json::{Value, json};

use crate::http::{Request, Response, listen};

/// Lambda, for one process at a time.
pub struct RuntimeApi {
    address: SocketAddr,
    patience: Duration,
    /// Of the event that was handed out last.
    request_id: Cell<u64>,
    events: Sender<(u64, Vec<u8>)>,
    asked: Receiver<Instant>,
    answers: Receiver<Call>,
}

/// What became of an event.
pub struct Call {
    /// A value, or a Lambda error.
    pub outcome: Result<Value, Value>,
    /// When the event was handed out.
    pub delivered: Instant,
    /// When the outcome was there.
    pub answered: Instant,
}

impl RuntimeApi {
    /// Listens on a free port. Whoever needs longer than `patience` for anything has failed.
    pub fn new(patience: Duration) -> Self {
        let (events, queue) = mpsc::channel();
        let (asks, asked) = mpsc::channel();
        let (reports, answers) = mpsc::channel();
        let mut desk = Desk {
            queue,
            asks,
            reports,
            delivered: Instant::now(),
        };
        Self {
            address: listen(|connection| connection, move |request| desk.serve(&request)),
            patience,
            request_id: Cell::new(0),
            events,
            asked,
            answers,
        }
    }

    /// Sets the variables that Lambda sets, but for region and credentials.
    pub fn environment(&self, command: &mut Command) {
        command
            .env("AWS_LAMBDA_RUNTIME_API", self.address.to_string())
            .env("AWS_LAMBDA_FUNCTION_NAME", "trigger")
            .env("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST")
            .env("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "128");
    }

    /// Waits until the process asks for an event, and tells when it did.
    pub fn asked(&self) -> Instant {
        self.asked.recv_timeout(self.patience).unwrap()
    }

    /// Hands out an event, and waits for what becomes of it. The request ids are 1, 2 and so on.
    pub fn call(&self, event: impl Into<Vec<u8>>) -> Call {
        let request_id = self.request_id.get() + 1;
        self.request_id.set(request_id);
        self.events.send((request_id, event.into())).unwrap();
        self.answers.recv_timeout(self.patience).unwrap()
    }
}

/// Where the process's requests arrive.
struct Desk {
    queue: Receiver<(u64, Vec<u8>)>,
    asks: Sender<Instant>,
    reports: Sender<Call>,
    delivered: Instant,
}

impl Desk {
    fn serve(&mut self, request: &Request) -> Response {
        let now = Instant::now();
        let path = request.line.split(' ').nth(1).unwrap();
        let invocation = path
            .strip_prefix("/2018-06-01/runtime/invocation/")
            .unwrap();
        if invocation == "next" {
            self.asks.send(now).unwrap_or_default();
            // Without a further event this holds until the test, and the process with it, ends.
            let (request_id, event) = self.queue.recv().unwrap_or_default();
            self.delivered = Instant::now();
            return handed_out(request_id, event);
        }
        let value = serde_json::from_slice(&request.body).unwrap();
        let outcome = match invocation.split_once('/').unwrap().1 {
            "response" => Ok(value),
            "error" => Err(value),
            other => panic!("{other}"),
        };
        let call = Call {
            outcome,
            delivered: self.delivered,
            answered: now,
        };
        self.reports.send(call).unwrap_or_default();
        Response::json(202, json!({ "status": "OK" }).to_string())
    }
}

fn handed_out(request_id: u64, event: Vec<u8>) -> Response {
    let mut response = Response::json(200, event);
    response.headers.extend([
        ("lambda-runtime-aws-request-id", request_id.to_string()),
        ("lambda-runtime-deadline-ms", "9999999999999".to_owned()),
        (
            "lambda-runtime-invoked-function-arn",
            "arn:aws:lambda:us-east-1:123456789012:function:trigger".to_owned(),
        ),
    ]);
    response
}
