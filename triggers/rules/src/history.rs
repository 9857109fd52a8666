//! How far a sign-in has come, read from the whole list of its challenges.

use serde::Deserialize;

use crate::{event::lenient, record::Record};

/// Code challenges in one sign-in: enough for three answers and three resends, with some
/// resends refused for coming too soon.
const MAX_CHALLENGES: usize = 12;

/// What a sign-in's history asks for next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stage {
    /// SRP has begun: the password is to be proven.
    Password,
    /// The password is proven: the first code is to be sent.
    FirstCode,
    /// The last answer was wrong and another is allowed; the record counts the wrong one.
    WrongAnswer(Record),
    /// A new code was asked for; the record is that of the current one.
    Resend(Record),
    /// The last answer was right.
    Accepted,
}

/// What the call that led to this event was for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Intent {
    /// The person answered. Also everything that is not understood.
    Answer,
    /// The person asked for a new code: client metadata `{"action": "resend"}`.
    Resend,
}

/// One challenge of the history, as Cognito lists it.
#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Entry {
    #[serde(default, deserialize_with = "lenient")]
    challenge_name: Option<Challenge>,
    #[serde(default, deserialize_with = "lenient")]
    challenge_result: Option<bool>,
    #[serde(default, deserialize_with = "lenient")]
    challenge_metadata: Option<Record>,
}

/// The challenges that belong to this sign-in.
#[derive(Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum Challenge {
    SrpA,
    PasswordVerifier,
    #[serde(rename = "CUSTOM_CHALLENGE")]
    Custom,
}

impl Entry {
    fn is_right(&self) -> bool {
        self.challenge_result == Some(true)
    }

    fn has_passed(&self, challenge: Challenge) -> bool {
        self.challenge_name == Some(challenge) && self.is_right()
    }

    /// The record, if this is a code challenge as `create` makes them.
    fn code_record(&self) -> Option<Record> {
        (self.challenge_name == Some(Challenge::Custom))
            .then_some(self.challenge_metadata)
            .flatten()
    }
}

/// Reads the history; `None` for every one that does not go on.
///
/// `intent` belongs to the last challenge alone: it is what the call said whose result that
/// challenge holds, so `verify` saw the same.
pub(crate) fn read(session: &[Entry], intent: Intent) -> Option<Stage> {
    match session {
        [srp] if srp.has_passed(Challenge::SrpA) => Some(Stage::Password),
        [srp, password, codes @ ..]
            if srp.has_passed(Challenge::SrpA)
                && password.has_passed(Challenge::PasswordVerifier) =>
        {
            after_password(codes, intent)
        }
        _ => None,
    }
}

fn after_password(codes: &[Entry], intent: Intent) -> Option<Stage> {
    let Some((last, earlier)) = codes.split_last() else {
        return Some(Stage::FirstCode);
    };
    if codes.len() > MAX_CHALLENGES || earlier.iter().any(Entry::is_right) {
        return None;
    }
    let record = last_of_chain(codes)?;
    match (last.is_right(), intent) {
        (true, Intent::Answer) => Some(Stage::Accepted),
        // `verify` calls nothing right that came with a resend.
        (true, Intent::Resend) => None,
        (false, _) if codes.len() == MAX_CHALLENGES => None,
        (false, Intent::Answer) => record.after_wrong_answer().map(Stage::WrongAnswer),
        (false, Intent::Resend) => Some(Stage::Resend(record)),
    }
}

/// The last record, if each is what `create` writes after the one before.
fn last_of_chain(codes: &[Entry]) -> Option<Record> {
    let mut current: Option<Record> = None;
    for entry in codes {
        let record = entry.code_record()?;
        let fits = match current {
            None => record.is_first(),
            Some(previous) => record.may_follow(previous),
        };
        current = fits.then_some(record);
        current?;
    }
    current
}
