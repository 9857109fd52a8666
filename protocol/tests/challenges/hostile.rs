//! Replies that no pool gives.

use proptest::{prelude::*, sample::select};
use protocol::{Beside, Credentials, Device, Error, Flow, Next, Password};
use serde_json::{Value, json};

use crate::{
    pool::DEVICE,
    sign_in::{SESSION, SignIn, challenge},
};

/// Any JSON at all where a challenge or its parameters may be, most of it near what they are.
fn hostile() -> impl Strategy<Value = Value> {
    let text = prop_oneof![
        ".{0,30}".prop_map(Value::from),
        Just(Value::Null),
        Just(Value::from(SESSION)),
        Just(Value::from(r#"["SOFTWARE_TOKEN_MFA","EMAIL_OTP",7,null]"#)),
        Just(Value::from(r#"{"email":"a@b","sub":1}"#)),
        Just(Value::from("[[[[")),
        Just(json!(["PASSWORD_SRP", "PASSWORD", 7])),
        any::<i64>().prop_map(Value::from),
    ];
    let names = [
        "EMAIL_OTP",
        "SOFTWARE_TOKEN_MFA",
        "SELECT_CHALLENGE",
        "SELECT_MFA_TYPE",
        "MFA_SETUP",
        "NEW_PASSWORD_REQUIRED",
        "WEB_AUTHN",
        "PASSWORD",
        "PASSWORD_SRP",
        "PASSWORD_VERIFIER",
        "DEVICE_SRP_AUTH",
        "DEVICE_PASSWORD_VERIFIER",
    ];
    let members = [
        "MFAS_CAN_CHOOSE",
        "MFAS_CAN_SETUP",
        "requiredAttributes",
        "userAttributes",
        "CREDENTIAL_REQUEST_OPTIONS",
        "CODE_DELIVERY_DESTINATION",
        "SALT",
        "SRP_B",
        "SECRET_BLOCK",
        "USER_ID_FOR_SRP",
    ];
    let parameters = proptest::collection::hash_map(select(Vec::from(members)), text.clone(), 0..6);
    let parameters = select(Vec::from(names)).prop_flat_map(move |name| {
        parameters
            .clone()
            .prop_map(move |members| challenge(name, json!(members)))
    });
    let top = select(
        &[
            "Session",
            "AvailableChallenges",
            "SecretCode",
            "Status",
            "x",
        ][..],
    );
    (parameters, top, text).prop_map(|(mut reply, name, value)| {
        reply[name] = value;
        reply
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(2_000) })]

    #[test]
    fn no_challenge_panics(first in hostile(), second in hostile()) {
        let mut sign_in = SignIn::new(Some("Correct-Horse-9"), Flow::Choice(None));
        let next = sign_in.replied(&first);
        let exchange = match next {
            Ok(Next::AskCode(prompt)) => prompt.read_code("123456").ok().map(|code| prompt.submit(&code)),
            Ok(Next::AskNewPassword(prompt)) => prompt.submit("n", &[]).ok(),
            Ok(Next::AskChoice(prompt)) => {
                let option = prompt.options()[0].clone();
                prompt.choose(&option, Beside { email: Some("a@b"), ..Beside::default() }).ok()
            }
            Ok(Next::AskPassword(prompt)) => prompt.submit(Password::new("p")).ok(),
            Ok(Next::AskPasskey(prompt)) => prompt.submit("{}").ok(),
            Ok(Next::OtherChallenge(challenge)) => Some(challenge.answer(&[("ANSWER", "x")])),
            Ok(Next::Send(request, state)) => Some((request, state)),
            Ok(_) | Err(_) => None,
        };
        if let Some(exchange) = exchange {
            let _ = sign_in.answered(exchange, &second);
        }
    }
}

/// The replies to all requests that nobody is asked about.
fn exchanged(mut sign_in: SignIn, reply: &Value) -> Result<Next, Error> {
    for _ in 0..10 {
        match sign_in.replied(reply)? {
            Next::Send(request, state) => sign_in.waiting = Some((request, state)),
            next => return Ok(next),
        }
    }
    panic!("the same question is answered for ever");
}

#[test]
fn a_pool_that_asks_for_the_same_proof_again_and_again_is_not_answered_for_ever() {
    let asked = challenge("PASSWORD_SRP", json!({}));
    let sign_in = SignIn::new(Some("Correct-Horse-9"), Flow::Choice(None));
    assert!(matches!(
        exchanged(sign_in, &asked),
        Err(Error::PoolMisbehaved(bad)) if bad.field == "ChallengeName"
    ));
}

#[test]
fn a_device_that_has_proved_itself_is_not_asked_to_again() {
    let device = Device::new(DEVICE.0, DEVICE.1, DEVICE.2).unwrap();
    let password = Some(Password::new("Correct-Horse-9"));
    let credentials = Credentials::of("user@example.com", password, Flow::UserSrp).unwrap();
    let mut sign_in = SignIn::with(credentials.with_device(device, &[5; 64]));
    sign_in.sent();
    let asked = challenge("DEVICE_SRP_AUTH", json!({}));
    for _ in 0..2 {
        match sign_in.replied(&asked).unwrap() {
            Next::Send(request, state) => sign_in.waiting = Some((request, state)),
            Next::OtherChallenge(challenge) => {
                return assert_eq!(challenge.name, "DEVICE_SRP_AUTH");
            }
            other => panic!("{other:?}"),
        }
        sign_in.sent();
    }
    panic!("the device proves itself for ever");
}
