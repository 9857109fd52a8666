//! One answer to a code, for a counter of instructions: `answers HOW ANSWER`.
//!
//! `ANSWER` says of each digit whether it is right: `..........` is the code, `x.........` is wrong
//! in its first digit, `....` is its beginning. `HOW` is `valid`, `expired`, or `plain`, where no
//! trigger is asked: the digits are compared until two differ.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a tool for tests ends with a panic"
)]

use rules::{CodeSettings, MailSettings, MemoryStore};
use serde_json::{Value, json, value::RawValue};
use std::{
    env,
    hint::black_box,
    pin::pin,
    task::{Context, Poll, Waker},
};

/// No table remembers anything, so that no table's time is measured.
const STORE: Option<&MemoryStore> = None;
const NOW: u64 = 1_790_000_000;
const TTL: u64 = 180;

fn main() {
    let mut arguments = env::args().skip(1);
    let (how, places) = (arguments.next().unwrap(), arguments.next().unwrap());
    let codes = CodeSettings::read(variable).unwrap();
    let (code, record) = mailed(&codes);
    let typed = typed(&code, &places);
    let mut request = request();
    request["challengeAnswer"] = json!(typed);
    request["privateChallengeParameters"] = json!({ "challenge": record });
    let event = event("VerifyAuthChallengeResponse", &request);
    let now = match how.as_str() {
        "valid" => NOW,
        "expired" => NOW + TTL + 1,
        "plain" => return assert_eq!(measured(|| plain(&code, &typed)), code == typed),
        _ => unimplemented!("an answer is valid, expired or plain"),
    };
    let answer = measured(|| ready(rules::verify(&event, &codes, STORE, now)).unwrap());
    let event: Value = serde_json::from_str(answer.event.get()).unwrap();
    let expected = how == "valid" && code == typed;
    assert_eq!(event["response"]["answerCorrect"], expected);
}

/// What happens in here is counted.
#[inline(never)]
fn measured<T>(work: impl Fn() -> T) -> T {
    black_box(black_box(work)())
}

#[inline(never)]
fn plain(code: &str, typed: &str) -> bool {
    black_box(code).bytes().eq(black_box(typed).bytes())
}

fn typed(code: &str, places: &str) -> String {
    let digits = code.bytes().chain([b'0'].into_iter().cycle());
    let digit = |(place, digit): (u8, u8)| match place {
        b'.' => char::from(digit),
        _ => char::from(b'0' + (digit - b'0' + 1) % 10),
    };
    places.bytes().zip(digits).map(digit).collect()
}

/// The code that a mail brings, and what the challenge remembers of it.
fn mailed(codes: &CodeSettings) -> (String, Value) {
    let mut request = request();
    request["challengeName"] = json!("CUSTOM_CHALLENGE");
    let event = event("CreateAuthChallenge", &request);
    let mails = MailSettings::read(variable).unwrap();
    let created = ready(rules::create(&event, codes, &mails, STORE, NOW, [7; 16])).unwrap();
    let text = created.mail.unwrap().text;
    let code = text.lines().find_map(|line| line.strip_prefix("    "));
    let answer: Value = serde_json::from_str(created.answer.event.get()).unwrap();
    let record = &answer["response"]["challengeMetadata"];
    (code.unwrap().trim().to_owned(), record.clone())
}

fn variable(name: &str) -> Option<String> {
    let value = match name {
        "CODE_KEY" => "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=",
        "CODE_LENGTH" => "10",
        "EMAIL_SENDER" => "noreply@example.com",
        "APP_NAME" => "Example",
        _ => return None,
    };
    Some(value.to_owned())
}

fn request() -> Value {
    let passed = |name| json!({ "challengeName": name, "challengeResult": true });
    json!({
        "userAttributes": { "sub": "user", "email_verified": "true", "email": "user@example.com" },
        "session": [passed("SRP_A"), passed("PASSWORD_VERIFIER")],
    })
}

fn event(trigger: &str, request: &Value) -> Box<RawValue> {
    let event = json!({
        "version": "1",
        "userPoolId": "us-east-1_Example1",
        "userName": "user",
        "callerContext": { "clientId": "exampleclient" },
        "triggerSource": format!("{trigger}_Authentication"),
        "request": request,
        "response": {},
    });
    RawValue::from_string(event.to_string()).unwrap()
}

/// The result of a future that waits for nothing.
fn ready<T>(future: impl Future<Output = T>) -> T {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(value) => value,
        Poll::Pending => unimplemented!("without a store, nothing is waited for"),
    }
}
