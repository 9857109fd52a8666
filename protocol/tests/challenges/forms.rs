//! Passkeys, and what is handed back.

use protocol::{Error, FirstFactor, Flow, Next};
use serde_json::{Value, json};

use crate::{
    pool,
    sign_in::{SESSION, SignIn, challenge, is_signed_in},
};

#[test]
fn a_passkey_goes_through_as_it_is() {
    let options = r#"{"challenge":"Y2hhbGxlbmdl","rpId":"example.com","allowCredentials":[]}"#;
    let asked = challenge(
        "WEB_AUTHN",
        json!({ "CREDENTIAL_REQUEST_OPTIONS": options }),
    );
    let mut sign_in = SignIn::new(None, Flow::Choice(Some(FirstFactor::WebAuthn)));
    let Ok(Next::AskPasskey(prompt)) = sign_in.replied(&asked) else {
        panic!()
    };
    assert_eq!(prompt.options(), options);
    let misused = prompt.submit("").unwrap_err();
    let misused = misused
        .prompt
        .submit(&"x".repeat((1 << 16) + 1))
        .unwrap_err();
    assert_eq!(misused.misuse.field, "credential");
    let credential = "x".repeat(1 << 16);
    let exchange = misused.prompt.submit(&credential).unwrap();
    assert!(is_signed_in(sign_in.answered(exchange, &pool::tokens())));
    assert_eq!(
        sign_in.last()["ChallengeResponses"]["CREDENTIAL"],
        credential
    );
    for bad in [
        json!({}),
        json!({ "CREDENTIAL_REQUEST_OPTIONS": "not JSON" }),
    ] {
        let mut sign_in = SignIn::new(None, Flow::Choice(None));
        let next = sign_in.replied(&challenge("WEB_AUTHN", bad));
        assert!(matches!(next, Err(Error::PoolMisbehaved(_))));
    }
}

/// What is left has a name, a session, parameters, and an answer.
#[test]
fn other_challenges_are_handed_back_and_can_be_answered() {
    for name in [
        "PASSWORD_VERIFIER",
        "PASSWORD",
        "PASSWORD_SRP",
        "SELECT_CHALLENGE",
        "SELECT_MFA_TYPE",
        "MFA_SETUP",
        "DEVICE_SRP_AUTH",
        "DEVICE_PASSWORD_VERIFIER",
        "ADMIN_NO_SRP_AUTH",
        "SOMETHING_NEW",
    ] {
        let asked = challenge(name, json!({ "one": "1", "two": 2, "USERNAME": "renamed" }));
        let (mut sign_in, next) = SignIn::after_password(&asked);
        let Next::OtherChallenge(challenge) = next else {
            panic!("{name}")
        };
        assert_eq!(challenge.name, name);
        assert_eq!(challenge.session.as_ref().unwrap().as_str(), SESSION);
        let one = ("one".to_owned(), "1".to_owned());
        assert!(challenge.parameters.contains(&one) && challenge.parameters.len() == 2);
        let exchange = challenge.answer(&[("ANSWER", "yes")]);
        assert!(is_signed_in(sign_in.answered(exchange, &pool::tokens())));
        assert_eq!(sign_in.last()["ChallengeName"], name);
        assert_eq!(sign_in.last()["Session"], SESSION);
        assert_eq!(
            sign_in.last()["ChallengeResponses"],
            json!({ "USERNAME": "renamed", "ANSWER": "yes" })
        );
    }
}

#[test]
fn a_form_without_a_session_is_handed_back_as_it_is() {
    for name in ["EMAIL_OTP", "NEW_PASSWORD_REQUIRED", "WEB_AUTHN"] {
        let mut asked = challenge(name, json!({}));
        asked["Session"] = Value::Null;
        let (_, next) = SignIn::after_password(&asked);
        assert!(matches!(next, Next::OtherChallenge(_)), "{name}");
    }
}
