//! The public values of a handshake. Each exists only if its range was checked.
//!
//! They are no secrets, so `num-bigint`, which is not constant-time, may hold them.

use super::{
    Error,
    encoding::{from_hex, pad, to_hex, widen},
};
use alloc::{boxed::Box, string::String, vec::Vec};
use group15::Number;
use num_bigint::{BigInt, BigUint, Sign};
use zeroize::Zeroizing;

/// `A`, the client's public value: `0 < A < N`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClientPublic(pub(super) Residue);

/// `B`, the server's public value: `0 < B < N`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServerPublic(pub(super) Residue);

/// `SALT`: an integer that Cognito once sent with a minus sign, so a signed one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Salt(BigInt);

/// What both are: a value modulo `N`, at full width.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Residue(Box<Number>);

impl ClientPublic {
    /// Reads `SRP_A`: 1 to 768 hexadecimal digits, `0 < A < N`.
    pub fn from_hex(text: &str) -> Result<Self, Error> {
        Residue::from_hex(text).map(Self)
    }

    /// Lower-case hexadecimal without leading zeros, possibly of odd length.
    pub fn to_hex(&self) -> String {
        self.0.to_hex()
    }
}

impl ServerPublic {
    /// Reads `SRP_B`: 1 to 768 hexadecimal digits, `0 < B < N`.
    pub fn from_hex(text: &str) -> Result<Self, Error> {
        Residue::from_hex(text).map(Self)
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

    fn from_hex(text: &str) -> Result<Self, Error> {
        let bytes = from_hex(text, 2 * group15::BYTES).ok_or(Error::BadHex)?;
        let value = BigUint::from_bytes_be(&bytes);
        if value == BigUint::ZERO || value >= BigUint::from_bytes_be(&group15::N) {
            return Err(Error::OutOfRange);
        }
        Ok(Self(Box::new(widen(&bytes))))
    }

    fn to_hex(&self) -> String {
        to_hex(&*self.0)
    }
}

impl Salt {
    /// A positive salt of 16 bytes, as a server draws it.
    pub fn from_bytes(bytes: [u8; 16]) -> Self {
        Self(BigInt::from_bytes_be(Sign::Plus, &bytes))
    }

    /// Reads `SALT`: 1 to 64 hexadecimal digits, after a minus sign or without.
    pub fn from_hex(text: &str) -> Result<Self, Error> {
        let (sign, digits) = match text.strip_prefix('-') {
            Some(digits) => (Sign::Minus, digits),
            None => (Sign::Plus, text),
        };
        let bytes = from_hex(digits, 64).ok_or(Error::BadHex)?;
        Ok(Self(BigInt::from_bytes_be(sign, &bytes)))
    }

    /// Lower-case hexadecimal without leading zeros, after a minus sign or without.
    pub fn to_hex(&self) -> String {
        let (sign, magnitude) = self.0.to_bytes_be();
        let mut text = String::new();
        if sign == Sign::Minus {
            text.push('-');
        }
        text.push_str(&to_hex(&magnitude));
        text
    }

    /// `PAD(salt)`.
    pub fn pad(&self) -> Vec<u8> {
        self.0.to_signed_bytes_be()
    }
}
