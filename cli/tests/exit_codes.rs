//! What scripts see: exit codes, and nothing on standard output but what was asked for.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "helpers of tests may panic"
)]

use std::{
    fs::File,
    io::{self, Read, Write},
    net::{Ipv4Addr, SocketAddr, TcpListener},
    process::{Command, Output, Stdio},
    thread,
};

const POOL: [&str; 6] = [
    "--pool-id",
    "us-east-1_A",
    "--client-id",
    "c",
    "--username",
    "user@example.com",
];

/// Runs the program with what is typed on its standard input.
fn cli(arguments: &[&str], typed: &str) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_cli"))
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // A program that has ended already reads nothing.
    let _ = child.stdin.take().unwrap().write_all(typed.as_bytes());
    child.wait_with_output().unwrap()
}

fn sign_in_at(endpoint: SocketAddr) -> Output {
    let url = format!("http://{endpoint}/");
    cli(
        &[
            &POOL[..],
            &["--password-stdin", "--json", "--endpoint", &url],
        ]
        .concat(),
        "Canary-7\n",
    )
}

/// A server that gives one reply, whatever it is asked.
fn server(reply: &'static str) -> SocketAddr {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let address = listener.local_addr().unwrap();
    thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut request = Vec::new();
        let mut buffer = [0; 4096];
        // The body is JSON without a nested object at its end but AuthParameters.
        while !request.ends_with(b"}}") {
            let length = stream.read(&mut buffer).unwrap();
            assert!(length > 0, "the request broke off");
            request.extend_from_slice(&buffer[..length]);
        }
        stream.write_all(reply.as_bytes()).unwrap();
    });
    address
}

fn assert_ended(output: &Output, code: i32, said: &str) {
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(code), "{stderr}");
    assert!(stderr.contains(said), "{stderr}");
    assert!(!stderr.contains("Canary-7"), "{stderr}");
    assert_eq!(String::from_utf8_lossy(&output.stdout), "");
}

#[test]
fn help_is_an_answer_and_not_an_error() {
    let output = cli(&["--help"], "");
    assert_eq!(output.status.code(), Some(0));
    assert!(String::from_utf8_lossy(&output.stdout).contains("exit codes:"));
}

#[test]
fn a_wrong_command_line_is_2() {
    assert_ended(&cli(&[], ""), 2, "--pool-id: missing");
    let url = [
        &POOL[..],
        &["--password-stdin", "--endpoint", "http://example.com/"],
    ]
    .concat();
    assert_ended(&cli(&url, "Canary-7\n"), 2, "--endpoint: expected");
    let nothing_typed = [&POOL[..], &["--password-stdin"]].concat();
    assert_ended(
        &cli(&nothing_typed, ""),
        2,
        "--password-stdin: standard input is empty",
    );
    assert_ended(&cli(&nothing_typed, "\n"), 2, "password: expected");
}

#[test]
fn a_refusal_is_1() {
    let refused = "HTTP/1.1 400 Bad Request\r\ncontent-type: application/x-amz-json-1.1\r\n\
        content-length: 83\r\nconnection: close\r\n\r\n\
        {\"__type\":\"NotAuthorizedException\",\"message\":\"Incorrect username or password.\"}    ";
    assert_ended(&sign_in_at(server(refused)), 1, "Authentication failed.");
}

#[test]
fn a_pool_in_trouble_is_3() {
    let closed = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))
        .unwrap()
        .local_addr()
        .unwrap();
    assert_ended(&sign_in_at(closed), 3, "does not answer");
    for (reply, said) in [
        (
            "HTTP/1.1 503 Busy\r\ncontent-length: 0\r\n\r\n",
            "Authentication was not possible.",
        ),
        (
            "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}",
            "ChallengeName",
        ),
        ("HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\nnull", "body"),
        (
            "HTTP/1.1 200 OK\r\ncontent-length: 500\r\n\r\n{",
            "does not answer",
        ),
        (
            "HTTP/1.1 200 OK\r\ncontent-length: 9999999\r\n\r\n{",
            "does not answer",
        ),
        (
            "HTTP/1.1 307 Away\r\nlocation: /\r\ncontent-length: 0\r\n\r\n",
            "not possible",
        ),
        ("nonsense\r\n\r\n", "does not answer"),
        ("", "does not answer"),
    ] {
        assert_ended(&sign_in_at(server(reply)), 3, said);
    }
}

#[test]
fn standard_output_that_cannot_be_written_is_4() {
    let (reader, closed) = io::pipe().unwrap();
    drop(reader);
    let full = File::options().write(true).open("/dev/full").unwrap();
    for (stdout, said) in [(Stdio::from(closed), "pipe"), (full.into(), "space")] {
        let mut help = Command::new(env!("CARGO_BIN_EXE_cli"));
        let output = help.arg("--help").stdout(stdout).stderr(Stdio::piped());
        let output = output.spawn().unwrap().wait_with_output().unwrap();
        assert_ended(&output, 4, said);
    }
}

#[test]
fn a_failure_that_nobody_can_be_told_keeps_its_code() {
    let full = File::options().write(true).open("/dev/full").unwrap();
    let status = Command::new(env!("CARGO_BIN_EXE_cli"))
        .stderr(full)
        .status();
    assert_eq!(status.unwrap().code(), Some(2));
}
