//! Histories that no sign-in has: they end in failure.

use crate::victim::Victim;
use serde_json::{Value, json};

const SRP: (&str, bool) = ("SRP_A", true);
const PASSWORD: (&str, bool) = ("PASSWORD_VERIFIER", true);
const RIGHT: (&str, bool) = ("CUSTOM_CHALLENGE", true);
const WRONG: (&str, bool) = ("CUSTOM_CHALLENGE", false);

/// The history of these challenges and results, with records that follow each other.
fn session(entries: &[(&str, bool)]) -> Value {
    let mut wrong = 0;
    let entry = |&(name, right): &(&str, bool)| {
        let is_code = name == "CUSTOM_CHALLENGE";
        let metadata = is_code.then(|| format!("v1.1.1790000000.1.{wrong}"));
        wrong += u32::from(is_code && !right);
        json!({
            "challengeName": name,
            "challengeResult": right,
            "challengeMetadata": metadata,
        })
    };
    entries.iter().map(entry).collect()
}

#[track_caller]
fn assert_refused(history: &Value) {
    let [define, create, _] = Victim::new().with("/request/session", history);
    let words = (define.as_str(), create.as_str());
    assert_eq!(words, ("fail", "BAD_EVENT session"), "{history:.300}");
}

#[test]
fn what_is_not_a_list_of_challenges_fails() {
    for history in [
        json!(null),
        json!([]),
        json!({}),
        json!("x"),
        json!([null]),
        json!(["SRP_A"]),
        json!([{}]),
        json!([{}, {}, {}]),
        json!([[], []]),
        json!([["SRP_A", true, null]]),
        json!([SRP.0, PASSWORD.0, RIGHT.0]),
    ] {
        assert_refused(&history);
    }
    let [define, create, _] = Victim::new().without("/request/session");
    assert_eq!(
        (define.as_str(), create.as_str()),
        ("fail", "BAD_EVENT session")
    );
}

#[test]
fn steps_left_out_repeated_or_out_of_order_fail() {
    let srp_wrong = ("SRP_A", false);
    let password_wrong = ("PASSWORD_VERIFIER", false);
    let many = [&[SRP, PASSWORD][..], &[WRONG; 1_000]].concat();
    for history in [
        &[RIGHT][..],
        &[WRONG],
        &[PASSWORD],
        &[srp_wrong],
        &[("EMAIL_OTP", true)],
        &[SRP, password_wrong],
        &[PASSWORD, SRP, RIGHT],
        &[srp_wrong, PASSWORD, RIGHT],
        &[SRP, password_wrong, RIGHT],
        &[SRP, RIGHT],
        &[SRP, SRP, PASSWORD],
        &[SRP, PASSWORD, PASSWORD],
        &[SRP, PASSWORD, RIGHT, WRONG],
        &[SRP, PASSWORD, RIGHT, RIGHT],
        &[SRP, PASSWORD, RIGHT, PASSWORD],
        &[SRP, PASSWORD, RIGHT, ("EMAIL_OTP", true)],
        &[SRP, PASSWORD, WRONG, WRONG, WRONG],
        &[SRP, PASSWORD, WRONG, WRONG, WRONG, RIGHT],
        &many,
    ] {
        assert_refused(&session(history));
    }
}

#[test]
fn records_that_do_not_follow_each_other_fail() {
    for (first, second) in [
        ("v1.1.1790000000.1.0", "v1.1.1790000000.1.2"),
        ("v1.1.1790000000.1.0", "v1.1.1790000029.2.0"),
        ("v1.1.1790000000.1.0", "v1.1.1790000030.3.0"),
        ("v1.1.1790000000.1.0", "v1.1.1790000030.2.1"),
        ("v1.1.1790000000.1.0", "v1.1.1789999999.1.1"),
        ("v1.1.1790000000.1.1", "v1.1.1790000000.1.2"),
        ("v1.1.1790000000.2.0", "v1.1.1790000000.2.1"),
        ("v1.1.1790000000.1.0", "123456"),
    ] {
        for last in [RIGHT, WRONG] {
            let mut history = session(&[SRP, PASSWORD, WRONG, last]);
            history[2]["challengeMetadata"] = json!(first);
            history[3]["challengeMetadata"] = json!(second);
            assert_refused(&history);
        }
    }
}

#[test]
fn a_record_that_create_did_not_write_fails() {
    let victim = Victim::new();
    for record in [
        json!(null),
        json!(""),
        json!("v1"),
        json!("v1..."),
        json!("v1.1.1790000000.1"),
        json!("v1.1.1790000000.1.3"),
        json!("v1.1.1790000000.0.0"),
        json!("v2.1.1790000000.1.0"),
        json!("v1.1.1790000000.1.0 "),
        json!(victim.code),
        json!("1".repeat(1 << 20)),
        json!(7),
        json!({}),
        json!([]),
    ] {
        let [define, ..] = victim.with("/request/session/2/challengeMetadata", &record);
        assert_eq!(define, "fail", "{record:.40}");
        let place = "/request/privateChallengeParameters/challenge";
        let [.., verify] = victim.with(place, &record);
        assert_eq!(verify, "no_challenge", "{record:.40}");
    }
    let [define, ..] = victim.without("/request/session/2/challengeMetadata");
    assert_eq!(define, "fail");
}

#[test]
fn other_names_do_not_count() {
    for name in [
        json!("custom_challenge"),
        json!("CUSTOM_CHALLENGE "),
        json!("EMAIL_OTP"),
        json!("SMS_MFA"),
        json!("DEVICE_SRP_AUTH"),
        json!("NEW_PASSWORD_REQUIRED"),
        json!("SRP_A"),
        json!(""),
        json!(1),
        json!(null),
    ] {
        let [define, ..] = Victim::new().with("/request/session/2/challengeName", &name);
        assert_eq!(define, "fail", "{name}");
        let [_, create, _] = Victim::new().with("/request/challengeName", &name);
        assert_eq!(create, "BAD_EVENT challengeName", "{name}");
    }
}

#[test]
fn only_true_is_a_success() {
    for result in [json!("true"), json!(1), json!(null), json!([true])] {
        // As the result of a code it is a wrong answer, the first one.
        for (i, expected) in ["fail", "fail", "enter_code"].iter().enumerate() {
            let place = format!("/request/session/{i}/challengeResult");
            let [define, ..] = Victim::new().with(&place, &result);
            assert_eq!(define, *expected, "{result} at {i}");
        }
    }
}
