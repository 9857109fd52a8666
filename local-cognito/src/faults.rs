//! Switches for tests, over HTTP with `--faults`: what shall go wrong from now on.

use std::{
    sync::{Mutex, PoisonError},
    time::Duration,
};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{
    error::{ApiError, Exception},
    triggers::TriggerName,
};

/// The switches.
#[derive(Default)]
pub struct Faults(Mutex<Switches>);

/// `{"api": …, "define": …, "create": …, "verify": …, "ses": …, "table": …}`; what is left out
/// is ok.
#[derive(Clone, Copy, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Switches {
    api: ApiFault,
    define: TriggerFault,
    create: TriggerFault,
    verify: TriggerFault,
    ses: SesFault,
    table: TableFault,
}

/// What the Cognito API does.
#[derive(Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ApiFault {
    /// Its work.
    #[default]
    Ok,
    /// Answers `TooManyRequestsException` to every call.
    Throttle,
}

/// What happens before a trigger is called.
#[derive(Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum TriggerFault {
    /// Nothing.
    #[default]
    Ok,
    /// The call fails as if the function had thrown `FAULT`.
    Fail,
    /// Three seconds pass.
    Slow,
    /// The event's `request` becomes a string, so that the trigger itself has to refuse an
    /// event which holds all that it usually does.
    Garble,
}

/// What SES does with a mail.
#[derive(Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SesFault {
    /// Delivers it.
    #[default]
    Ok,
    /// Answers `MessageRejected`.
    Reject,
    /// Answers after half a minute.
    Hang,
}

/// What the table of attempts does.
#[derive(Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum TableFault {
    /// Its work.
    #[default]
    Ok,
    /// Answers `ThrottlingException` to every call.
    Throttle,
    /// Answers after half a minute.
    Hang,
}

impl Faults {
    /// Sets all switches.
    pub fn set(&self, switches: Switches) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = switches;
    }

    /// What SES shall do now.
    pub fn ses(&self) -> SesFault {
        self.switches().ses
    }

    /// What the table of attempts shall do now.
    pub fn table(&self) -> TableFault {
        self.switches().table
    }

    /// What comes before every operation.
    ///
    /// # Errors
    /// If calls shall be throttled.
    pub fn before_operation(&self) -> Result<(), ApiError> {
        match self.switches().api {
            ApiFault::Ok => Ok(()),
            ApiFault::Throttle => Err(Exception::TooManyRequests.because("Rate exceeded")),
        }
    }

    /// What comes before every call of a trigger: the event as it shall arrive.
    ///
    /// # Errors
    /// If the trigger shall fail.
    pub async fn before_trigger(
        &self,
        trigger: TriggerName,
        mut event: Value,
    ) -> Result<Value, ApiError> {
        let switches = self.switches();
        let fault = match trigger {
            TriggerName::Define => switches.define,
            TriggerName::Create => switches.create,
            TriggerName::Verify => switches.verify,
        };
        match fault {
            TriggerFault::Ok => {}
            TriggerFault::Slow => tokio::time::sleep(Duration::from_secs(3)).await,
            TriggerFault::Garble => {
                if let Some(request) = event.get_mut("request") {
                    *request = request.to_string().into();
                }
            }
            TriggerFault::Fail => {
                return Err(Exception::UserLambdaValidation
                    .because(format!("{trigger} failed with error FAULT.")));
            }
        }
        Ok(event)
    }

    fn switches(&self) -> Switches {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[tokio::test]
    async fn a_garbled_event_holds_all_that_it_did_and_goes_to_one_trigger() {
        let faults = Faults::default();
        faults.set(serde_json::from_str(r#"{"verify":"garble"}"#).unwrap());
        let event = json!({ "userName": "a", "request": { "challengeAnswer": "123456" } });
        let garbled = json!({ "userName": "a", "request": r#"{"challengeAnswer":"123456"}"# });
        for trigger in TriggerName::ALL {
            let expected = if trigger == TriggerName::Verify {
                &garbled
            } else {
                &event
            };
            let arrived = faults.before_trigger(trigger, event.clone()).await;
            assert_eq!(arrived.unwrap(), *expected, "{trigger}");
        }
    }
}
