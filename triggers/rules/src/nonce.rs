//! The randomness of one issued code.

use std::{fmt, str::FromStr};

/// 128 random bits, drawn anew for every code. `Debug` does not show them: with the key, they
/// are the code.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct Nonce(pub [u8; 16]);

/// The text is not 32 hexadecimal digits in lower case.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct BadNonce;

impl fmt::Display for Nonce {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:032x}", u128::from_be_bytes(self.0))
    }
}

impl fmt::Debug for Nonce {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Nonce")
    }
}

impl FromStr for Nonce {
    type Err = BadNonce;

    fn from_str(text: &str) -> Result<Self, BadNonce> {
        let number = u128::from_str_radix(text, 16).map_err(|_| BadNonce)?;
        let nonce = Self(number.to_be_bytes());
        // Printing it again refuses signs, capitals and missing zeros.
        (nonce.to_string() == text).then_some(nonce).ok_or(BadNonce)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_32_digits_in_lower_case_are_a_nonce() {
        let text = "000102030405060708090a0b0c0d0e0f";
        let nonce: Nonce = text.parse().unwrap();
        assert_eq!(nonce.0, std::array::from_fn(|i| u8::try_from(i).unwrap()));
        assert_eq!(
            (nonce.to_string().as_str(), format!("{nonce:?}").as_str()),
            (text, "Nonce")
        );
        let long = format!("{text}0");
        let capitals = text.to_uppercase();
        for text in [
            "",
            "0",
            text.trim_start_matches('0'),
            &long,
            &capitals,
            "+00102030405060708090a0b0c0d0e0f",
        ] {
            assert_eq!(text.parse::<Nonce>(), Err(BadNonce), "{text}");
        }
    }
}
