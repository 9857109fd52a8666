//! The question to the person: which code did the mail, the text message or the
//! authenticator bring?

use super::digits;
use crate::{
    AwaitingReply, Code, Fields, Misuse, Request, Session,
    conversation::{Answered, Conversation},
    error::truncate,
};
use alloc::{
    boxed::Box,
    string::{String, ToString},
};
use core::fmt;

/// A code is awaited. Show what it says, then spend it on an answer or on a resend.
pub struct CodePrompt {
    pub(crate) conversation: Box<Conversation>,
    pub(crate) question: CodeQuestion,
}

pub(crate) struct CodeQuestion {
    session: Session,
    challenge: &'static CodeChallenge,
    pub reason: Reason,
    details: Details,
}

/// A challenge that a code answers.
struct CodeChallenge {
    /// `ChallengeName`.
    name: &'static str,
    /// What the answer is called.
    answer: &'static str,
    /// Where the code comes from; the triggers of a custom challenge say so themselves.
    medium: Option<Medium>,
}

/// Source: `ChallengeResponses` of RespondToAuthChallenge, Amazon Cognito API reference.
const CHALLENGES: [CodeChallenge; 5] = [
    CodeChallenge {
        name: "CUSTOM_CHALLENGE",
        answer: "ANSWER",
        medium: None,
    },
    CodeChallenge {
        name: "EMAIL_OTP",
        answer: "EMAIL_OTP_CODE",
        medium: Some(Medium::Email),
    },
    CodeChallenge {
        name: "SMS_OTP",
        answer: "SMS_OTP_CODE",
        medium: Some(Medium::Sms),
    },
    CodeChallenge {
        name: "SMS_MFA",
        answer: "SMS_MFA_CODE",
        medium: Some(Medium::Sms),
    },
    CodeChallenge {
        name: "SOFTWARE_TOKEN_MFA",
        answer: "SOFTWARE_TOKEN_MFA_CODE",
        medium: Some(Medium::Authenticator),
    },
];

/// Where a code comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Medium {
    /// A mail.
    Email,
    /// A text message.
    Sms,
    /// The person's authenticator: nothing is sent.
    Authenticator,
}

/// Why the person is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// Something else was right, and a code is on its way.
    FirstCode,
    /// A new code is on its way; earlier ones no longer count.
    NewCode,
    /// No new code was sent: it was asked for too soon or too often. The last one counts.
    NoNewCode,
    /// The answer was wrong.
    WrongCode,
}

/// What the pool tells of a code; the most is told by this project's Create trigger.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Details {
    /// `CODE_DELIVERY_DELIVERY_MEDIUM`, or what the challenge implies.
    pub medium: Option<Medium>,
    /// `CODE_DELIVERY_DESTINATION`: the address, masked.
    pub destination: Option<String>,
    /// `CODE_LENGTH`: how many digits a code has.
    pub code_length: Option<u32>,
    /// `ATTEMPTS_LEFT`: how many answers may still be given.
    pub attempts_left: Option<u32>,
    /// `EXPIRES_IN`: seconds that the code is still valid.
    pub expires_in: Option<u32>,
    /// `RESEND_IN`: seconds until a new code may be asked for; `None` if it never may.
    pub resend_in: Option<u32>,
}

impl CodePrompt {
    /// What names the user at the pool by now, for [`resume`](crate::resume).
    pub fn username(&self) -> &str {
        &self.conversation.username
    }

    /// Why the person is asked.
    pub fn reason(&self) -> Reason {
        self.question.reason
    }

