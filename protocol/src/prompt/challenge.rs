//! A challenge of which nothing is known but its name.

use crate::{
    AwaitingReply, Request, Session,
    conversation::{Answered, Conversation},
};
use alloc::{boxed::Box, string::String, vec::Vec};
use core::fmt;

/// A challenge that this crate has no form for.
pub struct Challenge {
    /// `ChallengeName`.
    pub name: String,
    /// `Session`, which goes with the answer.
    pub session: Option<Session>,
    /// `ChallengeParameters`.
    pub parameters: Vec<(String, String)>,
    pub(crate) conversation: Box<Conversation>,
}

impl Challenge {
    /// What names the user at the pool by now, for [`resume`](crate::resume).
    pub fn username(&self) -> &str {
        &self.conversation.username
    }

    /// Answers. `USERNAME` and, with a remembered device, `DEVICE_KEY` are added to the
    /// responses unless they are among them.
    pub fn answer(self, responses: &[(&str, &str)]) -> (Request, AwaitingReply) {
        let Self {
            name,
            session,
            conversation,
            ..
        } = self;
        conversation.respond(&name, session.as_ref(), responses, Answered::Other)
    }
}

impl fmt::Debug for Challenge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Challenge").field(&self.name).finish()
    }
}
