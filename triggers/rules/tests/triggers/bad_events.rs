//! Events that are not as Cognito sends them: an error from the closed list, or a refusal.

use crate::{
    cognito::{SUB, SignIn, raw, response},
    victim::Victim,
};
use rules::Failure;
use serde_json::{Value, json, value::RawValue};

fn text(text: impl Into<String>) -> Box<RawValue> {
    RawValue::from_string(text.into()).unwrap()
}

#[test]
fn unchanged_events_succeed() {
    let words = Victim::new().after(|_| {});
    assert_eq!(words, ["issue_tokens", "code_sent", "right"]);
}

#[test]
fn what_is_no_event_is_named() {
    let nesting = format!("{}{}", "[".repeat(10_000), "]".repeat(10_000));
    let deep = format!("{{\"request\":{nesting}}}");
    let twice = r#"{"triggerSource":"a","triggerSource":"b"}"#;
    for (event, field) in [
        ("null", "event"),
        ("[]", "event"),
        ("\"x\"", "event"),
        ("1", "event"),
        (&nesting, "event"),
        (twice, "event"),
        ("{}", "triggerSource"),
        (&deep, "triggerSource"),
    ] {
        let event = text(event);
        let words = Victim::new().words([&event, &event, &event]);
        assert_eq!(words, [(); 3].map(|()| format!("BAD_EVENT {field}")));
    }
}

#[test]
fn a_missing_or_malformed_field_is_named() {
    for (place, field) in [
        ("/triggerSource", "triggerSource"),
        ("/userPoolId", "userPoolId"),
        ("/userName", "userName"),
        ("/callerContext", "callerContext"),
        ("/callerContext/clientId", "callerContext"),
        ("/request", "request"),
    ] {
        let expected = [(); 3].map(|()| format!("BAD_EVENT {field}"));
        assert_eq!(Victim::new().without(place), expected, "{place}");
        for value in [json!(null), json!(1), json!(true), json!(["x"])] {
            assert_eq!(
                Victim::new().with(place, &value),
                expected,
                "{place} {value}"
            );
        }
    }
}

#[test]
fn an_event_for_another_trigger_is_refused() {
    for source in [
        "DefineAuthChallenge_Authentication",
        "CreateAuthChallenge_Authentication",
        "VerifyAuthChallengeResponse_Authentication",
        "PreSignUp_SignUp",
        "",
    ] {
        let words = Victim::new().with("/triggerSource", &json!(source));
        let [define, create, verify] = words.map(|word| word != "BAD_EVENT triggerSource");
        assert_eq!(define, source.starts_with("Define"), "{source}");
        assert_eq!(create, source.starts_with("Create"), "{source}");
        assert_eq!(verify, source.starts_with("Verify"), "{source}");
    }
}

#[test]
fn what_the_response_held_before_is_replaced() {
    let victim = Victim::new();
    let mut event = SignIn::new().define_event(&Value::Null);
    event["response"] = json!({ "issueTokens": true, "challengeName": "X", "other": 1 });
    let expected = json!({
        "challengeName": "CUSTOM_CHALLENGE",
        "issueTokens": false,
        "failAuthentication": false,
    });
    assert_eq!(response(&rules::define(&raw(&event)).unwrap()), expected);
    let mut event = victim.verify_event();
    event["request"]["challengeAnswer"] = json!("");
    event["response"] = json!({ "answerCorrect": true });
    let answer = victim.verify(&raw(&event)).unwrap();
    assert_eq!(response(&answer), json!({ "answerCorrect": false }));
}

#[test]
fn a_field_given_twice_is_refused() {
    let victim = Victim::new();
    let event = raw(&victim.verify_event()).get().to_owned();
    for (field, other, named) in [
        ("userName", "\"a\"", "event"),
        ("request", "{}", "event"),
        ("challengeAnswer", "\"0\"", "request"),
        ("clientId", "\"a\"", "callerContext"),
    ] {
        let field = format!("\"{field}\":");
        let twice = event.replacen(&field, &format!("{field}{other},{field}"), 1);
        assert_ne!(twice, event);
        let failure = victim.verify(&text(twice)).unwrap_err();
        assert_eq!(failure, Failure::BadEvent { field: named });
    }
}

#[test]
fn a_lone_surrogate_is_refused_where_it_is_read_and_passed_on_elsewhere() {
    let victim = Victim::new();
    let event = raw(&victim.verify_event()).get().to_owned();
    let user_name = |value: &str| format!("\"userName\":\"{value}\"");
    let read = event.replacen(&user_name(SUB), &user_name("\\ud800"), 1);
    let failure = victim.verify(&text(read)).unwrap_err();
    assert_eq!(failure, Failure::BadEvent { field: "userName" });
    let unread = event.replacen("\"us-east-1\"", "\"\\ud800\"", 1);
    let answer = victim.verify(&text(unread)).unwrap();
    assert_eq!(answer.decision, "right");
    assert!(answer.event.get().contains("\"region\":\"\\ud800\""));
}
