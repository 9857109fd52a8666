//! Answers that are not the code, people who cannot have one, clients that say odd things.

use crate::{
    cognito::{SUB, SignIn, Step},
    victim::Victim,
};
use serde_json::{Map, Value, json};

#[test]
fn only_the_digits_are_right() {
    let victim = Victim::new();
    let code = victim.code.as_str();
    let (head, tail) = code.split_at(3);
    let other_digits = |zero: char| -> String {
        let shifted = |c: char| char::from_u32(zero as u32 + c.to_digit(10).unwrap()).unwrap();
        code.chars().map(shifted).collect()
    };
    let number: u64 = code.parse().unwrap();
    for answer in [
        json!(null),
        json!(""),
        json!(number),
        json!(true),
        json!([code]),
        json!({ "code": code }),
        json!(format!("{head} {tail}")),
        json!(format!("{head}-{tail}")),
        json!(other_digits('０')),
        json!(other_digits('٠')),
        json!(format!("{code}\u{200b}")),
        json!(format!("{code}\0")),
        json!(format!("\u{202e}{code}")),
        json!(format!("{code}\u{301}")),
        json!(&code[1..]),
        json!(format!("{code}0")),
        json!(format!("0{code}")),
        json!(format!("-{}", &code[1..])),
        json!(format!("+{code}")),
        json!("1e5"),
        json!(format!("0x{number:x}")),
        json!("9".repeat(1 << 20)),
        json!("resend"),
    ] {
        let [.., verify] = victim.with("/request/challengeAnswer", &answer);
        assert_eq!(verify, "wrong", "{answer:.40}");
    }
    let [.., verify] = victim.without("/request/challengeAnswer");
    assert_eq!(verify, "wrong");
    for answer in [code.to_owned(), format!(" {code} "), format!("{code}\r\n")] {
        let [.., verify] = victim.with("/request/challengeAnswer", &json!(answer));
        assert_eq!(verify, "right", "{answer:?}");
    }
}

#[test]
fn without_a_challenge_nothing_is_right() {
    for private in [
        json!(null),
        json!({}),
        json!("x"),
        json!({ "answer": null }),
        json!({ "answer": "" }),
        json!({ "challenge": null }),
        json!({ "challenge": "" }),
    ] {
        for answer in [json!(null), json!("")] {
            let [.., verify] = Victim::new().after(|event| {
                event["request"]["privateChallengeParameters"] = private.clone();
                event["request"]["challengeAnswer"] = answer.clone();
            });
            assert_eq!(verify, "no_challenge", "{private} {answer}");
        }
    }
}

#[test]
fn a_user_who_does_not_exist_gets_nothing() {
    let place = "/request/userNotFound";
    for found in [
        json!(true),
        json!("true"),
        json!("false"),
        json!(0),
        json!({}),
    ] {
        let words = Victim::new().with(place, &found);
        let expected = ["fail", "ADDRESS_NOT_VERIFIED", "no_address"];
        assert_eq!(words, expected, "{found}");
    }
    let expected = ["issue_tokens", "code_sent", "right"];
    for found in [json!(null), json!(false)] {
        assert_eq!(Victim::new().with(place, &found), expected, "{found}");
    }
    // Pools with PreventUserExistenceErrors off leave the field out.
    assert_eq!(Victim::new().without(place), expected);
}

#[test]
fn without_a_verified_address_there_is_nothing() {
    let verified =
        |value: Value| json!({ "sub": SUB, "email": "user@example.com", "email_verified": value });
    let email = |value: Value| json!({ "sub": SUB, "email": value, "email_verified": "true" });
    for attributes in [
        json!(null),
        json!({}),
        json!([]),
        json!("x"),
        json!({ "sub": SUB, "email_verified": "true" }),
        json!({ "sub": SUB, "email": "user@example.com" }),
        verified(json!("false")),
        verified(json!("True")),
        verified(json!(true)),
        verified(json!("1")),
        verified(json!("")),
        verified(json!(null)),
        email(json!(null)),
        email(json!(["user@example.com"])),
        email(json!("")),
        email(json!("   ")),
        email(json!("user")),
        email(json!("a@b,c@d")),
        email(json!("x\r\nBcc: y@z")),
        email(json!("\"N\" <a@b>")),
        email(json!("user@bücher.example")),
        email(json!(format!("{}@example.com", "a".repeat(255)))),
    ] {
        let words = Victim::new().with("/request/userAttributes", &attributes);
        let expected = ["fail", "ADDRESS_NOT_VERIFIED", "no_address"];
        assert_eq!(words, expected, "{attributes:.80}");
    }
}

#[test]
fn a_user_who_cannot_be_counted_gets_nothing() {
    let expected = ["issue_tokens", "BAD_EVENT sub", "no_user"];
    let place = "/request/userAttributes/sub";
    assert_eq!(Victim::new().without(place), expected);
    for sub in [json!(null), json!(""), json!(7), json!([SUB])] {
        assert_eq!(Victim::new().with(place, &sub), expected, "{sub}");
    }
    // Where nobody is counted, the code is bound to the user name all the same.
    let mut uncounted = SignIn::without_store();
    uncounted.user_attributes = json!({ "email": "user@example.com", "email_verified": "true" });
    uncounted.begin();
    let code = uncounted.mailed[0].clone();
    assert_eq!(uncounted.answer(&code), Step::Tokens);
}

#[test]
fn client_metadata_decides_nothing_but_a_resend() {
    let many: Map<_, _> = (0..100)
        .map(|n| (format!("key{n}"), json!("value")))
        .collect();
    for metadata in [
        json!({ "answer": "123456", "email": "evil@example.com", "issueTokens": "true" }),
        json!({ "__proto__": "x", "challenge": "v1.1.1790000000.1.0" }),
        json!({ "action": "RESEND" }),
        json!({ "action": "resend " }),
        json!({ "action": null }),
        json!({ "action": { "resend": true } }),
        json!("resend"),
        json!(null),
        Value::Object(many),
    ] {
        let words = Victim::new().with("/request/clientMetadata", &metadata);
        let expected = ["issue_tokens", "code_sent", "right"];
        assert_eq!(words, expected, "{metadata:.60}");
    }
}
