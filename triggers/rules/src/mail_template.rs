//! The words and the looks of the mails, from the files in `mail/`. How those are written is
//! said in `mail/README.md`.

use std::fmt;

use crate::{config::Misconfigured, mail::fill};

/// The mails in all languages.
#[derive(Clone)]
pub(crate) struct Templates {
    words: [Words; 6],
    /// The looks of the HTML part.
    pub layout: Layout,
}

/// A mail in one language.
#[derive(Clone)]
pub(crate) struct Words {
    /// The tag of the language.
    pub language: &'static str,
    /// With `{app}`.
    pub subject: &'static str,
    one_minute: &'static str,
    minutes: &'static str,
    seconds: &'static str,
    /// One is [`CODE`], the others have `{app}` and `{life}` between them.
    pub paragraphs: Vec<&'static str>,
}

/// The HTML around the words: lines with `{language}`, `{app}` and `{subject}`.
#[derive(Clone)]
pub(crate) struct Layout {
    /// All of them.
    pub lines: Vec<&'static str>,
    /// That for a paragraph.
    pub paragraph: &'static str,
    /// That for the code.
    pub code: &'static str,
}

/// The paragraph that is the code.
pub(crate) const CODE: &str = "{code}";
/// What a paragraph takes the place of, in its line of the layout.
pub(crate) const PARAGRAPH: &str = "{paragraph}";

/// A file as it was compiled in.
#[derive(Clone, Copy)]
struct Source {
    name: &'static str,
    text: &'static str,
}

macro_rules! source {
    ($name:literal) => {
        Source {
            name: concat!("mail/", $name),
            text: include_str!(concat!("../mail/", $name)),
        }
    };
}

impl Templates {
    /// Reads the files.
    ///
    /// # Errors
    ///
    /// The file and the line that are not as they must be: whoever changed it learns that from
    /// a test, or else before the first event.
    pub fn read() -> Result<Self, Misconfigured> {
        Ok(Self {
            words: [
                Words::parse("en", source!("en.txt"))?,
                Words::parse("de", source!("de.txt"))?,
                Words::parse("fr", source!("fr.txt"))?,
                Words::parse("es", source!("es.txt"))?,
                Words::parse("ja", source!("ja.txt"))?,
                Words::parse("pt", source!("pt.txt"))?,
            ],
            layout: Layout::parse(source!("layout.html"))?,
        })
    }

    /// The words in the first language of the list.
    pub const fn first(&self) -> &Words {
        let [first, ..] = &self.words;
        first
    }

    /// The words in one of the languages, by its tag.
    pub fn language(&self, tag: &str) -> Option<&Words> {
        let mut words = self.words.iter();
        words.find(|words| words.language.eq_ignore_ascii_case(tag))
    }

    /// The words for a tag such as `de-AT`, of which only the first part counts.
    pub fn locale(&self, tag: &str) -> Option<&Words> {
        self.language(tag.split(['-', '_']).next()?)
    }
}

impl Words {
    /// How long a code is valid, in words.
    pub fn life(&self, seconds: u64) -> String {
        let (words, n) = match (seconds / 60, seconds % 60) {
            (1, 0) => (self.one_minute, 1),
            (minutes, 0) => (self.minutes, minutes),
            _ => (self.seconds, seconds),
        };
        fill(words, &[("n", &n.to_string())])
    }

    fn parse(language: &'static str, source: Source) -> Result<Self, Misconfigured> {
        let mut lines = source.lines();
        let mut head = |name, content, expected| {
            let line = lines.next();
            let text = line.and_then(|(_, line)| line.strip_prefix(name));
            text.filter(|text| text.contains(content) && !has_braces(text, &[content]))
                .ok_or_else(|| source.fault(expected, line))
        };
        Ok(Self {
            language,
            subject: head("subject: ", "{app}", "`subject: ` and a text with {app}")?,
            one_minute: head("one minute: ", "1", "`one minute: ` and a text with 1")?,
            minutes: head("minutes: ", "{n}", "`minutes: ` and a text with {n}")?,
            seconds: head("seconds: ", "{n}", "`seconds: ` and a text with {n}")?,
            paragraphs: paragraphs(source, lines)?,
        })
    }
}

