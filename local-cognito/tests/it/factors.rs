//! What the pool itself asks for, answered by the client's own protocol.

use protocol::{
    Beside, Credentials, Error, FirstFactor, Flow, Medium, Next, Password, Purpose, Reason,
    RefusalKind, sign_in, srp::Ephemeral,
};
use serde_json::{Value, json};

use crate::{
    client::{Pool, kind, random, signed_in},
    support::{CLIENT, PASSWORD, POOL, Server, refusal},
};

#[test]
fn a_temporary_password_is_replaced_before_anything_else() {
    let required =
        json!({ "Schema": [{ "Name": "given_name", "Required": true }, { "Name": "x" }] });
    let pool = Pool::new(required, json!({}));
    assert_eq!(kind(pool.begin("wrong", None)), RefusalKind::BadCredentials);
    let Ok(Next::AskNewPassword(prompt)) = pool.begin("Temporary-1", None) else {
        panic!()
    };
    assert_eq!(prompt.required(), ["given_name"]);
    let email = ("email".to_owned(), "ada@example.com".to_owned());
    assert!(prompt.attributes().contains(&email));
    let attributes = [("given_name", "Ada"), ("sub", "chosen")];
    let Ok(Next::AskNewPassword(prompt)) = pool.go_on(prompt.submit("short", &attributes).unwrap())
    else {
        panic!()
    };
    assert!(prompt.rejected().unwrap().contains("policy"));
    let tokens = signed_in(pool.go_on(prompt.submit(PASSWORD, &attributes).unwrap()));
    assert!(tokens.refresh().is_some());
    signed_in(pool.begin(PASSWORD, None));
    assert_eq!(
        kind(pool.begin("Temporary-1", None)),
        RefusalKind::BadCredentials
    );
    let request = json!({ "AccessToken": tokens.access() });
    let user = pool.server.call("GetUser", request).unwrap();
    let given = json!({ "Name": "given_name", "Value": "Ada" });
    assert!(user["UserAttributes"].as_array().unwrap().contains(&given));
    assert!(!user.to_string().contains("chosen"));
}

#[test]
fn triggers_go_on_after_a_new_password() {
    let server = Server::start(&[]);
    let name = "ada@example.com";
    let request =
        json!({ "UserPoolId": POOL, "Username": name, "TemporaryPassword": "Temporary-1" });
    server.call("AdminCreateUser", request).unwrap();
    let asked = server.password(CLIENT, name, "Temporary-1").unwrap();
    let username = asked["ChallengeParameters"]["USER_ID_FOR_SRP"].clone();
    let responses = json!({ "USERNAME": username, "NEW_PASSWORD": "Permanent-1" });
    let session = asked["Session"].as_str();
    let next = server
        .respond(CLIENT, "NEW_PASSWORD_REQUIRED", session, &responses)
        .unwrap();
    assert_eq!(next["ChallengeName"], "CUSTOM_CHALLENGE");
    assert!(server.answer(&next, "123456").unwrap()["AuthenticationResult"].is_object());
}

fn email_mfa() -> Pool {
    let mfa = json!({ "MfaConfiguration": "ON", "EmailMfaConfiguration": {} });
    Pool::new(json!({}), mfa).with_permanent_password()
}

#[test]
fn a_code_is_mailed_and_may_be_mistyped() {
    let pool = email_mfa();
    let Ok(Next::AskCode(prompt)) = pool.begin(PASSWORD, None) else {
        panic!()
    };
    assert_eq!((prompt.challenge(), prompt.is_sent()), ("EMAIL_OTP", true));
    assert_eq!(prompt.details().medium, Some(Medium::Email));
    assert_eq!(prompt.details().destination.as_deref(), Some("a***@e***"));
    let wrong = prompt.read_code("00000000").unwrap();
    let Ok(Next::AskCode(prompt)) = pool.go_on(prompt.submit(&wrong)) else {
        panic!()
    };
    assert_eq!(prompt.reason(), Reason::WrongCode);
    let right = prompt.read_code(&pool.mailed_code()).unwrap();
    signed_in(pool.go_on(prompt.submit(&right)));
}

#[test]
fn guessing_codes_ends() {
    let pool = email_mfa();
    let mut next = pool.begin(PASSWORD, None);
    for _ in 0..5 {
        let Ok(Next::AskCode(prompt)) = next else {
            panic!("{next:?}")
        };
        let code = prompt.read_code("00000000").unwrap();
        next = pool.go_on(prompt.submit(&code));
    }
    let Ok(Next::AskCode(prompt)) = next else {
        panic!("{next:?}")
    };
    let right = prompt.read_code(&pool.mailed_code()).unwrap();
    assert_eq!(
        kind(pool.go_on(prompt.submit(&right))),
        RefusalKind::SessionExpired
    );
}

