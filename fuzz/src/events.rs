//! The JSON of an event, as it comes, to each of the triggers.

use std::collections::BTreeMap;

use rules::{Answer, CodeSettings, Created, MailSettings, MemoryStore};
use serde_json::{Value, value::RawValue};

use crate::{
    tally::reached,
    trigger_events::{NOW, SUB, TTL, code_in, event, now, response, settings},
};

/// A sign-in that waits for its code. Events can name both as `@CODE@` and `@RECORD@`.
struct Scene {
    codes: CodeSettings,
    mails: MailSettings,
    store: MemoryStore,
    code: String,
    record: String,
}

const PASSED: &str = r#"{"challengeName":"SRP_A","challengeResult":true,"challengeMetadata":null},{"challengeName":"PASSWORD_VERIFIER","challengeResult":true,"challengeMetadata":null}"#;

thread_local! {
    static SCENE: Scene = Scene::new();
}

impl Scene {
    fn new() -> Self {
        let (codes, mails) = settings();
        let store = MemoryStore::default();
        let request = format!(r#""session":[{PASSED}],"challengeName":"CUSTOM_CHALLENGE""#);
        let event = event("CreateAuthChallenge", SUB, &request);
        let created = rules::create(&event, &codes, &mails, Some(&store), NOW, [7; 16]);
        let created = now(created).unwrap();
        let response = response(&created.answer);
        Self {
            code: code_in(created.mail.as_ref().unwrap()),
            record: response["challengeMetadata"].as_str().unwrap().to_owned(),
            codes,
            mails,
            store,
        }
    }
}

/// Any text at all as an event, to all three, shortly after a code was mailed.
pub fn events(data: &[u8]) {
    let Ok(text) = str::from_utf8(data) else {
        return;
    };
    SCENE.with(|scene| {
        let text = text
            .replace("@CODE@", &scene.code)
            .replace("@RECORD@", &scene.record);
        let Ok(event) = RawValue::from_string(text) else {
            return;
        };
        let _ = rules::user_hash(&event);
        define(&event);
        create(&event, scene);
        verify(&event, scene);
    });
}

fn define(event: &RawValue) {
    let Ok(answer) = rules::define(event) else {
        return;
    };
    check_returned(event, &answer);
    reached(answer.decision);
    let response = response(&answer);
    let (issue, fail) = (&response["issueTokens"], &response["failAuthentication"]);
    let next = response["challengeName"].as_str();
    assert!(issue.is_boolean() && fail.is_boolean());
    let ways = [issue == true, fail == true, next.is_some()];
    assert_eq!(ways.iter().filter(|way| **way).count(), 1, "{response}");
    if issue == true || next == Some("CUSTOM_CHALLENGE") {
        let Some(seen) = read(event) else {
            return;
        };
        let request = &seen["request"];
        assert!(is_reachable(request), "{event}");
        let challenges = request["session"].as_array().unwrap();
        assert_passed(&challenges[0], "SRP_A");
        assert_passed(&challenges[1], "PASSWORD_VERIFIER");
        let answers = &challenges[2..];
        let right = answers
            .iter()
            .filter(|answer| answer["challengeResult"] == true);
        assert_eq!(right.count(), usize::from(issue == true), "{event}");
        for answer in answers {
            assert_eq!(answer["challengeName"], "CUSTOM_CHALLENGE");
            assert!(answer["challengeMetadata"].is_string());
        }
        if issue == true {
            assert_ne!(request["clientMetadata"]["action"], "resend", "{event}");
            assert_passed(answers.last().unwrap(), "CUSTOM_CHALLENGE");
        }
    }
}

/// The whole event, unless it holds numbers or depths that nothing but a raw value does.
fn read(event: &RawValue) -> Option<Value> {
    serde_json::from_str(event.get()).ok()
}

fn assert_passed(challenge: &Value, name: &str) {
    assert_eq!(challenge["challengeName"], name);
    assert_eq!(challenge["challengeResult"], true);
}

fn is_reachable(request: &Value) -> bool {
    let absent = |value: &Value| value.is_null() || value == false;
    request["userAttributes"]["email_verified"] == "true" && absent(&request["userNotFound"])
}

fn create(event: &RawValue, scene: &Scene) {
    let (codes, mails) = (&scene.codes, &scene.mails);
    // Later than the wait between two mails; and anew for each event.
    let (store, at) = (scene.store.clone(), NOW + 40);
    let created = rules::create(event, codes, mails, Some(&store), at, [9; 16]);
    let Ok(created) = now(created) else {
        return;
    };
    check_returned(event, &created.answer);
    reached(created.answer.decision);
    let Some(seen) = read(event) else {
        return;
    };
    assert!(is_reachable(&seen["request"]), "{event}");
    let told = response(&created.answer).to_string();
    let Created { mail, answer, .. } = &created;
    if let Some(mail) = mail {
        let address = seen["request"]["userAttributes"]["email"].as_str();
        assert_eq!(Some(mail.to.as_str()), address, "a mail to somebody else");
        let code = code_in(mail);
        assert_eq!(code.len(), 10);
        assert!(!told.contains(&code), "the code is in the answer");
        let shown = format!("{created:?} {mail:?} {answer:?}");
        assert!(!shown.contains(&code) && !shown.contains('@'), "{shown}");
        assert!(!mail.subject.contains(&code));
    }
    assert!(!told.contains(&scene.code), "the code is in the answer");
}

fn verify(event: &RawValue, scene: &Scene) {
    let (codes, at) = (&scene.codes, NOW + 1);
    let Ok(answer) = now(rules::verify(event, codes, Some(&scene.store.clone()), at)) else {
        return;
    };
    check_returned(event, &answer);
    reached(answer.decision);
    let shown = format!("{answer:?} {}", response(&answer));
    assert!(!shown.contains(&scene.code), "{shown}");
    let correct = response(&answer)["answerCorrect"].as_bool();
    let Some(seen) = read(event) else {
        return;
    };
    let is_right = is_right(&seen, scene);
    if correct.unwrap() {
        assert!(is_right, "{event}");
        assert_eq!(answer.decision, "right");
        let store = scene.store.clone();
        let late = now(rules::verify(event, codes, Some(&store), NOW + TTL + 1));
        assert_eq!(late.unwrap().decision, "expired");
    }
}

/// What has to hold for an answer to be the code, read from the whole event and by no type of
/// the rules.
fn is_right(event: &Value, scene: &Scene) -> bool {
    let request = &event["request"];
    let typed = request["challengeAnswer"].as_str().unwrap_or_default();
    event["triggerSource"] == "VerifyAuthChallengeResponse_Authentication"
        && event["userPoolId"] == "us-east-1_Example1"
        && event["callerContext"]["clientId"] == "exampleclient"
        && event["userName"] == SUB
        && is_reachable(request)
        && request["userAttributes"]["sub"] == SUB
        && request["userAttributes"]["email"] == "user@example.com"
        && request["privateChallengeParameters"]["challenge"] == *scene.record
        && request["clientMetadata"]["action"] != "resend"
        && typed.trim() == scene.code
}

/// All comes back as it was, but for the response.
fn check_returned(event: &RawValue, answer: &Answer) {
    let fields = |raw: &str| -> BTreeMap<String, String> {
        let fields: BTreeMap<String, &RawValue> = serde_json::from_str(raw).unwrap();
        let text = |(name, value): (String, &RawValue)| (name, value.get().to_owned());
        let others = fields.into_iter().filter(|(name, _)| name != "response");
        others.map(text).collect()
    };
    assert_eq!(fields(event.get()), fields(answer.event.get()));
}
