//! Writes the only JSON that is sent: an object of strings and of objects of strings.
//!
//! Reading is left to the parser that the driver has anyway, see [`crate::Fields`].

use alloc::string::String;
use zeroize::Zeroizing;

/// A member of a request.
pub(crate) enum Member<'a> {
    /// A string.
    Text(&'a str),
    /// An object of strings.
    Map(&'a [(&'a str, &'a str)]),
}

/// Writes an object. Requests hold secrets, so the text is wiped on drop.
pub(crate) fn object(members: &[(&str, Member<'_>)]) -> Zeroizing<String> {
    // Room for all of it at once: a growing string would leave unwiped copies behind.
    let length = members
        .iter()
        .map(|(name, member)| room(name).saturating_add(member.room()));
    let mut out = Zeroizing::new(String::with_capacity(length.fold(2, usize::saturating_add)));
    write_members(&mut out, members, |out, member| match member {
        Member::Text(text) => write_text(out, text),
        Member::Map(pairs) => write_members(out, pairs, |out, text| write_text(out, text)),
    });
    out
}

/// An object that was written here, with one member more: an object of strings.
pub(crate) fn with_member(object: &str, name: &str, pairs: &[(&str, &str)]) -> Zeroizing<String> {
    let member = self::object(&[(name, Member::Map(pairs))]);
    let (open, rest) = (object.strip_suffix('}'), member.strip_prefix('{'));
    let (open, rest) = (open.unwrap_or_default(), rest.unwrap_or_default());
    let length = object.len().saturating_add(member.len());
    let mut out = Zeroizing::new(String::with_capacity(length));
    for part in [open, ",", rest] {
        out.push_str(part);
    }
    out
}

/// A text as JSON writes it: in quotes, on one line.
pub(crate) fn quoted(text: &str) -> String {
    let mut out = String::new();
    write_text(&mut out, text);
    out
}

impl Member<'_> {
    fn room(&self) -> usize {
        match self {
            Self::Text(text) => room(text),
            Self::Map(pairs) => pairs
                .iter()
                .map(|(name, text)| room(name).saturating_add(room(text)))
                .fold(2, usize::saturating_add),
        }
    }
}

/// The most that a string can take: every byte escaped, quotes, and a separator.
fn room(text: &str) -> usize {
    text.len().saturating_mul(6).saturating_add(4)
}

fn write_members<T>(out: &mut String, members: &[(&str, T)], write: impl Fn(&mut String, &T)) {
    out.push('{');
    for (index, (name, member)) in members.iter().enumerate() {
        if index > 0 {
            out.push(',');
        }
        write_text(out, name);
        out.push(':');
        write(out, member);
    }
    out.push('}');
}

fn write_text(out: &mut String, text: &str) {
    out.push('"');
    for char in text.chars() {
        match char {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\0'..='\x1f' => {
                out.push_str("\\u00");
                for nibble in [u32::from(char) >> 4, u32::from(char) & 15] {
                    out.extend(char::from_digit(nibble, 16));
                }
            }
            _ => out.push(char),
        }
    }
    out.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::ToString;
    use proptest::prelude::*;

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn serde_json_reads_what_was_written(name: String, text: String, key: String, value: String) {
            let pairs = [(key.as_str(), value.as_str())];
            let members = [(name.as_str(), Member::Text(&text)), ("map", Member::Map(&pairs))];
            let written = object(&members);
            let read: serde_json::Value = serde_json::from_str(&written).unwrap();
            let expected = serde_json::json!({ &name: text, "map": { &key: &value } });
            prop_assert_eq!(&read, &expected);
            prop_assume!(name != "more");
            let longer = with_member(&written, "more", &pairs);
            let mut read: serde_json::Value = serde_json::from_str(&longer).unwrap();
            prop_assert_eq!(read["more"].take(), serde_json::json!({ key: value }));
            read.as_object_mut().unwrap().remove("more");
            prop_assert_eq!(read, expected);
        }
    }

    #[test]
    fn the_room_is_never_outgrown() {
        let text: String = "\u{1}".repeat(50);
        let pairs = [(text.as_str(), text.as_str())];
        let written = object(&[(text.as_str(), Member::Map(&pairs))]);
        assert_eq!(written.to_string().len(), 3 * 302 + 6);
        assert!(written.capacity() <= 2 + 304 + 2 + 2 * 304);
    }
}
