//! The three triggers, called as Cognito calls Lambda functions: five seconds, three tries.

pub mod faketime;
mod runtime_api;
mod sandbox;

use std::{fmt, sync::Arc};

use serde::de::DeserializeOwned;
use serde_json::Value;
use tokio::sync::Mutex;

pub use sandbox::{Output, Program, Setup};

use crate::{
    clock::Clock,
    error::{ApiError, Exception},
};
use runtime_api::Outcome;
use sandbox::{Failure, Sandbox};

/// Which trigger.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TriggerName {
    /// Says what comes next.
    Define,
    /// Makes a challenge.
    Create,
    /// Judges an answer.
    Verify,
}

/// The programs behind the triggers.
pub struct Triggers {
    define: Trigger,
    create: Trigger,
    verify: Trigger,
}

/// One program. It serves one call at a time; others wait in line, off the clock.
struct Trigger {
    setup: Setup,
    sandbox: Mutex<Option<Sandbox>>,
}

const TRIES: usize = 3;

impl TriggerName {
    /// All three.
    pub const ALL: [Self; 3] = [Self::Define, Self::Create, Self::Verify];

    /// The name of its executable, and of its function.
    pub const fn executable(self) -> &'static str {
        match self {
            Self::Define => "define-auth-challenge",
            Self::Create => "create-auth-challenge",
            Self::Verify => "verify-auth-challenge-response",
        }
    }

    /// The name in flags and in the log.
    pub const fn short(self) -> &'static str {
        match self {
            Self::Define => "define",
            Self::Create => "create",
            Self::Verify => "verify",
        }
    }
}

/// Cognito's name, as in `LambdaConfig`, `triggerSource` and errors.
impl fmt::Display for TriggerName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Define => "DefineAuthChallenge",
            Self::Create => "CreateAuthChallenge",
            Self::Verify => "VerifyAuthChallengeResponse",
        })
    }
}

impl Triggers {
    /// The programs, not yet running.
    ///
    /// # Errors
    /// What `setup` says.
    pub fn new<E>(setup: impl Fn(TriggerName) -> Result<Setup, E>) -> Result<Self, E> {
        let trigger = |name| {
            let setup = setup(name)?;
            Ok(Trigger {
                setup,
                sandbox: Mutex::new(None),
            })
        };
        Ok(Self {
            define: trigger(TriggerName::Define)?,
            create: trigger(TriggerName::Create)?,
            verify: trigger(TriggerName::Verify)?,
        })
    }

    /// Whether the programs' clocks can be moved.
    pub fn follow_the_clock(&self) -> bool {
        self.all()
            .iter()
            .all(|trigger| trigger.setup.faketime.is_some())
    }

    /// Starts the programs ahead of the first call, so that nobody waits for them.
    pub async fn start(&self, clock: &Clock) {
        for trigger in self.all() {
            let mut place = trigger.sandbox.lock().await;
            if place.is_none() {
                // One that does not start is tried again, and reported, when it is needed.
                *place = Sandbox::start(&trigger.setup, clock).await.ok();
            }
        }
    }

    /// Ends the programs; the next call starts them anew.
    pub async fn stop(&self) {
        for trigger in self.all() {
            *trigger.sandbox.lock().await = None;
        }
    }

    /// Sends an event, and reads the `response` of what comes back.
    ///
    /// # Errors
    /// With Cognito's names and texts, if the function fails, is too slow or talks nonsense.
    pub async fn call<T: DeserializeOwned>(
        &self,
        name: TriggerName,
        event: &Value,
        clock: &Clock,
    ) -> Result<T, ApiError> {
        let trigger = match name {
            TriggerName::Define => &self.define,
            TriggerName::Create => &self.create,
            TriggerName::Verify => &self.verify,
        };
        match trigger.invoke(event, clock).await {
            Ok(Outcome::Response(body)) => read(&body),
            Ok(Outcome::Error(message)) => Err(Exception::UserLambdaValidation
                .because(format!("{name} failed with error {message}."))),
            Err(Failure::Exited(id, end)) => Err(Exception::UserLambdaValidation.because(format!(
                "{name} failed with error RequestId: {id} Error: {end}."
            ))),
            Err(Failure::TimedOut) => Err(Exception::UnexpectedLambda.because(format!(
                "{name} invocation failed due to error Socket timeout while invoking Lambda \
                 function."
            ))),
            Err(Failure::NotStarted(why)) => Err(Exception::UnexpectedLambda
                .because(format!("{name} invocation failed due to error {why}."))),
        }
    }

    const fn all(&self) -> [&Trigger; 3] {
        [&self.define, &self.create, &self.verify]
    }
}

impl Trigger {
    async fn invoke(&self, event: &Value, clock: &Clock) -> Result<Outcome, Failure> {
        let event: Arc<str> = event.to_string().into();
        let mut place = self.sandbox.lock().await;
        let mut failure = Failure::TimedOut;
        for _ in 0..TRIES {
            // Between calls the process may have ended; that is nobody's failed try.
            let living = place.take_if(Sandbox::is_alive);
            let mut sandbox = match living {
                Some(sandbox) => sandbox,
                None => Sandbox::start(&self.setup, clock).await?,
            };
            match sandbox.invoke(Arc::clone(&event), clock).await {
                Ok(outcome) => {
                    *place = Some(sandbox);
                    return Ok(outcome);
                }
                // The sandbox ends here, and with it a process that hangs.
                Err(error) => failure = error,
            }
        }
        Err(failure)
    }
}

fn read<T: DeserializeOwned>(body: &[u8]) -> Result<T, ApiError> {
    let refused = |why| {
        Exception::InvalidLambdaResponse.because(format!("Invalid lambda function output : {why}"))
    };
    let output: Value = serde_json::from_slice(body).map_err(|_| refused("Invalid JSON"))?;
    match output.get("response") {
        Some(response @ Value::Object(_)) => {
            T::deserialize(response).map_err(|_| refused("Invalid JSON"))
        }
        Some(_) | None => {
            Err(Exception::InvalidLambdaResponse.because("Unrecognizable lambda output"))
        }
    }
}
