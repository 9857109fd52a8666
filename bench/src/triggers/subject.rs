//! What is measured: each trigger, in Rust and in Python.

use super::Bench;
use anyhow::{Context, Result, ensure};
use runtime_api::{event, password_proven};
use serde_json::{Value, json};
use std::{
    fmt,
    path::{Path, PathBuf},
    process::Command,
};

/// A function to be measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Subject {
    pub trigger: Trigger,
    pub implementation: Implementation,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trigger {
    Define,
    Create,
    Verify,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Implementation {
    /// Ours, without a table: what the functions in Python do as well.
    Rust,
    /// Ours, with limits across sign-ins.
    RustWithTable,
    /// `e2e/python/reference_triggers`, under Amazon's runtime for Python.
    Python,
}

/// Everything that is measured. Define never uses the table.
pub const SUBJECTS: [Subject; 8] = [
    Subject::new(Trigger::Define, Implementation::Rust),
    Subject::new(Trigger::Define, Implementation::Python),
    Subject::new(Trigger::Create, Implementation::Rust),
    Subject::new(Trigger::Create, Implementation::RustWithTable),
    Subject::new(Trigger::Create, Implementation::Python),
    Subject::new(Trigger::Verify, Implementation::Rust),
    Subject::new(Trigger::Verify, Implementation::RustWithTable),
    Subject::new(Trigger::Verify, Implementation::Python),
];

/// What a function is called with, again and again.
pub struct Question {
    pub event: Vec<u8>,
    /// What the table holds before each call.
    pub item: Option<Value>,
}

/// Digits of our codes; without a table there must be eight.
const CODE_LENGTH: usize = 8;

impl Trigger {
    pub const fn name(self) -> &'static str {
        match self {
            Self::Define => "define",
            Self::Create => "create",
            Self::Verify => "verify",
        }
    }

    pub const fn executable(self) -> &'static str {
        match self {
            Self::Define => "define-auth-challenge",
            Self::Create => "create-auth-challenge",
            Self::Verify => "verify-auth-challenge-response",
        }
    }
}

impl Implementation {
    pub const fn name(self) -> &'static str {
        match self {
            Self::Rust => "Rust",
            Self::RustWithTable => "Rust, with the table",
            Self::Python => "Python",
        }
    }
}

impl Subject {
    pub const fn new(trigger: Trigger, implementation: Implementation) -> Self {
        Self {
            trigger,
            implementation,
        }
    }

    /// The command that starts it, with nothing in its environment but what Lambda and the
    /// template put there, and the addresses of our services.
    pub fn command(self, bench: &Bench, wrapper: &[String]) -> Command {
        let program = match self.implementation {
            Implementation::Python => bench.settings.python.clone(),
            Implementation::Rust | Implementation::RustWithTable => {
                bench.settings.executables.join(self.trigger.executable())
            }
        };
        let mut command = match wrapper {
            [wrapper, arguments @ ..] => {
                let mut command = Command::new(wrapper);
                command.args(arguments).arg(program);
                command
            }
            [] => Command::new(program),
        };
        command
            .env_clear()
            .env("PATH", "/usr/local/bin:/usr/bin:/bin")
            .env("LANG", "en_US.UTF-8")
            .env("TZ", ":UTC")
            .env("AWS_REGION", "us-east-1")
            .env("AWS_DEFAULT_REGION", "us-east-1")
            .env("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE")
            .env("AWS_SECRET_ACCESS_KEY", "secret")
            .env("AWS_SESSION_TOKEN", "token")
            .env("EMAIL_SENDER", "noreply@example.com")
            .env("AWS_ENDPOINT_URL", &bench.services.ses);
        match self.implementation {
            Implementation::Python => {
                command
                    .args(["-m", "awslambdaric"])
                    .arg(format!("{}.lambda_handler", self.trigger.name()))
                    .env("PYTHONPATH", python_functions())
                    .env("AWS_CA_BUNDLE", &bench.roots.python);
            }
            Implementation::Rust | Implementation::RustWithTable => {
                command
                    .env("CODE_KEY", "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=")
                    .env("CODE_LENGTH", CODE_LENGTH.to_string())
                    .env("AWS_CA_BUNDLE", &bench.roots.rust);
            }
        }
        if self.implementation == Implementation::RustWithTable {
            command
                .env("ATTEMPTS_TABLE", "attempts")
                .env("AWS_ENDPOINT_URL_DYNAMODB", &bench.services.dynamodb);
        }
        command
    }

    /// Whether it is one of ours that has deadlines for what it asks AWS.
    pub fn has_deadlines(self) -> bool {
        match self.implementation {
            Implementation::Rust => self.trigger == Trigger::Create,
            Implementation::RustWithTable => true,
            Implementation::Python => false,
        }
    }

    /// The event that it is measured with: the password is proven, and a code is asked for,
    /// mailed, and typed in rightly.
    pub fn question(self, bench: &Bench) -> Result<Question> {
        let first_code = json!({
            "session": password_proven(),
            "challengeName": "CUSTOM_CHALLENGE",
        });
        let mut item = None;
        let event = match (self.trigger, self.implementation) {
            (Trigger::Define, _) => event("DefineAuthChallenge", &first_code),
            (Trigger::Create, _) => event("CreateAuthChallenge", &first_code),
            (Trigger::Verify, Implementation::Python) => {
                answered(&json!({ "answer": "123456" }), "123456")
            }
            (Trigger::Verify, Implementation::Rust | Implementation::RustWithTable) => {
                let create = Self::new(Trigger::Create, self.implementation);
                let answer = bench.ask_once(create)?;
                let code = bench.services.mailed_code(CODE_LENGTH);
                item = bench.services.item();
                answered(
                    &answer["response"]["privateChallengeParameters"],
                    &code.context("no code in the mail")?,
                )
            }
        };
        let mut event = event;
        // Functions in Python fill in what Cognito sends empty.
        event["response"] = json!({});
        Ok(Question {
            event: event.to_string().into_bytes(),
            item,
        })
    }

    /// Whether it decided as it should.
    ///
    /// # Errors
    /// If not: then its speed means nothing.
    pub fn check(self, answer: &Value, mails: u64) -> Result<()> {
        let response = &answer["response"];
        let (right, expected_mails) = match self.trigger {
            Trigger::Define => (response["challengeName"] == "CUSTOM_CHALLENGE", 0),
            Trigger::Create => (response["privateChallengeParameters"].is_object(), 1),
            Trigger::Verify => (response["answerCorrect"] == true, 0),
        };
        ensure!(right, "{self} answered {response}");
        ensure!(mails == expected_mails, "{self} sent {mails} mails");
        Ok(())
    }
}

fn answered(parameters: &Value, answer: &str) -> Value {
    let request = json!({
        "privateChallengeParameters": parameters,
        "challengeAnswer": answer,
    });
    event("VerifyAuthChallengeResponse", &request)
}

/// The authorities that our executables trust without being told.
pub fn pinned_roots() -> PathBuf {
    workspace().join("triggers/aws/src/roots.pem")
}

/// The folder of the functions in Python.
pub fn python_functions() -> PathBuf {
    workspace().join("e2e/python/reference_triggers")
}

fn workspace() -> &'static Path {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here)
}

impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} ({})",
            self.trigger.name(),
            self.implementation.name()
        )
    }
}
