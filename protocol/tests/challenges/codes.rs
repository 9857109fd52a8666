//! Second factors, and the new password.

use protocol::{Beside, Error, Flow, Medium, Next, Purpose, Reason, RefusalKind};
use serde_json::json;

use crate::{
    pool::{self, USER_ID},
    sign_in::{SESSION, SignIn, challenge, is_signed_in, kind, refusal},
};

#[test]
fn codes_have_their_own_names() {
    for (name, field, medium) in [
        ("EMAIL_OTP", "EMAIL_OTP_CODE", Medium::Email),
        ("SMS_OTP", "SMS_OTP_CODE", Medium::Sms),
        ("SMS_MFA", "SMS_MFA_CODE", Medium::Sms),
        (
            "SOFTWARE_TOKEN_MFA",
            "SOFTWARE_TOKEN_MFA_CODE",
            Medium::Authenticator,
        ),
    ] {
        let asked = challenge(name, json!({ "CODE_DELIVERY_DESTINATION": "u***@e***" }));
        let (mut sign_in, next) = SignIn::after_password(&asked);
        let Next::AskCode(prompt) = next else {
            panic!("{name}: {next:?}")
        };
        assert_eq!(
            (prompt.challenge(), prompt.reason()),
            (name, Reason::FirstCode)
        );
        assert_eq!(prompt.details().medium, Some(medium));
        assert_eq!(prompt.details().destination.as_deref(), Some("u***@e***"));
        assert_eq!(prompt.is_sent(), medium != Medium::Authenticator);
        assert!(prompt.read_code("open sesame").is_err());
        let code = prompt.read_code("123 45-678").unwrap();

        let mismatch = refusal(
            "CodeMismatchException",
            "Invalid code or auth state for the user.",
        );
        let next = sign_in.answered(prompt.submit(&code), &mismatch);
        let Next::AskCode(prompt) = next.unwrap() else {
            panic!("{name}")
        };
        assert_eq!(
            (prompt.reason(), prompt.is_sent()),
            (Reason::WrongCode, false)
        );
        assert!(is_signed_in(
            sign_in.answered(prompt.submit(&code), &pool::tokens())
        ));
        for body in &sign_in.posted[2..] {
            assert_eq!(body["ChallengeName"], name);
            assert_eq!(body["Session"], SESSION);
            assert_eq!(
                body["ChallengeResponses"],
                json!({ "USERNAME": USER_ID, field: "12345678" })
            );
        }
    }
}

#[test]
fn answers_to_triggers_that_do_not_tell_the_length_have_up_to_2048_bytes() {
    let (_, next) = SignIn::after_password(&challenge("CUSTOM_CHALLENGE", json!({})));
    let Next::AskCode(prompt) = next else {
        panic!("{next:?}")
    };
    for (length, taken) in [
        (0, false),
        (1, true),
        (2048, true),
        (2049, false),
        (4096, false),
    ] {
        let read = prompt.read_code(&format!(
            " {} ",
            "ü".repeat(length / 2) + &"a".repeat(length % 2)
        ));
        assert_eq!(read.is_ok(), taken, "{length} bytes: {read:?}");
    }
}

#[test]
fn the_pool_says_what_brings_a_code_or_the_challenge_does() {
    for (name, said, medium) in [
        ("CUSTOM_CHALLENGE", json!("EMAIL"), Some(Medium::Email)),
        ("CUSTOM_CHALLENGE", json!("SMS"), Some(Medium::Sms)),
        ("CUSTOM_CHALLENGE", json!("PIGEON"), None),
        ("CUSTOM_CHALLENGE", json!(null), None),
        ("SMS_MFA", json!("EMAIL"), Some(Medium::Email)),
        ("EMAIL_OTP", json!("SMS"), Some(Medium::Sms)),
        ("EMAIL_OTP", json!("PIGEON"), Some(Medium::Email)),
    ] {
        let asked = challenge(name, json!({ "CODE_DELIVERY_DELIVERY_MEDIUM": said }));
        let (_, next) = SignIn::after_password(&asked);
        let Next::AskCode(prompt) = next else {
            panic!("{name}: {next:?}")
        };
        assert_eq!(prompt.details().medium, medium, "{name} by {said}");
    }
}

#[test]
fn what_a_code_challenge_ends_with() {
    for (exception, message, expected) in [
        ("ExpiredCodeException", "x", RefusalKind::SessionExpired),
        (
            "NotAuthorizedException",
            "Invalid session for the user, session can only be used once.",
            RefusalKind::SessionUsed,
        ),
        (
            "NotAuthorizedException",
            "x",
            RefusalKind::CodeAttemptsExceeded,
        ),
        (
            "SoftwareTokenMFANotFoundException",
            "x",
            RefusalKind::Misconfigured,
        ),
        ("InvalidPasswordException", "x", RefusalKind::Other),
    ] {
        let (mut sign_in, next) = SignIn::after_password(&challenge("EMAIL_OTP", json!({})));
        let Next::AskCode(prompt) = next else {
            panic!()
        };
        let code = prompt.read_code("123456").unwrap();
        let next = sign_in.answered(prompt.submit(&code), &refusal(exception, message));
        assert_eq!(kind(next), expected, "{exception}");
    }
}

