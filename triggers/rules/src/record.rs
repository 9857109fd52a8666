//! What a challenge remembers, as the text that Cognito keeps for the triggers.

use std::{fmt, str::FromStr};

use serde::Deserialize;

use crate::{
    keys::KeyId,
    limits::{COOLDOWN, REPETITION},
    nonce::Nonce,
};

/// Wrong answers that end a sign-in.
pub(crate) const MAX_WRONG: u8 = 3;
/// Mails in one sign-in: the first, and three resends.
const MAX_SENDS: u8 = 4;

/// The state of a sign-in's code: `v1.<key id>.<issued>.<sends>.<wrong>`, and where a store
/// remembers codes a nonce behind it, `.<nonce>`.
///
/// It travels as `challengeMetadata` and as the private challenge parameter `challenge`.
/// Neither leaves Cognito, and still the code is not in it: only what is needed, together
/// with the key, to derive it again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub(crate) struct Record {
    /// The name of the key that makes the current code.
    pub key: KeyId,
    /// When the current code was issued, in Unix seconds.
    pub issued: u64,
    /// Codes mailed in this sign-in so far, `1..=4`.
    pub sends: u8,
    /// Wrong answers in this sign-in so far, `0..=2`.
    pub wrong: u8,
    /// What makes the code, where a store remembers issued codes; elsewhere the time does.
    pub nonce: Option<Nonce>,
}

impl Record {
    /// The record of a sign-in's first code.
    pub const fn first(key: KeyId, now: u64) -> Self {
        Self {
            key,
            issued: now,
            sends: 1,
            wrong: 0,
            nonce: None,
        }
    }

    /// Whether a sign-in can start with this record.
    pub const fn is_first(self) -> bool {
        self.sends == 1 && self.wrong == 0
    }

    /// The record after a wrong answer, unless that was the last one allowed.
    pub fn after_wrong_answer(self) -> Option<Self> {
        let wrong = self.wrong.checked_add(1).filter(|&n| n < MAX_WRONG)?;
        Some(Self { wrong, ..self })
    }

    /// The record of a new code, if one may be sent already and at all.
    pub fn after_resend(self, key: KeyId, now: u64) -> Option<Self> {
        let sends = self.sends.checked_add(1).filter(|&n| n <= MAX_SENDS)?;
        (now >= self.resend_at()?).then_some(Self {
            key,
            issued: now,
            sends,
            ..self
        })
    }

    /// Whether `create` could have written this record right after `previous`: for a wrong
    /// answer, for a resend, or for a resend that was refused.
    pub fn may_follow(self, previous: Self) -> bool {
        let asked = match self.nonce {
            // With a store, another sign-in may have got this code a moment before.
            Some(_) => self.issued.saturating_add(REPETITION),
            None => self.issued,
        };
        let resent = previous.after_resend(self.key, asked);
        self == previous
            || previous.after_wrong_answer() == Some(self)
            || resent.is_some_and(|next| next.is_like(self))
    }

    /// Whether only nonce and time differ, as those of two codes do.
    fn is_like(self, other: Self) -> bool {
        let Self { nonce, issued, .. } = other;
        let same_kind = self.nonce.is_some() == nonce.is_some();
        same_kind
            && Self {
                nonce,
                issued,
                ..self
            } == other
    }

    /// When a new code may be sent, in Unix seconds; `None` when none is left.
    pub fn resend_at(self) -> Option<u64> {
        (self.sends < MAX_SENDS).then_some(self.issued.saturating_add(COOLDOWN))
    }

    /// Answers that are still allowed.
    pub const fn attempts_left(self) -> u8 {
        MAX_WRONG.saturating_sub(self.wrong)
    }

    /// Whether the code counts at `now`: for `ttl` seconds, and never before it was issued.
    pub fn is_valid_at(self, now: u64, ttl: u64) -> bool {
        now.checked_sub(self.issued).is_some_and(|age| age <= ttl)
    }
}

impl fmt::Display for Record {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            key,
            issued,
            sends,
            wrong,
            nonce,
        } = self;
        write!(f, "v1.{key}.{issued}.{sends}.{wrong}")?;
        match nonce {
            None => Ok(()),
            Some(nonce) => write!(f, ".{nonce}"),
        }
    }
}

/// The text is not a record that [`Record`]'s `Display` could have written.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct BadRecord;

impl fmt::Display for BadRecord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("expected v1.<key id>.<issued>.<sends>.<wrong>, maybe with a nonce")
    }
}

impl FromStr for Record {
    type Err = BadRecord;

    fn from_str(text: &str) -> Result<Self, BadRecord> {
        let mut parts = text.strip_prefix("v1.").ok_or(BadRecord)?.splitn(5, '.');
        let mut next = || parts.next().ok_or(BadRecord);
        let record = Self {
            key: next()?.parse().map_err(|_| BadRecord)?,
            issued: next()?.parse().map_err(|_| BadRecord)?,
            sends: next()?.parse().map_err(|_| BadRecord)?,
            wrong: next()?.parse().map_err(|_| BadRecord)?,
            nonce: match parts.next() {
                Some(nonce) => Some(nonce.parse().map_err(|_| BadRecord)?),
                None => None,
            },
        };
        let in_range = (1..=MAX_SENDS).contains(&record.sends) && record.wrong < MAX_WRONG;
        // Printing it again refuses signs, leading zeros and whatever else `parse` tolerates.
        (in_range && record.to_string() == text)
            .then_some(record)
            .ok_or(BadRecord)
    }
}

