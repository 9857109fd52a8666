//! The mail that carries a code.

use std::fmt;

use zeroize::Zeroizing;

use crate::{
    Address, CodeSettings, MailSettings,
    code::Code,
    mail_template::{CODE, Layout, PARAGRAPH, Words},
};

/// A mail to be sent. The parts with the code are wiped on drop; `Debug` shows none.
///
/// Nothing in it comes from the user or the client but the address, and the choice of one
/// language out of a list: what an attacker can write would otherwise reach the mailbox under
/// the application's name. It has no links, so that people learn to expect none.
pub struct Mail {
    /// To whom.
    pub to: Address,
    /// The subject, without the code: phones show it while locked.
    pub subject: String,
    /// The body as plain text.
    pub text: Zeroizing<String>,
    /// The body as HTML, in the same words.
    pub html: Zeroizing<String>,
}

impl Mail {
    /// The mail with a code that has just been issued, in the language of the first of the
    /// `locales` that is known.
    pub(crate) fn new(
        to: Address,
        locales: [Option<&str>; 2],
        code: &Code,
        codes: &CodeSettings,
        settings: &MailSettings,
    ) -> Self {
        let mut locales = locales.into_iter().flatten();
        let words = locales
            .find_map(|locale| settings.templates.locale(locale))
            .unwrap_or(&settings.default_words);
        let (app, life) = (&settings.app_name, words.life(codes.ttl));
        let subject = fill(words.subject, &[("app", app)]);
        let values = [("app", &**app), ("life", &life), ("code", code.digits())];
        let text = fill(&text(words), &values);
        let values = [
            ("app", &*escaped(app)),
            ("life", &escaped(&life)),
            ("code", code.digits()),
            ("subject", &escaped(&subject)),
            ("language", words.language),
        ];
        let html = fill(&html(words, &settings.templates.layout), &values);
        Self {
            to,
            subject,
            text: Zeroizing::new(text),
            html: Zeroizing::new(html),
        }
    }
}

impl fmt::Debug for Mail {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Mail")
    }
}

/// The plain part, with its placeholders.
fn text(words: &Words) -> String {
    let mut text = String::new();
    for paragraph in &words.paragraphs {
        let start = if text.is_empty() { "" } else { "\n" };
        let indent = if *paragraph == CODE { "    " } else { "" };
        text.extend([start, indent, paragraph, "\n"]);
    }
    text
}

/// The HTML part, with its placeholders.
fn html(words: &Words, layout: &Layout) -> String {
    let mut html = String::new();
    for line in &layout.lines {
        if *line == layout.paragraph {
            for paragraph in &words.paragraphs {
                html.push_str(&match *paragraph {
                    CODE => layout.code.to_owned(),
                    paragraph => line.replace(PARAGRAPH, &escaped(paragraph)),
                });
                html.push('\n');
            }
        } else if *line != layout.code {
            html.extend([line, "\n"]);
        }
    }
    html
}

/// A text with each `{name}` replaced by the value of that name. A value is not looked at
/// again, so it may have braces.
pub(crate) fn fill(text: &str, values: &[(&str, &str)]) -> String {
    let mut parts = text.split('{');
    let mut pieces: Vec<_> = parts.next().into_iter().collect();
    for part in parts {
        let filled = values.iter().find_map(|(name, value)| {
            let rest = part.strip_prefix(name)?.strip_prefix('}')?;
            Some([*value, rest])
        });
        pieces.extend(filled.unwrap_or(["{", part]));
    }
    // A buffer that grows would leave copies of a code behind.
    pieces.concat()
}

fn escaped(text: &str) -> String {
    let mut html = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => html.push_str("&amp;"),
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            '"' => html.push_str("&quot;"),
            _ => html.push(c),
        }
    }
    html
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_put_in_is_not_looked_at_again() {
        let values = [("app", "{code}"), ("code", "1")];
        assert_eq!(fill("{app}{code}{x}{", &values), "{code}1{x}{");
        assert_eq!(fill("}{app{code}", &values), "}{app1");
        assert_eq!(fill("", &values), "");
    }

    #[test]
    fn what_is_put_into_html_is_text() {
        let name = "<a title=\"R&D\">";
        assert_eq!(escaped(name), "&lt;a title=&quot;R&amp;D&quot;&gt;");
    }
}
