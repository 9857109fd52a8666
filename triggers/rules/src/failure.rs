//! Why a trigger gives no answer.

use std::fmt;

/// A call that ends in a Lambda error.
///
/// Cognito shows the text of such an error to whoever is signing in, so [`Failure::name`] is
/// all that may leave the function. The reason is for the log: it is one of a few words
/// written in this source, and never a value that came in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Failure {
    /// This is not an event that the trigger understands.
    BadEvent {
        /// The field that is missing, malformed or out of place.
        field: &'static str,
    },
    /// There is no verified address to which a code could be sent.
    AddressNotVerified,
    /// The mail service did not take the mail.
    MailNotSent {
        /// What it said, as one word.
        reason: &'static str,
    },
    /// The user had too many mails lately; one may go out later.
    TooManyMails,
    /// The user had too many wrong answers lately, or a hundred in a row.
    TooManyAttempts,
    /// What is remembered of the user could not be read or written.
    StoreUnavailable {
        /// Why, as one word.
        reason: &'static str,
    },
}

impl Failure {
    /// The type and the text of the Lambda error: one of `BAD_EVENT`,
    /// `ADDRESS_NOT_VERIFIED`, `MAIL_NOT_SENT`, `TOO_MANY_MAILS`, `TOO_MANY_ATTEMPTS`,
    /// `STORE_UNAVAILABLE`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::BadEvent { .. } => "BAD_EVENT",
            Self::AddressNotVerified => "ADDRESS_NOT_VERIFIED",
            Self::MailNotSent { .. } => "MAIL_NOT_SENT",
            Self::TooManyMails => "TOO_MANY_MAILS",
            Self::TooManyAttempts => "TOO_MANY_ATTEMPTS",
            Self::StoreUnavailable { .. } => "STORE_UNAVAILABLE",
        }
    }

    /// The word for the log, where there is more to say than the name.
    pub const fn reason(self) -> Option<&'static str> {
        match self {
            Self::BadEvent { field } => Some(field),
            Self::AddressNotVerified | Self::TooManyMails | Self::TooManyAttempts => None,
            Self::MailNotSent { reason } | Self::StoreUnavailable { reason } => Some(reason),
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl std::error::Error for Failure {}
