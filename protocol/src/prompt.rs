//! The question to the person: which code did the mail bring?

use crate::{
    AwaitingReply, Code, Fields, Misuse, Request, Session,
    conversation::{Answer, Conversation},
    error::truncate,
};
use alloc::{
    format,
    string::{String, ToString},
};
use core::fmt;
use zeroize::Zeroizing;

/// A code is awaited. Show what it says, then spend it on an answer or on a resend.
pub struct CodePrompt {
    pub(crate) conversation: Conversation,
    pub(crate) session: Session,
    reason: Reason,
    details: Details,
}

/// Why the person is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// The password was right, and a code is on its way.
    FirstCode,
    /// A new code is on its way; earlier ones no longer count.
    NewCode,
    /// No new code was sent: it was asked for too soon or too often. The last one counts.
    NoNewCode,
    /// The answer was wrong.
    WrongCode,
}

/// What this project's Create trigger tells. Other triggers may tell nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Details {
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
    pub(crate) fn new(
        conversation: Conversation,
        session: Session,
        answered: Answer,
        fields: &dyn Fields,
    ) -> Self {
        let text = |name| fields.text(&["ChallengeParameters", name]);
        let number = |name| text(name).and_then(|digits| digits.parse().ok());
        let reason = match answered {
            Answer::Password => Reason::FirstCode,
            Answer::Code => Reason::WrongCode,
            Answer::Resend if text("CODE_SENT").as_deref() == Some("true") => Reason::NewCode,
            Answer::Resend => Reason::NoNewCode,
        };
        let details = Details {
            destination: text("CODE_DELIVERY_DESTINATION").map(|address| truncate(&address, 320)),
            code_length: number("CODE_LENGTH").filter(|digits| (1..=64).contains(digits)),
            attempts_left: number("ATTEMPTS_LEFT"),
            expires_in: number("EXPIRES_IN"),
            resend_in: number("RESEND_IN"),
        };
        Self {
            conversation,
            session,
            reason,
            details,
        }
    }

    /// Why the person is asked.
    pub fn reason(&self) -> Reason {
        self.reason
    }

    /// What to show beside the question.
    pub fn details(&self) -> &Details {
        &self.details
    }

    /// Reads what the person typed or pasted: spaces and hyphens do not count, and if the
    /// trigger has told the number of digits, there must be just as many.
    ///
    /// # Errors
    /// [`Misuse`] if it cannot be a code. No attempt is spent.
    pub fn read_code(&self, typed: &str) -> Result<Code, Misuse> {
        let Some(length) = self.details.code_length else {
            return read_any(typed);
        };
        let mut digits = Zeroizing::new(String::with_capacity(typed.len()));
        digits.extend(
            typed
                .chars()
                .filter(|char| !char.is_whitespace() && *char != '-'),
        );
        let all_digits = digits.bytes().all(|byte| byte.is_ascii_digit());
        if !all_digits || u32::try_from(digits.len()) != Ok(length) {
            let got = format!("{} characters", typed.trim().chars().count());
            return Err(Misuse::new("code", "the digits from the mail", &got));
        }
        Ok(Code::new(digits.to_string()))
    }

    /// Answers.
    pub fn submit(self, code: &Code) -> (Request, AwaitingReply) {
        self.conversation
            .answer_challenge(self.session, Answer::Code, code.as_str())
    }

    /// Asks for a new code. The password is not needed again, and no attempt is spent.
    ///
    /// # Errors
    /// The prompt itself, if the trigger offers no new code: one that knows nothing of
    /// resending would count the request as a wrong answer.
    #[cfg_attr(
        target_pointer_width = "64",
        expect(
            clippy::result_large_err,
            reason = "the prompt is not lost, it goes back whole"
        )
    )]
    pub fn resend(self) -> Result<(Request, AwaitingReply), Self> {
        if self.details.resend_in.is_none() {
            return Err(self);
        }
        // The answer is not compared; Cognito only wants one that is not empty.
        Ok(self
            .conversation
            .answer_challenge(self.session, Answer::Resend, "resend"))
    }
}

/// An answer to triggers that have not told what a code looks like.
fn read_any(typed: &str) -> Result<Code, Misuse> {
    let answer = typed.trim();
    if answer.is_empty() || answer.len() > 2048 {
        let got = format!("{} bytes", answer.len());
        return Err(Misuse::new("code", "1 to 2048 bytes", &got));
    }
    Ok(Code::new(answer.to_string()))
}

impl fmt::Debug for CodePrompt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("CodePrompt").field(&self.reason).finish()
    }
}
