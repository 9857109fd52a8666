//! `VerifyAuthChallengeResponse`: whether an answer is the code.

use serde::Serialize;
use serde_json::value::RawValue;

use crate::{
    Answer, CodeSettings, Failure, Store,
    code::Code,
    event::{Event, TypedAnswer},
    history::Intent,
    limits,
    nonce::Nonce,
    store::{Ledger, StoreError},
};

/// Compares what the person typed with the code, at `now` in Unix seconds.
///
/// A call that asks for a resend compares nothing, or it would be a free guess. With a store,
/// an answer is counted before it is compared, and a code lets somebody in once.
///
/// # Errors
///
/// [`Failure::BadEvent`] if this is no event of `VerifyAuthChallengeResponse`. Everything
/// else that is malformed is an answer that is not correct, and so is one that could not be
/// counted.
pub async fn verify<S: Store>(
    event: &RawValue,
    codes: &CodeSettings,
    store: Option<&S>,
    now: u64,
) -> Result<Answer, Failure> {
    let event = Event::read(event, "VerifyAuthChallengeResponse_Authentication")?;
    let verdict = match Question::of(&event, codes, now) {
        Ok(question) => question.judge(store, now).await,
        Err(verdict) => verdict,
    };
    event.answer(
        verdict.word(),
        &Response {
            answer_correct: verdict == Verdict::Right,
        },
    )
}

/// An answer that is worth comparing.
struct Question<'a> {
    code: Code,
    typed: Option<&'a str>,
    nonce: Option<Nonce>,
    user: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Verdict {
    Right,
    Wrong,
    /// Wrong once too often: whoever waits for each lock's end is seen by nothing else.
    WrongAndLocked,
    Expired,
    Resend,
    NoAddress,
    NoUser,
    NoChallenge,
    Superseded,
    Locked,
    StoreUnavailable,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Response {
    answer_correct: bool,
}

impl<'a> Question<'a> {
    fn of(event: &'a Event<'_>, codes: &CodeSettings, now: u64) -> Result<Self, Verdict> {
        let request = &event.request;
        if request.intent() == Intent::Resend {
            return Err(Verdict::Resend);
        }
        let address = request.verified_address().ok_or(Verdict::NoAddress)?;
        let record = request.record().ok_or(Verdict::NoChallenge)?;
        if !record.is_valid_at(now, codes.ttl) {
            return Err(Verdict::Expired);
        }
        // Without its key, nobody can tell any more what the code was.
        let key = codes.keys.find(record.key).ok_or(Verdict::NoChallenge)?;
        let holder = event.holder(&address);
        Ok(Self {
            code: Code::derive(key, codes.length, &holder, record),
            typed: request.challenge_answer.as_ref().map(TypedAnswer::as_str),
            nonce: record.nonce,
            user: event.user(),
        })
    }

    async fn judge<S: Store>(&self, store: Option<&S>, now: u64) -> Verdict {
        match (store, self.nonce) {
            (None, None) => self.compare(),
            (Some(store), Some(nonce)) => {
                let Some(user) = self.user.as_deref() else {
                    return Verdict::NoUser;
                };
                let ledger = Ledger { store, user };
                let verdict = self.count_and_compare(&ledger, nonce, now).await;
                verdict.unwrap_or(Verdict::StoreUnavailable)
            }
            // The challenge is from before the settings changed.
            (Some(_), None) | (None, Some(_)) => Verdict::NoChallenge,
        }
    }

    async fn count_and_compare<S: Store>(
        &self,
        ledger: &Ledger<'_, S>,
        nonce: Nonce,
        now: u64,
    ) -> Result<Verdict, StoreError> {
        let (state, verdict) = ledger.enter(now, limits::Event::Answer { nonce }).await?;
        match verdict {
            limits::Verdict::Granted => {}
            limits::Verdict::Locked => return Ok(Verdict::Locked),
            limits::Verdict::AlreadyMailed
            | limits::Verdict::Wait { .. }
            | limits::Verdict::Void => {
                return Ok(Verdict::Superseded);
            }
        }
        if self.compare() != Verdict::Right {
            return Ok(if limits::is_locked(&state, now) {
                Verdict::WrongAndLocked
            } else {
                Verdict::Wrong
            });
        }
        let right = limits::Event::Right { nonce, at: now };
        let (_, verdict) = ledger.enter(now, right).await?;
        Ok(if verdict == limits::Verdict::Granted {
            Verdict::Right
        } else {
            Verdict::Superseded
        })
    }

    fn compare(&self) -> Verdict {
        if self.typed.is_some_and(|typed| self.code.matches(typed)) {
            Verdict::Right
        } else {
            Verdict::Wrong
        }
    }
}

impl Verdict {
    const fn word(self) -> &'static str {
        match self {
            Self::Right => "right",
            Self::Wrong => "wrong",
            Self::WrongAndLocked => "wrong_and_locked",
            Self::Expired => "expired",
            Self::Resend => "resend",
            Self::NoAddress => "no_address",
            Self::NoUser => "no_user",
            Self::NoChallenge => "no_challenge",
            Self::Superseded => "superseded",
            Self::Locked => "locked",
            Self::StoreUnavailable => "store_unavailable",
        }
    }
}