impl TryFrom<String> for Record {
    type Error = BadRecord;

    fn try_from(text: String) -> Result<Self, BadRecord> {
        text.parse()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key() -> KeyId {
        "k".parse().unwrap()
    }

    #[test]
    fn text_round_trips() {
        for text in [
            "v1.1.0.1.0",
            "v1.k.0.1.0",
            "v1.k.1790000000.4.2",
            "v1.k.18446744073709551615.1.0",
            "v1.k.1790000000.4.2.000102030405060708090a0b0c0d0e0f",
        ] {
            assert_eq!(text.parse::<Record>().unwrap().to_string(), text);
        }
    }

    #[test]
    fn other_texts_are_refused() {
        let long = format!("v1.k.1.1.{}", "0".repeat(1 << 20));
        for text in [
            "",
            "v1",
            "v1.",
            "v1.k...",
            "v1.k.1.1",
            "v1.k.1.1.",
            "v1.k.1.1.0.",
            "v1.k.1.1.0.0",
            "V1.k.1.1.0",
            " v1.k.1.1.0",
            "v1.k.1.1.0 ",
            "v1.k.+1.1.0",
            "v1.k.01.1.0",
            "v1.k.-1.1.0",
            "v1.k.1.0.0",
            "v1.k.1.5.0",
            "v1.k.1.1.3",
            "v1.k.1.1.256",
            "v1.k.1.256.0",
            "v1.k.1.1.0\0",
            "v1.k.18446744073709551616.1.0",
            "v1.k.１.1.0",
            "v1.k.1e3.1.0",
            "v1.k.1.1.0.000102030405060708090A0B0C0D0E0F",
            "v1.k.1.1.0.000102030405060708090a0b0c0d0e0f.",
            "v1.k.1.1.3.000102030405060708090a0b0c0d0e0f",
            "v1.1.1.0",
            "v1..1.1.0",
            "v1.K.1.1.0",
            "v1.123456789.1.1.0",
            "v2.k.1.1.0",
            "123456",
            &long,
        ] {
            assert_eq!(text.parse::<Record>(), Err(BadRecord), "{text:.40}");
        }
    }

    #[test]
    fn a_code_is_valid_for_its_life_and_not_before_its_issue() {
        let record = Record::first(key(), 1_000);
        for (now, valid) in [
            (0, false),
            (999, false),
            (1_000, true),
            (1_179, true),
            (1_180, true),
            (1_181, false),
            (u64::MAX, false),
        ] {
            assert_eq!(record.is_valid_at(now, 180), valid, "at {now}");
        }
        assert!(Record::first(key(), u64::MAX).is_valid_at(u64::MAX, 180));
    }

    #[test]
    fn a_resend_needs_the_cooldown_and_a_mail_left() {
        let record = Record::first(key(), 1_000);
        for now in [0, 999, 1_000, 1_029] {
            assert_eq!(record.after_resend(key(), now), None, "at {now}");
        }
        let mut record = record;
        for sends in 2..=4 {
            let now = record.issued + 30;
            record = record.after_resend(key(), now).unwrap();
            assert_eq!((record.issued, record.sends), (now, sends));
        }
        assert_eq!(record.resend_at(), None);
        assert_eq!(record.after_resend(key(), u64::MAX), None);
    }

    #[test]
    fn only_what_create_writes_may_follow() {
        let record = |text: &str| text.parse::<Record>().unwrap();
        let previous = record("v1.k.1000.2.1");
        for (next, expected) in [
            ("v1.k.1000.2.1", true),
            ("v1.k.1000.2.2", true),
            ("v1.k.1030.3.1", true),
            ("v1.k.9999.3.1", true),
            ("v1.new.1030.3.1", true),
            ("v1.new.1000.2.1", false),
            ("v1.new.1000.2.2", false),
            ("v1.k.1029.3.1", false),
            ("v1.k.1030.3.2", false),
            ("v1.k.1030.4.1", false),
            ("v1.k.1030.2.1", false),
            ("v1.k.1001.2.2", false),
            ("v1.k.1000.2.0", false),
            ("v1.k.1000.1.1", false),
            ("v1.k.1030.3.1.000102030405060708090a0b0c0d0e0f", false),
        ] {
            assert_eq!(record(next).may_follow(previous), expected, "{next}");
        }
    }

    #[test]
    fn the_nonce_changes_with_the_code_and_only_then() {
        let (one, other) = (Nonce([1; 16]), Nonce([2; 16]));
        let with = |record: Record, nonce| Record {
            nonce: Some(nonce),
            ..record
        };
        let first = Record::first(key(), 1_000);
        let previous = with(first, one);
        let wrong = first.after_wrong_answer().unwrap();
        let resent = first.after_resend(key(), 1_030).unwrap();
        let issued = |at| Record {
            issued: at,
            ..with(resent, other)
        };
        for (next, expected) in [
            // Asked for at 1030, and issued to another sign-in before.
            (issued(1_015), true),
            (issued(1_014), false),
            (with(first, one), true),
            (with(first, other), false),
            (with(wrong, one), true),
            (with(wrong, other), false),
            (with(resent, other), true),
            (wrong, false),
            (resent, false),
        ] {
            assert_eq!(next.may_follow(previous), expected, "{next}");
        }
    }
}
