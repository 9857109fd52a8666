//! The answers as others read them, and what comes back with them.

use crate::cognito::{SignIn, entropy, raw, wait};
use aws_lambda_events::cognito::{
    CognitoEventUserPoolsCreateAuthChallenge, CognitoEventUserPoolsDefineAuthChallenge,
    CognitoEventUserPoolsVerifyAuthChallenge,
};
use proptest::prelude::*;
use rules::{Created, Failure, MemoryStore};
use serde_json::{Value, json, value::RawValue};

/// A sign-in after its first code, and the events that follow the right answer to it.
fn events() -> (SignIn, [Value; 3]) {
    let first = SignIn::new();
    let mut sign_in = SignIn::new();
    sign_in.begin();
    let code = json!(sign_in.mailed[0]);
    let none = json!({});
    let events = [
        first.define_event(&none),
        first.create_event(&none),
        sign_in.verify_event(&code, &none),
    ];
    (sign_in, events)
}

/// What a user gets who had no mail yet.
fn first_code(sign_in: &SignIn, event: &RawValue) -> Result<Created, Failure> {
    let SignIn {
        codes, mail, now, ..
    } = sign_in;
    let store = Some(&MemoryStore::default());
    wait(rules::create(event, codes, mail, store, *now, entropy()))
}

/// The whole answers of the three triggers, as text; of `create` only with its mail.
fn answers(sign_in: &SignIn, events: &[Value; 3]) -> [Option<String>; 3] {
    let [define, create, verify] = events.each_ref().map(raw);
    let text = |answer: rules::Answer| answer.event.get().to_owned();
    [
        rules::define(&define).ok().map(text),
        first_code(sign_in, &create)
            .ok()
            .map(|created| text(created.answer)),
        sign_in.verified(&verify).ok().map(text),
    ]
}

#[test]
fn the_event_crate_of_the_lambda_runtime_reads_them() {
    let (sign_in, events) = events();
    let [define, create, verify] = answers(&sign_in, &events).map(Option::unwrap);

    let define: CognitoEventUserPoolsDefineAuthChallenge = serde_json::from_str(&define).unwrap();
    assert_eq!(
        define.response.challenge_name.as_deref(),
        Some("CUSTOM_CHALLENGE")
    );
    assert!(!define.response.issue_tokens && !define.response.fail_authentication);

    let create: CognitoEventUserPoolsCreateAuthChallenge = serde_json::from_str(&create).unwrap();
    let told = &create.response.public_challenge_parameters;
    assert_eq!((told.len(), told["ATTEMPTS_LEFT"].as_str()), (7, "3"));
    let record = create.response.challenge_metadata.unwrap();
    assert_eq!(
        create.response.private_challenge_parameters["challenge"],
        record
    );

    let verify: CognitoEventUserPoolsVerifyAuthChallenge = serde_json::from_str(&verify).unwrap();
    assert!(verify.response.answer_correct);
}

#[test]
fn everything_but_the_response_comes_back_as_it_was() {
    let (sign_in, mut events) = events();
    for event in &mut events {
        event["newField"] = json!({ "a": [1, 2.50, null, "ü\u{0}"], "b": 1e300 });
        event["request"]["newField"] = json!(true);
        event["request"]["userAttributes"]["custom:x"] = json!("1");
    }
    for (event, answer) in events.iter().zip(answers(&sign_in, &events)) {
        let mut answer: Value = serde_json::from_str(&answer.unwrap()).unwrap();
        assert!(answer["response"].is_object());
        answer["response"] = Value::Null;
        assert_eq!(&answer, event);
    }
}

/// The places in an event at which something else can stand.
fn places(event: &Value) -> Vec<String> {
    let children: Vec<(String, &Value)> = match event {
        Value::Object(fields) => fields
            .iter()
            .map(|(name, value)| (name.clone(), value))
            .collect(),
        Value::Array(items) => (0..).map(|i| format!("{i}")).zip(items).collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => Vec::new(),
    };
    let below = children.into_iter().flat_map(|(name, child)| {
        let name = name.replace('~', "~0").replace('/', "~1");
        places(child)
            .into_iter()
            .map(move |place| format!("/{name}{place}"))
    });
    std::iter::once(String::new()).chain(below).collect()
}

fn anything() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        ".*".prop_map(Value::from),
        "v1\\.1\\.[0-9]{1,21}\\.[0-9]\\.[0-9]".prop_map(Value::from),
        "[0-9]{6}".prop_map(Value::from),
        "(SRP_A|PASSWORD_VERIFIER|CUSTOM_CHALLENGE|resend|true)".prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 16, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::btree_map("[a-zA-Z_]{0,12}", inner, 0..4)
                .prop_map(|fields| fields.into_iter().collect::<serde_json::Map<_, _>>().into()),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4_000, ..ProptestConfig::default() })]

    /// With anything at any place, nothing panics, and no wrong code is right.
    #[test]
    fn altered_events_are_survived(at in any::<prop::sample::Index>(), value in anything()) {
        let (sign_in, mut events) = events();
        events[2]["request"]["challengeAnswer"] = json!("not the code");
        for event in &mut events {
            let places = places(event);
            *event.pointer_mut(at.get::<String>(&places)).unwrap() = value.clone();
        }
        // One value in a million is the code by chance, and then rightly so.
        prop_assume!(value.as_str().map(str::trim) != Some(&sign_in.mailed[0]));
        let [define, _, verify] = answers(&sign_in, &events);
        for (answer, forbidden) in [(define, "issueTokens"), (verify, "answerCorrect")] {
            if let Some(answer) = answer {
                let answer: Value = serde_json::from_str(&answer).unwrap();
                prop_assert_eq!(&answer["response"][forbidden], false);
            }
        }
    }

    /// No answer but the code is right, and no record makes another one right.
    #[test]
    fn only_the_code_is_right(typed in "\\PC*|[0-9]{7,9}", record in "v1\\.1\\.179000000[0-9]\\.[1-4]\\.[0-2]") {
        let mut sign_in = SignIn::without_store();
        sign_in.begin();
        prop_assume!(typed.trim() != sign_in.mailed[0]);
        prop_assert!(!sign_in.verify(&json!(typed), &Value::Null));
        let mut event = sign_in.verify_event(&json!(sign_in.mailed[0]), &Value::Null);
        event["request"]["privateChallengeParameters"]["challenge"] = json!(record);
        sign_in.now += 10;
        let answer = sign_in.verified(&raw(&event)).unwrap();
        sign_in.now -= 10;
        // The code depends on the step of the issue and on the number of mails alone.
        let parts: Vec<u64> = record.split('.').skip(2).map(|part| part.parse().unwrap()).collect();
        let (same_step, same_mail) = (parts[0] / 15 == sign_in.now / 15, parts[1] == 1);
        prop_assert_eq!(answer.decision == "right", same_step && same_mail);
    }
}
