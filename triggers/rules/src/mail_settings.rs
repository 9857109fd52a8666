//! What the mails look like and how they are sent, read from environment variables.

use crate::{
    Address,
    config::{Misconfigured, Variables},
    mail_template::{Templates, Words},
};

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
    /// `DEFAULT_LOCALE`: the words where a person's own language is not known.
    pub(crate) default_words: Words,
    /// The words in all languages.
    pub(crate) templates: Templates,
}

const MAX_APP_NAME: usize = 64;
const MAX_CONFIGURATION_SET: usize = 64;

impl MailSettings {
    /// Reads `EMAIL_SENDER`, `APP_NAME` (default `Sign-in`), `DEFAULT_LOCALE` (default `en`),
    /// and, unless they are empty, `REPLY_TO` and `SES_CONFIGURATION_SET`; and the templates.
    pub fn read(variable: impl Fn(&str) -> Option<String>) -> Result<Self, Misconfigured> {
        let variables = Variables(variable);
        let templates = Templates::read()?;
        let words = |tag: &str| templates.language(tag).cloned();
        let default_words =
            variables.optional("DEFAULT_LOCALE", "one of en, de, fr, es, ja, pt", words)?;
        let app_name = |text: &str| {
            let fits = (1..=MAX_APP_NAME).contains(&text.chars().count());
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
                Some(_) => variables.required(
                    "APP_NAME",
                    "1 to 64 characters without line breaks",
                    app_name,
                )?,
            },
            configuration_set: variables.optional(
                "SES_CONFIGURATION_SET",
                "up to 64 letters, digits, _ and -",
                configuration_set,
            )?,
            default_words: default_words.unwrap_or_else(|| templates.first().clone()),
            templates,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The settings with that value for a variable.
    fn read(name: &str, value: &str) -> Result<MailSettings, Misconfigured> {
        MailSettings::read(|wanted| match wanted {
            _ if wanted == name => Some(value.to_owned()),
            "EMAIL_SENDER" => Some("noreply@example.com".to_owned()),
            _ => None,
        })
    }

    #[test]
    fn defaults() {
        let mail = read("EMAIL_SENDER", "noreply@example.com").unwrap();
        assert_eq!(mail.sender.as_str(), "noreply@example.com");
        assert_eq!(mail.app_name, "Sign-in");
        assert_eq!((mail.reply_to, mail.configuration_set), (None, None));
        assert_eq!(mail.default_words.language, "en");
    }

    #[test]
    fn good_values_are_taken() {
        for (name, value) in [
            ("APP_NAME", "Zürich & Söhne"),
            ("REPLY_TO", ""),
            ("REPLY_TO", "help@example.com"),
            ("SES_CONFIGURATION_SET", ""),
            ("SES_CONFIGURATION_SET", "codes-1_a"),
            ("DEFAULT_LOCALE", ""),
            ("DEFAULT_LOCALE", "en"),
            ("DEFAULT_LOCALE", "de"),
            ("DEFAULT_LOCALE", "fr"),
            ("DEFAULT_LOCALE", "es"),
            ("DEFAULT_LOCALE", "ja"),
            ("DEFAULT_LOCALE", "pt"),
        ] {
            assert_eq!(read(name, value).err(), None, "{name}={value}");
        }
    }

    #[test]
    fn bad_values_are_named() {
        let long = "a".repeat(65);
        for (name, value) in [
            ("EMAIL_SENDER", ""),
            ("EMAIL_SENDER", "a@b,c@d"),
            ("EMAIL_SENDER", "App <a@b>"),
            ("REPLY_TO", "nobody"),
            ("APP_NAME", ""),
            ("APP_NAME", "a\nb"),
            ("APP_NAME", &long),
            ("SES_CONFIGURATION_SET", "a b"),
            ("SES_CONFIGURATION_SET", &long),
            ("DEFAULT_LOCALE", "tr"),
            ("DEFAULT_LOCALE", "pt-BR"),
            ("DEFAULT_LOCALE", "english"),
        ] {
            let complaint = read(name, value).unwrap_err().to_string();
            let named = complaint.starts_with(&format!("{name}: expected "));
            let shown = complaint.ends_with(&format!("found {value:?}"));
            assert!(named && shown, "{complaint}");
        }
    }

    #[test]
    fn the_sender_must_be_set() {
        let complaint = MailSettings::read(|_| None).unwrap_err().to_string();
        assert_eq!(
            complaint,
            "EMAIL_SENDER: expected one address, found not set"
        );
    }
}
