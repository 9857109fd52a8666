//! A passkey is awaited: what does the platform say?

use super::Misused;
use crate::{
    AwaitingReply, Error, Fields, Misuse, Request, Session,
    conversation::{Answered, Conversation},
    proof,
};
use alloc::{boxed::Box, string::String};
use core::fmt;

/// A passkey is awaited.
pub struct PasskeyPrompt {
    conversation: Box<Conversation>,
    session: Session,
    options: String,
}

impl PasskeyPrompt {
    pub(crate) fn read(
        conversation: Box<Conversation>,
        session: Session,
        fields: &dyn Fields,
    ) -> Result<Self, Error> {
        let name = "CREDENTIAL_REQUEST_OPTIONS";
        let options = proof::text(fields, name, 1 << 16)?;
        match fields.embedded(&["ChallengeParameters", name]) {
            Some(_) => Ok(Self {
                conversation,
                session,
                options,
            }),
            None => Err(Error::misbehaved(name, "JSON")),
        }
    }

    /// What names the user at the pool by now, for [`resume`](crate::resume).
    pub fn username(&self) -> &str {
        &self.conversation.username
    }

    /// `CREDENTIAL_REQUEST_OPTIONS`: a `PublicKeyCredentialRequestOptionsJSON` as JSON text.
    pub fn options(&self) -> &str {
        &self.options
    }

    /// Answers with an `AuthenticationResponseJSON` as JSON text.
    ///
    /// # Errors
    /// [`Misused`] if it is empty or longer than 64 KiB.
    pub fn submit(self, credential: &str) -> Result<(Request, AwaitingReply), Misused<Self>> {
        if credential.is_empty() || credential.len() > 1 << 16 {
            let misuse = Misuse::sized("credential", "1 to 65536 bytes", credential.len());
            return Err(Misused::new(misuse, self));
        }
        Ok(self.conversation.respond(
            "WEB_AUTHN",
            Some(&self.session),
            &[("CREDENTIAL", credential)],
            Answered::Other,
        ))
    }
}

impl fmt::Debug for PasskeyPrompt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PasskeyPrompt")
    }
}
