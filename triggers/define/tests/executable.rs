//! The executable, as Lambda runs it.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test ends with a panic"
)]

use std::process::Command;

use runtime_api::{Function, event, password_proven};
use serde_json::{Value, json};

const EXECUTABLE: &str = env!("CARGO_BIN_EXE_define-auth-challenge");

#[test]
fn it_leads_through_a_sign_in() {
    let define = Function::start(EXECUTABLE, &[]);
    let mut session = password_proven();
    session.as_array_mut().unwrap().push(json!({
        "challengeName": "CUSTOM_CHALLENGE",
        "challengeResult": true,
        "challengeMetadata": "v1.1790000000.1.0",
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
    let decisions = ["fail", "prove_password", "enter_code", "issue_tokens"];
    assert_eq!(
        lines,
        decisions.map(|decision| json!({ "trigger": "define", "decision": decision }))
    );
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
