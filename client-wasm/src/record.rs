//! What JavaScript gets: plain records, for steps and for errors alike.
//!
//! A record goes over as JSON, by one call, and its text is wiped. Errors have a stable `code`,
//! which the JavaScript part makes a `CognitoError` of; the codes are in `npm/index.d.ts`.

use alloc::string::ToString;
use protocol::{
    CodePrompt, Error, Medium, Misuse, Reason, Request, Tokens,
    json::{self, Member},
};
use wasm_bindgen::prelude::*;

fn record(members: &[(&str, Member<'_>)]) -> JsValue {
    parse(&json::object(members))
}

pub(crate) fn request(request: &Request) -> JsValue {
    record(&[
        ("target", Member::Text(request.target())),
        ("body", Member::Text(request.body())),
        ("once", Member::Truth(!request.is_repeatable())),
    ])
}

pub(crate) fn code(prompt: &CodePrompt) -> JsValue {
    let details = prompt.details();
    let medium = details.medium.map(|medium| match medium {
        Medium::Email => "email",
        Medium::Sms => "sms",
        Medium::Authenticator => "authenticator",
    });
    let wrong = prompt.reason() == Reason::WrongCode;
    record(&[
        ("kind", Member::Text("code")),
        ("medium", text(medium)),
        ("wrong", Member::Truth(wrong)),
        ("sent", Member::Truth(prompt.is_sent())),
        ("sentTo", text(details.destination.as_deref())),
        ("codeLength", number(details.code_length)),
        ("attemptsLeft", number(details.attempts_left)),
        ("expiresIn", number(details.expires_in)),
        ("resendIn", number(details.resend_in)),
    ])
}

pub(crate) fn signed_in(tokens: &Tokens) -> JsValue {
    let new = tokens.new_device();
    let new = new.map(|new| {
        [
            ("deviceKey", &*new.key),
            ("deviceGroupKey", &*new.group_key),
        ]
    });
    let new = new
        .as_ref()
        .map_or(Member::Absent, |pairs| Member::Map(pairs));
    record(&[
        ("kind", Member::Text("signedIn")),
        ("accessToken", Member::Text(tokens.access())),
        ("idToken", Member::Text(tokens.id())),
        ("refreshToken", text(tokens.refresh())),
        ("tokenType", Member::Text(tokens.token_type())),
        ("expiresIn", Member::Number(tokens.expires_in())),
        ("device", Member::Object(&[("newDevice", new)])),
    ])
}

/// A challenge that is for another module.
pub(crate) fn other() -> JsValue {
    record(&[("kind", Member::Text("other"))])
}

pub(crate) fn misuse(misuse: &Misuse) -> JsValue {
    error(misuse.code(), &misuse.to_string())
}

pub(crate) fn ended(ended: &Error) -> JsValue {
    let message = ended.to_string();
    match ended {
        Error::PoolRefused(refusal) => record(&[
            ("code", Member::Text(ended.code())),
            ("message", Member::Text(&message)),
            ("exception", Member::Text(&refusal.exception)),
            ("trigger", text(refusal.trigger.as_deref())),
        ]),
        Error::PoolMisbehaved(_) => error(ended.code(), &message),
    }
}

pub(crate) fn error(code: &str, message: &str) -> JsValue {
    record(&[
        ("code", Member::Text(code)),
        ("message", Member::Text(message)),
    ])
}

fn text(text: Option<&str>) -> Member<'_> {
    text.map_or(Member::Absent, Member::Text)
}

fn number(number: Option<u32>) -> Member<'static> {
    number.map_or(Member::Absent, Member::Number)
}

#[wasm_bindgen]
extern "C" {
    // What was written here is JSON, so it cannot throw.
    #[wasm_bindgen(js_namespace = JSON)]
    fn parse(text: &str) -> JsValue;
}
