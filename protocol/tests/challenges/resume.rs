//! A page that was reloaded while a question was open.

use proptest::{prelude::*, sample::select};
use protocol::{Credentials, Flow, Misuse, Next, Pool, Reason, resume};
use serde_json::{Value, json};

use crate::{
    pool::{DEVICE, USER_ID, tokens},
    sign_in::{SESSION, SignIn, challenge, is_signed_in},
};

fn again(username: &str, asked: &Value, reason: Reason) -> Result<Next, Misuse> {
    let pool = Pool::new("us-east-1_Example1", "exampleclient").unwrap();
    let credentials = Credentials::of(username, None, Flow::Choice(None))?;
    resume(
        &pool,
        credentials.with_client_metadata("locale", "fr")?,
        asked,
        reason,
    )
}

#[test]
fn a_code_is_asked_for_again_and_its_answer_is_the_one_that_would_have_been_sent() {
    let parameters = json!({ "CODE_LENGTH": "6", "ATTEMPTS_LEFT": "2", "RESEND_IN": "30" });
    for (name, field) in [
        ("CUSTOM_CHALLENGE", "ANSWER"),
        ("EMAIL_OTP", "EMAIL_OTP_CODE"),
        ("SMS_OTP", "SMS_OTP_CODE"),
        ("SMS_MFA", "SMS_MFA_CODE"),
        ("SOFTWARE_TOKEN_MFA", "SOFTWARE_TOKEN_MFA_CODE"),
    ] {
        let asked = challenge(name, parameters.clone());
        let (mut sign_in, next) = SignIn::after_password(&asked);
        let Next::AskCode(before) = next else {
            panic!("{name}: {next:?}")
        };
        let Next::AskCode(after) = again(before.username(), &asked, before.reason()).unwrap()
        else {
            panic!("{name}")
        };
        assert_eq!(after.username(), USER_ID);
        assert_eq!(
            (after.challenge(), after.reason(), after.details()),
            (before.challenge(), before.reason(), before.details())
        );
        let code = after.read_code("123 456").unwrap();
        assert!(is_signed_in(
            sign_in.answered(after.submit(&code), &tokens())
        ));
        let body = sign_in.last();
        assert_eq!(
            (
                &body["ChallengeName"],
                &body["Session"],
                &body["ClientMetadata"]
            ),
            (&json!(name), &json!(SESSION), &json!({ "locale": "fr" }))
        );
        let responses = json!({ "USERNAME": USER_ID, field: "123456" });
        assert_eq!(body["ChallengeResponses"], responses);
    }
}

