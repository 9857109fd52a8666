//! What JavaScript gets at the end of an exchange: plain records.

use js_sys::{Object, Reflect};
use protocol::{Challenge, CodePrompt, Reason, Tokens};
use wasm_bindgen::JsValue;

/// An object with these members; those that are undefined are left out.
pub(crate) fn record(members: &[(&str, JsValue)]) -> JsValue {
    let object = Object::new();
    for (name, value) in members.iter().filter(|(_, value)| !value.is_undefined()) {
        // Setting a member of a fresh plain object cannot fail.
        let _ = Reflect::set(&object, &(*name).into(), value);
    }
    object.into()
}

pub(crate) fn code(prompt: &CodePrompt) -> JsValue {
    let reason = prompt.reason();
    let details = prompt.details();
    record(&[
        ("kind", "code".into()),
        ("wrong", (reason == Reason::WrongCode).into()),
        (
            "sent",
            matches!(reason, Reason::FirstCode | Reason::NewCode).into(),
        ),
        ("sentTo", details.destination.as_deref().into()),
        ("codeLength", details.code_length.into()),
        ("attemptsLeft", details.attempts_left.into()),
        ("expiresIn", details.expires_in.into()),
        ("resendIn", details.resend_in.into()),
    ])
}

pub(crate) fn signed_in(tokens: &Tokens) -> JsValue {
    record(&[
        ("kind", "signedIn".into()),
        ("accessToken", tokens.access().into()),
        ("idToken", tokens.id().into()),
        ("refreshToken", tokens.refresh().into()),
        ("tokenType", tokens.token_type().into()),
        ("expiresIn", tokens.expires_in().into()),
    ])
}

pub(crate) fn challenge(challenge: &Challenge) -> JsValue {
    let parameters: Vec<(&str, JsValue)> = challenge
        .parameters
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str().into()))
        .collect();
    record(&[
        ("kind", "challenge".into()),
        ("name", challenge.name.as_str().into()),
        (
            "session",
            challenge
                .session
                .as_ref()
                .map(|session| session.as_str())
                .into(),
        ),
        ("parameters", record(&parameters)),
    ])
}
