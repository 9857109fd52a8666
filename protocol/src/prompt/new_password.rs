//! The temporary password was right: which one shall follow it?

use super::{Misused, list};
use crate::{
    AwaitingReply, Fields, Misuse, Request, Session,
    conversation::{Answered, Conversation},
};
use alloc::{borrow::ToOwned, boxed::Box, format, string::String, vec::Vec};
use core::fmt;

/// A new password is awaited, and the attributes that the pool requires of its users.
pub struct NewPasswordPrompt {
    pub(crate) conversation: Box<Conversation>,
    pub(crate) question: NewPasswordQuestion,
}

pub(crate) struct NewPasswordQuestion {
    pub session: Session,
    required: Vec<String>,
    attributes: Vec<(String, String)>,
    pub rejected: Option<String>,
}

const PREFIX: &str = "userAttributes.";

impl NewPasswordPrompt {
    /// What names the user at the pool by now, for [`resume`](crate::resume).
    pub fn username(&self) -> &str {
        &self.conversation.username
    }

    /// `requiredAttributes`: those that have no value yet, such as `given_name`.
    pub fn required(&self) -> &[String] {
        &self.question.required
    }

    /// `userAttributes`: those that have one.
    pub fn attributes(&self) -> &[(String, String)] {
        &self.question.attributes
    }

    /// Why the pool did not take the last password, in its own words.
    pub fn rejected(&self) -> Option<&str> {
        self.question.rejected.as_deref()
    }

    /// Answers.
    ///
    /// # Errors
    /// [`Misused`] if the password has not 1 to 256 characters, or a required attribute has
    /// no value.
    pub fn submit(
        self,
        password: &str,
        attributes: &[(&str, &str)],
    ) -> Result<(Request, AwaitingReply), Misused<Self>> {
        if let Err(misuse) = self.question.check(password, attributes) {
            return Err(Misused::new(misuse, self));
        }
        let mut named = Vec::with_capacity(attributes.len());
        for &(name, value) in attributes {
            named.push((format!("{PREFIX}{name}"), value));
        }
        let mut responses = Vec::from([("NEW_PASSWORD", password)]);
        for (name, value) in &named {
            responses.push((name.as_str(), value));
        }
        let Self {
            conversation,
            question,
        } = self;
        let session = question.session.clone();
        Ok(conversation.respond(
            "NEW_PASSWORD_REQUIRED",
            Some(&session),
            &responses,
            Answered::NewPassword(question),
        ))
    }
}

impl NewPasswordQuestion {
    pub fn read(fields: &dyn Fields, session: Session) -> Self {
        let mut required = list(fields, "requiredAttributes");
        for name in &mut required {
            if let Some(bare) = name.strip_prefix(PREFIX) {
                *name = bare.to_owned();
            }
        }
        let attributes = fields.embedded(&["ChallengeParameters", "userAttributes"]);
        Self {
            session,
            required,
            attributes: attributes.map(|map| map.entries(&[])).unwrap_or_default(),
            rejected: None,
        }
    }

    fn check(&self, password: &str, attributes: &[(&str, &str)]) -> Result<(), Misuse> {
        let length = password.chars().count();
        if !(1..=256).contains(&length) {
            return Err(Misuse::sized("newPassword", "1 to 256 characters", length));
        }
        let given = |name: &&String| {
            attributes
                .iter()
                .any(|(given, value)| given == name && !value.is_empty())
        };
        match self.required.iter().find(|name| !given(name)) {
            Some(name) => Err(Misuse::described(
                "attributes",
                "a value for each that is required",
                format!("none for {name}"),
            )),
            None => Ok(()),
        }
    }
}

impl fmt::Debug for NewPasswordPrompt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("NewPasswordPrompt")
            .field(&self.question.required)
            .finish()
    }
}
