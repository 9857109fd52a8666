//! The settings, read from environment variables and checked before the first event.

use std::{error, fmt, ops::RangeInclusive, str::FromStr};

use zeroize::Zeroizing;

use crate::keys::{self, CodeKeys};

/// How codes are made and how long they live. `create` and `verify` must agree on it.
#[derive(Clone, Debug)]
pub struct CodeSettings {
    /// `CODE_LENGTH`: digits, `6..=10`.
    pub(crate) length: u8,
    /// `CODE_TTL_SECONDS`: seconds, `30..=600`.
    pub(crate) ttl: u64,
    /// `CODE_KEY`: one or more `[<id>:]<key>` with commas between them. The first one makes
    /// codes, all verify them.
    pub(crate) keys: CodeKeys,
    /// `ATTEMPTS_TABLE`: the table that remembers users across sign-ins, if there is one.
    pub attempts_table: Option<String>,
}

/// A variable is missing or has a value that makes no sense; or a file of the mails has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Misconfigured {
    /// The name of either.
    pub(crate) variable: &'static str,
    /// What would make sense.
    pub(crate) expected: &'static str,
    /// What came, if it is no secret.
    pub(crate) found: String,
}

/// The variables, by name. Unset is `None`.
pub(crate) struct Variables<F>(pub F);

impl CodeSettings {
    /// Reads `CODE_LENGTH`, `CODE_TTL_SECONDS` (default 180), `CODE_KEY` and, unless it is empty,
    /// `ATTEMPTS_TABLE`. With a table, `CODE_LENGTH` is 6 if unset; without one it is 8, and
    /// must be that at least.
    pub fn read(variable: impl Fn(&str) -> Option<String>) -> Result<Self, Misconfigured> {
        let variables = Variables(variable);
        let name = |text: &str| {
            let is_name = |b: u8| b.is_ascii_alphanumeric() || b"_.-".contains(&b);
            ((3..=255).contains(&text.len()) && text.bytes().all(is_name)).then(|| text.to_owned())
        };
        let table = "the 3 to 255 characters of a table's name";
        let attempts_table = variables.optional("ATTEMPTS_TABLE", table, name)?;
        // Nothing stops whoever has the password from guessing in one sign-in after the other,
        // where no table remembers: only the length of the code does.
        let (range, expected, default) = match attempts_table {
            Some(_) => (6..=10, "a number from 6 to 10", 6),
            None => {
                let expected = "a number from 8 to 10, or a table in ATTEMPTS_TABLE";
                (8..=10, expected, 8)
            }
        };
        Ok(Self {
            length: variables.number("CODE_LENGTH", expected, range, default)?,
            ttl: variables.number("CODE_TTL_SECONDS", "a number from 30 to 600", 30..=600, 180)?,
            keys: variables.keys("CODE_KEY")?,
            attempts_table,
        })
    }
}

impl<F: Fn(&str) -> Option<String>> Variables<F> {
    /// The value, which must be there.
    pub fn required<T>(
        &self,
        variable: &'static str,
        expected: &'static str,
        parse: impl Fn(&str) -> Option<T>,
    ) -> Result<T, Misconfigured> {
        let value = (self.0)(variable);
        value.as_deref().and_then(parse).ok_or(Misconfigured {
            variable,
            expected,
            found: value.map_or("not set".to_owned(), |value| format!("{value:?}")),
        })
    }

    /// Empty counts as unset: a template has no other way to leave a parameter out.
    pub fn optional<T>(
        &self,
        variable: &'static str,
        expected: &'static str,
        parse: impl Fn(&str) -> Option<T>,
    ) -> Result<Option<T>, Misconfigured> {
        match (self.0)(variable).as_deref() {
            None | Some("") => Ok(None),
            Some(_) => self.required(variable, expected, parse).map(Some),
        }
    }

    fn number<T: FromStr + PartialOrd + ToString>(
        &self,
        variable: &'static str,
        expected: &'static str,
        range: RangeInclusive<T>,
        default: T,
    ) -> Result<T, Misconfigured> {
        if (self.0)(variable).is_none() {
            return Ok(default);
        }
        self.required(variable, expected, |text| {
            // Printing it again refuses signs and leading zeros.
            let is_plain = |number: &T| range.contains(number) && number.to_string() == text;
            text.parse().ok().filter(is_plain)
        })
    }

    fn keys(&self, variable: &'static str) -> Result<CodeKeys, Misconfigured> {
        let value = (self.0)(variable).map(Zeroizing::new);
        let keys = value.as_ref().and_then(|text| text.parse().ok());
        keys.ok_or_else(|| Misconfigured {
            variable,
            expected: keys::EXPECTED,
            // The value is a secret even when it is malformed: only its length is told.
            found: value.map_or("not set".to_owned(), |text| {
                format!("{} characters that are not", text.chars().count())
            }),
        })
    }
}

