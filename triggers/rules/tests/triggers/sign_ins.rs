//! Whole sign-ins, as Cognito leads the three triggers through them.

use crate::cognito::{self, SignIn, Step, code_in, response, settings};
use serde_json::{Value, json};

/// The public challenge parameters of a step that asks for a code.
pub fn told(step: Step) -> Value {
    match step {
        Step::Code(told) => told,
        Step::Tokens | Step::Refused | Step::Failed(_) => panic!("{step:?}"),
    }
}

pub fn begun() -> SignIn {
    let mut sign_in = SignIn::new();
    told(sign_in.begin());
    sign_in
}

/// A code of six digits that was never mailed.
pub fn wrong_code(sign_in: &SignIn) -> String {
    let mut candidates = (0..).map(|n| format!("{n:06}"));
    candidates
        .find(|code| !sign_in.mailed.contains(code))
        .unwrap()
}

#[test]
fn the_right_code_signs_in() {
    let mut sign_in = SignIn::new();
    let told = told(sign_in.begin());
    assert_eq!(
        told,
        json!({
            "CODE_DELIVERY_DELIVERY_MEDIUM": "EMAIL",
            "CODE_DELIVERY_DESTINATION": "u***@e***",
            "CODE_LENGTH": "6",
            "CODE_SENT": "true",
            "EXPIRES_IN": "180",
            "ATTEMPTS_LEFT": "3",
            "RESEND_IN": "30",
        })
    );
    let code = sign_in.mailed[0].clone();
    assert_eq!(sign_in.answer(&code), Step::Tokens);
    assert_eq!(sign_in.mailed.len(), 1);
}

#[test]
fn the_record_is_all_that_cognito_keeps() {
    let created = SignIn::new().create(&Value::Null).unwrap();
    let response = response(&created.answer);
    let record = response["challengeMetadata"].as_str().unwrap();
    assert!(
        record.starts_with("v1.1.1790000000.1.0.") && record.len() == 52,
        "{record}"
    );
    assert_eq!(
        response["privateChallengeParameters"],
        json!({ "challenge": record })
    );
    let code = code_in(&created.mail.unwrap());
    assert!(!created.answer.event.get().contains(&code));
}

#[test]
fn the_password_comes_first() {
    let mut sign_in = SignIn::new();
    sign_in.session.clear();
    let fail = json!({ "issueTokens": false, "failAuthentication": true });
    assert_eq!(sign_in.define(&Value::Null), fail);
    sign_in
        .session
        .push(json!({ "challengeName": "SRP_A", "challengeResult": true }));
    let expected = json!({
        "challengeName": "PASSWORD_VERIFIER",
        "issueTokens": false,
        "failAuthentication": false,
    });
    assert_eq!(sign_in.define(&Value::Null), expected);
    // Nobody is told whether the user exists before the password is proven.
    let mut event = sign_in.define_event(&Value::Null);
    event["request"]["userAttributes"] = json!({});
    event["request"]["userNotFound"] = json!(true);
    let answer = rules::define(&cognito::raw(&event)).unwrap();
    assert_eq!(response(&answer), expected);
}

#[test]
fn a_wrong_code_can_be_corrected_twice() {
    let mut sign_in = begun();
    let (right, wrong) = (sign_in.mailed[0].clone(), wrong_code(&sign_in));
    for left in ["2", "1"] {
        sign_in.now += 10;
        let told = told(sign_in.answer(&wrong));
        assert_eq!(
            (&told["ATTEMPTS_LEFT"], &told["CODE_SENT"]),
            (&json!(left), &json!("false"))
        );
    }
    assert_eq!(sign_in.answer(&right), Step::Tokens);
    assert_eq!(sign_in.mailed.len(), 1);
}

#[test]
fn the_third_wrong_code_ends_the_sign_in() {
    let mut sign_in = begun();
    let wrong = wrong_code(&sign_in);
    told(sign_in.answer(&wrong));
    told(sign_in.answer(&wrong));
    assert_eq!(sign_in.answer(&wrong), Step::Refused);
    // Cognito calls no more. Should it, there is no record of three wrong answers.
    assert!(sign_in.create(&Value::Null).is_err());
    sign_in.session.push(json!({
        "challengeName": "CUSTOM_CHALLENGE",
        "challengeResult": true,
        "challengeMetadata": "v1.1.1790000000.1.3",
    }));
    assert_eq!(sign_in.define(&Value::Null)["failAuthentication"], true);
}

#[test]
fn a_code_lives_180_seconds() {
    for (later, expected) in [
        (0, true),
        (179, true),
        (180, true),
        (181, false),
        (3_600, false),
    ] {
        let mut sign_in = begun();
        sign_in.now += later;
        let code = json!(sign_in.mailed[0]);
        assert_eq!(
            sign_in.verify(&code, &Value::Null),
            expected,
            "after {later} s"
        );
    }
}

