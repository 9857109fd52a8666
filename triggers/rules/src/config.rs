//! The settings, read from environment variables and checked before the first event.

use std::{error, fmt, ops::RangeInclusive, str::FromStr};

use base64ct::{Base64, Encoding};
use zeroize::Zeroizing;

use crate::{Address, code::CodeKey};

/// How codes are made and how long they live. `create` and `verify` must agree on it.
#[derive(Clone, Debug)]
pub struct CodeSettings {
    /// `CODE_LENGTH`: digits, `6..=10`.
    pub(crate) length: u8,
    /// `CODE_TTL_SECONDS`: seconds, `30..=600`.
    pub(crate) ttl: u64,
    /// `CODE_KEY`: base64 of 32 bytes.
    pub(crate) key: CodeKey,
    /// `ATTEMPTS_TABLE`: the table that remembers users across sign-ins, if there is one.
    pub attempts_table: Option<String>,
}

/// What the mails look like and how they are sent.
#[derive(Clone, Debug)]
pub struct MailSettings {
    /// `EMAIL_SENDER`: the address that mails come from.
    pub sender: Address,
    /// `REPLY_TO`: the address that answers go to, if another one.
    pub reply_to: Option<Address>,
    /// `APP_NAME`: what the person is signing in to.
    pub app_name: String,
    /// `SES_CONFIGURATION_SET`: where SES reports what became of the mails.
    pub configuration_set: Option<String>,
}

/// A variable is missing or has a value that makes no sense.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Misconfigured {
    variable: &'static str,
    expected: &'static str,
    found: String,
}

/// The variables, by name. Unset is `None`.
struct Variables<F>(F);

const MAX_APP_NAME: usize = 64;
const MAX_CONFIGURATION_SET: usize = 64;

/// Nothing stops whoever has the password from guessing in one sign-in after the other, where
/// no table remembers: only the length of the code does.
const MIN_LENGTH_WITHOUT_TABLE: u8 = 8;

impl CodeSettings {
    /// Reads `CODE_LENGTH` (default 6), `CODE_TTL_SECONDS` (default 180), `CODE_KEY` and, unless
    /// it is empty, `ATTEMPTS_TABLE`. Without a table, `CODE_LENGTH` must be 8 at least.
    pub fn read(variable: impl Fn(&str) -> Option<String>) -> Result<Self, Misconfigured> {
        let variables = Variables(variable);
        let table = |text: &str| {
            let is_name = |b: u8| b.is_ascii_alphanumeric() || b"_.-".contains(&b);
            ((3..=255).contains(&text.len()) && text.bytes().all(is_name)).then(|| text.to_owned())
        };
        let settings = Self {
            length: variables.number("CODE_LENGTH", "a number from 6 to 10", 6..=10, 6)?,
            ttl: variables.number("CODE_TTL_SECONDS", "a number from 30 to 600", 30..=600, 180)?,
            key: variables.key("CODE_KEY")?,
            attempts_table: variables.optional(
                "ATTEMPTS_TABLE",
                "the 3 to 255 characters of a table's name",
                table,
            )?,
        };
        if settings.attempts_table.is_none() && settings.length < MIN_LENGTH_WITHOUT_TABLE {
            return Err(Misconfigured {
                variable: "CODE_LENGTH",
                expected: "a number from 8 to 10, or a table in ATTEMPTS_TABLE",
                found: settings.length.to_string(),
            });
        }
        Ok(settings)
    }
}

impl MailSettings {
    /// Reads `EMAIL_SENDER`, `APP_NAME` (default `Sign-in`), and, unless they are empty,
    /// `REPLY_TO` and `SES_CONFIGURATION_SET`.
    pub fn read(variable: impl Fn(&str) -> Option<String>) -> Result<Self, Misconfigured> {
        let variables = Variables(variable);
        let app_name = |text: &str| {
            let fits = (1..=MAX_APP_NAME).contains(&text.len());
            (fits && !text.contains(char::is_control)).then(|| text.to_owned())
        };
        let configuration_set = |text: &str| {
            let is_name = |b: u8| b.is_ascii_alphanumeric() || b == b'_' || b == b'-';
            (text.len() <= MAX_CONFIGURATION_SET && text.bytes().all(is_name))
                .then(|| text.to_owned())
        };
        Ok(Self {
            sender: variables.required("EMAIL_SENDER", "one address", Address::parse)?,
            reply_to: variables.optional("REPLY_TO", "one address", Address::parse)?,
            app_name: match (variables.0)("APP_NAME") {
                None => "Sign-in".to_owned(),
                Some(_) => {
                    variables.required("APP_NAME", "1 to 64 bytes without line breaks", app_name)?
                }
            },
            configuration_set: variables.optional(
                "SES_CONFIGURATION_SET",
                "up to 64 letters, digits, _ and -",
                configuration_set,
            )?,
        })
    }
}