    /// `ChallengeName`, such as `EMAIL_OTP`.
    pub fn challenge(&self) -> &'static str {
        self.question.challenge.name
    }

    /// Whether a code was sent just now.
    pub fn is_sent(&self) -> bool {
        matches!(self.reason(), Reason::FirstCode | Reason::NewCode)
            && self.details().medium != Some(Medium::Authenticator)
    }

    /// What to show beside the question.
    pub fn details(&self) -> &Details {
        &self.question.details
    }

    /// Reads what the person typed or pasted: spaces and hyphens do not count, and if the
    /// pool has told the number of digits, there must be just as many. A trigger that has
    /// not may have asked for anything.
    ///
    /// # Errors
    /// [`Misuse`] if it cannot be a code. No attempt is spent.
    pub fn read_code(&self, typed: &str) -> Result<Code, Misuse> {
        let length = self.details().code_length;
        if length.is_none() && self.question.challenge.medium.is_none() {
            return read_any(typed);
        }
        let fits = |digits: &usize| match length {
            Some(length) => u32::try_from(*digits) == Ok(length),
            None => *digits <= 64,
        };
        let code = digits(typed).filter(|code| fits(&code.len()));
        let code = code.ok_or_else(|| {
            let length = typed.trim().chars().count();
            Misuse::sized("code", "the digits of the code", length)
        })?;
        Ok(Code::new(code.to_string()))
    }

    /// Answers.
    pub fn submit(self, code: &Code) -> (Request, AwaitingReply) {
        self.send(code.as_str(), Answered::Code)
    }

    /// Asks for a new code. The password is not needed again, and no attempt is spent.
    ///
    /// # Errors
    /// The prompt itself, if the trigger offers no new code: one that knows nothing of
    /// resending would count the request as a wrong answer.
    pub fn resend(self) -> Result<(Request, AwaitingReply), Self> {
        if self.details().resend_in.is_none() {
            return Err(self);
        }
        // The answer is not compared; Cognito only wants one that is not empty.
        Ok(self.send("resend", Answered::Resend))
    }

    fn send(
        self,
        answer: &str,
        answered: fn(CodeQuestion) -> Answered,
    ) -> (Request, AwaitingReply) {
        let Self {
            conversation,
            question,
        } = self;
        let (challenge, session) = (question.challenge, question.session.clone());
        conversation.respond(
            challenge.name,
            Some(&session),
            &[(challenge.answer, answer)],
            answered(question),
        )
    }
}

impl CodeQuestion {
    /// Nothing if it is no challenge that a code answers.
    pub fn read(
        name: &str,
        fields: &dyn Fields,
        session: &mut Option<Session>,
        answered: &Answered,
    ) -> Option<Self> {
        let challenge = CHALLENGES.iter().find(|challenge| challenge.name == name)?;
        let text = |name| fields.text(&["ChallengeParameters", name]);
        let number = |name| text(name).and_then(|digits| digits.parse().ok());
        let is_same = |question: &Self| question.challenge.name == name;
        let reason = if let Answered::Code(question) = answered
            && is_same(question)
        {
            Reason::WrongCode
        } else if let Answered::Resend(question) = answered
            && is_same(question)
        {
            if text("CODE_SENT").as_deref() == Some("true") {
                Reason::NewCode
            } else {
                Reason::NoNewCode
            }
        } else {
            Reason::FirstCode
        };
        let medium = match text("CODE_DELIVERY_DELIVERY_MEDIUM").as_deref() {
            Some("EMAIL") => Some(Medium::Email),
            Some("SMS") => Some(Medium::Sms),
            _ => challenge.medium,
        };
        let details = Details {
            medium,
            destination: text("CODE_DELIVERY_DESTINATION")
                .filter(|address| !address.is_empty())
                .map(|address| truncate(&address, 320)),
            code_length: number("CODE_LENGTH").filter(|digits| (1..=64).contains(digits)),
            attempts_left: number("ATTEMPTS_LEFT"),
            expires_in: number("EXPIRES_IN"),
            resend_in: number("RESEND_IN"),
        };
        Some(Self {
            session: session.take()?,
            challenge,
            reason,
            details,
        })
    }
}

/// An answer to triggers that have not told what a code looks like.
fn read_any(typed: &str) -> Result<Code, Misuse> {
    let answer = typed.trim();
    if answer.is_empty() || answer.len() > 2048 {
        return Err(Misuse::sized("code", "1 to 2048 bytes", answer.len()));
    }
    Ok(Code::new(answer.to_string()))
}

impl fmt::Debug for CodePrompt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("CodePrompt")
            .field(&self.question.reason)
            .finish()
    }
}
