//! The codes of authenticators: RFC 6238 with HMAC-SHA-1, 30 seconds and six digits.

use std::time::Duration;

use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;
use subtle::ConstantTimeEq;

/// RFC 4648, without padding.
const BASE32: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/// A secret as authenticators take it: 32 letters and digits for 20 bytes.
pub fn encoded(secret: &[u8; 20]) -> String {
    let mut out = String::new();
    for chunk in secret.chunks(5) {
        let bits = chunk
            .iter()
            .fold(0_u64, |bits, byte| bits << 8 | u64::from(*byte));
        for shift in [35, 30, 25, 20, 15, 10, 5, 0] {
            let index = usize::try_from(bits >> shift & 31).unwrap_or_default();
            out.extend(BASE32.get(index).copied().map(char::from));
        }
    }
    out
}

/// Whether a code is the one of now, or of the half minute before or after.
pub fn is_current(secret: &[u8; 20], now: Duration, code: &str) -> bool {
    let step = now.as_secs() / 30;
    [step.saturating_sub(1), step, step.saturating_add(1)]
        .into_iter()
        .any(|step| at(secret, step).as_bytes().ct_eq(code.as_bytes()).into())
}

fn at(secret: &[u8; 20], step: u64) -> String {
    let mut digest = [0; 20];
    // HMAC takes keys of every length; the error exists for other algorithms of the trait.
    if let Ok(mut mac) = Hmac::<Sha1>::new_from_slice(secret) {
        mac.update(&step.to_be_bytes());
        digest.copy_from_slice(&mac.finalize().into_bytes());
    }
    let offset = usize::from(digest.last().copied().unwrap_or_default() & 15);
    let chosen = digest.iter().skip(offset).take(4);
    let number = chosen.fold(0_u32, |number, byte| number << 8 | u32::from(*byte));
    format!("{:06}", (number & 0x7fff_ffff) % 1_000_000)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECRET: &[u8; 20] = b"12345678901234567890";

    /// RFC 6238, appendix B; the last six of its eight digits.
    #[test]
    fn the_rfcs_known_answers() {
        for (seconds, code) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_111_111_111, "050471"),
            (1_234_567_890, "005924"),
            (2_000_000_000, "279037"),
            (20_000_000_000, "353130"),
        ] {
            let now = Duration::from_secs(seconds);
            assert_eq!(at(SECRET, seconds / 30), code);
            assert!(is_current(SECRET, now, code));
            assert!(!is_current(SECRET, now + Duration::from_secs(90), code));
        }
    }

    #[test]
    fn secrets_are_base32() {
        assert_eq!(encoded(SECRET), "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
    }
}
