//! The executable, as Lambda runs it.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test ends with a panic"
)]

use std::time::SystemTime;

use runtime_api::{CANARY, Function, complaint, event, full_of_canaries};
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