#[test]
fn why_a_code_is_asked_for_is_not_forgotten() {
    let asked = challenge("CUSTOM_CHALLENGE", json!({}));
    for reason in [Reason::FirstCode, Reason::WrongCode, Reason::NoNewCode] {
        match again(USER_ID, &asked, reason).unwrap() {
            Next::AskCode(prompt) => assert_eq!(prompt.reason(), reason),
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn a_new_code_can_be_asked_for_where_it_could_before() {
    for (parameters, may) in [(json!({ "RESEND_IN": "0" }), true), (json!({}), false)] {
        let asked = challenge("CUSTOM_CHALLENGE", parameters);
        let Next::AskCode(prompt) = again(USER_ID, &asked, Reason::FirstCode).unwrap() else {
            panic!()
        };
        let sent = prompt.resend();
        assert_eq!(sent.is_ok(), may);
        if let Ok((request, _)) = sent {
            let body: Value = serde_json::from_str(request.body()).unwrap();
            assert_eq!(
                body["ClientMetadata"],
                json!({ "locale": "fr", "action": "resend" })
            );
        }
    }
}

#[test]
fn other_questions_are_asked_again_too() {
    let new_password = challenge(
        "NEW_PASSWORD_REQUIRED",
        json!({ "requiredAttributes": r#"["userAttributes.name"]"# }),
    );
    match again(USER_ID, &new_password, Reason::FirstCode).unwrap() {
        Next::AskNewPassword(prompt) => {
            assert_eq!(
                (prompt.required(), prompt.username()),
                (&["name".to_owned()][..], USER_ID)
            );
        }
        other => panic!("{other:?}"),
    }
    let passkey = challenge("WEB_AUTHN", json!({ "CREDENTIAL_REQUEST_OPTIONS": "{}" }));
    match again(USER_ID, &passkey, Reason::FirstCode).unwrap() {
        Next::AskPasskey(prompt) => {
            assert_eq!((prompt.options(), prompt.username()), ("{}", USER_ID))
        }
        other => panic!("{other:?}"),
    }
    match again(
        USER_ID,
        &challenge("NEXT_YEARS", json!({})),
        Reason::FirstCode,
    )
    .unwrap()
    {
        Next::OtherChallenge(challenge) => assert_eq!(challenge.username(), USER_ID),
        other => panic!("{other:?}"),
    }
}

#[test]
fn what_was_altered_is_refused_by_its_name() {
    let good = challenge("CUSTOM_CHALLENGE", json!({}));
    let with = |name: &str, value: Value| {
        let mut altered = good.clone();
        altered[name] = value;
        altered
    };
    for (username, asked, field) in [
        ("", good.clone(), "username"),
        ("a\0b", good.clone(), "username"),
        (USER_ID, with("Session", Value::Null), "Session"),
        (USER_ID, with("Session", "short".into()), "Session"),
        (USER_ID, with("Session", "s".repeat(4097).into()), "Session"),
        (
            USER_ID,
            challenge("WEB_AUTHN", json!({ "CREDENTIAL_REQUEST_OPTIONS": "{" })),
            "CREDENTIAL_REQUEST_OPTIONS",
        ),
    ] {
        let misuse = again(username, &asked, Reason::FirstCode).unwrap_err();
        assert_eq!(misuse.field, field, "{asked}");
    }
}

/// Whoever alters what was kept gets neither a password sent nor a request made.
#[test]
fn no_request_and_no_password_follow_from_what_was_kept() {
    let pool = Pool::new("us-east-1_Example1", "exampleclient").unwrap();
    for name in [
        "DEVICE_SRP_AUTH",
        "PASSWORD_VERIFIER",
        "PASSWORD",
        "PASSWORD_SRP",
    ] {
        let device = protocol::Device::new(DEVICE.0, DEVICE.1, DEVICE.2).unwrap();
        let credentials = Credentials::of(USER_ID, None, Flow::Choice(None)).unwrap();
        let credentials = credentials.with_device(device, &[5; 64]);
        let asked = challenge(name, json!({}));
        match resume(&pool, credentials, &asked, Reason::FirstCode) {
            Err(misuse) => assert_eq!((misuse.field, name), ("challengeName", "DEVICE_SRP_AUTH")),
            Ok(Next::OtherChallenge(challenge)) => assert_eq!(challenge.name, name),
            Ok(other) => panic!("{name}: {other:?}"),
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(2_000) })]

    #[test]
    fn nothing_that_was_kept_panics(
        username in ".{0,140}",
        name in select(&["CUSTOM_CHALLENGE", "EMAIL_OTP", "WEB_AUTHN", "NEW_PASSWORD_REQUIRED", "MFA_SETUP", "DEVICE_SRP_AUTH", ""][..]),
        session in ".{0,40}",
        parameters in proptest::collection::hash_map(".{0,20}", ".{0,40}", 0..5),
    ) {
        let asked = json!({ "ChallengeName": name, "Session": session, "ChallengeParameters": parameters });
        if let Ok(Next::AskCode(prompt)) = again(&username, &asked, Reason::FirstCode)
            && let Ok(code) = prompt.read_code("123456")
        {
            prompt.submit(&code);
        }
    }
}
