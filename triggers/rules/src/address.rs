//! An address that is safe to put into a mail.

use std::fmt;

/// Bytes of an address at most (RFC 5321, section 4.5.3.1.3, without the brackets).
const MAX_ADDRESS: usize = 254;
/// Bytes of the part before the at sign at most (RFC 5321, section 4.5.3.1.1).
const MAX_LOCAL_PART: usize = 64;
/// Bytes of a part of a host name at most (RFC 1035, section 2.3.4).
const MAX_LABEL: usize = 63;

/// One e-mail address: a dot-atom, an at sign, a host name; ASCII, 254 bytes at most.
///
/// Narrower than RFC 5322, on purpose: no quotes, comments, lists, display names or line
/// breaks, so that it can only ever be one recipient. `Debug` does not show it.
#[derive(Clone, PartialEq, Eq)]
pub struct Address(String);

impl Address {
    /// Takes the text if it is such an address.
    pub fn parse(text: &str) -> Option<Self> {
        let (local_part, domain) = text.split_once('@')?;
        let is_address = text.len() <= MAX_ADDRESS
            && local_part.len() <= MAX_LOCAL_PART
            && local_part.split('.').all(is_atom)
            && domain.split('.').all(is_label);
        is_address.then(|| Self(text.to_owned()))
    }

    /// The address.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The address as it may be shown: `u***@e***`, like Cognito masks destinations.
    pub fn masked(&self) -> String {
        let initial = |part: &str| part.chars().next().map(String::from).unwrap_or_default();
        let (local_part, domain) = self.0.split_once('@').unwrap_or_default();
        format!("{}***@{}***", initial(local_part), initial(domain))
    }
}

impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Address")
    }
}

/// RFC 5322, section 3.2.3.
fn is_atom(text: &str) -> bool {
    !text.is_empty()
        && text
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~".contains(&b))
}

/// RFC 1123, section 2.1.
fn is_label(text: &str) -> bool {
    (1..=MAX_LABEL).contains(&text.len())
        && !text.starts_with('-')
        && !text.ends_with('-')
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_people_are_taken_as_they_are() {
        let long = format!("{}@{}.example", "a".repeat(64), "b".repeat(63));
        for text in [
            "user@example.com",
            "first.last+tag@sub.example.co.uk",
            "o'brien@example.com",
            "a@b",
            "user@localhost",
            "USER@EXAMPLE.COM",
            "u@xn--bcher-kva.example",
            &long,
        ] {
            assert_eq!(Address::parse(text).unwrap().as_str(), text);
        }
    }

    #[test]
    fn everything_that_could_be_more_than_one_recipient_is_refused() {
        let long = format!("u@{}com", "example.".repeat(32));
        for text in [
            "",
            "@",
            "user",
            "user@",
            "@example.com",
            "a@b,c@d",
            "a@b@c",
            "a@b;c@d",
            "x\r\nBcc: y@z",
            "x@y\r\nBcc:y",
            "x@y\n",
            "\"N\" <a@b>",
            "<a@b>",
            "\"a b\"@c",
            "a b@c",
            " a@b",
            "a@b ",
            "a@b c",
            "a..b@c",
            ".a@b",
            "a.@b",
            "a@.b",
            "a@b.",
            "a@-b",
            "a@b-",
            "a@[127.0.0.1]",
            "a(b)@c",
            "a@b\0",
            "ü@example.com",
            "u@bücher.example",
            "u@example\u{3002}com",
            "u\u{200b}@example.com",
            "a\\@b",
            "a:b@c",
            &long,
            &format!("{}@b", "a".repeat(65)),
            &format!("a@{}", "b".repeat(64)),
        ] {
            assert_eq!(Address::parse(text), None, "{text:?}");
        }
    }

    #[test]
    fn a_masked_address_shows_two_letters() {
        let masked = |text| Address::parse(text).unwrap().masked();
        assert_eq!(masked("user@example.com"), "u***@e***");
        assert_eq!(masked("a@b"), "a***@b***");
    }

    #[test]
    fn an_address_does_not_print() {
        let address = Address::parse("canary@example.com").unwrap();
        assert_eq!(format!("{address:?}"), "Address");
    }
}
