//! What is remembered of a user across sign-ins, as the text that the store keeps.

use std::{fmt, str::FromStr};

use crate::nonce::Nonce;

/// Longer lists than the limits ever make are not ours.
const MAX_TIMES: usize = 100;

/// A user's state: `v1|<failures>|<in a row>|<locks>|<locked until>|<mails>|<issue>`, with
/// times in Unix seconds and commas between them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct State {
    /// When answers failed, or have not turned out to be right yet; the last 24 hours.
    pub failures: Vec<u64>,
    /// Failures since the last success.
    pub in_a_row: u8,
    /// Locks since the last day without a failure.
    pub locks: u8,
    /// Until then nothing is mailed or compared.
    pub locked_until: u64,
    /// When codes were mailed; the last hour.
    pub mails: Vec<u64>,
    /// The code that counts, if there is one.
    pub issue: Option<Issue>,
}

/// An issued code: `<nonce>.<at>.<audience>.<progress>`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Issue {
    /// Makes the code, together with the key.
    pub nonce: Nonce,
    /// When it was issued.
    pub at: u64,
    /// For which client and address.
    pub audience: Audience,
    /// What became of it.
    pub progress: Progress,
}

/// A client and an address, as a keyed hash: the store learns neither.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Audience(pub u64);

/// What became of a code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Progress {
    /// Its mail may be on the way.
    Reserved,
    /// Its mail is on the way.
    Mailed,
    /// It was asked for at least once.
    Answered,
    /// It let somebody in, and never will again.
    Accepted,
}

/// The text is not one that [`State`]'s `Display` could have written.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct BadState;

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            failures,
            in_a_row,
            locks,
            locked_until,
            mails,
            issue,
        } = self;
        let (failures, mails) = (times(failures), times(mails));
        write!(
            f,
            "v1|{failures}|{in_a_row}|{locks}|{locked_until}|{mails}|"
        )?;
        match issue {
            Some(issue) => issue.fmt(f),
            None => Ok(()),
        }
    }
}

impl FromStr for State {
    type Err = BadState;

    fn from_str(text: &str) -> Result<Self, BadState> {
        let mut parts = text.strip_prefix("v1|").ok_or(BadState)?.splitn(6, '|');
        let mut next = || parts.next().ok_or(BadState);
        let state = Self {
            failures: read_times(next()?)?,
            in_a_row: number(next()?)?,
            locks: number(next()?)?,
            locked_until: number(next()?)?,
            mails: read_times(next()?)?,
            issue: match next()? {
                "" => None,
                issue => Some(issue.parse()?),
            },
        };
        // Printing it again refuses whatever else the parts tolerate.
        (state.to_string() == text).then_some(state).ok_or(BadState)
    }
}

impl fmt::Display for Issue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            nonce,
            at,
            audience: Audience(audience),
            progress,
        } = self;
        write!(f, "{nonce}.{at}.{audience}.{}", progress.word())
    }
}

impl FromStr for Issue {
    type Err = BadState;

    fn from_str(text: &str) -> Result<Self, BadState> {
        let mut parts = text.splitn(4, '.');
        let mut next = || parts.next().ok_or(BadState);
        Ok(Self {
            nonce: next()?.parse().map_err(|_| BadState)?,
            at: number(next()?)?,
            audience: Audience(number(next()?)?),
            progress: Progress::read(next()?)?,
        })
    }
}

impl Progress {
    const ALL: [Self; 4] = [Self::Reserved, Self::Mailed, Self::Answered, Self::Accepted];

    const fn word(self) -> &'static str {
        match self {
            Self::Reserved => "reserved",
            Self::Mailed => "mailed",
            Self::Answered => "answered",
            Self::Accepted => "accepted",
        }
    }

    fn read(word: &str) -> Result<Self, BadState> {
        let found = Self::ALL
            .into_iter()
            .find(|progress| progress.word() == word);
        found.ok_or(BadState)
    }
}

fn times(times: &[u64]) -> String {
    times
        .iter()
        .map(u64::to_string)
        .collect::<Vec<_>>()
        .join(",")
}

fn read_times(text: &str) -> Result<Vec<u64>, BadState> {
    match text {
        "" => Ok(Vec::new()),
        text => {
            let times: Vec<_> = text
                .split(',')
                .take(MAX_TIMES)
                .map(number)
                .collect::<Result<_, _>>()?;
            Ok(times)
        }
    }
}

fn number<T: FromStr>(text: &str) -> Result<T, BadState> {
    text.parse().map_err(|_| BadState)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NONCE: &str = "000102030405060708090a0b0c0d0e0f";

    #[test]
    fn text_round_trips() {
        let full = format!("v1|1,2,2|99|7|1790000000|5|{NONCE}.5.18446744073709551615.answered");
        let issued = format!("v1||0|0|0||{NONCE}.0.0.reserved");
        for text in ["v1||0|0|0||", &full, &issued] {
            assert_eq!(text.parse::<State>().unwrap().to_string(), text);
        }
        assert_eq!(State::default().to_string(), "v1||0|0|0||");
    }

    #[test]
    fn other_texts_are_refused() {
        let long = format!("v1|{}1|0|0|0||", "1,".repeat(MAX_TIMES));
        let capital = format!("v1||0|0|0||{}.5.1.mailed", NONCE.to_uppercase());
        let issue = |rest: &str| format!("v1||0|0|0||{NONCE}{rest}");
        let issues = [
            ".5.1.",
            ".5.1",
            ".5.1.sent",
            ".5.-1.mailed",
            ".5.1.mailed|",
            ".5.1.mailed ",
        ];
        for text in [
            "",
            "v1",
            "v1|",
            "v1||||||",
            "v1||0|0|0|",
            "v1||0|0|0|||",
            "v2||0|0|0||",
            " v1||0|0|0||",
            "v1||256|0|0||",
            "v1||+1|0|0||",
            "v1||01|0|0||",
            "v1|1,|0|0|0||",
            "v1|,1|0|0|0||",
            "v1|-1|0|0|0||",
            "v1||0|0|0||x",
            &capital,
            &long,
        ] {
            assert_eq!(text.parse::<State>(), Err(BadState), "{text:.60}");
        }
        for rest in issues {
            assert_eq!(issue(rest).parse::<State>(), Err(BadState), "{rest}");
        }
        assert!(issue(".5.1.mailed").parse::<State>().is_ok());
    }
}
