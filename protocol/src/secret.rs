//! Values that print nothing and are wiped when they are dropped.

use crate::Misuse;
use alloc::{string::String, vec::Vec};
use core::fmt;
use zeroize::Zeroizing;

/// A password, as the bytes that are hashed: UTF-8, unnormalised, nothing trimmed.
#[derive(Clone)]
pub struct Password(Zeroizing<Vec<u8>>);

/// A one-time code, as the text that is sent.
pub struct Code(Zeroizing<String>);

/// What Cognito knows a conversation by. Each reply brings the one for the next request.
#[derive(Clone)]
pub struct Session(Zeroizing<String>);

impl Password {
    /// Takes the bytes over; they are wiped with the value.
    pub fn new(bytes: impl Into<Vec<u8>>) -> Self {
        Self(Zeroizing::new(bytes.into()))
    }

    pub(crate) fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    pub(crate) fn text(&self) -> Option<&str> {
        core::str::from_utf8(&self.0).ok()
    }

    pub(crate) fn misuse(&self, expected: &'static str) -> Misuse {
        Misuse::sized("password", expected, self.0.len())
    }
}

impl Code {
    pub(crate) fn new(text: String) -> Self {
        Self(Zeroizing::new(text))
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

impl Session {
    pub(crate) fn new(text: String) -> Self {
        Self(Zeroizing::new(text))
    }

    /// The text to send with an answer that this crate does not form.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Password")
    }
}

impl fmt::Debug for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Code")
    }
}

impl fmt::Debug for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Session")
    }
}
