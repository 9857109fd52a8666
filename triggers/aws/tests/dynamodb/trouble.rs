//! A DynamoDB that is throttled, that others write to, that loses what it answered.

use std::{net::SocketAddr, sync::Arc};

use aws::Table;
use rules::Failure;
use serde_json::{Value, json};

use crate::{
    cognito::{NOW, SignIn, wait},
    dynalite::{Dynalite, pass_on},
    limits::{at_once, begun, decision, is_compared, suite, wrong},
    table,
};

#[derive(Clone, Copy, Debug, PartialEq)]
enum Trouble {
    /// Nothing was done, because of too many requests.
    Throttled,
    /// Nothing was written, because somebody else had.
    Conflict,
    /// It was done, and nobody hears of it.
    Unheard,
}

impl Trouble {
    fn answer(self) -> (u16, Vec<u8>) {
        let (status, name) = match self {
            Self::Throttled => (400, "ThrottlingException"),
            Self::Conflict => (400, "ConditionalCheckFailedException"),
            Self::Unheard => (500, "InternalServerError"),
        };
        let name = format!("com.amazonaws.dynamodb.v20120810#{name}");
        (status, json!({ "__type": name }).to_string().into_bytes())
    }
}

/// What stands before a DynamoDB, and troubles about one of so many requests.
fn troubled(upstream: SocketAddr, trouble: Trouble, one_of: u64) -> SocketAddr {
    let mut random = 1_u64;
    runtime_api::serve(move |request| {
        // Knuth's generator: the same troubles in every run.
        random = random
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        let writes = request.headers["x-amz-target"].ends_with("PutItem");
        let meant = writes || trouble == Trouble::Throttled;
        if !meant || !(random >> 33).is_multiple_of(one_of) {
            return pass_on(upstream, &request);
        }
        if trouble == Trouble::Unheard {
            pass_on(upstream, &request);
        }
        trouble.answer()
    })
}

#[test]
fn the_same_limits_hold_though_others_write() {
    let dynalite = Dynalite::start();
    let address = troubled(dynalite.address, Trouble::Conflict, 4);
    suite(|| table(address), 50);
}

#[test]
fn what_fails_has_a_word() {
    let dynalite = Dynalite::start();
    for (trouble, reason) in [
        (Trouble::Throttled, "throttled"),
        (Trouble::Conflict, "conflict"),
        (Trouble::Unheard, "refused"),
    ] {
        let table = table(troubled(dynalite.address, trouble, 1));
        let sign_in = SignIn::of(reason, &table);
        let failure = sign_in.create(&Value::Null).unwrap_err();
        assert_eq!(failure, Failure::StoreUnavailable { reason });
    }
}

/// Whatever goes wrong, and however often: no more mails, guesses and sign-ins than else.
#[test]
fn trouble_lets_nobody_do_more() {
    for trouble in [Trouble::Throttled, Trouble::Conflict, Trouble::Unheard] {
        for one_of in [2, 5] {
            let dynalite = Dynalite::start();
            let sure = table(dynalite.address);
            let address = troubled(dynalite.address, trouble, one_of);
            five_mails_in_an_hour(&table(address));
            ten_guesses(&sure, || table(address));
            one_sign_in(&sure, || table(address));
        }
    }
}

fn five_mails_in_an_hour(table: &Arc<Table>) {
    let mut mails = 0;
    for minute in 0..60 {
        // The second call repeats the first one, for Cognito at least.
        for second in [0, 5] {
            let mut sign_in = SignIn::of("mailed", table);
            sign_in.now = NOW + minute * 60 + second;
            match sign_in.create(&Value::Null) {
                Ok(created) => {
                    mails += u32::from(created.mail.is_some());
                    // At worst, the mail is sent twice.
                    let _ = wait(created.mailed(table.as_ref()));
                }
                Err(Failure::StoreUnavailable { .. } | Failure::TooManyMails) => {}
                Err(failure) => panic!("{failure}"),
            }
        }
    }
    assert!((1..=5).contains(&mails), "{mails} mails");
}

fn ten_guesses(sure: &Arc<Table>, open: impl Fn() -> Arc<Table>) {
    let sign_in = begun("guessed", sure, NOW);
    let wrong = wrong(&sign_in);
    let event = sign_in.verify_event(&json!(wrong), &Value::Null);
    let mut words = at_once(&open, vec![event.clone(); 20]);
    words.extend(at_once(&open, vec![event; 20]));
    while words.last() != Some(&"locked") {
        words.push(decision(&sign_in, &wrong));
    }
    let compared = words.iter().filter(|word| is_compared(word)).count();
    // What was counted unheard was not compared.
    assert!((1..=10).contains(&compared), "{words:?}");
}

fn one_sign_in(sure: &Arc<Table>, open: impl Fn() -> Arc<Table>) {
    for round in 0..10 {
        let sign_in = begun(&format!("round {round}"), sure, NOW);
        let code = &sign_in.mailed[0];
        let event = sign_in.verify_event(&json!(code), &Value::Null);
        let mut words = at_once(&open, vec![event; 8]);
        words.push(decision(&sign_in, code));
        words.push(decision(&sign_in, code));
        let right = words.iter().filter(|word| **word == "right").count();
        assert!(right <= 1, "{words:?}");
        // Eight calls count eight failures at most, so that nobody is locked out.
        assert_eq!(words.last(), Some(&"superseded"), "{words:?}");
    }
}
