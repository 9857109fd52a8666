//! One sign-in whose next events all succeed, so that any change can only take away.

use crate::cognito::{SignIn, entropy, raw, wait};
use rules::{Answer, Failure, MemoryStore};
use serde_json::{Value, json, value::RawValue};

pub struct Victim {
    pub sign_in: SignIn,
    /// The right code.
    pub code: String,
}

impl Victim {
    pub fn new() -> Self {
        let mut sign_in = SignIn::new();
        sign_in.begin();
        let code = sign_in.mailed[0].clone();
        Self { sign_in, code }
    }

    /// An event that is answered with tokens.
    pub fn define_event(&self) -> Value {
        let mut event = self.sign_in.define_event(&Value::Null);
        event["request"]["session"][2]["challengeResult"] = json!(true);
        event
    }

    /// An event that is answered with a mail.
    pub fn create_event() -> Value {
        SignIn::new().create_event(&Value::Null)
    }

    /// An event with the right code.
    pub fn verify_event(&self) -> Value {
        self.sign_in.verify_event(&json!(self.code), &Value::Null)
    }

    pub fn create(&self, event: &RawValue) -> Result<Answer, Failure> {
        let SignIn {
            codes, mail, now, ..
        } = &self.sign_in;
        // The mail of a user who had none yet, or every second call would come too soon.
        let store = Some(&MemoryStore::default());
        let created = wait(rules::create(event, codes, mail, store, *now, entropy()))?;
        let has_mail = created.answer.decision == "code_sent";
        assert_eq!(created.mail.is_some(), has_mail);
        Ok(created.answer)
    }

    pub fn verify(&self, event: &RawValue) -> Result<Answer, Failure> {
        // Each of many events is the first one after the mail.
        let store = self.sign_in.store.as_ref().unwrap().as_ref().clone();
        let SignIn { codes, now, .. } = &self.sign_in;
        wait(rules::verify(event, codes, Some(&store), *now))
    }

    /// What `define`, `create` and `verify` make of an event: the word for the log.
    pub fn words(&self, events: [&RawValue; 3]) -> [String; 3] {
        let [define, create, verify] = events;
        let outcomes = [
            rules::define(define),
            self.create(create),
            self.verify(verify),
        ];
        outcomes.map(|outcome| match outcome {
            Ok(answer) => answer.decision.to_owned(),
            Err(failure) => match failure.reason() {
                Some(reason) => format!("{failure} {reason}"),
                None => failure.to_string(),
            },
        })
    }

    /// What they make of their own event after the same change.
    pub fn after(&self, change: impl Fn(&mut Value)) -> [String; 3] {
        let events = [
            self.define_event(),
            Self::create_event(),
            self.verify_event(),
        ];
        let [define, create, verify] = events.map(|mut event| {
            change(&mut event);
            raw(&event)
        });
        self.words([&define, &create, &verify])
    }

    /// What they make of it with another value at a place, wherever that place exists.
    pub fn with(&self, place: &str, value: &Value) -> [String; 3] {
        let (parent, name) = place.rsplit_once('/').unwrap();
        self.after(|event| match event.pointer_mut(parent) {
            Some(Value::Object(fields)) => {
                fields.insert(name.to_owned(), value.clone());
            }
            Some(Value::Array(items)) => {
                if let Some(item) = items.get_mut(name.parse::<usize>().unwrap()) {
                    *item = value.clone();
                }
            }
            _ => {}
        })
    }

    /// What they make of it without the field at a place.
    pub fn without(&self, place: &str) -> [String; 3] {
        let (parent, name) = place.rsplit_once('/').unwrap();
        self.after(|event| {
            if let Some(Value::Object(fields)) = event.pointer_mut(parent) {
                fields.remove(name);
            }
        })
    }
}
