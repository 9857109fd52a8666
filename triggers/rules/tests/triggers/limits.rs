//! Limits across sign-ins, on any store: memory here, DynamoDB's interface elsewhere.

use std::{
    sync::{
        Arc, Barrier,
        atomic::{AtomicU32, Ordering},
    },
    thread,
};

use rules::{Failure, Item, MemoryStore, Put, Store, StoreError};
use serde_json::{Value, json};

use crate::cognito::{NOW, SignIn, Step, code_in, raw, response, wait};

/// A code that is certainly another one.
pub fn wrong(sign_in: &SignIn<impl Store>) -> String {
    let right = sign_in.mailed.last().map_or("000000", String::as_str);
    let other = if right.starts_with('9') { "0" } else { "9" };
    format!("{other}{}", &right[1..])
}

pub fn begun<S: Store>(user: &str, store: &Arc<S>, now: u64) -> SignIn<S> {
    let mut sign_in = SignIn::of(user, store);
    sign_in.now = now;
    assert!(matches!(sign_in.begin(), Step::Code(_)));
    sign_in
}

/// What the log says of an answer.
pub fn decision<S: Store>(sign_in: &SignIn<S>, code: &str) -> &'static str {
    let event = raw(&sign_in.verify_event(&json!(code), &Value::Null));
    sign_in.verified(&event).unwrap().decision
}

/// The answer that brings a lock is told from those before it, and the next one is not compared.
const LOCKS: [&str; 2] = ["wrong_and_locked", "locked"];

/// Whether an answer that was not right was compared with the code.
pub fn is_compared(decision: &str) -> bool {
    decision.starts_with("wrong")
}

/// Everything that must hold wherever states are kept. `open` opens the one store once more,
/// as each of several functions would; answers race each other in so many rounds.
pub fn suite<S: Store + Send + Sync + 'static>(open: impl Fn() -> Arc<S>, rounds: u32) {
    let store = &open();
    a_code_lets_in_once(store);
    three_calls_mail_once(store);
    an_unknown_mail_is_repeated_once(store);
    mails_are_limited(store);
    resends_over_a_limit_end_nothing(store);
    failures_lock(store);
    parallel_answers(&open, rounds);
    parallel_sign_ins(&open);
}

/// What the rules take for granted of a store without items.
pub fn versions_are_checked(store: &impl Store) {
    let item = |version, expires_at| Item {
        state: "v1||0|0|0||".to_owned(),
        version,
        expires_at,
    };
    assert_eq!(wait(store.get("a")), Ok(None));
    for (key, expected, put) in [
        ("a", 1, Put::Conflict),
        ("a", 0, Put::Done),
        ("a", 0, Put::Conflict),
        ("a", 2, Put::Conflict),
        ("a", 1, Put::Done),
        ("b", 0, Put::Done),
    ] {
        let written = store.put_if_version(key, expected, item(expected + 1, Some(7)));
        assert_eq!(wait(written), Ok(put), "{key} {expected}");
    }
    assert_eq!(wait(store.get("a")), Ok(Some(item(2, Some(7)))));
    let written = store.put_if_version("a", 2, item(3, None));
    assert_eq!(wait(written), Ok(Put::Done));
    assert_eq!(wait(store.get("a")), Ok(Some(item(3, None))));
}

fn a_code_lets_in_once<S: Store>(store: &Arc<S>) {
    let mut sign_in = begun("once", store, NOW);
    let code = sign_in.mailed[0].clone();
    let again = begun("once", store, NOW + 1);
    assert!(again.mailed.is_empty(), "the same code for both");
    assert_eq!(sign_in.answer(&code), Step::Tokens);
    assert_eq!(decision(&sign_in, &code), "superseded");
    assert_eq!(decision(&again, &code), "superseded");
    // Its mail does not count any more.
    let mut next = begun("once", store, NOW + 1);
    assert_ne!(next.mailed[0], code);
    assert_eq!(decision(&next, &code), "wrong");
    let code = next.mailed[0].clone();
    assert_eq!(next.answer(&code), Step::Tokens);
}

fn three_calls_mail_once<S: Store>(store: &Arc<S>) {
    let mut first = begun("repeated", store, NOW);
    let code = first.mailed[0].clone();
    for later in [5, 14] {
        let mut repeated = SignIn::of("repeated", store);
        repeated.now = NOW + later;
        let Step::Code(told) = repeated.begin() else {
            panic!("refused after {later} s");
        };
        assert!(repeated.mailed.is_empty());
        assert_eq!(told["CODE_SENT"], "true");
        assert_eq!(told["EXPIRES_IN"], (180 - later).to_string());
        assert_eq!(
            repeated.session[2]["challengeMetadata"],
            first.session[2]["challengeMetadata"]
        );
    }
    assert_eq!(first.answer(&code), Step::Tokens);
}

