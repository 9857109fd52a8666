//! A new `CODE_KEY` while people sign in.

use std::sync::Arc;

use rules::{Failure, MemoryStore};
use serde_json::{Value, json};

use crate::{
    cognito::{NOW, SignIn, Step, raw, settings},
    sign_ins::{told, wrong_code},
};

const OLD: &str = "a:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
const NEW: &str = "b:bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb";
/// The old key with the new one's name.
const MISNAMED: &str = "b:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";

/// From now on the functions run with these keys.
fn rotate(sign_in: &mut SignIn, keys: &str) {
    let keys = ("CODE_KEY", keys);
    (sign_in.codes, sign_in.mail) = match sign_in.store {
        Some(_) => settings(&[keys]),
        None => settings(&[keys, ("ATTEMPTS_TABLE", "")]),
    };
}

/// A sign-in whose code was made with the old key; with a store and without one.
fn begun_before() -> [SignIn; 2] {
    [SignIn::new(), SignIn::without_store()].map(|mut sign_in| {
        rotate(&mut sign_in, OLD);
        told(sign_in.begin());
        sign_in
    })
}

fn record(sign_in: &SignIn) -> &str {
    let last = sign_in.session.last().unwrap();
    last["challengeMetadata"].as_str().unwrap()
}

/// What the log says of an answer.
fn decision(sign_in: &SignIn, code: &str) -> &'static str {
    let event = sign_in.verify_event(&json!(code), &Value::Null);
    sign_in.verified(&raw(&event)).unwrap().decision
}

#[test]
fn a_code_outlives_a_new_key() {
    for mut sign_in in begun_before() {
        assert!(record(&sign_in).starts_with("v1.a."));
        rotate(&mut sign_in, &format!("{NEW},{OLD}"));
        let wrong = wrong_code(&sign_in);
        told(sign_in.answer(&wrong));
        let code = sign_in.mailed[0].clone();
        assert_eq!(sign_in.answer(&code), Step::Tokens);
    }
}

#[test]
fn a_new_code_is_made_with_the_new_key() {
    for mut sign_in in begun_before() {
        rotate(&mut sign_in, &format!("{NEW},{OLD}"));
        sign_in.now += 30;
        assert_eq!(told(sign_in.resend())["CODE_SENT"], "true");
        assert!(record(&sign_in).starts_with("v1.b."));
        rotate(&mut sign_in, NEW);
        let code = sign_in.mailed[1].clone();
        assert_eq!(sign_in.answer(&code), Step::Tokens);
    }
}

#[test]
fn a_key_that_is_gone_makes_nothing_right_and_costs_nothing() {
    for mut sign_in in begun_before() {
        let code = sign_in.mailed[0].clone();
        for (keys, word) in [(NEW, "no_challenge"), (MISNAMED, "no_challenge")] {
            rotate(&mut sign_in, keys);
            // More often than a user may fail.
            for _ in 0..20 {
                assert_eq!(decision(&sign_in, &code), word);
            }
        }
        // The other key under the name of the one that is gone is no better.
        rotate(&mut sign_in, &NEW.replacen("b:", "a:", 1));
        assert_eq!(decision(&sign_in, &code), "wrong");
        rotate(&mut sign_in, OLD);
        assert_eq!(sign_in.answer(&code), Step::Tokens);
    }
}

#[test]
fn a_call_repeated_with_another_key_mails_no_second_code() {
    let store = Arc::new(MemoryStore::default());
    let mut first = SignIn::of("user", &store);
    rotate(&mut first, OLD);
    told(first.begin());
    let mut repeated = SignIn::of("user", &store);
    rotate(&mut repeated, &format!("{NEW},{OLD}"));
    repeated.now = NOW + 5;
    let refused = repeated.create(&Value::Null).unwrap_err();
    assert_eq!(refused, Failure::TooManyMails);
    rotate(&mut first, &format!("{NEW},{OLD}"));
    let code = first.mailed[0].clone();
    assert_eq!(first.answer(&code), Step::Tokens);
}

#[test]
fn a_new_key_forgets_no_failure() {
    let store = Arc::new(MemoryStore::default());
    for (number, keys) in (0..).zip([OLD, NEW, OLD, NEW]) {
        let mut sign_in = SignIn::of("user", &store);
        rotate(&mut sign_in, keys);
        sign_in.now = NOW + number * 30;
        told(sign_in.begin());
        let wrong = wrong_code(&sign_in);
        let words = [(); 3].map(|()| decision(&sign_in, &wrong));
        let expected = match number {
            3 => ["wrong_and_locked", "locked", "locked"],
            _ => ["wrong"; 3],
        };
        assert_eq!(words, expected);
    }
}
