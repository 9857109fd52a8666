//! `VerifyAuthChallengeResponse`: whether an answer is the code.

use serde::Serialize;
use serde_json::value::RawValue;

use crate::{
    Answer, CodeSettings, Failure,
    code::Code,
    event::{Event, TypedAnswer},
    history::Intent,
};

/// Compares what the person typed with the code, at `now` in Unix seconds.
///
/// A call that asks for a resend compares nothing, or it would be a free guess.
///
/// # Errors
///
/// [`Failure::BadEvent`] if this is no event of `VerifyAuthChallengeResponse`. Everything
/// else that is malformed is an answer that is not correct.
pub fn verify(event: &RawValue, codes: &CodeSettings, now: u64) -> Result<Answer, Failure> {
    let event = Event::read(event, "VerifyAuthChallengeResponse_Authentication")?;
    let verdict = Verdict::on(&event, codes, now);
    event.answer(
        verdict.word(),
        &Response {
            answer_correct: verdict == Verdict::Right,
        },
    )
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Verdict {
    Right,
    Wrong,
    Expired,
    Resend,
    NoAddress,
    NoChallenge,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Response {
    answer_correct: bool,
}

impl Verdict {
    fn on(event: &Event<'_>, codes: &CodeSettings, now: u64) -> Self {
        let request = &event.request;
        if request.intent() == Intent::Resend {
            return Self::Resend;
        }
        let Some(address) = request.verified_address() else {
            return Self::NoAddress;
        };
        let Some(record) = request.record() else {
            return Self::NoChallenge;
        };
        if !record.is_valid_at(now, codes.ttl) {
            return Self::Expired;
        }
        let code = Code::derive(&codes.key, codes.length, &event.holder(&address), record);
        let typed = request.challenge_answer.as_ref().map(TypedAnswer::as_str);
        if typed.is_some_and(|typed| code.matches(typed)) {
            Self::Right
        } else {
            Self::Wrong
        }
    }

    const fn word(self) -> &'static str {
        match self {
            Self::Right => "right",
            Self::Wrong => "wrong",
            Self::Expired => "expired",
            Self::Resend => "resend",
            Self::NoAddress => "no_address",
            Self::NoChallenge => "no_challenge",
        }
    }
}