fn an_unknown_mail_is_repeated_once<S: Store>(store: &Arc<S>) {
    let mut sign_in = SignIn::of("unknown mail", store);
    let mut codes = Vec::new();
    for later in [0, 5] {
        sign_in.now = NOW + later;
        codes.push(code_in(
            &sign_in.create(&Value::Null).unwrap().mail.unwrap(),
        ));
    }
    assert_eq!(codes[0], codes[1]);
    sign_in.now = NOW + 10;
    assert_eq!(
        sign_in.create(&Value::Null).unwrap_err(),
        Failure::TooManyMails
    );
}

fn mails_are_limited<S: Store>(store: &Arc<S>) {
    let refused = |later, expected| {
        let mut sign_in = SignIn::of("mailed", store);
        sign_in.now = NOW + later;
        assert_eq!(
            sign_in.create(&Value::Null).err(),
            expected,
            "after {later} s"
        );
    };
    begun("mailed", store, NOW);
    refused(15, Some(Failure::TooManyMails));
    refused(29, Some(Failure::TooManyMails));
    for later in [30, 60, 90, 120] {
        begun("mailed", store, NOW + later);
    }
    refused(150, Some(Failure::TooManyMails));
    refused(3_599, Some(Failure::TooManyMails));
    refused(3_600, None);
    // Others are not meant.
    begun("others", store, NOW + 150);
}

fn resends_over_a_limit_end_nothing<S: Store>(store: &Arc<S>) {
    for later in [0, 30, 60, 90] {
        begun("resend", store, NOW + later);
    }
    let mut sign_in = begun("resend", store, NOW + 120);
    sign_in.now = NOW + 150;
    let Step::Code(told) = sign_in.resend() else {
        panic!("the sign-in ended");
    };
    assert_eq!(told["CODE_SENT"], "false");
    assert_eq!(
        (&told["ATTEMPTS_LEFT"], &told["RESEND_IN"]),
        (&json!("3"), &json!("3450"))
    );
    let code = sign_in.mailed[0].clone();
    assert_eq!(
        (sign_in.mailed.len(), sign_in.answer(&code)),
        (1, Step::Tokens)
    );
}

fn failures_lock<S: Store>(store: &Arc<S>) {
    let mut now = NOW;
    for words in [&["wrong"; 3][..], &["wrong"; 3], &["wrong"; 3], &LOCKS] {
        let sign_in = begun("locked", store, now);
        for word in words {
            assert_eq!(decision(&sign_in, &wrong(&sign_in)), *word);
        }
        now += 30;
    }
    let until = now - 30 + 15 * 60;
    for (at, expected) in [
        (now, Some(Failure::TooManyAttempts)),
        (until - 1, Some(Failure::TooManyAttempts)),
        (until, None),
    ] {
        let mut sign_in = SignIn::of("locked", store);
        sign_in.now = at;
        assert_eq!(sign_in.create(&Value::Null).err(), expected, "at {at}");
    }
    // The eleventh locks for half an hour.
    let sign_in = begun("locked", store, NOW + 2 * 3_600);
    let (right, other) = (sign_in.mailed[0].clone(), wrong(&sign_in));
    assert_eq!(
        [decision(&sign_in, &other), decision(&sign_in, &right)],
        LOCKS
    );
    let mut sign_in = SignIn::of("locked", store);
    sign_in.now = NOW + 2 * 3_600 + 30 * 60 - 1;
    assert_eq!(
        sign_in.create(&Value::Null).unwrap_err(),
        Failure::TooManyAttempts
    );
}

/// Eight right answers to one challenge at once, many times: one lets in.
fn parallel_answers<S: Store + Send + Sync + 'static>(open: impl Fn() -> Arc<S>, rounds: u32) {
    for round in 0..rounds {
        let sign_in = begun(&format!("parallel {round}"), &open(), NOW);
        let code = json!(sign_in.mailed[0]);
        let event = sign_in.verify_event(&code, &Value::Null);
        let words = at_once(&open, vec![event; 8]);
        let right = words.iter().filter(|word| **word == "right").count();
        assert_eq!(right, 1, "{words:?}");
    }
}

/// Fifty wrong answers at once in twenty sign-ins: no more than ten are compared.
fn parallel_sign_ins<S: Store + Send + Sync + 'static>(open: impl Fn() -> Arc<S>) {
    let sign_ins: Vec<_> = (0..20).map(|_| begun("many", &open(), NOW)).collect();
    let (right, wrong) = (&sign_ins[0].mailed[0], wrong(&sign_ins[0]));
    let answers = sign_ins.iter().cycle().take(50);
    let events = answers.map(|sign_in| sign_in.verify_event(&json!(wrong), &Value::Null));
    let mut words = at_once(&open, events.collect());
    let refused = ["wrong", "wrong_and_locked", "locked", "store_unavailable"];
    assert!(words.iter().all(|word| refused.contains(word)), "{words:?}");
    // What came too fast to be counted comes once more, one after the other.
    for sign_in in sign_ins.iter().take(10) {
        words.push(decision(sign_in, &wrong));
    }
    let compared = words.iter().filter(|word| is_compared(word)).count();
    assert_eq!(compared, 10, "{words:?}");
    assert_eq!(decision(&sign_ins[0], right), "locked");
}

