//! Why there are no tokens, and what a script learns of it.

use crate::wording;
use protocol::{Error, Misuse, RefusalKind};
use std::{fmt, io, process::ExitCode};

/// What went wrong, by who can put it right.
#[derive(Debug)]
pub enum Failure {
    /// The person could not be authenticated.
    NotAuthenticated(String),
    /// The command line is wrong.
    Usage(String),
    /// The pool cannot be reached, or is in trouble.
    Pool(String),
    /// Standard output is closed or full.
    Output(io::Error),
}

impl Failure {
    /// The pool asks for what this program does not answer.
    pub fn other_challenge(name: &str) -> Self {
        let name = wording::printable(name);
        Self::NotAuthenticated(format!(
            "The pool asks for {name}, which is not supported here."
        ))
    }

    /// A new password was asked for, and there is none.
    pub fn no_new_password(why: &str) -> Self {
        Self::NotAuthenticated(format!("A new password has to be chosen. {why}"))
    }

    /// What a script can act upon.
    pub fn exit_code(&self) -> ExitCode {
        ExitCode::from(match self {
            Self::NotAuthenticated(_) => 1,
            Self::Usage(_) => 2,
            Self::Pool(_) => 3,
            Self::Output(_) => 4,
        })
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotAuthenticated(why) => write!(f, "Authentication failed. {why}"),
            Self::Usage(why) => write!(f, "{why}\nTry --help."),
            Self::Pool(why) => write!(f, "Authentication was not possible. {why}"),
            Self::Output(why) => write!(f, "Standard output cannot be written. {why}"),
        }
    }
}

impl From<lexopt::Error> for Failure {
    fn from(error: lexopt::Error) -> Self {
        // A value that nobody asked for may be a password.
        if let lexopt::Error::UnexpectedValue { option, .. } = error {
            return Self::Usage(format!("{option}: takes no value"));
        }
        Self::Usage(error.to_string())
    }
}

impl From<Misuse> for Failure {
    fn from(misuse: Misuse) -> Self {
        let flag = match misuse.field {
            "userPoolId" => "--pool-id",
            "clientId" => "--client-id",
            "username" => "--username",
            field => field,
        };
        Self::Usage(format!(
            "{flag}: expected {}, got {}",
            misuse.expected, misuse.got
        ))
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        let refusal = match error {
            Error::PoolRefused(refusal) => refusal,
            Error::PoolMisbehaved(misbehaviour) => return Self::Pool(misbehaviour.to_string()),
        };
        let why = match refusal.kind {
            RefusalKind::BadCredentials => "User name or password is wrong.",
            RefusalKind::LockedOut => "Too many wrong passwords or codes: wait 15 minutes.",
            RefusalKind::CodeAttemptsExceeded => "Too many wrong codes: start again.",
            RefusalKind::SessionExpired => "It took too long: start again.",
            RefusalKind::SessionUsed => "The answer arrived twice: start again.",
            RefusalKind::DeviceRefused => "The pool does not know this device.",
            RefusalKind::UserNotConfirmed => "The user has not been confirmed yet.",
            RefusalKind::PasswordResetRequired => "A new password has to be chosen first.",
            RefusalKind::UserDisabled => "The user has been disabled.",
            RefusalKind::Throttled
            | RefusalKind::LimitExceeded
            | RefusalKind::TriggerFailed
            | RefusalKind::MailNotSent
            | RefusalKind::Misconfigured
            | RefusalKind::Forbidden
            | RefusalKind::Unavailable
            | RefusalKind::Other => return Self::Pool(wording::printable(&refusal.to_string())),
        };
        Self::NotAuthenticated(why.to_owned())
    }
}
