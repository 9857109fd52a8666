//! What JavaScript gets at the end of an exchange: plain records.

use crate::prompt::Prompt;
use js_sys::{Array, Object, Reflect};
use protocol::{CodePrompt, Device, Medium, NewDevice, Purpose, Reason, Tokens};
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

/// A question, by what the person has to do.
pub(crate) fn of(prompt: &Prompt) -> JsValue {
    match prompt {
        Prompt::Code(prompt) => code(prompt),
        Prompt::NewPassword(prompt) => record(&[
            ("kind", "newPassword".into()),
            ("requiredAttributes", list(prompt.required())),
            ("attributes", map(prompt.attributes())),
            ("rejected", prompt.rejected().into()),
        ]),
        Prompt::Choice(prompt) => record(&[
            ("kind", "choice".into()),
            (
                "purpose",
                match prompt.purpose() {
                    Purpose::FirstFactor => "firstFactor",
                    Purpose::SecondFactor => "secondFactor",
                    Purpose::SetUp => "setUp",
                }
                .into(),
            ),
            ("options", list(prompt.options())),
        ]),
        Prompt::Password(prompt) => record(&[
            ("kind", "password".into()),
            ("factor", prompt.factor().name().into()),
        ]),
        Prompt::Authenticator(prompt) => record(&[
            ("kind", "authenticator".into()),
            ("wrong", prompt.is_wrong().into()),
            ("secret", prompt.secret().into()),
        ]),
        Prompt::Passkey(prompt) => record(&[
            ("kind", "passkey".into()),
            ("options", prompt.options().into()),
        ]),
        Prompt::Other(challenge) => record(&[
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
            ("parameters", map(&challenge.parameters)),
        ]),
    }
}

fn code(prompt: &CodePrompt) -> JsValue {
    let details = prompt.details();
    let medium = details.medium.map(|medium| match medium {
        Medium::Email => "email",
        Medium::Sms => "sms",
        Medium::Authenticator => "authenticator",
    });
    record(&[
        ("kind", "code".into()),
        ("medium", medium.into()),
        ("wrong", (prompt.reason() == Reason::WrongCode).into()),
        ("sent", prompt.is_sent().into()),
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
        (
            "device",
            record(&[
                ("newDevice", tokens.new_device().map(new_device).into()),
                (
                    "deviceForgotten",
                    tokens.is_device_forgotten().then_some(true).into(),
                ),
            ]),
        ),
    ])
}

fn new_device(new: &NewDevice) -> JsValue {
    record(&[
        ("deviceKey", new.key.as_str().into()),
        ("deviceGroupKey", new.group_key.as_str().into()),
    ])
}

pub(crate) fn device(device: &Device) -> JsValue {
    record(&[
        ("deviceKey", device.key().into()),
        ("deviceGroupKey", device.group_key().into()),
        ("devicePassword", device.password().into()),
    ])
}

fn list(texts: &[String]) -> JsValue {
    texts
        .iter()
        .map(|text| JsValue::from_str(text))
        .collect::<Array>()
        .into()
}

fn map(pairs: &[(String, String)]) -> JsValue {
    let members: Vec<(&str, JsValue)> = pairs
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str().into()))
        .collect();
    record(&members)
}