#[test]
fn one_code_after_another_is_not_a_wrong_one() {
    let (mut sign_in, next) = SignIn::after_password(&challenge("EMAIL_OTP", json!({})));
    let Next::AskCode(prompt) = next else {
        panic!()
    };
    let code = prompt.read_code("123456").unwrap();
    let next = sign_in.answered(prompt.submit(&code), &challenge("SMS_MFA", json!({})));
    let Next::AskCode(prompt) = next.unwrap() else {
        panic!()
    };
    assert_eq!(prompt.reason(), Reason::FirstCode);
}

#[test]
fn a_temporary_password_is_replaced() {
    let asked = challenge(
        "NEW_PASSWORD_REQUIRED",
        json!({
            "USER_ID_FOR_SRP": USER_ID,
            "requiredAttributes": r#"["userAttributes.given_name","family_name"]"#,
            "userAttributes": r#"{"email":"user@example.com","email_verified":"true"}"#,
        }),
    );
    let (mut sign_in, next) = SignIn::after_password(&asked);
    let Next::AskNewPassword(prompt) = next else {
        panic!()
    };
    assert_eq!(prompt.required(), ["given_name", "family_name"]);
    assert_eq!(
        prompt.attributes()[0],
        ("email".into(), "user@example.com".into())
    );
    let misused = prompt.submit("n", &[("given_name", "A")]).unwrap_err();
    assert_eq!(
        (misused.misuse.field, misused.misuse.got.as_str()),
        ("attributes", "none for family_name")
    );
    let misused = misused.prompt.submit("", &[]).unwrap_err();
    assert_eq!(misused.misuse.field, "newPassword");

    let attributes = [("given_name", "A"), ("family_name", "B")];
    let weak = refusal("InvalidPasswordException", "Password not long enough");
    let next = sign_in.answered(misused.prompt.submit("n", &attributes).unwrap(), &weak);
    let Next::AskNewPassword(prompt) = next.unwrap() else {
        panic!()
    };
    assert_eq!(prompt.rejected(), Some("Password not long enough"));
    let exchange = prompt.submit("New-Horse-10", &attributes).unwrap();
    assert!(is_signed_in(sign_in.answered(exchange, &pool::tokens())));
    assert_eq!(
        sign_in.last()["ChallengeResponses"],
        json!({
            "USERNAME": USER_ID,
            "NEW_PASSWORD": "New-Horse-10",
            "userAttributes.given_name": "A",
            "userAttributes.family_name": "B",
        })
    );
}

#[test]
fn user_srp_has_no_session_at_first() {
    let mut sign_in = SignIn::new(Some("Correct-Horse-9"), Flow::UserSrp);
    sign_in.sent();
    assert!(is_signed_in(sign_in.replied(&pool::tokens())));
    assert_eq!(sign_in.posted[0]["AuthFlow"], "USER_SRP_AUTH");
    assert_eq!(
        sign_in.posted[0]["AuthParameters"]
            .as_object()
            .unwrap()
            .len(),
        2
    );
    assert_eq!(sign_in.posted[1].get("Session"), None);
    let mut wrong = SignIn::new(Some("wrong"), Flow::UserSrp);
    wrong.sent();
    assert_eq!(kind(wrong.post()), RefusalKind::BadCredentials);
}

