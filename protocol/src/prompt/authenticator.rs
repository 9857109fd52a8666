//! An authenticator is being set up: which code does it show?

use super::{Misused, digits};
use crate::{
    AwaitingReply, Error, Fields, Misuse, Operation, Request, Session,
    conversation::{Conversation, Expecting},
    json::{self, Member},
};
use alloc::{boxed::Box, string::String};
use core::fmt;
use zeroize::Zeroizing;

/// The person adds the secret to an authenticator, and types the first code of it.
pub struct AuthenticatorPrompt {
    pub(crate) conversation: Box<Conversation>,
    pub(crate) question: AuthenticatorQuestion,
}

pub(crate) struct AuthenticatorQuestion {
    session: Session,
    secret: Zeroizing<String>,
    pub wrong: bool,
}

impl AuthenticatorPrompt {
    /// `SecretCode`, in base32, as authenticators take it.
    pub fn secret(&self) -> &str {
        &self.question.secret
    }

    /// Whether the last code was wrong.
    pub fn is_wrong(&self) -> bool {
        self.question.wrong
    }

    /// Answers with the code that the authenticator shows: `VerifySoftwareToken`.
    ///
    /// # Errors
    /// [`Misused`] if it has not six digits.
    pub fn submit(self, typed: &str) -> Result<(Request, AwaitingReply), Misused<Self>> {
        let Some(code) = digits(typed).filter(|code| code.len() == 6) else {
            let length = typed.trim().chars().count();
            return Err(Misused::new(
                Misuse::sized("code", "six digits", length),
                self,
            ));
        };
        let members = [
            ("Session", Member::Text(self.question.session.as_str())),
            ("UserCode", Member::Text(&code)),
        ];
        let request = Request::new(Operation::VerifySoftwareToken, json::object(&members));
        let expecting = Expecting::Verified(self.question);
        Ok((request, self.conversation.awaiting(expecting)))
    }
}

impl AuthenticatorQuestion {
    pub fn read(fields: &dyn Fields, session: Session) -> Result<Self, Error> {
        let secret = fields.text(&["SecretCode"]).map(Zeroizing::new);
        let secret = secret.filter(|secret| {
            (16..=1024).contains(&secret.len())
                && secret.bytes().all(|byte| byte.is_ascii_alphanumeric())
        });
        Ok(Self {
            session,
            secret: secret.ok_or(Error::misbehaved("SecretCode", "at least 16 characters"))?,
            wrong: false,
        })
    }
}

impl fmt::Debug for AuthenticatorPrompt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AuthenticatorPrompt")
    }
}