impl<F: Fn(&str) -> Option<String>> Variables<F> {
    fn required<T>(
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
    fn optional<T>(
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

    fn key(&self, variable: &'static str) -> Result<CodeKey, Misconfigured> {
        let value = (self.0)(variable).map(Zeroizing::new);
        let mut bytes = Zeroizing::new([0; 32]);
        let decoded = value
            .as_ref()
            .and_then(|text| Base64::decode(text.as_bytes(), bytes.as_mut_slice()).ok())
            .is_some_and(|decoded| decoded.len() == 32);
        if decoded {
            return Ok(CodeKey::new(&bytes));
        }
        // The value is a secret even when it is malformed: only its length is told.
        let found = value.map_or("not set".to_owned(), |text| {
            format!("{} characters that are not", text.chars().count())
        });
        Err(Misconfigured {
            variable,
            expected: "base64 of 32 bytes",
            found,
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
        HashMap::from([
            ("CODE_KEY", KEY),
            ("EMAIL_SENDER", "noreply@example.com"),
            ("ATTEMPTS_TABLE", "attempts"),
        ])
    }

    fn lookup(variables: &HashMap<&str, &str>) -> impl Fn(&str) -> Option<String> {
        |name| variables.get(name).map(|value| (*value).to_owned())
    }

    /// The sentence for a variable with that value, everything else being right.
    fn complaint(name: &str, value: &str) -> Option<String> {
        let mut variables = complete();
        variables.insert(name, value);
        let codes = CodeSettings::read(lookup(&variables)).err();
        let mail = MailSettings::read(lookup(&variables)).err();
        codes.or(mail).map(|error| error.to_string())
    }

    #[test]
    fn defaults() {
        let codes = CodeSettings::read(lookup(&complete())).unwrap();
        assert_eq!((codes.length, codes.ttl), (6, 180));
        let mail = MailSettings::read(lookup(&complete())).unwrap();
        assert_eq!(mail.sender.as_str(), "noreply@example.com");
        assert_eq!(mail.app_name, "Sign-in");
        assert_eq!((mail.reply_to, mail.configuration_set), (None, None));
    }

    #[test]
    fn good_values_are_taken() {
        for (name, value) in [
            ("CODE_LENGTH", "6"),
            ("CODE_LENGTH", "10"),
            ("CODE_TTL_SECONDS", "30"),
            ("CODE_TTL_SECONDS", "600"),
            ("APP_NAME", "Zürich & Söhne"),
            ("REPLY_TO", ""),
            ("REPLY_TO", "help@example.com"),
            ("SES_CONFIGURATION_SET", ""),
            ("SES_CONFIGURATION_SET", "codes-1_a"),
            ("ATTEMPTS_TABLE", "Sign-in.Attempts_1"),
        ] {
            assert_eq!(complaint(name, value), None, "{name}={value}");
        }
    }

    #[test]
    fn bad_values_are_named() {
        let long = "a".repeat(65);
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
            ("EMAIL_SENDER", ""),
            ("EMAIL_SENDER", "a@b,c@d"),
            ("EMAIL_SENDER", "App <a@b>"),
            ("REPLY_TO", "nobody"),
            ("APP_NAME", ""),
            ("APP_NAME", "a\nb"),
            ("APP_NAME", &long),
            ("ATTEMPTS_TABLE", "ab"),
            ("ATTEMPTS_TABLE", "a/b"),
            ("SES_CONFIGURATION_SET", "a b"),
            ("SES_CONFIGURATION_SET", &long),
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
            for (length, accepted) in [("6", false), ("7", false), ("8", true), ("10", true)] {
                variables.insert("CODE_LENGTH", length);
                let error = CodeSettings::read(lookup(&variables)).err();
                let sentence = format!(
                    "CODE_LENGTH: expected a number from 8 to 10, or a table in ATTEMPTS_TABLE, \
                     found {length}"
                );
                let expected = (!accepted).then_some(sentence);
                assert_eq!(error.map(|error| error.to_string()), expected);
            }
        }
    }

    #[test]
    fn what_has_no_default_must_be_set() {
        let codes = CodeSettings::read(|_| None).unwrap_err().to_string();
        assert_eq!(
            codes,
            "CODE_KEY: expected base64 of 32 bytes, found not set"
        );
        let mail = MailSettings::read(|_| None).unwrap_err().to_string();
        assert_eq!(mail, "EMAIL_SENDER: expected one address, found not set");
    }

    #[test]
    fn a_bad_key_is_refused_and_not_shown() {
        let unpadded = KEY.trim_end_matches('=');
        let with_newline = format!("{KEY}\n");
        for key in [
            "",
            "c2hvcnQ=",
            unpadded,
            &with_newline,
            "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8gISI=",
            "-_ECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=",
            "*AECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=",
        ] {
            let complaint = complaint("CODE_KEY", key).unwrap_or_else(|| panic!("{key}"));
            let count = key.chars().count();
            let expected = format!(
                "CODE_KEY: expected base64 of 32 bytes, found {count} characters that are not"
            );
            assert_eq!(complaint, expected);
        }
    }

    #[test]
    fn settings_do_not_print_the_key() {
        let settings = CodeSettings::read(lookup(&complete())).unwrap();
        assert_eq!(
            format!("{settings:?}"),
            "CodeSettings { length: 6, ttl: 180, key: CodeKey, \
             attempts_table: Some(\"attempts\") }"
        );
    }
}