impl fmt::Debug for Templates {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Templates")
    }
}

impl fmt::Debug for Words {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Words({})", self.language)
    }
}

/// The lines that are not empty, if nothing is missing from them.
fn paragraphs(
    source: Source,
    lines: impl Iterator<Item = (usize, &'static str)>,
) -> Result<Vec<&'static str>, Misconfigured> {
    let mut paragraphs = Vec::new();
    for (number, line) in lines.filter(|(_, line)| !line.is_empty()) {
        let is_code = line == CODE && !paragraphs.contains(&CODE);
        if !is_code && has_braces(line, &["{app}", "{life}"]) {
            let expected = "no braces but {app}, {life} and, once on a line of its own, {code}";
            return Err(source.fault(expected, Some((number, line))));
        }
        paragraphs.push(line);
    }
    for (placeholder, expected) in [
        (CODE, "a line that is {code}"),
        ("{app}", "a paragraph with {app}"),
        ("{life}", "a paragraph with {life}"),
    ] {
        if !paragraphs.iter().any(|text| text.contains(placeholder)) {
            return Err(source.fault(expected, None));
        }
    }
    Ok(paragraphs)
}

impl Layout {
    fn parse(source: Source) -> Result<Self, Misconfigured> {
        let only_line = |placeholder, expected| {
            let mut lines = source
                .lines()
                .filter(|(_, line)| line.contains(placeholder));
            match (lines.next(), lines.next()) {
                (Some((_, line)), None) => Ok(line),
                (_, another) => Err(source.fault(expected, another)),
            }
        };
        let paragraph = only_line(PARAGRAPH, "{paragraph} in one line")?;
        let code = only_line(CODE, "{code} in one line")?;
        for line in source.lines() {
            let own = if line.1 == code { CODE } else { PARAGRAPH };
            if has_placeholder(line.1, &["{language}", "{subject}", "{app}", own]) {
                let expected = "no placeholders but {language}, {subject} and {app}, and in a \
                                line of its own {paragraph} or {code}";
                return Err(source.fault(expected, Some(line)));
            }
        }
        Ok(Self {
            lines: source.text.lines().collect(),
            paragraph,
            code,
        })
    }
}

impl Source {
    /// The lines with their numbers.
    fn lines(self) -> impl Iterator<Item = (usize, &'static str)> {
        (1..).zip(self.text.lines())
    }

    fn fault(self, expected: &'static str, found: Option<(usize, &str)>) -> Misconfigured {
        Misconfigured {
            variable: self.name,
            expected,
            found: found.map_or("none".to_owned(), |(number, line)| {
                format!("{line:?} in line {number}")
            }),
        }
    }
}

fn has_braces(text: &str, but: &[&str]) -> bool {
    without(text, but).contains(['{', '}'])
}

/// Styles have braces too, but none with a letter after it.
fn has_placeholder(text: &str, but: &[&str]) -> bool {
    let text = without(text, but);
    let mut parts = text.split('{').skip(1);
    parts.any(|part| part.starts_with(|c: char| c.is_ascii_alphabetic()))
}

