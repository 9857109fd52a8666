//! Time as Cognito's `TIMESTAMP` writes it. By hand, because every locale-aware formatter
//! has failed someone: padded days, 12-hour clocks, names in another language.

use core::fmt;

/// A point in time in whole seconds, shown as `EEE MMM d HH:mm:ss UTC yyyy` in English.
///
/// ```
/// let time = protocol::Timestamp::from_unix(1_546_322_769);
/// assert_eq!(time.to_string(), "Tue Jan 1 06:06:09 UTC 2019");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Timestamp(u64);

/// Text that is not of the form `EEE MMM d HH:mm:ss z yyyy`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BadTimestamp;

const DAYS: [&str; 7] = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];
const MONTHS: [&str; 12] = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
];

/// The last second of the year 9999: later years do not fit the four digits of the form.
const LAST: u64 = 253_402_300_799;

impl Timestamp {
    /// Seconds since 1970-01-01 00:00:00 UTC; times after the year 9999 become its end.
    pub const fn from_unix(seconds: u64) -> Self {
        Self(if seconds > LAST { LAST } else { seconds })
    }

    /// Seconds since 1970-01-01 00:00:00 UTC.
    pub const fn unix(self) -> u64 {
        self.0
    }

    /// Reads the form leniently, as Cognito does: names in any case, a day of one or two
    /// digits, `UTC` or `GMT`. The weekday only has to be one.
    ///
    /// # Errors
    /// [`BadTimestamp`] if the text has another form or names a time that does not exist.
    pub fn parse(text: &str) -> Result<Self, BadTimestamp> {
        let mut words = text.split(' ');
        let mut word = || words.next().ok_or(BadTimestamp);
        named(&DAYS, word()?)?;
        let month = named(&MONTHS, word()?)?;
        let day = number(word()?, 1..=2)?;
        let mut clock = word()?.split(':');
        let mut part = || number(clock.next().unwrap_or_default(), 2..=2);
        let (hour, minute, second) = (part()?, part()?, part()?);
        let zone = word()?;
        let year = number(word()?, 4..=4)?;
        let utc = zone.eq_ignore_ascii_case("UTC") || zone.eq_ignore_ascii_case("GMT");
        if !utc || clock.next().is_some() || words.next().is_some() {
            return Err(BadTimestamp);
        }
        if hour > 23 || minute > 59 || second > 59 || year < 1970 {
            return Err(BadTimestamp);
        }
        Self::from_civil(year, month, day)
            .map(|Self(midnight)| {
                let of_day = hour
                    .saturating_mul(3600)
                    .saturating_add(minute.saturating_mul(60));
                Self(midnight.saturating_add(of_day).saturating_add(second))
            })
            .ok_or(BadTimestamp)
    }

    /// Midnight of a day, month from 0, if the day exists.
    fn from_civil(year: u64, month: u64, day: u64) -> Option<Self> {
        let days = days_since_1970(year, month, day)?;
        // Day 0, 31 April and the like come out as another day than went in.
        (civil(days) == (year, month, day)).then(|| days.checked_mul(86_400).map(Self))?
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(seconds) = *self;
        let days = seconds / 86_400;
        let (year, month, day) = civil(days);
        // 1970-01-01 was a Thursday.
        let weekday = name(&DAYS, days.wrapping_add(4) % 7);
        let month = name(&MONTHS, month);
        let (hour, minute) = (seconds / 3600 % 24, seconds / 60 % 60);
        let second = seconds % 60;
        write!(
            f,
            "{weekday} {month} {day} {hour:02}:{minute:02}:{second:02} UTC {year}"
        )
    }
}

impl fmt::Display for BadTimestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("expected a time as EEE MMM d HH:mm:ss z yyyy in English")
    }
}

impl core::error::Error for BadTimestamp {}

/// Year, month from 0 and day from 1 of a number of days since 1970-01-01, by counting in
/// years that begin in March, so that the leap day comes last.
#[expect(
    clippy::arithmetic_side_effects,
    reason = "`days` is below 2.94 million, and no divisor is zero"
)]
const fn civil(days: u64) -> (u64, u64, u64) {
    let days = days + 719_468;
    let era = days / 146_097;
    let of_era = days % 146_097;
    let year_of_era = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let march_month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * march_month + 2) / 5 + 1;
    let month = (march_month + 2) % 12;
    let year = year_of_era + era * 400 + if month < 2 { 1 } else { 0 };
    (year, month, day)
}

