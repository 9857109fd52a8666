//! How a sign-in begins, and passwords in the middle of one.

use protocol::{
    AwaitingReply, Beside, Credentials, Error, FirstFactor, Flow, Next, Password, Purpose, Request,
};
use serde_json::{Value, json};

use crate::{
    pool::{self, USER_ID},
    sign_in::{SESSION, SignIn, challenge, is_signed_in},
};

#[test]
fn only_a_choice_begins_with_anything_but_the_password() {
    for flow in [Flow::Custom, Flow::UserSrp] {
        assert_eq!(
            Credentials::of("u", None, flow).unwrap_err().field,
            "password"
        );
        for name in [
            "EMAIL_OTP",
            "PASSWORD",
            "SELECT_CHALLENGE",
            "DEVICE_SRP_AUTH",
        ] {
            let mut sign_in = SignIn::new(Some("Correct-Horse-9"), flow);
            let next = sign_in.replied(&challenge(name, json!({})));
            assert!(matches!(next, Err(Error::PoolMisbehaved(_))), "{name}");
        }
    }
}

#[test]
fn a_preference_is_sent_with_what_it_needs() {
    for (factor, more) in [
        (FirstFactor::EmailOtp, None),
        (FirstFactor::SmsOtp, None),
        (FirstFactor::WebAuthn, None),
        (FirstFactor::Password, Some("PASSWORD")),
        (FirstFactor::PasswordSrp, Some("SRP_A")),
    ] {
        let mut sign_in = SignIn::new(Some("Correct-Horse-9"), Flow::Choice(Some(factor)));
        let _ = sign_in.post();
        let parameters = sign_in.last()["AuthParameters"].as_object().unwrap();
        assert_eq!(sign_in.last()["AuthFlow"], "USER_AUTH");
        assert_eq!(parameters["PREFERRED_CHALLENGE"], factor.name());
        assert_eq!(parameters.len(), 2 + more.iter().count(), "{parameters:?}");
        assert!(more.is_none_or(|name| parameters.contains_key(name)));
        let needs = Credentials::of("u", None, Flow::Choice(Some(factor))).is_err();
        assert_eq!(needs, more.is_some());
        assert_eq!(FirstFactor::from_name(factor.name()), Ok(factor));
    }
    let odd = Some(Password::new([0xff]));
    let flow = Flow::Choice(Some(FirstFactor::Password));
    assert_eq!(
        Credentials::of("u", odd, flow).unwrap_err().field,
        "password"
    );
    assert_eq!(
        FirstFactor::from_name("password").unwrap_err().field,
        "preferred"
    );
}

/// A code has been asked for instead of the password, which is gone since then.
#[test]
fn a_proof_that_is_asked_for_too_late_is_handed_back() {
    let mut sign_in = SignIn::new(Some("Correct-Horse-9"), Flow::Choice(None));
    let Ok(Next::AskCode(prompt)) = sign_in.replied(&challenge("EMAIL_OTP", json!({}))) else {
        panic!()
    };
    let code = prompt.read_code("123456").unwrap();
    let next = sign_in.answered(
        prompt.submit(&code),
        &challenge("PASSWORD_VERIFIER", json!({})),
    );
    let Ok(Next::OtherChallenge(other)) = next else {
        panic!("{next:?}")
    };
    assert_eq!(other.name, "PASSWORD_VERIFIER");
}

#[test]
fn flows_are_read_by_name() {
    let factor = FirstFactor::EmailOtp;
    assert_eq!(Flow::from_name("custom", None), Ok(Flow::Custom));
    assert_eq!(Flow::from_name("srp", None), Ok(Flow::UserSrp));
    assert_eq!(Flow::from_name("choice", None), Ok(Flow::Choice(None)));
    let preferring = Flow::from_name("choice", Some("EMAIL_OTP"));
    assert_eq!(preferring, Ok(Flow::Choice(Some(factor))));
    for (name, preferred, field) in [
        ("USER_AUTH", None, "flow"),
        ("", None, "flow"),
        ("srp", Some("EMAIL_OTP"), "preferred"),
        ("choice", Some("SMS"), "preferred"),
    ] {
        assert_eq!(Flow::from_name(name, preferred).unwrap_err().field, field);
    }
}

#[test]
fn a_first_factor_is_chosen() {
    let offered = json!({
        "ChallengeName": "SELECT_CHALLENGE",
        "Session": SESSION,
        "ChallengeParameters": {},
        "AvailableChallenges": ["PASSWORD_SRP", "PASSWORD", "EMAIL_OTP"],
    });
    let offer = |password| {
        let mut sign_in = SignIn::new(password, Flow::Choice(None));
        let Ok(Next::AskChoice(prompt)) = sign_in.replied(&offered) else {
            panic!()
        };
        assert_eq!(prompt.purpose(), Purpose::FirstFactor);
        assert_eq!(prompt.options(), ["PASSWORD_SRP", "PASSWORD", "EMAIL_OTP"]);
        (sign_in, prompt)
    };
    let (mut sign_in, prompt) = offer(None);
    let misused = prompt.choose("SMS_OTP", Beside::default()).unwrap_err();
    assert_eq!(misused.misuse.field, "option");
    let misused = misused
        .prompt
        .choose("PASSWORD_SRP", Beside::default())
        .unwrap_err();
    assert_eq!(misused.misuse.field, "password");
    let exchange = misused
        .prompt
        .choose("EMAIL_OTP", Beside::default())
        .unwrap();
    let next = sign_in.answered(exchange, &challenge("EMAIL_OTP", json!({})));
    assert!(matches!(next, Ok(Next::AskCode(_))));
    assert_eq!(
        sign_in.last()["ChallengeResponses"],
        json!({ "USERNAME": "user@example.com", "ANSWER": "EMAIL_OTP" })
    );

    let (mut sign_in, prompt) = offer(None);
    let exchange = prompt
        .choose(
            "PASSWORD",
            Beside {
                password: Some("Correct-Horse-9"),
                ..Beside::default()
            },
        )
        .unwrap();
    assert!(is_signed_in(sign_in.answered(exchange, &pool::tokens())));
    assert_eq!(
        sign_in.last()["ChallengeResponses"]["PASSWORD"],
        "Correct-Horse-9"
    );
}

