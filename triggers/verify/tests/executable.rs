//! The executable, as Lambda runs it.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test ends with a panic"
)]

use std::time::SystemTime;

use runtime_api::{Function, complaint, event};
use serde_json::json;

const EXECUTABLE: &str = env!("CARGO_BIN_EXE_verify-auth-challenge-response");
const KEY: &str = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

#[test]
fn it_answers_and_logs_no_more_than_the_decision() {
    let verify = Function::start(EXECUTABLE, &[("CODE_KEY", KEY), ("CODE_LENGTH", "8")]);
    let now = SystemTime::now()
        .duration_since(SystemTime::UNIX_EPOCH)
        .unwrap();
    let challenge = format!("v1.{}.1.0", now.as_secs());
    let request = json!({
        "privateChallengeParameters": { "challenge": challenge },
        "challengeAnswer": "canary",
    });
    let event = event("VerifyAuthChallengeResponse", &request);
    let answer = verify.invoke(event.to_string()).unwrap();
    assert_eq!(answer["response"], json!({ "answerCorrect": false }));
    let refusal = json!({ "errorType": "BAD_EVENT", "errorMessage": "BAD_EVENT" });
    assert_eq!(verify.invoke("{\"userName\":\"canary\"}"), Err(refusal));
    let (stdout, stderr) = verify.stop();
    assert_eq!(
        stdout,
        "{\"decision\":\"wrong\",\"trigger\":\"verify\"}\n\
         {\"error\":\"BAD_EVENT\",\"reason\":\"triggerSource\",\"trigger\":\"verify\"}\n"
    );
    assert_eq!(stderr, "");
}

#[test]
fn it_does_not_start_without_good_settings() {
    for (variables, sentence) in [
        (
            &[][..],
            "CODE_KEY: expected base64 of 32 bytes, found not set",
        ),
        (
            &[("CODE_KEY", "c2hvcnQ=")],
            "CODE_KEY: expected base64 of 32 bytes, found 8 characters that are not",
        ),
        (
            &[("CODE_KEY", KEY)],
            "CODE_LENGTH: expected a number from 8 to 10, or a table in ATTEMPTS_TABLE, found 6",
        ),
        (
            &[("CODE_KEY", KEY), ("ATTEMPTS_TABLE", "attempts")],
            "AWS_ACCESS_KEY_ID: expected a value, found not set",
        ),
        (
            &[("CODE_KEY", KEY), ("CODE_LENGTH", "4")],
            "CODE_LENGTH: expected a number from 6 to 10, found \"4\"",
        ),
    ] {
        assert_eq!(
            complaint(EXECUTABLE, variables),
            format!("verify: {sentence}\n")
        );
    }
}
