//! The code: derived from a key, never stored.

use std::fmt;

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use subtle::ConstantTimeEq;
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

use crate::record::Record;

/// Seconds during which one holder gets one code: as long as Cognito repeats a call, three
/// times five seconds.
const TIME_STEP: u64 = 15;

/// The key from which codes are derived. Wiped on drop; `Debug` does not show it.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub(crate) struct CodeKey {
    /// HMAC fills a short key up with zeros to the hash's block (RFC 2104, section 2). Done
    /// here already, there is no length left that could be wrong.
    block: [u8; 64],
}

/// For whom a code is. A change in any part makes it another code.
pub(crate) struct Holder<'a> {
    pub user_pool_id: &'a str,
    pub client_id: &'a str,
    pub user_name: &'a str,
    pub email: &'a str,
}

/// A code of 6 to 10 digits. Wiped on drop; `Debug` does not show it.
pub(crate) struct Code(Zeroizing<String>);

impl CodeKey {
    pub const fn new(key: &[u8; 32]) -> Self {
        let mut block = [0; 64];
        block.split_at_mut(32).0.copy_from_slice(key);
        Self { block }
    }

    /// The 64-bit number at `counter` in the sequence for one holder and one mail.
    ///
    /// `HMAC-SHA256(key, "email-otp-v1" ‖ pool ‖ client ‖ user ‖ email ‖ step ‖ sends ‖ counter)`,
    /// its first eight bytes, big-endian. Texts come with their length before them, in eight
    /// bytes, so that no two holders share an input.
    fn draw(&self, holder: &Holder<'_>, record: Record, counter: u64) -> u64 {
        let mut mac = Hmac::<Sha256>::new(&self.block.into());
        mac.update(b"email-otp-v1");
        let Holder {
            user_pool_id,
            client_id,
            user_name,
            email,
        } = holder;
        for text in [user_pool_id, client_id, user_name, email] {
            mac.update(&(text.len() as u64).to_be_bytes());
            mac.update(text.as_bytes());
        }
        mac.update(&(record.issued / TIME_STEP).to_be_bytes());
        mac.update(&[record.sends]);
        mac.update(&counter.to_be_bytes());
        let hash: [u8; 32] = mac.finalize().into_bytes().into();
        let [a, b, c, d, e, f, g, h, ..] = hash;
        u64::from_be_bytes([a, b, c, d, e, f, g, h])
    }
}

impl fmt::Debug for CodeKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CodeKey")
    }
}

impl Code {
    /// The code of `length` digits that was mailed when `record` was written.
    pub fn derive(key: &CodeKey, length: u8, holder: &Holder<'_>, record: Record) -> Self {
        Self::from_draws(length, |counter| key.draw(holder, record, counter))
    }

    /// Whether the person typed this code. Space around it is forgiven, nothing else; the
    /// digits are compared in constant time.
    pub fn matches(&self, typed: &str) -> bool {
        self.0.as_bytes().ct_eq(typed.trim().as_bytes()).into()
    }

    /// The digits, for the mail.
    pub fn digits(&self) -> &str {
        &self.0
    }

    /// The first draw below the highest multiple of `10^length`, modulo `10^length`: the
    /// draws above would make small codes more likely than large ones.
    fn from_draws(length: u8, draw: impl Fn(u64) -> u64) -> Self {
        let codes = 10_u64.saturating_pow(length.into());
        let unbiased = u64::MAX
            .checked_div(codes)
            .unwrap_or(1)
            .saturating_mul(codes);
        let mut counter = 0_u64;
        loop {
            let number = draw(counter);
            if number < unbiased {
                let number = number.checked_rem(codes).unwrap_or_default();
                let width = length.into();
                return Self(Zeroizing::new(format!("{number:0width$}")));
            }
            // Fewer than one draw in 10^9 comes here.
            counter = counter.wrapping_add(1);
        }
    }
}

impl fmt::Debug for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Code")
    }
}