#[test]
fn a_second_factor_is_chosen() {
    let offered = json!({ "MFAS_CAN_CHOOSE": r#"["SMS_MFA", "SOFTWARE_TOKEN_MFA","EMAIL_OTP"]"# });
    let (mut sign_in, next) = SignIn::after_password(&challenge("SELECT_MFA_TYPE", offered));
    let Next::AskChoice(prompt) = next else {
        panic!()
    };
    assert_eq!(prompt.purpose(), Purpose::SecondFactor);
    assert_eq!(
        prompt.options(),
        ["SMS_MFA", "SOFTWARE_TOKEN_MFA", "EMAIL_OTP"]
    );
    let exchange = prompt.choose("EMAIL_OTP", Beside::default()).unwrap();
    let next = sign_in.answered(exchange, &challenge("EMAIL_OTP", json!({})));
    assert!(matches!(next, Ok(Next::AskCode(_))));
    assert_eq!(sign_in.last()["ChallengeName"], "SELECT_MFA_TYPE");
    assert_eq!(
        sign_in.last()["ChallengeResponses"],
        json!({ "USERNAME": USER_ID, "ANSWER": "EMAIL_OTP" })
    );
}

#[test]
fn an_authenticator_is_set_up() {
    let offered = json!({ "MFAS_CAN_SETUP": r#"["SMS_MFA","SOFTWARE_TOKEN_MFA"]"# });
    let (mut sign_in, next) = SignIn::after_password(&challenge("MFA_SETUP", offered));
    let Next::AskChoice(prompt) = next else {
        panic!()
    };
    assert_eq!(
        (prompt.purpose(), prompt.options()),
        (Purpose::SetUp, &["SOFTWARE_TOKEN_MFA".to_owned()][..])
    );
    let secret = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP";
    let exchange = prompt
        .choose("SOFTWARE_TOKEN_MFA", Beside::default())
        .unwrap();
    let session = |number: u32| format!("session of the authenticator {number}");
    let next = sign_in.answered(
        exchange,
        &json!({ "SecretCode": secret, "Session": session(1) }),
    );
    let Ok(Next::AskAuthenticator(prompt)) = next else {
        panic!("{next:?}")
    };
    assert_eq!((prompt.secret(), prompt.is_wrong()), (secret, false));
    assert_eq!(
        *sign_in.last(),
        json!({ "target": "AssociateSoftwareToken", "Session": SESSION })
    );
    let mut prompt = *prompt.submit("12345").unwrap_err().prompt;

    for wrong in [
        refusal("EnableSoftwareTokenMFAException", "Code mismatch"),
        refusal("CodeMismatchException", "Code mismatch"),
        json!({ "Status": "ERROR" }),
    ] {
        let next = sign_in.answered(prompt.submit("000 000").unwrap(), &wrong);
        let Ok(Next::AskAuthenticator(again)) = next else {
            panic!("{next:?}")
        };
        assert!(again.is_wrong());
        prompt = again;
    }
    let verified = json!({ "Status": "SUCCESS", "Session": session(2) });
    let next = sign_in.answered(prompt.submit("123 456").unwrap(), &verified);
    let Ok(Next::Send(request, state)) = next else {
        panic!("{next:?}")
    };
    let expected =
        json!({ "target": "VerifySoftwareToken", "Session": session(1), "UserCode": "123456" });
    assert_eq!(*sign_in.last(), expected);
    assert!(is_signed_in(
        sign_in.answered((request, state), &pool::tokens())
    ));
    assert_eq!(sign_in.last()["ChallengeName"], "MFA_SETUP");
    assert_eq!(sign_in.last()["Session"], session(2));
    assert_eq!(
        sign_in.last()["ChallengeResponses"],
        json!({ "USERNAME": USER_ID })
    );
}

#[test]
fn an_authenticators_secret_is_a_word_of_some_length() {
    let long = "A".repeat(1_024);
    for (secret, taken) in [
        ("JBSWY3DPEHPK3PXP", true),
        (long.as_str(), true),
        ("JBSWY3DPEHPK3PX", false),
        (&format!("{long}A"), false),
        // It becomes a part of an address, which a QR code shows.
        ("JBSWY3DPEHPK3PXP&issuer=another", false),
    ] {
        let offered = json!({ "MFAS_CAN_SETUP": r#"["SOFTWARE_TOKEN_MFA"]"# });
        let (mut sign_in, next) = SignIn::after_password(&challenge("MFA_SETUP", offered));
        let Next::AskChoice(prompt) = next else {
            panic!("{next:?}")
        };
        let exchange = prompt.choose("SOFTWARE_TOKEN_MFA", Beside::default());
        let reply = json!({ "SecretCode": secret, "Session": SESSION });
        let next = sign_in.answered(exchange.unwrap(), &reply);
        match next {
            Ok(Next::AskAuthenticator(_)) => assert!(taken, "{secret}"),
            Err(Error::PoolMisbehaved(bad)) => {
                assert_eq!((bad.field, taken), ("SecretCode", false), "{secret}");
            }
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn mail_is_set_up() {
    let offered = json!({ "MFAS_CAN_SETUP": r#"["EMAIL_OTP"]"# });
    let (mut sign_in, next) = SignIn::after_password(&challenge("MFA_SETUP", offered));
    let Next::AskChoice(prompt) = next else {
        panic!()
    };
    let misused = prompt.choose("EMAIL_OTP", Beside::default()).unwrap_err();
    assert_eq!(misused.misuse.field, "email");
    let exchange = misused
        .prompt
        .choose(
            "EMAIL_OTP",
            Beside {
                email: Some("user@example.com"),
                ..Beside::default()
            },
        )
        .unwrap();
    let next = sign_in.answered(exchange, &challenge("EMAIL_OTP", json!({})));
    assert!(matches!(next, Ok(Next::AskCode(_))));
    assert_eq!(
        sign_in.last()["ChallengeResponses"],
        json!({ "USERNAME": USER_ID, "EMAIL": "user@example.com" })
    );
}
