//! Errors, by who is at fault.

use crate::json;
use alloc::{borrow::ToOwned, format, string::String};
use core::fmt;

/// Why a conversation cannot go on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Error {
    /// The pool answered, and said no.
    PoolRefused(Refusal),
    /// The pool, or something between, answered what Cognito never answers.
    PoolMisbehaved(Misbehaviour),
}

/// A refusal in Cognito's own terms.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// What it means at this point of the conversation.
    pub kind: RefusalKind,
    /// The exception, such as `NotAuthorizedException`; empty if the reply named none.
    pub exception: String,
    /// The text beside it, at most 1,024 characters. Written by the pool or its triggers:
    /// show it to developers, not to the person.
    pub message: String,
    /// The trigger that failed, such as `CreateAuthChallenge`, where Cognito names it.
    pub trigger: Option<String>,
}

/// What a refusal means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RefusalKind {
    /// No such user, or another password; Cognito does not say which.
    BadCredentials,
    /// Too many wrong passwords. Waiting helps: 1 s at first, about 15 minutes at most.
    LockedOut,
    /// The triggers ended the sign-in after an answer: too many wrong codes.
    CodeAttemptsExceeded,
    /// The session or the code has expired, or the pool does not know the session.
    SessionExpired,
    /// The session was used before: an answer has arrived twice.
    SessionUsed,
    /// The pool is busy. Waiting helps within seconds.
    Throttled,
    /// A quota is used up, such as that for mails to one person. Waiting helps, but trying
    /// again at once does not.
    LimitExceeded,
    /// A trigger failed, or answered nonsense.
    TriggerFailed,
    /// The Create trigger could not hand the mail over.
    MailNotSent,
    /// The pool does not know the device, or another password of it: forget the device.
    DeviceRefused,
    /// The user has not been confirmed.
    UserNotConfirmed,
    /// The user must choose a new password first.
    PasswordResetRequired,
    /// The user has been disabled.
    UserDisabled,
    /// Pool, app client or triggers are not set up for this.
    Misconfigured,
    /// A firewall in front of the pool refused the call.
    Forbidden,
    /// The pool has failed: HTTP 5xx.
    Unavailable,
    /// Any other exception.
    Other,
}

/// A reply that Cognito never gives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Misbehaviour {
    /// The field that is at fault, such as `SRP_B`, or `body`.
    pub field: &'static str,
    /// What was expected of it.
    pub expected: &'static str,
}

/// A mistake of the caller. Nothing was sent, and nothing is lost.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Misuse {
    /// The argument that is at fault, by its name in JavaScript.
    pub field: &'static str,
    /// What was expected of it.
    pub expected: &'static str,
    /// What came, at most 64 characters; of secrets only the length.
    pub got: String,
}

impl Misuse {
    /// What came is quoted.
    pub(crate) fn new(field: &'static str, expected: &'static str, got: &str) -> Self {
        // As Rust prints texts, but for a twentieth of the bytes.
        Self::described(field, expected, json::quoted(&truncate(got, 64)))
    }

    /// Of what may be a secret, only the length is told.
    pub(crate) fn sized(field: &'static str, expected: &'static str, length: usize) -> Self {
        Self::described(field, expected, format!("a length of {length}"))
    }

    /// What came, in words of ours.
    pub(crate) fn described(field: &'static str, expected: &'static str, got: String) -> Self {
        Self {
            field,
            expected,
            got,
        }
    }

    pub(crate) fn missing(field: &'static str, expected: &'static str) -> Self {
        Self::described(field, expected, "nothing".to_owned())
    }
}

impl Error {
    pub(crate) fn misbehaved(field: &'static str, expected: &'static str) -> Self {
        Self::PoolMisbehaved(Misbehaviour { field, expected })
    }
}

/// At most so many characters: what others wrote may be a megabyte long.
pub(crate) fn truncate(text: &str, characters: usize) -> String {
    match text.char_indices().nth(characters) {
        Some((end, _)) => text.get(..end).unwrap_or_default().to_owned(),
        None => text.to_owned(),
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::PoolRefused(refusal) => refusal.fmt(f),
            Self::PoolMisbehaved(misbehaviour) => misbehaviour.fmt(f),
        }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = if self.exception.is_empty() {
            "the pool refused"
        } else {
            &self.exception
        };
        f.write_str(name)?;
        if self.message.is_empty() {
            Ok(())
        } else {
            write!(f, ": {}", self.message)
        }
    }
}

impl fmt::Display for Misbehaviour {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "the pool's reply has a bad {}: expected {}",
            self.field, self.expected
        )
    }
}

impl fmt::Display for Misuse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{}: expected {}, got {}",
            self.field, self.expected, self.got
        )
    }
}

impl core::error::Error for Error {}
impl core::error::Error for Misuse {}