/// The inverse of [`civil`] for days that exist.
fn days_since_1970(year: u64, month: u64, day: u64) -> Option<u64> {
    let year = year.checked_sub(u64::from(month < 2))?;
    let march_month = month.checked_add(10)? % 12;
    let of_year = (march_month.checked_mul(153)?.checked_add(2)? / 5).checked_add(day)?;
    let leap_days = (year / 4)
        .checked_sub(year / 100)?
        .checked_add(year / 400)?;
    let days = year
        .checked_mul(365)?
        .checked_add(leap_days)?
        .checked_add(of_year)?;
    days.checked_sub(719_469)
}

fn name<'a>(names: &[&'a str], index: u64) -> &'a str {
    usize::try_from(index)
        .ok()
        .and_then(|index| names.get(index))
        .copied()
        .unwrap_or_default()
}

fn named(names: &[&str], word: &str) -> Result<u64, BadTimestamp> {
    let index = names
        .iter()
        .position(|name| name.eq_ignore_ascii_case(word));
    index
        .and_then(|index| index.try_into().ok())
        .ok_or(BadTimestamp)
}

fn number(word: &str, digits: core::ops::RangeInclusive<usize>) -> Result<u64, BadTimestamp> {
    if !digits.contains(&word.len()) || !word.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(BadTimestamp);
    }
    word.parse().map_err(|_| BadTimestamp)
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::ToString;

    #[test]
    fn every_day_of_four_centuries_reads_back() {
        for day in 0..=146_097 {
            let time = Timestamp::from_unix(day * 86_400 + 86_399);
            assert_eq!(Timestamp::parse(&time.to_string()), Ok(time), "{time}");
        }
    }

    #[test]
    fn lenient_where_cognito_is() {
        let canonical = Timestamp::parse("Sat Sep 5 07:08:09 UTC 2026").unwrap();
        for text in [
            "sat sEP 5 07:08:09 utc 2026",
            "Sat Sep 05 07:08:09 GMT 2026",
            "Mon Sep 5 07:08:09 UTC 2026",
        ] {
            assert_eq!(Timestamp::parse(text), Ok(canonical), "{text}");
        }
        assert_eq!(canonical.to_string(), "Sat Sep 5 07:08:09 UTC 2026");
    }

    #[test]
    fn strict_elsewhere() {
        for text in [
            "",
            "Sat",
            "2026-09-05T07:08:09Z",
            "Sat Sep 5 07:08:09 UTC 26",
            "Sat Sep 5 07:08:09 CET 2026",
            "Sat Sep 5 7:08:09 UTC 2026",
            "Sat Sep 5 24:00:00 UTC 2026",
            "Sat Sep 5 07:60:09 UTC 2026",
            "Sat Sep 5 07:08:60 UTC 2026",
            "Sat Sep 5 07:08 UTC 2026",
            "Sat Sep 5 07:08:09:10 UTC 2026",
            "Sat Sep 0 07:08:09 UTC 2026",
            "Sat Sep 31 07:08:09 UTC 2026",
            "Thu Feb 29 07:08:09 UTC 2026",
            "Sat Sep 5 07:08:09 UTC 1969",
            "Sat Sep  5 07:08:09 UTC 2026",
            "Sat Sep 5 07:08:09 UTC 2026 ",
            "Sam Sep 5 07:08:09 UTC 2026",
            "Sat Sept 5 07:08:09 UTC 2026",
            "Sat Sep +5 07:08:09 UTC 2026",
        ] {
            assert_eq!(Timestamp::parse(text), Err(BadTimestamp), "{text:?}");
        }
    }

    #[test]
    fn the_last_second_of_9999_is_the_end() {
        assert_eq!(
            Timestamp::from_unix(u64::MAX).to_string(),
            "Fri Dec 31 23:59:59 UTC 9999"
        );
    }
}
