//! `DefineAuthChallenge`: what comes next in a sign-in.

use serde::Serialize;
use serde_json::value::RawValue;

use crate::{
    Answer, Failure,
    event::{Event, Request},
    history::Stage,
};

/// Decides whether a sign-in goes on, ends with tokens, or fails.
///
/// Histories that it does not know fail, whatever they hold. What a user is like is looked at
/// only after the password is proven: before, one who does not exist must not be told from
/// one who does.
///
/// # Errors
///
/// [`Failure::BadEvent`] if this is no event of `DefineAuthChallenge`.
pub fn define(event: &RawValue) -> Result<Answer, Failure> {
    let event = Event::read(event, "DefineAuthChallenge_Authentication")?;
    let verdict = Verdict::on(&event.request);
    event.answer(verdict.word(), &verdict.response())
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Verdict {
    ProvePassword,
    EnterCode,
    IssueTokens,
    Fail,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Response {
    #[serde(skip_serializing_if = "Option::is_none")]
    challenge_name: Option<&'static str>,
    issue_tokens: bool,
    fail_authentication: bool,
}

impl Verdict {
    fn on(request: &Request) -> Self {
        match (request.stage(), request.verified_address()) {
            (Some(Stage::Password), _) => Self::ProvePassword,
            (None, _) | (_, None) => Self::Fail,
            (Some(Stage::Accepted), Some(_)) => Self::IssueTokens,
            (Some(Stage::FirstCode | Stage::WrongAnswer(_) | Stage::Resend(_)), Some(_)) => {
                Self::EnterCode
            }
        }
    }

    const fn word(self) -> &'static str {
        match self {
            Self::ProvePassword => "prove_password",
            Self::EnterCode => "enter_code",
            Self::IssueTokens => "issue_tokens",
            Self::Fail => "fail",
        }
    }

    fn response(self) -> Response {
        Response {
            challenge_name: match self {
                Self::ProvePassword => Some("PASSWORD_VERIFIER"),
                Self::EnterCode => Some("CUSTOM_CHALLENGE"),
                Self::IssueTokens | Self::Fail => None,
            },
            issue_tokens: self == Self::IssueTokens,
            fail_authentication: self == Self::Fail,
        }
    }
}
