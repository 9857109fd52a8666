//! Writes the only JSON that is sent: objects of strings, and of such objects.
//!
//! Reading is left to the parser that the driver has anyway, see [`crate::Fields`].

use alloc::string::String;
use zeroize::Zeroizing;

/// The value of a member.
pub enum Member<'a> {
    /// A string.
    Text(&'a str),
    /// A number.
    Number(u32),
    /// `true` or `false`.
    Truth(bool),
    /// An object of strings.
    Map(&'a [(&'a str, &'a str)]),
    /// An object.
    Object(&'a [(&'a str, Member<'a>)]),
    /// None: the member is left out.
    Absent,
}

/// Writes an object. It may hold secrets, so the text is wiped on drop.
pub fn object(members: &[(&str, Member<'_>)]) -> Zeroizing<String> {
    // Room for all of it at once: a growing string would leave unwiped copies behind.
    let mut out = Zeroizing::new(String::with_capacity(room_of(members)));
    write_object(&mut out, members);
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

/// The most that an object can take.
fn room_of(members: &[(&str, Member<'_>)]) -> usize {
    let rooms = members.iter().map(|(name, member)| match member {
        Member::Text(text) => room(name).saturating_add(room(text)),
        Member::Number(_) | Member::Truth(_) => room(name).saturating_add(10),
        Member::Map(pairs) => pairs
            .iter()
            .map(|(name, text)| room(name).saturating_add(room(text)))
            .fold(room(name).saturating_add(2), usize::saturating_add),
        Member::Object(members) => room(name).saturating_add(room_of(members)),
        Member::Absent => 0,
    });
    rooms.fold(2, usize::saturating_add)
}

/// The most that a string can take: every byte escaped, quotes, and a separator.
fn room(text: &str) -> usize {
    text.len().saturating_mul(6).saturating_add(4)
}

fn write_object(out: &mut String, members: &[(&str, Member<'_>)]) {
    let mut separator = '{';
    for (name, member) in members {
        if matches!(member, Member::Absent) {
            continue;
        }
        write_name(out, &mut separator, name);
        match member {
            Member::Text(text) => write_text(out, text),
            Member::Number(number) => out.push_str(&decimal(*number)),
            Member::Truth(truth) => out.push_str(if *truth { "true" } else { "false" }),
            Member::Map(pairs) => write_map(out, pairs),
            Member::Object(members) => write_object(out, members),
            Member::Absent => {}
        }
    }
    close(out, separator);
}

fn write_map(out: &mut String, pairs: &[(&str, &str)]) {
    let mut separator = '{';
    for (name, text) in pairs {
        write_name(out, &mut separator, name);
        write_text(out, text);
    }
    close(out, separator);
}

fn write_name(out: &mut String, separator: &mut char, name: &str) {
    out.push(*separator);
    *separator = ',';
    write_text(out, name);
    out.push(':');
}

fn close(out: &mut String, separator: char) {
    if separator == '{' {
        out.push('{');
    }
    out.push('}');
}

/// A number as people write it. As `to_string`, for a fifth of the bytes.
pub(crate) fn decimal(mut number: u32) -> String {
    let mut digits = String::new();
    loop {
        digits.extend(char::from_digit(number % 10, 10));
        number /= 10;
        if number == 0 {
            return digits.chars().rev().collect();
        }
    }
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
