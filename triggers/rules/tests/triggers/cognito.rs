//! Cognito's half of a sign-in, in memory: the order of calls and the events as it sends them.

use std::{cell::Cell, sync::Arc};

use rules::{Answer, CodeSettings, Created, Failure, Mail, MailSettings, MemoryStore, Store};
use serde_json::{Value, json, value::RawValue};
use tokio::runtime::{Builder, Runtime};

pub const NOW: u64 = 1_790_000_000;
pub const SUB: &str = "3f1c2e7a-8a1b-4f3e-9d0c-1b2a3c4d5e6f";

/// The settings with these variables changed.
pub fn settings(changes: &[(&str, &str)]) -> (CodeSettings, MailSettings) {
    let variable = |name: &str| {
        let changed = changes.iter().find(|(changed, _)| *changed == name);
        let value = match (changed, name) {
            (Some((_, value)), _) => value,
            (None, "CODE_KEY") => "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=",
            (None, "EMAIL_SENDER") => "noreply@example.com",
            (None, "APP_NAME") => "Example",
            (None, "ATTEMPTS_TABLE") => "attempts",
            (None, _) => return None,
        };
        Some(value.to_owned())
    };
    (
        CodeSettings::read(variable).unwrap(),
        MailSettings::read(variable).unwrap(),
    )
}

thread_local! {
    static RUNTIME: Runtime = Builder::new_current_thread().enable_all().build().unwrap();
    static DRAWN: Cell<u128> = const { Cell::new(0) };
}

/// Waits for a future.
pub fn wait<T>(future: impl Future<Output = T>) -> T {
    RUNTIME.with(|runtime| runtime.block_on(future))
}

/// Entropy that no other call gets.
pub fn entropy() -> [u8; 16] {
    DRAWN.set(DRAWN.get() + 1);
    DRAWN.get().to_be_bytes()
}

/// An event as text.
pub fn raw(event: &Value) -> Box<RawValue> {
    serde_json::value::to_raw_value(event).unwrap()
}

/// The response that a trigger filled in.
pub fn response(answer: &Answer) -> Value {
    let event: Value = serde_json::from_str(answer.event.get()).unwrap();
    event["response"].clone()
}

/// The digits that a mail carries.
pub fn code_in(mail: &Mail) -> String {
    let line = mail.text.lines().find(|line| line.starts_with("    "));
    line.unwrap().trim().to_owned()
}

/// What a client sees after its call.
#[derive(Debug, PartialEq)]
pub enum Step {
    /// A code is asked for, with these public challenge parameters.
    Code(Value),
    Tokens,
    Refused,
    /// Create gave no answer.
    Failed(Failure),
}

/// One sign-in, after the password was proven.
pub struct SignIn<S = MemoryStore> {
    /// Where users are remembered, if they are.
    pub store: Option<Arc<S>>,
    pub user_name: String,
    pub codes: CodeSettings,
    pub mail: MailSettings,
    pub user_attributes: Value,
    pub session: Vec<Value>,
    pub now: u64,
    /// The codes that were mailed.
    pub mailed: Vec<String>,
    private: Value,
}

impl SignIn {
    /// The first sign-in of a user.
    pub fn new() -> Self {
        Self::of(SUB, &Arc::default())
    }

    /// A sign-in that nothing remembers.
    pub fn without_store() -> Self {
        let mut sign_in = Self {
            store: None,
            ..Self::new()
        };
        (sign_in.codes, sign_in.mail) = settings(&[("ATTEMPTS_TABLE", ""), ("CODE_LENGTH", "8")]);
        sign_in
    }
}

impl<S: Store> SignIn<S> {
    /// A sign-in of a user whom a store may know.
    pub fn of(user_name: &str, store: &Arc<S>) -> Self {
        let (codes, mail) = settings(&[]);
        let passed = |name| json!({ "challengeName": name, "challengeResult": true, "challengeMetadata": null });
        Self {
            store: Some(Arc::clone(store)),
            user_name: user_name.to_owned(),
            codes,
            mail,
            user_attributes: json!({
                "sub": user_name,
                "cognito:user_status": "CONFIRMED",
                "email_verified": "true",
                "email": "user@example.com",
            }),
            session: vec![passed("SRP_A"), passed("PASSWORD_VERIFIER")],
            now: NOW,
            mailed: Vec::new(),
            private: Value::Null,
        }
    }