#[test]
fn a_code_expires_with_its_session() {
    let pool = email_mfa();
    let Ok(Next::AskCode(prompt)) = pool.begin(PASSWORD, None) else {
        panic!()
    };
    pool.server.advance(180);
    let right = prompt.read_code(&pool.mailed_code()).unwrap();
    assert_eq!(
        kind(pool.go_on(prompt.submit(&right))),
        RefusalKind::SessionExpired
    );
}

#[test]
fn an_authenticator_is_set_up_then_asked_for_then_chosen() {
    let mfa = json!({
        "MfaConfiguration": "ON",
        "SoftwareTokenMfaConfiguration": { "Enabled": true },
    });
    let pool = Pool::new(json!({}), mfa).with_permanent_password();
    let Ok(Next::AskChoice(prompt)) = pool.begin(PASSWORD, None) else {
        panic!()
    };
    assert_eq!(prompt.purpose(), Purpose::SetUp);
    let next = pool.go_on(
        prompt
            .choose("SOFTWARE_TOKEN_MFA", Beside::default())
            .unwrap(),
    );
    let Ok(Next::AskAuthenticator(prompt)) = next else {
        panic!("{next:?}")
    };
    let secret = prompt.secret().to_owned();
    let next = pool.go_on(prompt.submit("000000").unwrap());
    let Ok(Next::AskAuthenticator(prompt)) = next else {
        panic!("{next:?}")
    };
    assert!(prompt.is_wrong());
    signed_in(pool.go_on(prompt.submit(&pool.code_of(&secret)).unwrap()));

    let Ok(Next::AskCode(prompt)) = pool.begin(PASSWORD, None) else {
        panic!()
    };
    assert_eq!(
        (prompt.challenge(), prompt.is_sent()),
        ("SOFTWARE_TOKEN_MFA", false)
    );
    let code = prompt.read_code(&pool.code_of(&secret)).unwrap();
    signed_in(pool.go_on(prompt.submit(&code)));

    let both = json!({
        "UserPoolId": pool.id,
        "MfaConfiguration": "OPTIONAL",
        "SoftwareTokenMfaConfiguration": { "Enabled": true },
        "EmailMfaConfiguration": {},
    });
    pool.server.call("SetUserPoolMfaConfig", both).unwrap();
    let enabled = json!({ "EmailMfaSettings": { "Enabled": true } });
    pool.admin("AdminSetUserMFAPreference", enabled);
    let Ok(Next::AskChoice(prompt)) = pool.begin(PASSWORD, None) else {
        panic!()
    };
    assert_eq!(prompt.purpose(), Purpose::SecondFactor);
    assert_eq!(prompt.options(), ["EMAIL_OTP", "SOFTWARE_TOKEN_MFA"]);
    let next = pool.go_on(prompt.choose("EMAIL_OTP", Beside::default()).unwrap());
    let Ok(Next::AskCode(prompt)) = next else {
        panic!("{next:?}")
    };
    let code = prompt.read_code(&pool.mailed_code()).unwrap();
    signed_in(pool.go_on(prompt.submit(&code)));

    let preferred = json!({ "EmailMfaSettings": { "Enabled": true, "PreferredMfa": true } });
    pool.admin("AdminSetUserMFAPreference", preferred);
    let next = pool.begin(PASSWORD, None);
    assert!(matches!(next, Ok(Next::AskCode(prompt)) if prompt.challenge() == "EMAIL_OTP"));
}

#[test]
fn mail_is_set_up_where_there_is_no_verified_address() {
    let pool = email_mfa();
    let mfa = json!({ "UserPoolId": pool.id, "MfaConfiguration": "OFF" });
    pool.server.call("SetUserPoolMfaConfig", mfa).unwrap();
    signed_in(pool.begin(PASSWORD, None));

    let mfa = json!({ "MfaConfiguration": "ON", "EmailMfaConfiguration": {} });
    let pool = Pool::new(json!({}), mfa).with_permanent_password();
    let request =
        json!({ "UserPoolId": pool.id, "Username": "bob", "TemporaryPassword": "Temporary-1" });
    pool.server.call("AdminCreateUser", request).unwrap();
    let request = json!({
        "UserPoolId": pool.id, "Username": "bob", "Password": PASSWORD, "Permanent": true,
    });
    pool.server.call("AdminSetUserPassword", request).unwrap();
    let client = protocol::Pool::new(&pool.id, &pool.client).unwrap();
    let credentials = Credentials::of("bob", Some(Password::new(PASSWORD)), Flow::UserSrp).unwrap();
    let ephemeral = Ephemeral::new(&random()).unwrap();
    let next = pool.go_on(sign_in(&client, credentials, ephemeral));
    let Ok(Next::AskChoice(prompt)) = next else {
        panic!("{next:?}")
    };
    assert_eq!(prompt.options(), ["EMAIL_OTP"]);
    let next = pool.go_on(
        prompt
            .choose(
                "EMAIL_OTP",
                Beside {
                    email: Some("ada@example.com"),
                    ..Beside::default()
                },
            )
            .unwrap(),
    );
    let Ok(Next::AskCode(prompt)) = next else {
        panic!("{next:?}")
    };
    let code = prompt.read_code(&pool.mailed_code()).unwrap();
    signed_in(pool.go_on(prompt.submit(&code)));
}