/// What the log says of answers that come at the same moment, each through a store that was
/// opened for it.
pub fn at_once<S: Store + Send + Sync + 'static>(
    open: impl Fn() -> Arc<S>,
    events: Vec<Value>,
) -> Vec<&'static str> {
    let start = Arc::new(Barrier::new(events.len()));
    let call = |event: Value| {
        let (store, start) = (open(), Arc::clone(&start));
        thread::spawn(move || {
            let (sign_in, event) = (SignIn::of("", &store), raw(&event));
            start.wait();
            sign_in.verified(&event).unwrap().decision
        })
    };
    let calls: Vec<_> = events.into_iter().map(call).collect();
    calls.into_iter().map(|call| call.join().unwrap()).collect()
}

/// Memory in which others come between a read and the write after it.
#[derive(Default)]
struct Crowded {
    store: MemoryStore,
    conflicts: AtomicU32,
}

impl Store for Crowded {
    async fn get(&self, key: &str) -> Result<Option<Item>, StoreError> {
        let item = self.store.get(key).await;
        thread::yield_now();
        item
    }

    async fn put_if_version(&self, key: &str, at: u64, item: Item) -> Result<Put, StoreError> {
        let put = self.store.put_if_version(key, at, item).await;
        let is_conflict = put == Ok(Put::Conflict);
        self.conflicts
            .fetch_add(is_conflict.into(), Ordering::Relaxed);
        put
    }
}

#[test]
fn in_memory() {
    let store = Arc::new(Crowded::default());
    versions_are_checked(store.as_ref());
    suite(|| Arc::clone(&store), 200);
    let conflicts = store.conflicts.load(Ordering::Relaxed);
    assert!(conflicts > 100, "{conflicts} conflicts: nothing was tried");
}

/// A store that reads another item than was written, or cannot write.
struct Broken {
    store: Arc<MemoryStore>,
    stored: Option<Item>,
    put: Result<Put, StoreError>,
}

impl Store for Broken {
    async fn get(&self, key: &str) -> Result<Option<Item>, StoreError> {
        match &self.stored {
            Some(item) => Ok(Some(item.clone())),
            None => self.store.get(key).await,
        }
    }

    async fn put_if_version(&self, _: &str, _: u64, _: Item) -> Result<Put, StoreError> {
        self.put
    }
}

#[test]
fn a_store_in_trouble_lets_nobody_in_and_mails_nothing() {
    let item = |state: &str| Item {
        state: state.to_owned(),
        version: 1,
        expires_at: None,
    };
    let (timeout, done) = (Err(StoreError { reason: "timeout" }), Ok(Put::Done));
    for (stored, put, reason) in [
        (None, timeout, "timeout"),
        (None, Ok(Put::Conflict), "conflict"),
        (Some(item("")), done, "malformed_item"),
        (Some(item("v2||0|0|0||")), done, "malformed_item"),
    ] {
        let good = begun("user", &Arc::default(), NOW);
        let store = Arc::clone(good.store.as_ref().unwrap());
        let broken = Arc::new(Broken { store, stored, put });
        let failure = SignIn::of("other", &broken)
            .create(&Value::Null)
            .unwrap_err();
        assert_eq!(failure, Failure::StoreUnavailable { reason });

        let event = raw(&good.verify_event(&json!(good.mailed[0]), &Value::Null));
        let answer = SignIn::of("user", &broken).verified(&event).unwrap();
        let expected = (json!({ "answerCorrect": false }), "store_unavailable");
        assert_eq!((response(&answer), answer.decision), expected);
        assert_eq!(decision(&good, &good.mailed[0]), "right");
    }
}

#[test]
fn a_challenge_from_before_the_settings_changed_is_void() {
    let with = begun("user", &Arc::new(MemoryStore::default()), NOW);
    let mut without = SignIn::without_store();
    without.begin();
    for (challenged, asked) in [(&with, &without), (&without, &with)] {
        let event = challenged.verify_event(&json!(challenged.mailed[0]), &Value::Null);
        let answer = asked.verified(&raw(&event)).unwrap();
        assert_eq!(answer.decision, "no_challenge");
    }
}

#[test]
fn the_store_learns_a_hash_of_the_user_and_no_code() {
    struct Spy(MemoryStore, String);
    impl Store for Spy {
        async fn get(&self, key: &str) -> Result<Option<Item>, StoreError> {
            assert_eq!(key, self.1);
            self.0.get(key).await
        }
        async fn put_if_version(&self, key: &str, at: u64, item: Item) -> Result<Put, StoreError> {
            assert!(
                !item.state.contains('@') && !item.state.contains("user"),
                "{item:?}"
            );
            assert_eq!(key, self.1);
            self.0.put_if_version(key, at, item).await
        }
    }
    let event = SignIn::of("user", &Arc::<MemoryStore>::default()).create_event(&Value::Null);
    let hash = rules::user_hash(&raw(&event)).unwrap();
    let mut sign_in = begun("user", &Arc::new(Spy(MemoryStore::default(), hash)), NOW);
    let code = sign_in.mailed[0].clone();
    assert_eq!(sign_in.answer(&code), Step::Tokens);
}