#[test]
fn a_clock_that_goes_back_gives_no_more_life() {
    for earlier in [1, 3_600, cognito::NOW] {
        let mut sign_in = begun();
        sign_in.now -= earlier;
        let code = json!(sign_in.mailed[0]);
        assert!(!sign_in.verify(&code, &Value::Null));
        let told = told(sign_in.resend());
        assert_eq!(
            (&told["EXPIRES_IN"], &told["CODE_SENT"]),
            (&json!("0"), &json!("false"))
        );
    }
}

#[test]
fn clocks_at_the_ends_of_time_work() {
    for now in [0, 4_294_967_296, u64::MAX] {
        let mut sign_in = SignIn::new();
        sign_in.now = now;
        told(sign_in.begin());
        let code = sign_in.mailed[0].clone();
        assert_eq!(sign_in.answer(&code), Step::Tokens, "at {now}");
    }
}

#[test]
fn life_and_length_are_settings() {
    let mut sign_in = SignIn::new();
    (sign_in.codes, sign_in.mail) = settings(&[("CODE_LENGTH", "10"), ("CODE_TTL_SECONDS", "30")]);
    let told = told(sign_in.begin());
    assert_eq!(
        (&told["CODE_LENGTH"], &told["EXPIRES_IN"]),
        (&json!("10"), &json!("30"))
    );
    let code = json!(sign_in.mailed[0]);
    assert_eq!(sign_in.mailed[0].len(), 10);
    sign_in.now += 30;
    assert!(sign_in.verify(&code, &Value::Null));
    sign_in.now += 1;
    assert!(!sign_in.verify(&code, &Value::Null));
}

#[test]
fn without_a_store_a_repeated_call_mails_the_same_code() {
    let mut sign_in = SignIn::without_store();
    let start = sign_in.now - sign_in.now % 15;
    let codes = [0, 5, 14].map(|later| {
        sign_in.now = start + later;
        code_in(&sign_in.create(&Value::Null).unwrap().mail.unwrap())
    });
    assert!(codes.iter().all(|code| *code == codes[0]));
    // The record that counts is that of the last call; any of the mails will do.
    told(sign_in.begin());
    assert_eq!(sign_in.answer(&codes[0]), Step::Tokens);
}

#[test]
fn a_changed_address_voids_the_code() {
    for (name, value) in [
        ("email", json!("other@example.com")),
        ("email", json!("User@example.com")),
        ("email_verified", json!("false")),
    ] {
        let mut sign_in = begun();
        sign_in.user_attributes[name] = value;
        let code = json!(sign_in.mailed[0]);
        assert!(!sign_in.verify(&code, &Value::Null));
    }
}

#[test]
fn a_code_is_for_one_user_client_and_pool() {
    let sign_in = begun();
    let code = json!(sign_in.mailed[0]);
    for (place, expected) in [
        ("/userName", "wrong"),
        ("/request/userAttributes/sub", "superseded"),
        ("/userPoolId", "superseded"),
        ("/callerContext/clientId", "wrong"),
    ] {
        let mut event = sign_in.verify_event(&code, &Value::Null);
        *event.pointer_mut(place).unwrap() = json!("other");
        let answer = sign_in.verified(&cognito::raw(&event)).unwrap();
        assert_eq!(
            (response(&answer), answer.decision),
            (json!({ "answerCorrect": false }), expected)
        );
    }
}

#[test]
fn nothing_prints_a_code_an_address_or_an_answer() {
    let sign_in = begun();
    let created = sign_in.create(&json!({ "action": "resend" })).unwrap();
    let again = SignIn::new().create(&Value::Null).unwrap();
    let event = sign_in.verify_event(&json!("canary"), &Value::Null);
    let verified = sign_in.verified(&cognito::raw(&event)).unwrap();
    let printed = format!(
        "{created:?} {again:?} {verified:?} {:?} {:?} {:?}",
        again.mail.as_ref().unwrap().to,
        sign_in.codes,
        sign_in.mail
    );
    assert_eq!(
        printed,
        "Created { mail: None, answer: Answer(resend_refused), reservation: None } \
         Created { mail: Some(Mail), answer: Answer(code_sent), reservation: Some(Reservation) } \
         Answer(wrong) Address CodeSettings { length: 6, ttl: 180, keys: CodeKeys { issuing: CodeKey, others: [] }, \
         attempts_table: Some(\"attempts\") } \
         MailSettings { sender: Address, reply_to: None, app_name: \"Example\", configuration_set: None, \
         default_words: Words(en), templates: Templates }"
    );
}
