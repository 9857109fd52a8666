//! Replies that no pool gives.

use proptest::{prelude::*, sample::select};
use protocol::{Beside, Flow, Next, Password};
use serde_json::{Value, json};

use crate::sign_in::{SESSION, SignIn, challenge};

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
