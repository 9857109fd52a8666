//! Switches for tests, over HTTP with `--faults`: what shall go wrong from now on.

use std::{
    sync::{Mutex, PoisonError},
    time::Duration,
};

use serde::{Deserialize, Serialize};

use crate::error::{ApiError, Exception};

/// The switches.
#[derive(Default)]
pub struct Faults(Mutex<Switches>);

/// `{"api": …, "create": …, "ses": …, "table": …}`; what is left out is ok.
#[derive(Clone, Copy, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Switches {
    api: ApiFault,
    create: CreateFault,
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

/// What happens before Create is called.
#[derive(Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum CreateFault {
    /// Nothing.
    #[default]
    Ok,
    /// The call fails as if the function had thrown `FAULT`.
    Fail,
    /// Three seconds pass.
    Slow,
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

    /// What comes before every call of Create.
    ///
    /// # Errors
    /// If Create shall fail.
    pub async fn before_create(&self) -> Result<(), ApiError> {
        match self.switches().create {
            CreateFault::Ok => {}
            CreateFault::Slow => tokio::time::sleep(Duration::from_secs(3)).await,
            CreateFault::Fail => {
                return Err(Exception::UserLambdaValidation
                    .because("CreateAuthChallenge failed with error FAULT."));
            }
        }
        Ok(())
    }

    fn switches(&self) -> Switches {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