#[test]
fn a_session_opens_the_step_that_it_was_given_for_and_no_other() {
    let pool = email_mfa();
    let everything = json!({
        "USERNAME": "ada",
        "ANSWER": "EMAIL_OTP",
        "NEW_PASSWORD": "Another-Horse-1",
        "EMAIL": "ada@example.com",
        "EMAIL_OTP_CODE": "00000000",
        "SOFTWARE_TOKEN_MFA_CODE": "000000",
        "SRP_A": "2",
        "TIMESTAMP": "Sun Nov 1 04:05:06 UTC 2026",
        "PASSWORD_CLAIM_SIGNATURE": "AQ==",
        "PASSWORD_CLAIM_SECRET_BLOCK": "AQ==",
    });
    for name in [
        "PASSWORD_VERIFIER",
        "CUSTOM_CHALLENGE",
        "NEW_PASSWORD_REQUIRED",
        "SOFTWARE_TOKEN_MFA",
        "SELECT_MFA_TYPE",
        "MFA_SETUP",
    ] {
        let Ok(Next::AskCode(prompt)) = pool.begin(PASSWORD, None) else {
            panic!()
        };
        let code = prompt.read_code(&pool.mailed_code()).unwrap();
        let (request, state) = prompt.submit(&code);
        let body: Value = serde_json::from_str(request.body()).unwrap();
        let session = body["Session"].as_str();
        let refused = pool
            .server
            .respond(&pool.client, name, session, &everything);
        let message = "Invalid session for the user.";
        assert_eq!(
            refused,
            Err(refusal("NotAuthorizedException", message)),
            "{name}"
        );
        let next = pool.go_on((request, state));
        assert_eq!(kind(next), RefusalKind::SessionExpired, "{name} spent it");
    }
}

#[test]
fn a_sign_in_by_choice_begins_as_it_is_preferred_or_asks() {
    let mfa = json!({ "MfaConfiguration": "OPTIONAL", "EmailMfaConfiguration": {} });
    let pool = Pool::new(json!({}), mfa).with_permanent_password();
    let with_code = |next: Result<Next, Error>| {
        let Ok(Next::AskCode(prompt)) = next else {
            panic!("{next:?}")
        };
        let code = prompt.read_code(&pool.mailed_code()).unwrap();
        signed_in(pool.go_on(prompt.submit(&code)))
    };
    let choose = |password: Option<&str>, option: &str, with: Option<&str>| {
        let next = pool.begin_by(Flow::Choice(None), password, None);
        let Ok(Next::AskChoice(prompt)) = next else {
            panic!("{next:?}")
        };
        assert_eq!(prompt.purpose(), Purpose::FirstFactor);
        assert_eq!(prompt.options(), ["PASSWORD_SRP", "PASSWORD", "EMAIL_OTP"]);
        pool.go_on(
            prompt
                .choose(
                    option,
                    Beside {
                        password: with,
                        ..Beside::default()
                    },
                )
                .unwrap(),
        )
    };
    with_code(choose(None, "EMAIL_OTP", None));
    for option in ["PASSWORD_SRP", "PASSWORD"] {
        signed_in(choose(None, option, Some(PASSWORD)));
        signed_in(choose(Some(PASSWORD), option, None));
        let wrong = choose(Some("wrong"), option, None);
        assert_eq!(kind(wrong), RefusalKind::BadCredentials, "{option}");
    }
    for factor in [FirstFactor::PasswordSrp, FirstFactor::Password] {
        let by = |password| pool.begin_by(Flow::Choice(Some(factor)), Some(password), None);
        signed_in(by(PASSWORD));
        assert_eq!(kind(by("wrong")), RefusalKind::BadCredentials);
    }
    let mailed = Flow::Choice(Some(FirstFactor::EmailOtp));
    with_code(pool.begin_by(mailed, None, None));
    let unavailable = Flow::Choice(Some(FirstFactor::WebAuthn));
    let next = pool.begin_by(unavailable, None, None);
    assert!(matches!(next, Ok(Next::AskChoice(_))), "{next:?}");
}
