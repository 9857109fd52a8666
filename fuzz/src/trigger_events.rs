//! What Cognito sends to the triggers, and what is read of their answers.

use std::{
    collections::BTreeMap,
    pin::pin,
    task::{Context, Poll, Waker},
};

use rules::{Answer, CodeSettings, Mail, MailSettings};
use serde_json::{Value, value::RawValue};

/// When it all happens, in Unix seconds.
pub const NOW: u64 = 1_790_000_000;
/// What Cognito calls the user of events.
pub const SUB: &str = "3f1c2e7a-8a1b-4f3e-9d0c-1b2a3c4d5e6f";
/// Seconds that a code is valid.
pub const TTL: u64 = 180;

/// The settings with codes of ten digits, which no other number shows by chance.
pub fn settings() -> (CodeSettings, MailSettings) {
    let variable = |name: &str| {
        let value = match name {
            "CODE_KEY" => "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=",
            "EMAIL_SENDER" => "noreply@example.com",
            "APP_NAME" => "Example",
            "ATTEMPTS_TABLE" => "attempts",
            "CODE_LENGTH" => "10",
            _ => return None,
        };
        Some(value.to_owned())
    };
    (
        CodeSettings::read(variable).unwrap(),
        MailSettings::read(variable).unwrap(),
    )
}

/// The result of a future that waits for nothing, as with a store in memory.
pub fn now<T>(future: impl Future<Output = T>) -> T {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(value) => value,
        Poll::Pending => panic!("a store in memory waits for nothing"),
    }
}

/// An event; `request` is the inside of its object.
pub fn event(trigger: &str, user: &str, request: &str) -> Box<RawValue> {
    let text = format!(
        r#"{{"version":"1","region":"us-east-1","userPoolId":"us-east-1_Example1","userName":"{user}","callerContext":{{"awsSdkVersion":"aws-sdk-unknown-unknown","clientId":"exampleclient"}},"triggerSource":"{trigger}_Authentication","request":{{"userAttributes":{{"sub":"{user}","cognito:user_status":"CONFIRMED","email_verified":"true","email":"user@example.com"}},"userNotFound":false,{request}}},"response":null}}"#
    );
    RawValue::from_string(text).unwrap()
}

/// The response that a trigger filled in.
pub fn response(answer: &Answer) -> Value {
    // The rest may hold numbers or depths that no `Value` does.
    let event: BTreeMap<String, &RawValue> =
        serde_json::from_str(answer.event.get()).expect("an answer is JSON");
    serde_json::from_str(event["response"].get()).unwrap()
}

/// The digits that a mail carries.
pub fn code_in(mail: &Mail) -> String {
    let line = mail.text.lines().find(|line| line.starts_with("    "));
    line.expect("a mail has a code").trim().to_owned()
}
