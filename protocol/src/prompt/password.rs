//! The pool asks for the password now.

use super::Misused;
use crate::{
    AwaitingReply, FirstFactor, Password, Request, Session,
    conversation::{Answered, Conversation},
};
use alloc::boxed::Box;
use core::fmt;

/// The password is awaited.
pub struct PasswordPrompt {
    pub(crate) conversation: Box<Conversation>,
    pub(crate) session: Session,
    pub(crate) factor: FirstFactor,
}

impl PasswordPrompt {
    /// How the password is shown to be known. With [`FirstFactor::Password`] it is sent itself;
    /// nothing but an answer to this prompt does so unasked.
    pub fn factor(&self) -> FirstFactor {
        self.factor
    }

    /// Answers.
    ///
    /// # Errors
    /// [`Misused`] if the password is empty or too long, or has to be sent and is no UTF-8.
    pub fn submit(mut self, password: Password) -> Result<(Request, AwaitingReply), Misused<Self>> {
        self.conversation.password = Some(password);
        match self.conversation.credential(self.factor.name()) {
            Ok((name, value)) => Ok(self.conversation.respond(
                self.factor.name(),
                Some(&self.session),
                &[(name, &value)],
                Answered::Other,
            )),
            Err(misuse) => Err(Misused::new(misuse, self)),
        }
    }
}

impl fmt::Debug for PasswordPrompt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("PasswordPrompt").field(&self.factor).finish()
    }
}
