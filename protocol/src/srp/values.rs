//! The public values of a handshake. Each exists only if its range was checked.
//!
//! They are no secrets, so comparing them may take what time it takes.

use super::{
    Error,
    encoding::{from_hex, pad, pad_negative, to_hex, widen},
};
use alloc::{boxed::Box, string::String, vec::Vec};
use group15::Number;
use zeroize::Zeroizing;

/// `A`, the client's public value: `0 < A < N`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClientPublic(pub(super) Residue);

/// `B`, the server's public value: `0 < B < N`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServerPublic(pub(super) Residue);

/// `SALT`: an integer that Cognito once sent with a minus sign, so a signed one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Salt {
    negative: bool,
    /// Big-endian.
    magnitude: Vec<u8>,
}

/// What both are: a value modulo `N`, at full width.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Residue(Box<Number>);

impl ClientPublic {
    /// Reads `SRP_A`: 1 to 768 hexadecimal digits, `0 < A < N`.
    pub fn from_hex(text: impl AsRef<[u8]>) -> Result<Self, Error> {
        Residue::from_hex(text.as_ref()).map(Self)
    }

    /// Lower-case hexadecimal without leading zeros, possibly of odd length.
    pub fn to_hex(&self) -> String {
        self.0.to_hex()
    }
}

impl ServerPublic {
    /// Reads `SRP_B`: 1 to 768 hexadecimal digits, `0 < B < N`.
    pub fn from_hex(text: impl AsRef<[u8]>) -> Result<Self, Error> {
        Residue::from_hex(text.as_ref()).map(Self)
    }

    /// Lower-case hexadecimal without leading zeros, possibly of odd length.
    pub fn to_hex(&self) -> String {
        self.0.to_hex()
    }
}

impl Residue {
    /// A value that was computed modulo `N`, and is not zero.
    pub fn computed(value: Number) -> Self {
        Self(Box::new(value))
    }

    pub fn as_bytes(&self) -> &Number {
        &self.0
    }

    pub fn pad(&self) -> Zeroizing<Vec<u8>> {
        pad(&*self.0)
    }

    fn from_hex(text: &[u8]) -> Result<Self, Error> {
        let bytes = from_hex(text, 2 * group15::BYTES).ok_or(Error::BadHex)?;
        let value: Number = widen(&bytes);
        // Big-endian numbers of one width compare as their bytes do.
        if value == [0; group15::BYTES] || value >= group15::N {
            return Err(Error::OutOfRange);
        }
        Ok(Self(Box::new(value)))
    }

    fn to_hex(&self) -> String {
        to_hex(&*self.0)
    }
}

impl Salt {
    /// A positive salt of 16 bytes, as a server draws it.
    pub fn from_bytes(bytes: [u8; 16]) -> Self {
        Self {
            negative: false,
            magnitude: bytes.into(),
        }
    }

    /// Reads `SALT`: 1 to 64 hexadecimal digits, after a minus sign or without.
    pub fn from_hex(text: impl AsRef<[u8]>) -> Result<Self, Error> {
        let text = text.as_ref();
        let digits = text.strip_prefix(b"-");
        let magnitude = from_hex(digits.unwrap_or(text), 64).ok_or(Error::BadHex)?;
        Ok(Self {
            negative: digits.is_some(),
            magnitude,
        })
    }

    /// Lower-case hexadecimal without leading zeros, after a minus sign or without.
    pub fn to_hex(&self) -> String {
        let mut text = String::new();
        if self.negative {
            text.push('-');
        }
        text.push_str(&to_hex(&self.magnitude));
        text
    }

    /// `PAD(salt)`.
    pub fn pad(&self) -> Zeroizing<Vec<u8>> {
        match self.negative {
            true => pad_negative(&self.magnitude),
            false => pad(&self.magnitude),
        }
    }
}