    /// An event for the trigger of that name.
    pub fn event(&self, trigger: &str, request: Value) -> Value {
        let mut event = json!({
            "version": "1",
            "region": "us-east-1",
            "userPoolId": "us-east-1_Example1",
            "userName": self.user_name,
            "callerContext": { "awsSdkVersion": "aws-sdk-unknown-unknown", "clientId": "exampleclient" },
            "triggerSource": format!("{trigger}_Authentication"),
            "request": { "userAttributes": self.user_attributes, "userNotFound": false },
            "response": null,
        });
        for (name, value) in request.as_object().unwrap() {
            event["request"][name] = value.clone();
        }
        event
    }

    pub fn define_event(&self, metadata: &Value) -> Value {
        let request = json!({ "session": self.session, "clientMetadata": metadata });
        self.event("DefineAuthChallenge", request)
    }

    pub fn create_event(&self, metadata: &Value) -> Value {
        let request = json!({
            "session": self.session,
            "challengeName": "CUSTOM_CHALLENGE",
            "clientMetadata": metadata,
        });
        self.event("CreateAuthChallenge", request)
    }

    pub fn verify_event(&self, answer: &Value, metadata: &Value) -> Value {
        let request = json!({
            "privateChallengeParameters": self.private,
            "challengeAnswer": answer,
            "clientMetadata": metadata,
        });
        self.event("VerifyAuthChallengeResponse", request)
    }

    pub fn define(&self, metadata: &Value) -> Value {
        response(&rules::define(&raw(&self.define_event(metadata))).unwrap())
    }

    pub fn create(&self, metadata: &Value) -> Result<Created, Failure> {
        let event = raw(&self.create_event(metadata));
        let store = self.store.as_deref();
        wait(rules::create(
            &event,
            &self.codes,
            &self.mail,
            store,
            self.now,
            entropy(),
        ))
    }

    pub fn verify(&self, answer: &Value, metadata: &Value) -> bool {
        let event = raw(&self.verify_event(answer, metadata));
        let answer = self.verified(&event).unwrap();
        response(&answer)["answerCorrect"].as_bool().unwrap()
    }

    pub fn verified(&self, event: &RawValue) -> Result<Answer, Failure> {
        wait(rules::verify(
            event,
            &self.codes,
            self.store.as_deref(),
            self.now,
        ))
    }

    /// What follows once the password is proven.
    pub fn begin(&mut self) -> Step {
        self.go_on(&Value::Null)
    }

    pub fn answer(&mut self, code: &str) -> Step {
        self.respond(&json!(code), &Value::Null)
    }

    pub fn resend(&mut self) -> Step {
        self.respond(&json!("resend"), &json!({ "action": "resend" }))
    }

    /// RespondToAuthChallenge.
    pub fn respond(&mut self, answer: &Value, metadata: &Value) -> Step {
        let right = self.verify(answer, metadata);
        self.session.last_mut().unwrap()["challengeResult"] = json!(right);
        self.go_on(metadata)
    }

    fn go_on(&mut self, metadata: &Value) -> Step {
        let defined = self.define(metadata);
        let (issue, fail) = (&defined["issueTokens"], &defined["failAuthentication"]);
        match (issue.as_bool().unwrap(), fail.as_bool().unwrap()) {
            (true, false) => return Step::Tokens,
            (false, true) => return Step::Refused,
            (both, _) => assert!(!both, "tokens and failure at once"),
        }
        assert_eq!(defined["challengeName"], "CUSTOM_CHALLENGE");
        let created = match self.create(metadata) {
            Ok(created) => created,
            Err(failure) => return Step::Failed(failure),
        };
        self.mailed.extend(created.mail.as_ref().map(code_in));
        if let Some(store) = &self.store {
            wait(created.mailed(store.as_ref())).unwrap();
        }
        let created = response(&created.answer);
        self.private = created["privateChallengeParameters"].clone();
        // The result is Cognito's to fill in, once there is an answer.
        self.session.push(json!({
            "challengeName": "CUSTOM_CHALLENGE",
            "challengeResult": false,
            "challengeMetadata": created["challengeMetadata"],
        }));
        Step::Code(created["publicChallengeParameters"].clone())
    }
}
