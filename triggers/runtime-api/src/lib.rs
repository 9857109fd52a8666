//! The Lambda Runtime API in front of a real executable, for the tests of all three.
//!
//! Everything here panics when something goes wrong: it is part of the tests.

#![forbid(unsafe_code)]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test ends with a panic"
)]

use std::{
    collections::HashMap,
    io::{self, BufRead, BufReader, Read, Write},
    net::{SocketAddr, TcpListener, TcpStream},
    process::{Child, Command, Output, Stdio},
    sync::{
        Arc, Mutex,
        mpsc::{self, Receiver, Sender},
    },
    thread,
    time::Duration,
};

use serde_json::{Value, json};

/// Longer than any event may take.
const PATIENCE: Duration = Duration::from_secs(20);

/// A running executable that waits for events.
pub struct Function {
    process: Option<Child>,
    events: Sender<Vec<u8>>,
    outcomes: Receiver<Result<Value, Value>>,
}

/// A request as it came over HTTP.
pub struct Request {
    /// Method, path, version.
    pub line: String,
    /// The headers, by their names in lower case.
    pub headers: HashMap<String, String>,
    /// The body.
    pub body: Vec<u8>,
}

/// An event for a trigger, with what Cognito puts around every request. The user is
/// `user@example.com`, verified.
pub fn event(trigger: &str, request: &Value) -> Value {
    let mut event = json!({
        "version": "1",
        "region": "us-east-1",
        "userPoolId": "us-east-1_Example1",
        "userName": "3f1c2e7a-8a1b-4f3e-9d0c-1b2a3c4d5e6f",
        "callerContext": {
            "awsSdkVersion": "aws-sdk-unknown-unknown",
            "clientId": "exampleclient",
        },
        "triggerSource": format!("{trigger}_Authentication"),
        "request": {
            "userAttributes": {
                "sub": "3f1c2e7a-8a1b-4f3e-9d0c-1b2a3c4d5e6f",
                "cognito:user_status": "CONFIRMED",
                "email_verified": "true",
                "email": "user@example.com",
            },
            "userNotFound": false,
        },
        "response": null,
    });
    let fields = event["request"].as_object_mut().unwrap();
    fields.extend(request.as_object().unwrap().clone());
    event
}

/// The history of a sign-in whose password is proven.
pub fn password_proven() -> Value {
    let passed =
        |name| json!({ "challengeName": name, "challengeResult": true, "challengeMetadata": null });
    json!([passed("SRP_A"), passed("PASSWORD_VERIFIER")])
}

impl Function {
    /// Starts an executable with these variables and no others, but for Lambda's own.
    pub fn start(executable: &str, variables: &[(&str, &str)]) -> Self {
        let (events, queue) = mpsc::channel::<Vec<u8>>();
        let (reports, outcomes) = mpsc::channel();
        let address = serve(move |request| answer(&request, &queue, &reports));
        Self {
            process: Some(spawn(executable, &address.to_string(), variables)),
            events,
            outcomes,
        }
    }

    /// What it answers to an event: a value, or a Lambda error.
    pub fn invoke(&self, event: impl Into<Vec<u8>>) -> Result<Value, Value> {
        self.events.send(event.into()).unwrap();
        self.outcomes.recv_timeout(PATIENCE).unwrap()
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
    let output = spawn(executable, "127.0.0.1:9", variables)
        .wait_with_output()
        .unwrap();
    assert_eq!(output.status.code(), Some(1));
    let (stdout, stderr) = written(output);
    assert_eq!(stdout, "");
    stderr
}

/// Answers each HTTP request on a free port with a status and a body, until the test ends.
pub fn serve(respond: impl FnMut(Request) -> (u16, Vec<u8>) + Send + 'static) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let respond = Arc::new(Mutex::new(respond));
    thread::spawn(move || {
        for connection in listener.incoming() {
            let (connection, respond) = (connection.unwrap(), Arc::clone(&respond));
            thread::spawn(move || {
                while let Some(request) = read(&connection) {
                    let (status, body) = respond.lock().unwrap()(request);
                    if write(&connection, status, &body).is_err() {
                        // Who gives up waiting is gone by now.
                        break;
                    }
                }
            });
        }
    });
    address
}

fn write(mut connection: &TcpStream, status: u16, body: &[u8]) -> io::Result<()> {
    let head = format!(
        "HTTP/1.1 {status} X\r\ncontent-type: application/json\r\n\
         lambda-runtime-aws-request-id: 1\r\n\
         lambda-runtime-deadline-ms: 9999999999999\r\n\
         lambda-runtime-invoked-function-arn: arn:aws:lambda\r\n\
         content-length: {}\r\n\r\n",
        body.len()
    );
    connection.write_all(&[head.as_bytes(), body].concat())
}

fn spawn(executable: &str, runtime_api: &str, variables: &[(&str, &str)]) -> Child {
    Command::new(executable)
        .env_clear()
        .env("AWS_LAMBDA_RUNTIME_API", runtime_api)
        .env("AWS_LAMBDA_FUNCTION_NAME", "trigger")
        .env("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST")
        .env("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "128")
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

/// The Runtime API: the next event, or the outcome of the last.
fn answer(
    request: &Request,
    queue: &Receiver<Vec<u8>>,
    reports: &Sender<Result<Value, Value>>,
) -> (u16, Vec<u8>) {
    let path = request.line.split(' ').nth(1).unwrap();
    let invocation = path
        .strip_prefix("/2018-06-01/runtime/invocation/")
        .unwrap();
    if invocation == "next" {
        // Without a further event this holds until the test, and the process with it, ends.
        return (200, queue.recv().unwrap_or_default());
    }
    let value = serde_json::from_slice(&request.body).unwrap();
    let report = match invocation {
        "1/response" => Ok(value),
        "1/error" => Err(value),
        other => panic!("{other}"),
    };
    reports.send(report).unwrap();
    (202, json!({ "status": "OK" }).to_string().into_bytes())
}

fn read(connection: &TcpStream) -> Option<Request> {
    let mut reader = BufReader::new(connection);
    let mut line = String::new();
    if reader.read_line(&mut line).ok()? == 0 {
        return None;
    }
    let mut headers = HashMap::new();
    loop {
        let mut header = String::new();
        reader.read_line(&mut header).ok()?;
        let Some((name, value)) = header.trim_end().split_once(": ") else {
            break;
        };
        headers.insert(name.to_lowercase(), value.to_owned());
    }
    let length = headers
        .get("content-length")
        .map_or(0, |n| n.parse().unwrap());
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    Some(Request {
        line,
        headers,
        body,
    })
}