/// SRP in the middle of a conversation, with the password from the beginning or from then.
#[test]
fn a_password_is_proved_when_it_is_chosen() {
    let offered = json!({
        "ChallengeName": "SELECT_CHALLENGE",
        "Session": SESSION,
        "AvailableChallenges": ["PASSWORD_SRP"],
    });
    for (early, late) in [
        (Some("Correct-Horse-9"), None),
        (None, Some("Correct-Horse-9")),
    ] {
        let mut sign_in = SignIn::new(early, Flow::Choice(None));
        let Ok(Next::AskChoice(prompt)) = sign_in.replied(&offered) else {
            panic!()
        };
        let exchange = prompt
            .choose(
                "PASSWORD_SRP",
                Beside {
                    password: late,
                    ..Beside::default()
                },
            )
            .unwrap();
        prove(&mut sign_in, exchange);
        assert_eq!(
            sign_in.posted[1]["ChallengeResponses"]["ANSWER"],
            "PASSWORD_SRP"
        );
    }
}

/// The pool's half of SRP begins with any request that has an `SRP_A`.
fn prove(sign_in: &mut SignIn, exchange: (Request, AwaitingReply)) {
    let body: Value = serde_json::from_str(exchange.0.body()).unwrap();
    let srp_a = body["ChallengeResponses"]["SRP_A"].as_str().unwrap();
    let mut reply = sign_in.cognito.handshake("PASSWORD_VERIFIER", srp_a);
    reply["ChallengeParameters"]["USER_ID_FOR_SRP"] = USER_ID.into();
    let Ok(Next::Send(request, state)) = sign_in.answered(exchange, &reply) else {
        panic!()
    };
    sign_in.waiting = Some((request, state));
    let next = sign_in.post().unwrap();
    assert!(matches!(next, Next::AskCode(_)), "{next:?}");
    assert_eq!(sign_in.last()["ChallengeName"], "PASSWORD_VERIFIER");
    assert!(!format!("{:?}", sign_in.posted).contains("Correct-Horse-9"));
}

#[test]
fn a_pool_that_asks_for_a_proof_gets_one() {
    let mut sign_in = SignIn::new(Some("Correct-Horse-9"), Flow::Choice(None));
    let next = sign_in.replied(&challenge("PASSWORD_SRP", json!({})));
    let Ok(Next::Send(request, state)) = next else {
        panic!()
    };
    prove(&mut sign_in, (request, state));
    assert_eq!(sign_in.posted[1]["ChallengeName"], "PASSWORD_SRP");

    let mut sign_in = SignIn::new(None, Flow::Choice(None));
    let next = sign_in.replied(&challenge("PASSWORD_SRP", json!({})));
    let Ok(Next::AskPassword(prompt)) = next else {
        panic!()
    };
    assert_eq!(prompt.factor(), FirstFactor::PasswordSrp);
    let misused = prompt.submit(Password::new("")).unwrap_err();
    let exchange = misused
        .prompt
        .submit(Password::new("Correct-Horse-9"))
        .unwrap();
    prove(&mut sign_in, exchange);
}

#[test]
fn a_password_is_never_sent_unasked() {
    // Neither a pool that asks for it, nor another preference brings it out.
    for preferred in [
        None,
        Some(FirstFactor::PasswordSrp),
        Some(FirstFactor::EmailOtp),
    ] {
        let mut sign_in = SignIn::new(Some("Correct-Horse-9"), Flow::Choice(preferred));
        let next = sign_in.replied(&challenge("PASSWORD", json!({})));
        let Ok(Next::AskPassword(prompt)) = next else {
            panic!("{next:?}")
        };
        assert_eq!(prompt.factor(), FirstFactor::Password);
        assert!(!format!("{:?}", sign_in.posted).contains("Correct-Horse-9"));
        let exchange = prompt.submit(Password::new("typed now")).unwrap();
        let _ = sign_in.answered(exchange, &pool::tokens());
        assert_eq!(
            sign_in.last()["ChallengeResponses"],
            json!({ "USERNAME": "user@example.com", "PASSWORD": "typed now" })
        );
    }
    let flow = Flow::Choice(Some(FirstFactor::Password));
    let mut sign_in = SignIn::new(Some("Correct-Horse-9"), flow);
    let next = sign_in.replied(&challenge("PASSWORD", json!({})));
    let Ok(Next::Send(request, _)) = next else {
        panic!()
    };
    assert!(request.body().contains("Correct-Horse-9"));
}
