//! The one place that asks the operating system for random bytes.

use base64ct::{Base64UrlUnpadded, Encoding};
pub use getrandom::{Error, SysRng};

/// Fresh random bytes.
///
/// # Errors
/// If the operating system has none. There is no other source to fall back on.
pub fn bytes<const N: usize>() -> Result<[u8; N], Error> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes)?;
    Ok(bytes)
}

/// A handle nobody can guess, of 512 random bits as base64url.
///
/// # Errors
/// As [`bytes`].
pub fn handle() -> Result<String, Error> {
    Ok(Base64UrlUnpadded::encode_string(&bytes::<64>()?))
}

/// A random UUID, version 4.
///
/// # Errors
/// As [`bytes`].
pub fn uuid() -> Result<uuid::Uuid, Error> {
    Ok(uuid::Builder::from_random_bytes(bytes()?).into_uuid())
}
