//! The words and the looks of the mails, from the files in `mail/`. How those are written is
//! said in `mail/README.md`.

use crate::config::Misconfigured;

/// The mails in all languages.
#[derive(Clone, Debug)]
pub(crate) struct Templates {
    words: Vec<Words>,
    /// The looks of the HTML part.
    pub layout: Layout,
}

/// A mail in one language.
#[derive(Clone, Debug)]
pub(crate) struct Words {
    /// The primary subtag of the language.
    pub language: &'static str,
    /// With `{app}`.
    pub subject: &'static str,
    one_minute: &'static str,
    minutes: &'static str,
    seconds: &'static str,
    /// With `{app}` and `{life}`, or `{code}` alone.
    pub paragraphs: Vec<&'static str>,
}

/// The HTML around the words.
#[derive(Clone, Debug)]
pub(crate) struct Layout {
    /// With `{language}`, `{app}` and `{subject}`; one with `{paragraph}`, one with `{code}`.
    pub lines: Vec<&'static str>,
}

/// A file that was compiled in.
struct Source {
    name: &'static str,
    text: &'static str,
}

macro_rules! source {
    ($name:expr) => {
        Source {
            name: concat!("mail/", $name),
            text: include_str!(concat!("../mail/", $name)),
        }
    };
}

macro_rules! languages {
    ($($language:literal)*) => {
        [$(($language, source!(concat!($language, ".txt")))),*]
    };
}

const LANGUAGES: [(&str, Source); 6] = languages!("en" "de" "fr" "es" "ja" "pt");
const LAYOUT: Source = source!("layout.html");

/// The paragraph that stands for the code.
pub(crate) const CODE: &str = "{code}";
/// What the line of the layout has that is repeated for each paragraph.
pub(crate) const PARAGRAPH: &str = "{paragraph}";

/// A line that a file of words begins with.
struct Head {
    name: &'static str,
    /// The placeholder that it must have; no other may be there.
    placeholder: Option<&'static str>,
    /// Both in words.
    expected: &'static str,
}

const SUBJECT: Head = Head {
    name: "subject: ",
    placeholder: Some("app"),
    expected: "`subject: ` and a text with {app}",
};
const ONE_MINUTE: Head = Head {
    name: "one minute: ",
    placeholder: None,
    expected: "`one minute: ` and a text without placeholders",
};
const MINUTES: Head = Head {
    name: "minutes: ",
    placeholder: Some("n"),
    expected: "`minutes: ` and a text with {n}",
};
const SECONDS: Head = Head {
    name: "seconds: ",
    placeholder: Some("n"),
    expected: "`seconds: ` and a text with {n}",
};

impl Templates {
    /// Reads the files.
    ///
    /// # Errors
    ///
    /// The file and the line that are not as they must be. No test of ours lets such a file
    /// pass; this is for those who change one.
    pub fn read() -> Result<Self, Misconfigured> {
        let words = LANGUAGES
            .into_iter()
            .map(|(language, source)| Words::parse(language, &source));
        Ok(Self {
            words: words.collect::<Result<_, _>>()?,
            layout: Layout::parse(&LAYOUT)?,
        })
    }
}

impl Templates {
    /// The words in the first language that is known. Each locale is a language tag, of which
    /// the primary subtag counts; `default` is a language that [`is_known`] confirms.
    pub fn words(&self, locales: [Option<&str>; 2], default: &str) -> Option<&Words> {
        let [first, second] = locales;
        [first, second, Some(default)]
            .into_iter()
            .flatten()
            .find_map(|locale| {
                let language = locale.split(['-', '_']).next()?;
                let mut words = self.words.iter();
                words.find(|words| words.language.eq_ignore_ascii_case(language))
            })
    }
}