impl fmt::Display for Misconfigured {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            variable,
            expected,
            found,
        } = self;
        write!(f, "{variable}: expected {expected}, found {found}")
    }
}

impl error::Error for Misconfigured {}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use super::*;

    const KEY: &str = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

    fn complete<'a>() -> HashMap<&'a str, &'a str> {
        HashMap::from([("CODE_KEY", KEY), ("ATTEMPTS_TABLE", "attempts")])
    }

    fn lookup(variables: &HashMap<&str, &str>) -> impl Fn(&str) -> Option<String> {
        |name| variables.get(name).map(|value| (*value).to_owned())
    }

    /// The sentence for a variable with that value, everything else being right.
    fn complaint(name: &str, value: &str) -> Option<String> {
        let mut variables = complete();
        variables.insert(name, value);
        let error = CodeSettings::read(lookup(&variables)).err();
        error.map(|error| error.to_string())
    }

    #[test]
    fn defaults() {
        let codes = CodeSettings::read(lookup(&complete())).unwrap();
        assert_eq!((codes.length, codes.ttl), (6, 180));
    }

    #[test]
    fn good_values_are_taken() {
        for (name, value) in [
            ("CODE_LENGTH", "6"),
            ("CODE_LENGTH", "10"),
            ("CODE_TTL_SECONDS", "30"),
            ("CODE_TTL_SECONDS", "600"),
            ("ATTEMPTS_TABLE", "Sign-in.Attempts_1"),
            ("CODE_KEY", &format!("b2:{KEY},{KEY}")),
        ] {
            assert_eq!(complaint(name, value), None, "{name}={value}");
        }
    }

    #[test]
    fn bad_values_are_named() {
        for (name, value) in [
            ("CODE_LENGTH", ""),
            ("CODE_LENGTH", "6 "),
            ("CODE_LENGTH", "٦"),
            ("CODE_LENGTH", "0"),
            ("CODE_LENGTH", "-1"),
            ("CODE_LENGTH", "5"),
            ("CODE_LENGTH", "11"),
            ("CODE_LENGTH", "1e1"),
            ("CODE_LENGTH", "+6"),
            ("CODE_LENGTH", "06"),
            ("CODE_LENGTH", "6.0"),
            ("CODE_LENGTH", "262"),
            ("CODE_TTL_SECONDS", ""),
            ("CODE_TTL_SECONDS", "29"),
            ("CODE_TTL_SECONDS", "601"),
            ("CODE_TTL_SECONDS", "3m"),
            ("ATTEMPTS_TABLE", "ab"),
            ("ATTEMPTS_TABLE", "a/b"),
        ] {
            let complaint = complaint(name, value).unwrap_or_else(|| panic!("{name}={value}"));
            assert!(
                complaint.starts_with(&format!("{name}: expected ")),
                "{complaint}"
            );
            assert!(
                complaint.ends_with(&format!("found {value:?}")),
                "{complaint}"
            );
        }
    }

    #[test]
    fn without_a_table_codes_have_eight_digits() {
        let mut variables = complete();
        for table in [None, Some("")] {
            variables.remove("ATTEMPTS_TABLE");
            variables.extend(table.map(|table| ("ATTEMPTS_TABLE", table)));
            variables.remove("CODE_LENGTH");
            assert_eq!(CodeSettings::read(lookup(&variables)).unwrap().length, 8);
            for (length, accepted) in [("6", false), ("7", false), ("8", true), ("10", true)] {
                variables.insert("CODE_LENGTH", length);
                let error = CodeSettings::read(lookup(&variables)).err();
                let sentence = format!(
                    "CODE_LENGTH: expected a number from 8 to 10, or a table in ATTEMPTS_TABLE, \
                     found {length:?}"
                );
                let expected = (!accepted).then_some(sentence);
                assert_eq!(error.map(|error| error.to_string()), expected);
            }
        }
    }

    #[test]
    fn a_key_must_be_set() {
        let codes = CodeSettings::read(|_| None).unwrap_err().to_string();
        assert_eq!(
            codes,
            format!("CODE_KEY: expected {}, found not set", keys::EXPECTED)
        );
    }

    #[test]
    fn a_bad_key_is_refused_and_not_shown() {
        for key in ["", "c2hvcnQ=", &format!("{KEY}\n"), &format!("{KEY},{KEY}")] {
            let complaint = complaint("CODE_KEY", key).unwrap_or_else(|| panic!("{key}"));
            let (count, expected) = (key.chars().count(), keys::EXPECTED);
            assert_eq!(
                complaint,
                format!("CODE_KEY: expected {expected}, found {count} characters that are not")
            );
        }
    }

    #[test]
    fn settings_do_not_print_the_key() {
        let settings = CodeSettings::read(lookup(&complete())).unwrap();
        assert_eq!(
            format!("{settings:?}"),
            "CodeSettings { length: 6, ttl: 180, keys: CodeKeys { issuing: CodeKey, others: [] }, \
             attempts_table: Some(\"attempts\") }"
        );
    }
}
