//! Several ways lead on: which shall it be?

use super::{Misused, list, values};
use crate::{
    AwaitingReply, Fields, Misuse, Operation, Password, Request, Session,
    conversation::{Answered, Conversation, Expecting},
    json::{self, Member},
};
use alloc::{boxed::Box, string::String, vec::Vec};
use core::fmt;

/// A choice is awaited.
pub struct ChoicePrompt {
    pub(crate) conversation: Box<Conversation>,
    pub(crate) question: ChoiceQuestion,
}

/// What some options need. Each goes with the options that it is for, and with no other.
#[derive(Clone, Copy, Default)]
pub struct Beside<'a> {
    /// The password: with `PASSWORD` it is sent, with `PASSWORD_SRP` proved. It may be left
    /// out if the sign-in began with it.
    pub password: Option<&'a str>,
    /// The address, where `EMAIL_OTP` is set up.
    pub email: Option<&'a str>,
}

/// What is chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// `SELECT_CHALLENGE`: how to begin.
    FirstFactor,
    /// `SELECT_MFA_TYPE`: which second factor to use.
    SecondFactor,
    /// `MFA_SETUP`: which second factor to set up.
    SetUp,
}

pub(crate) struct ChoiceQuestion {
    session: Session,
    purpose: Purpose,
    options: Vec<String>,
}

const AUTHENTICATOR: &str = "SOFTWARE_TOKEN_MFA";
const EMAIL: &str = "EMAIL_OTP";

impl ChoicePrompt {
    /// What is chosen.
    pub fn purpose(&self) -> Purpose {
        self.question.purpose
    }

    /// What there is to choose from, by Cognito's names, such as `EMAIL_OTP`.
    pub fn options(&self) -> &[String] {
        &self.question.options
    }

    /// Chooses.
    ///
    /// # Errors
    /// [`Misused`] if it is no option, or needs something that is not there.
    pub fn choose(
        mut self,
        option: &str,
        beside: Beside<'_>,
    ) -> Result<(Request, AwaitingReply), Misused<Self>> {
        if !self.question.options.iter().any(|name| name == option) {
            let misuse = Misuse::new("option", "one of the options", option);
            return Err(Misused::new(misuse, self));
        }
        let factor = match (self.question.purpose, option) {
            (Purpose::SetUp, AUTHENTICATOR) => return Ok(self.associate()),
            (Purpose::SetUp, _) => {
                return match beside.email.filter(|address| address.contains('@')) {
                    Some(address) => Ok(self.send(&[("EMAIL", address)])),
                    None => {
                        let expected = "an address";
                        let misuse = match beside.email {
                            Some(other) => Misuse::new("email", expected, other),
                            None => Misuse::missing("email", expected),
                        };
                        Err(Misused::new(misuse, self))
                    }
                };
            }
            (Purpose::FirstFactor, "PASSWORD_SRP" | "PASSWORD") => option,
            _ => return Ok(self.send(&[("ANSWER", option)])),
        };
        if let Some(password) = beside.password {
            self.conversation.password = Some(Password::new(password));
        }
        match self.conversation.credential(factor) {
            Ok((name, value)) => Ok(self.send(&[("ANSWER", option), (name, &value)])),
            Err(misuse) => Err(Misused::new(misuse, self)),
        }
    }

    fn send(self, responses: &[(&str, &str)]) -> (Request, AwaitingReply) {
        let ChoiceQuestion {
            session, purpose, ..
        } = self.question;
        let name = purpose.challenge();
        self.conversation
            .respond(name, Some(&session), responses, Answered::Other)
    }

    /// Asks for the secret that the authenticator shares with the pool.
    fn associate(self) -> (Request, AwaitingReply) {
        let members = [("Session", Member::Text(self.question.session.as_str()))];
        let request = Request::new(Operation::AssociateSoftwareToken, json::object(&members));
        (request, self.conversation.awaiting(Expecting::Secret))
    }
}

impl Purpose {
    const fn challenge(self) -> &'static str {
        match self {
            Self::FirstFactor => "SELECT_CHALLENGE",
            Self::SecondFactor => "SELECT_MFA_TYPE",
            Self::SetUp => "MFA_SETUP",
        }
    }
}

impl ChoiceQuestion {
    /// Nothing if there is nothing to choose from.
    pub fn read(name: &str, fields: &dyn Fields, session: &mut Option<Session>) -> Option<Self> {
        let purposes = [Purpose::FirstFactor, Purpose::SecondFactor, Purpose::SetUp];
        let purpose = purposes
            .into_iter()
            .find(|purpose| purpose.challenge() == name)?;
        let mut options = match purpose {
            Purpose::FirstFactor => values(fields, &["AvailableChallenges"]),
            Purpose::SecondFactor => list(fields, "MFAS_CAN_CHOOSE"),
            Purpose::SetUp => list(fields, "MFAS_CAN_SETUP"),
        };
        if purpose == Purpose::SetUp {
            // A telephone number cannot be given in the middle of a sign-in.
            options.retain(|option| [AUTHENTICATOR, EMAIL].contains(&option.as_str()));
        }
        if options.is_empty() {
            return None;
        }
        Some(Self {
            session: session.take()?,
            purpose,
            options,
        })
    }
}

impl fmt::Debug for Beside<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Beside")
    }
}

impl fmt::Debug for ChoicePrompt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("ChoicePrompt")
            .field(&self.question.options)
            .finish()
    }
}
