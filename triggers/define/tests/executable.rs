//! The executable, as Lambda runs it.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test ends with a panic"
)]

use std::process::Command;

use runtime_api::{CANARY, Function, event, full_of_canaries, password_proven};
use serde_json::{Value, json};

const EXECUTABLE: &str = env!("CARGO_BIN_EXE_define-auth-challenge");
/// By `printf us-east-1_Example1/3f1c2e7a-8a1b-4f3e-9d0c-1b2a3c4d5e6f | sha256sum`.
const USER: &str = "eb5f651fcbb32f3e229356d912aceb5f14f07b6dad3fc46fd73b1ba310d116f3";

#[test]
fn it_leads_through_a_sign_in() {
    let define = Function::start(EXECUTABLE, &[]);
    let mut session = password_proven();
    session.as_array_mut().unwrap().push(json!({
        "challengeName": "CUSTOM_CHALLENGE",
        "challengeResult": true,
        "challengeMetadata": "v1.1.1790000000.1.0",
    }));
    let response = |length: usize| {
        let session = &session.as_array().unwrap()[..length];
        let event = event("DefineAuthChallenge", &json!({ "session": session }));
        let mut answer = define.invoke(event.to_string()).unwrap();
        let response = answer["response"].take();
        assert_eq!(answer, event);
        response
    };
    let asks =
        |name| json!({ "challengeName": name, "issueTokens": false, "failAuthentication": false });
    assert_eq!(
        response(0),
        json!({ "issueTokens": false, "failAuthentication": true })
    );
    assert_eq!(response(1), asks("PASSWORD_VERIFIER"));
    assert_eq!(response(2), asks("CUSTOM_CHALLENGE"));
    assert_eq!(
        response(3),
        json!({ "issueTokens": true, "failAuthentication": false })
    );
    let (stdout, stderr) = define.stop();
    let lines: Vec<Value> = stdout
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let line = |request_id: usize, decision| {
        json!({
            "trigger": "define",
            "requestId": request_id.to_string(),
            "user": USER,
            "decision": decision,
        })
    };
    assert_eq!(
        lines,
        [
            line(1, "fail"),
            line(2, "prove_password"),
            line(3, "enter_code"),
            line(4, "issue_tokens"),
        ]
    );
    assert_eq!(stderr, "");
}

#[test]
fn nothing_of_an_event_is_in_the_log() {
    let define = Function::start(EXECUTABLE, &[]);
    let session = json!({ "session": password_proven() });
    let event = full_of_canaries(event("DefineAuthChallenge", &session));
    let answer = define.invoke(event.to_string()).unwrap();
    assert_eq!(answer["response"]["challengeName"], "CUSTOM_CHALLENGE");
    define
        .invoke(json!({ CANARY: CANARY }).to_string())
        .unwrap_err();
    define.invoke(CANARY).unwrap_err();
    let (stdout, stderr) = define.stop();
    assert_eq!(stdout.lines().count(), 3, "{stdout}");
    assert!(!stdout.contains(CANARY), "{stdout}");
    assert_eq!(stderr, "");
}

#[test]
fn what_is_no_event_is_answered_too_and_the_process_lives_on() {
    let define = Function::start(EXECUTABLE, &[]);
    let refusal = json!({ "errorType": "BAD_EVENT", "errorMessage": "BAD_EVENT" });
    for body in [
        &b""[..],
        b"{",
        b"null",
        b"{}",
        b"\"\xff\"",
        b"\xef\xbb\xbf{}",
        b"{} {}",
    ] {
        assert_eq!(define.invoke(body), Err(refusal.clone()), "{body:?}");
    }
    let event = event(
        "DefineAuthChallenge",
        &json!({ "session": password_proven() }),
    );
    assert_eq!(
        define.invoke(event.to_string()).unwrap()["response"]["challengeName"],
        "CUSTOM_CHALLENGE"
    );
}

#[test]
fn outside_of_lambda_it_says_so() {
    let output = Command::new(EXECUTABLE).env_clear().output().unwrap();
    let sentence = "define: AWS_LAMBDA_RUNTIME_API: not set, so this is not AWS Lambda\n";
    assert_eq!(String::from_utf8(output.stderr).unwrap(), sentence);
    assert_eq!(output.status.code(), Some(1));
}
