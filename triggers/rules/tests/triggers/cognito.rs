//! Cognito's half of a sign-in, in memory: the order of calls and the events as it sends them.

use rules::{Answer, CodeSettings, Created, Failure, Mail, MailSettings, Recent};
use serde_json::{Value, json, value::RawValue};
use std::cell::RefCell;

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
            (None, _) => return None,
        };
        Some(value.to_owned())
    };
    (
        CodeSettings::read(variable).unwrap(),
        MailSettings::read(variable).unwrap(),
    )
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
}

/// One sign-in, after the password was proven.
pub struct SignIn {
    pub codes: CodeSettings,
    pub mail: MailSettings,
    pub user_attributes: Value,
    pub session: Vec<Value>,
    pub now: u64,
    /// The codes that were mailed.
    pub mailed: Vec<String>,
    private: Value,
    /// What the process of `create` remembers.
    recent: RefCell<Recent>,
}

impl SignIn {
    pub fn new() -> Self {
        let (codes, mail) = settings(&[]);
        let passed = |name| json!({ "challengeName": name, "challengeResult": true, "challengeMetadata": null });
        Self {
            codes,
            mail,
            recent: RefCell::default(),
            user_attributes: json!({
                "sub": SUB,
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
            "userName": SUB,
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
        let mut recent = self.recent.borrow_mut();
        rules::create(&event, &self.codes, &self.mail, &mut recent, self.now)
    }

    pub fn verify(&self, answer: &Value, metadata: &Value) -> bool {
        let event = raw(&self.verify_event(answer, metadata));
        let answer = rules::verify(&event, &self.codes, self.now).unwrap();
        response(&answer)["answerCorrect"].as_bool().unwrap()
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
        let created = self.create(metadata).unwrap();
        self.mailed.extend(created.mail.as_ref().map(code_in));
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
