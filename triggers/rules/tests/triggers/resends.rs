//! Asking for another code.

use crate::{
    cognito::{NOW, SignIn, Step, code_in},
    sign_ins::{begun, told, wrong_code},
};
use serde_json::{Value, json};

#[test]
fn a_new_code_replaces_the_old_one() {
    let mut sign_in = begun();
    sign_in.now += 30;
    let told = told(sign_in.resend());
    let expected = [
        ("CODE_SENT", "true"),
        ("ATTEMPTS_LEFT", "3"),
        ("EXPIRES_IN", "180"),
        ("RESEND_IN", "30"),
    ];
    for (name, value) in expected {
        assert_eq!(told[name], value, "{name}");
    }
    let [old, new] = [0, 1].map(|i| sign_in.mailed[i].clone());
    assert_ne!(old, new);
    assert!(matches!(sign_in.answer(&old), Step::Code(_)));
    assert_eq!(sign_in.answer(&new), Step::Tokens);
}

#[test]
fn a_resend_waits_for_the_cooldown_and_costs_no_attempt() {
    let mut sign_in = begun();
    for (later, wait) in [(0, "30"), (10, "20"), (29, "1")] {
        sign_in.now = NOW + later;
        let told = told(sign_in.resend());
        assert_eq!(
            (
                &told["RESEND_IN"],
                &told["CODE_SENT"],
                &told["ATTEMPTS_LEFT"]
            ),
            (&json!(wait), &json!("false"), &json!("3")),
        );
    }
    assert_eq!(sign_in.mailed.len(), 1);
    sign_in.now = NOW + 30;
    assert_eq!(told(sign_in.resend())["CODE_SENT"], "true");
    let code = sign_in.mailed[1].clone();
    assert_eq!(sign_in.answer(&code), Step::Tokens);
}

#[test]
fn three_resends_and_no_more() {
    let mut sign_in = begun();
    for sends in 2..=4 {
        sign_in.now += 1_000;
        let told = told(sign_in.resend());
        assert_eq!(sign_in.mailed.len(), sends);
        assert_eq!(told.get("RESEND_IN").is_some(), sends < 4);
    }
    sign_in.now += 100;
    let told = told(sign_in.resend());
    assert_eq!(
        (&told["CODE_SENT"], &told["EXPIRES_IN"]),
        (&json!("false"), &json!("80"))
    );
    let code = sign_in.mailed[3].clone();
    assert_eq!(
        (sign_in.mailed.len(), sign_in.answer(&code)),
        (4, Step::Tokens)
    );
}

#[test]
fn resends_do_not_give_wrong_answers_back() {
    let mut sign_in = begun();
    let wrong = wrong_code(&sign_in);
    told(sign_in.answer(&wrong));
    sign_in.now += 30;
    assert_eq!(told(sign_in.resend())["ATTEMPTS_LEFT"], "2");
    let wrong = wrong_code(&sign_in);
    told(sign_in.answer(&wrong));
    sign_in.now += 30;
    assert_eq!(told(sign_in.resend())["ATTEMPTS_LEFT"], "1");
    let wrong = wrong_code(&sign_in);
    assert_eq!(sign_in.answer(&wrong), Step::Refused);
}

#[test]
fn resends_without_end_are_refused() {
    let mut sign_in = begun();
    for _ in 1..12 {
        told(sign_in.resend());
    }
    assert_eq!(sign_in.resend(), Step::Refused);
    assert_eq!(sign_in.mailed.len(), 1);
    // The twelfth challenge can still be answered; there is no thirteenth.
    let last = sign_in.session.last_mut().unwrap();
    last["challengeResult"] = json!(true);
    assert_eq!(sign_in.define(&Value::Null)["issueTokens"], true);
    let mut earlier = sign_in.session[2].clone();
    earlier["challengeResult"] = json!(false);
    sign_in.session.insert(2, earlier);
    assert_eq!(sign_in.define(&Value::Null)["failAuthentication"], true);
}

#[test]
fn a_resend_is_no_free_guess() {
    let mut sign_in = begun();
    let right = json!(sign_in.mailed[0]);
    let resend = json!({ "action": "resend" });
    assert!(!sign_in.verify(&right, &resend));
    assert!(matches!(sign_in.respond(&right, &resend), Step::Code(_)));
    // An answer cannot be called right by a call that compared nothing.
    sign_in.session.last_mut().unwrap()["challengeResult"] = json!(true);
    assert_eq!(sign_in.define(&resend)["failAuthentication"], true);
    assert_eq!(sign_in.define(&Value::Null)["issueTokens"], true);
}

#[test]
fn what_the_client_says_later_changes_no_earlier_answer() {
    let mut sign_in = begun();
    let wrong = wrong_code(&sign_in);
    told(sign_in.answer(&wrong));
    told(sign_in.answer(&wrong));
    sign_in.now += 30;
    // The last answer is a resend; the two before stay wrong ones.
    assert_eq!(told(sign_in.resend())["ATTEMPTS_LEFT"], "1");
    let wrong = wrong_code(&sign_in);
    assert_eq!(sign_in.answer(&wrong), Step::Refused);
}

#[test]
fn without_a_store_a_repeated_resend_mails_the_same_code() {
    let mut sign_in = SignIn::without_store();
    sign_in.begin();
    let resend = json!({ "action": "resend" });
    let start = sign_in.now - sign_in.now % 15 + 60;
    let codes = [0, 5, 14].map(|later| {
        sign_in.now = start + later;
        code_in(&sign_in.create(&resend).unwrap().mail.unwrap())
    });
    assert!(codes.iter().all(|code| *code == codes[0]));
    assert_ne!(codes[0], sign_in.mailed[0]);
}