fn without(text: &str, placeholders: &[&str]) -> String {
    let remove = |text: String, placeholder: &&str| text.replace(placeholder, "");
    placeholders.iter().fold(text.to_owned(), remove)
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = "subject: a {app}\none minute: 1 m\nminutes: {n} mm\nseconds: {n} s\n\n\
                        For {app}:\n\n{code}\n\nGood for {life}.\n";
    const GOOD_LAYOUT: &str =
        "<html lang=\"{language}\">\n<style>p { a: b }</style>\n<p>{paragraph}\n<b>{code}\n{app}";

    /// What is said of these words, or of a change to good ones.
    fn complaint(text: &'static str) -> Option<String> {
        let name = "mail/xx.txt";
        let parsed = Words::parse("xx", Source { name, text });
        parsed.err().map(|fault| fault.to_string())
    }

    fn layout_complaint(text: &'static str) -> Option<String> {
        let name = "mail/layout.html";
        let parsed = Layout::parse(Source { name, text });
        parsed.err().map(|fault| fault.to_string())
    }

    fn changed(good: &str, from: &str, to: &str) -> &'static str {
        assert!(good.contains(from), "{from}");
        good.replace(from, to).leak()
    }

    /// Whoever has changed a template reads here what is wrong with it.
    #[test]
    fn the_templates_are_well_formed() {
        if let Err(fault) = Templates::read() {
            panic!("{fault}");
        }
    }

    #[test]
    fn a_mistake_in_the_words_is_named_with_file_and_line() {
        assert_eq!(complaint(GOOD), None);
        for (from, to, expected) in [
            (
                "subject: a",
                "Subject: a",
                "expected `subject: ` and a text with {app}, found \"Subject: a {app}\" in line 1",
            ),
            (
                "a {app}",
                "a {code}{app}",
                "expected `subject: ` and a text with {app}, \
                 found \"subject: a {code}{app}\" in line 1",
            ),
            (
                "one minute: 1 m\n",
                "",
                "expected `one minute: ` and a text with 1, found \"minutes: {n} mm\" in line 2",
            ),
            (
                "{n} mm",
                "some mm",
                "expected `minutes: ` and a text with {n}, found \"minutes: some mm\" in line 3",
            ),
            (
                "seconds: {n} s",
                "",
                "expected `seconds: ` and a text with {n}, found \"\" in line 4",
            ),
            (
                "For {app}",
                "For {name}",
                "expected no braces but {app}, {life} and, once on a line of its own, {code}, \
                 found \"For {name}:\" in line 6",
            ),
            (
                "\n{code}",
                "\nIt is {code}",
                "expected no braces but {app}, {life} and, once on a line of its own, {code}, \
                 found \"It is {code}\" in line 8",
            ),
            (
                "Good for {life}.",
                "{code}",
                "expected no braces but {app}, {life} and, once on a line of its own, {code}, \
                 found \"{code}\" in line 10",
            ),
            ("{code}", "", "expected a line that is {code}, found none"),
            ("{life}", "", "expected a paragraph with {life}, found none"),
            (
                "For {app}",
                "For",
                "expected a paragraph with {app}, found none",
            ),
        ] {
            let complaint = complaint(changed(GOOD, from, to));
            assert_eq!(complaint, Some(format!("mail/xx.txt: {expected}")));
        }
        let empty = "mail/xx.txt: expected `subject: ` and a text with {app}, found none";
        assert_eq!(complaint(""), Some(empty.to_owned()));
    }

    #[test]
    fn a_mistake_in_the_layout_is_named_with_file_and_line() {
        assert_eq!(layout_complaint(GOOD_LAYOUT), None);
        let unknown = "expected no placeholders but {language}, {subject} and {app}, and in a \
                       line of its own {paragraph} or {code}, found";
        for (from, to, expected) in [
            (
                "{app}",
                "{life}",
                format!("{unknown} \"{{life}}\" in line 5"),
            ),
            (
                "\n<b>",
                "<b>",
                format!("{unknown} \"<p>{{paragraph}}<b>{{code}}\" in line 3"),
            ),
            (
                "{app}",
                "{code}",
                "expected {code} in one line, found \"{code}\" in line 5".into(),
            ),
            (
                "{code}",
                "",
                "expected {code} in one line, found none".into(),
            ),
            (
                "{paragraph}",
                "",
                "expected {paragraph} in one line, found none".into(),
            ),
        ] {
            let complaint = layout_complaint(changed(GOOD_LAYOUT, from, to));
            assert_eq!(complaint, Some(format!("mail/layout.html: {expected}")));
        }
    }

    #[test]
    fn a_locale_is_known_by_its_first_part() {
        let templates = Templates::read().unwrap();
        let long = "d".repeat(1 << 20);
        for (tag, language) in [
            ("de", Some("de")),
            ("de-AT", Some("de")),
            ("DE_de", Some("de")),
            ("pt-BR", Some("pt")),
            ("zh-Hant-TW", None),
            ("ja", Some("ja")),
            ("tr", None),
            ("deu", None),
            ("", None),
            ("-", None),
            (" de", None),
            ("en\r\nBcc:", None),
            ("\u{ff44}\u{ff45}", None),
            (&long, None),
        ] {
            let words = templates.locale(tag);
            assert_eq!(words.map(|words| words.language), language, "{tag:?}");
        }
    }
}
