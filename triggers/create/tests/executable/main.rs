//! The executable, as Lambda runs it, with an SES of its own.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test ends with a panic"
)]

mod mails;
mod opening;
mod ses_trouble;
mod table;

use std::{
    collections::VecDeque,
    sync::mpsc::{self, Receiver},
};

use runtime_api::{Function, Request, complaint, event, password_proven, serve};
use serde_json::{Value, json};

const EXECUTABLE: &str = env!("CARGO_BIN_EXE_create-auth-challenge");
const KEY: &str = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
/// All that is needed without a table of attempts.
const COMPLETE: [(&str, &str); 7] = [
    ("CODE_KEY", KEY),
    ("CODE_LENGTH", "8"),
    ("EMAIL_SENDER", "noreply@example.com"),
    ("AWS_REGION", "us-east-1"),
    ("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE"),
    ("AWS_SECRET_ACCESS_KEY", "canary-secret"),
    ("AWS_SESSION_TOKEN", "canary-token"),
];

/// An SES that gives these answers, one after the other, and the last one from then on.
fn ses(answers: &[(u16, &str)]) -> (String, Receiver<Request>) {
    let (taken, requests) = mpsc::channel();
    let own = |&(status, body): &(u16, &str)| (status, body.as_bytes().to_vec());
    let mut answers: VecDeque<_> = answers.iter().map(own).collect();
    let address = serve(move |request| {
        taken.send(request).unwrap_or_default();
        if answers.len() > 1 {
            answers.pop_front().unwrap()
        } else {
            answers[0].clone()
        }
    });
    (format!("http://{address}"), requests)
}

fn start(endpoint: &str, more: &[(&str, &str)]) -> Function {
    let endpoint = [
        ("AWS_ENDPOINT_URL_SESV2", endpoint),
        ("AWS_ENDPOINT_URL", "http://127.0.0.1:9"),
    ];
    Function::start(EXECUTABLE, &[&COMPLETE[..], &endpoint, more].concat())
}

fn first_challenge() -> Value {
    let request = json!({ "session": password_proven(), "challengeName": "CUSTOM_CHALLENGE" });
    event("CreateAuthChallenge", &request)
}

fn mail_not_sent() -> Value {
    json!({ "errorType": "MAIL_NOT_SENT", "errorMessage": "MAIL_NOT_SENT" })
}

/// The digits that a mail carries.
fn code_in(mail: &Request) -> String {
    let mail: Value = serde_json::from_slice(&mail.body).unwrap();
    let text = mail["Content"]["Simple"]["Body"]["Text"]["Data"].as_str();
    let code = text
        .unwrap()
        .lines()
        .find_map(|line| line.strip_prefix("    "));
    code.unwrap().to_owned()
}

#[test]
fn it_does_not_start_without_good_settings() {
    for (name, value, sentence) in [
        (
            "CODE_LENGTH",
            Some("6"),
            "CODE_LENGTH: expected a number from 8 to 10, or a table in ATTEMPTS_TABLE, found \"6\"",
        ),
        (
            "CODE_KEY",
            None,
            "CODE_KEY: expected [<id>:]<key>, an id of 1 to 8 of a-z0-9, a key of 43 to 128 of \
             A-Za-z0-9+/=_-, and commas between several of different ids, found not set",
        ),
        (
            "EMAIL_SENDER",
            Some("a@b,c@d"),
            "EMAIL_SENDER: expected one address, found \"a@b,c@d\"",
        ),
        (
            "DEFAULT_LOCALE",
            Some("tr"),
            "DEFAULT_LOCALE: expected one of en, de, fr, es, ja, pt, found \"tr\"",
        ),
        (
            "AWS_REGION",
            Some(""),
            "AWS_REGION: expected a value, found not set",
        ),
        (
            "AWS_ACCESS_KEY_ID",
            None,
            "AWS_ACCESS_KEY_ID: expected a value, found not set",
        ),
        (
            "AWS_ENDPOINT_URL_SESV2",
            Some("localhost"),
            "AWS_ENDPOINT_URL_SESV2: expected an http(s) address, found \"localhost\"",
        ),
    ] {
        let others = COMPLETE.into_iter().filter(|(other, _)| *other != name);
        let variables: Vec<_> = others.chain(value.map(|value| (name, value))).collect();
        assert_eq!(
            complaint(EXECUTABLE, &variables),
            format!("create: {sentence}\n")
        );
    }
}
