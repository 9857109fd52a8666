//! The executable, as Lambda runs it.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test ends with a panic"
)]

use std::{
    net::TcpListener,
    sync::mpsc,
    time::{Duration, Instant, SystemTime},
};

use runtime_api::{CANARY, Function, Response, complaint, event, full_of_canaries, listen};
use serde_json::{Value, json};

const EXECUTABLE: &str = env!("CARGO_BIN_EXE_verify-auth-challenge-response");
const KEY: &str = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

#[test]
fn it_answers_and_logs_no_more_than_the_decision() {
    let verify = Function::start(EXECUTABLE, &[("CODE_KEY", KEY), ("CODE_LENGTH", "8")]);
    let now = SystemTime::now()
        .duration_since(SystemTime::UNIX_EPOCH)
        .unwrap();
    let challenge = format!("v1.1.{}.1.0", now.as_secs());
    let request = json!({
        "privateChallengeParameters": { "challenge": challenge },
        "challengeAnswer": CANARY,
    });
    let event = full_of_canaries(event("VerifyAuthChallengeResponse", &request));
    let answer = verify.invoke(event.to_string()).unwrap();
    assert_eq!(answer["response"], json!({ "answerCorrect": false }));
    let refusal = json!({ "errorType": "BAD_EVENT", "errorMessage": "BAD_EVENT" });
    assert_eq!(verify.invoke("{\"userName\":\"canary\"}"), Err(refusal));
    let (stdout, stderr) = verify.stop();
    let lines: Vec<Value> = stdout
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(lines[0]["decision"], "wrong");
    assert_eq!(lines[0]["AnswersWrong"], 1);
    assert_eq!(lines[0]["user"].as_str().map(str::len), Some(64));
    assert_eq!(lines[1]["error"], "BAD_EVENT");
    assert_eq!(lines[1]["reason"], "triggerSource");
    assert_eq!(lines[1]["requestId"], "2");
    assert_eq!(lines[1]["user"], json!(null));
    assert_eq!(lines.len(), 2);
    assert!(!stdout.contains(CANARY), "{stdout}");
    assert_eq!(stderr, "");
}

/// With a table at this address.
fn start(table: &str) -> Function {
    let variables = [
        ("CODE_KEY", KEY),
        ("ATTEMPTS_TABLE", "attempts"),
        ("AWS_REGION", "us-east-1"),
        ("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE"),
        ("AWS_SECRET_ACCESS_KEY", "secret"),
        ("AWS_ENDPOINT_URL_DYNAMODB", table),
    ];
    Function::start(EXECUTABLE, &variables)
}

/// An answer to a challenge that a table is asked about.
fn answered() -> String {
    let now = SystemTime::now()
        .duration_since(SystemTime::UNIX_EPOCH)
        .unwrap();
    let nonce = "00".repeat(16);
    let challenge = format!("v1.1.{}.1.0.{nonce}", now.as_secs());
    let request = json!({
        "privateChallengeParameters": { "challenge": challenge },
        "challengeAnswer": "123456",
    });
    event("VerifyAuthChallengeResponse", &request).to_string()
}

#[test]
fn the_first_event_finds_an_open_connection() {
    let ((connected, connections), (taken, requests)) = (mpsc::channel(), mpsc::channel());
    let count = move |connection| {
        connected.send(()).unwrap_or_default();
        connection
    };
    let address = listen(count, move |request| {
        taken.send(request).unwrap_or_default();
        Response::json(200, "{}")
    });
    let verify = start(&format!("http://{address}"));
    let opening = requests.recv_timeout(Duration::from_secs(5)).unwrap();
    assert_eq!(opening.line, "GET / HTTP/1.1\r\n");
    let names: Vec<_> = opening.headers.keys().collect();
    assert_eq!(names, ["host"], "nothing is signed");
    verify.invoke(answered()).unwrap();
    assert!(requests.try_iter().count() > 0);
    assert_eq!(connections.try_iter().count(), 1);
    assert_eq!(verify.stop().1, "");
}

#[test]
fn a_silent_table_delays_a_start_by_no_more_than_300_ms() {
    let table = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = table.local_addr().unwrap();
    for scheme in ["http", "https"] {
        let started = Instant::now();
        let verify = start(&format!("{scheme}://{address}"));
        // An event that needs no table.
        verify.invoke("null").unwrap_err();
        let elapsed = started.elapsed().as_millis();
        assert!((300..500).contains(&elapsed), "{scheme}: {elapsed} ms");
        verify.invoke(answered()).unwrap();
        let log = verify.stop().0;
        let last: Value = serde_json::from_str(log.lines().last().unwrap()).unwrap();
        assert_eq!(last["decision"], "store_unavailable", "{log}");
    }
}

fn bad_key(found: &str) -> String {
    format!(
        "CODE_KEY: expected [<id>:]<key>, an id of 1 to 8 of a-z0-9, a key of 43 to 128 of \
         A-Za-z0-9+/=_-, and commas between several of different ids, found {found}"
    )
}

#[test]
fn it_does_not_start_without_good_settings() {
    for (variables, sentence) in [
        (&[][..], bad_key("not set").as_str()),
        (
            &[("CODE_KEY", "c2hvcnQ=")],
            bad_key("8 characters that are not").as_str(),
        ),
        (
            &[("CODE_KEY", KEY), ("CODE_LENGTH", "6")],
            "CODE_LENGTH: expected a number from 8 to 10, or a table in ATTEMPTS_TABLE, found \"6\"",
        ),
        (
            &[("CODE_KEY", KEY), ("ATTEMPTS_TABLE", "attempts")],
            "AWS_ACCESS_KEY_ID: expected a value, found not set",
        ),
        (
            &[
                ("CODE_KEY", KEY),
                ("ATTEMPTS_TABLE", "attempts"),
                ("CODE_LENGTH", "4"),
            ],
            "CODE_LENGTH: expected a number from 6 to 10, found \"4\"",
        ),
    ] {
        assert_eq!(
            complaint(EXECUTABLE, variables),
            format!("verify: {sentence}\n")
        );
    }
}
