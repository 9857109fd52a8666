//! The keys from which codes are derived.

use std::{
    fmt::{self, Write},
    iter,
    str::FromStr,
};

use sha2::{Digest, Sha256};
use zeroize::{Zeroize, ZeroizeOnDrop};

/// What `CODE_KEY` is to look like.
pub(crate) const EXPECTED: &str = "[<id>:]<key>, an id of 1 to 8 of a-z0-9, a key of 43 to 128 of \
                                   A-Za-z0-9+/=_-, and commas between several of different ids";

/// The id of a key that is given without one.
const FIRST_ID: &str = "1";

/// All that `CODE_KEY` lists. Every one verifies, so that a code outlives the change of the
/// key it was made with.
#[derive(Clone, Debug)]
pub(crate) struct CodeKeys {
    /// The first one makes the new codes.
    pub issuing: CodeKey,
    others: Vec<CodeKey>,
}

/// One key. Wiped on drop; `Debug` does not show it.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub(crate) struct CodeKey {
    /// What records call it.
    #[zeroize(skip)]
    pub id: KeyId,
    /// HMAC fills a short key up with zeros to the hash's block (RFC 2104, section 2). Done
    /// here already, there is no length left that could be wrong.
    pub block: [u8; 64],
}

/// The name of a key: 1 to 8 of `a-z0-9`, and zeros behind them.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct KeyId([u8; 8]);

/// The text is no key, no id, or no list of keys.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct BadKey;

impl CodeKeys {
    /// The key of that name, if it is still listed.
    pub fn find(&self, id: KeyId) -> Option<&CodeKey> {
        iter::once(&self.issuing)
            .chain(&self.others)
            .find(|key| key.id == id)
    }
}

impl FromStr for CodeKeys {
    type Err = BadKey;

    /// Reads keys with commas between them.
    fn from_str(text: &str) -> Result<Self, BadKey> {
        let mut keys = text.split(',').map(str::parse);
        let mut all = Self {
            issuing: keys.next().ok_or(BadKey)??,
            others: Vec::new(),
        };
        for key in keys {
            let key: CodeKey = key?;
            if all.find(key.id).is_some() {
                return Err(BadKey);
            }
            all.others.push(key);
        }
        Ok(all)
    }
}

impl FromStr for CodeKey {
    type Err = BadKey;

    /// Reads `[<id>:]<key>`. The HMAC key is the SHA-256 of the text of `<key>`, so that it may
    /// be written in any alphabet.
    fn from_str(text: &str) -> Result<Self, BadKey> {
        let (id, key) = text.split_once(':').unwrap_or((FIRST_ID, text));
        let is_digit = |b: u8| b.is_ascii_alphanumeric() || b"+/=_-".contains(&b);
        // 43 digits of 64 kinds are 256 bits.
        if !(43..=128).contains(&key.len()) || !key.bytes().all(is_digit) {
            return Err(BadKey);
        }
        let mut block = [0; 64];
        block
            .split_at_mut(32)
            .0
            .copy_from_slice(&Sha256::digest(key));
        Ok(Self {
            id: id.parse()?,
            block,
        })
    }
}

impl FromStr for KeyId {
    type Err = BadKey;

    fn from_str(text: &str) -> Result<Self, BadKey> {
        let is_part = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit();
        if !(1..=8).contains(&text.len()) || !text.bytes().all(is_part) {
            return Err(BadKey);
        }
        let mut id = [0; 8];
        for (place, byte) in id.iter_mut().zip(text.bytes()) {
            *place = byte;
        }
        Ok(Self(id))
    }
}

impl fmt::Display for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut letters = self.0.iter().take_while(|&&byte| byte != 0);
        letters.try_for_each(|&byte| f.write_char(byte.into()))
    }
}

impl fmt::Debug for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "KeyId({self})")
    }
}

impl fmt::Debug for CodeKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CodeKey")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const A: &str = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQ";
    const B: &str = "0123456789+/=_-0123456789+/=_-0123456789+/=";

    fn id(text: &str) -> KeyId {
        text.parse().unwrap()
    }

    #[test]
    fn the_first_issues_and_all_are_found() {
        let keys: CodeKeys = format!("new:{A},{B},a1b2c3d4:{}", "x".repeat(128))
            .parse()
            .unwrap();
        assert_eq!(keys.issuing.id, id("new"));
        for (text, found) in [
            ("new", true),
            ("1", true),
            ("a1b2c3d4", true),
            ("ne", false),
            ("newe", false),
            ("2", false),
        ] {
            let key = keys.find(id(text));
            assert_eq!(key.map(|key| key.id), found.then(|| id(text)), "{text}");
        }
        let alone: CodeKeys = A.parse().unwrap();
        assert_eq!(alone.issuing.id, id("1"));
        assert_eq!(alone.issuing.block, keys.issuing.block);
    }

    #[test]
    fn what_is_no_list_of_keys_is_refused() {
        let (short, long) = (A.trim_start_matches('a'), "x".repeat(129));
        for text in [
            String::new(),
            short.to_owned(),
            long,
            format!("{A},"),
            format!(",{A}"),
            format!("{A}, {B}"),
            format!("{A}\n"),
            format!("{A}ü"),
            format!("{A}:"),
            format!(":{A}"),
            format!("A:{A}"),
            format!("ü:{A}"),
            format!("123456789:{A}"),
            format!("1:2:{A}"),
            format!("1.2:{A}"),
            // Two keys of one id.
            format!("{A},{B}"),
            format!("{A},1:{B}"),
            format!("a:{A},b:{B},a:{B}"),
            format!("a:{A},b:{short}"),
        ] {
            assert_eq!(text.parse::<CodeKeys>().err(), Some(BadKey), "{text}");
        }
    }

    #[test]
    fn keys_print_nothing() {
        let keys: CodeKeys = format!("a:{A},{B}").parse().unwrap();
        assert_eq!(
            format!("{keys:?}"),
            "CodeKeys { issuing: CodeKey, others: [CodeKey] }"
        );
    }
}
