//! The code: derived from a key, never stored.

use std::fmt;

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use crate::{attempts::Audience, keys::CodeKey, limits::REPETITION, record::Record};

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
    /// The 64-bit number at `counter` in the sequence for one holder and one mail: the first
    /// eight bytes, big-endian, of
    ///
    /// - `HMAC-SHA256(key, "email-otp-nonce-v1" ‖ pool ‖ client ‖ user ‖ email ‖ issued ‖
    ///   nonce ‖ counter)` if the record has a nonce
    /// - `HMAC-SHA256(key, "email-otp-step-v1" ‖ pool ‖ client ‖ user ‖ email ‖ step ‖ sends ‖
    ///   counter)` if not
    ///
    /// where `key` is the SHA-256 of the key's text.
    fn draw(&self, holder: &Holder<'_>, record: Record, counter: u64) -> u64 {
        let Holder {
            user_pool_id,
            client_id,
            user_name,
            email,
        } = holder;
        let holder = [*user_pool_id, client_id, user_name, email];
        let mut mac;
        match record.nonce {
            Some(nonce) => {
                mac = self.mac(b"email-otp-nonce-v1", &holder);
                mac.update(&record.issued.to_be_bytes());
                mac.update(&nonce.0);
            }
            None => {
                mac = self.mac(b"email-otp-step-v1", &holder);
                mac.update(&(record.issued / REPETITION).to_be_bytes());
                mac.update(&[record.sends]);
            }
        }
        mac.update(&counter.to_be_bytes());
        number(mac)
    }

    /// For which client and address a code is, and by which key: a call after the key has
    /// changed repeats none from before.
    pub fn audience(&self, holder: &Holder<'_>) -> Audience {
        let audience = [holder.client_id, holder.email];
        Audience(number(self.mac(b"email-otp-audience-v1", &audience)))
    }

    /// Texts come with their length before them, in eight bytes, so that no two lists share an
    /// input.
    fn mac(&self, purpose: &[u8], texts: &[&str]) -> Hmac<Sha256> {
        let mut mac = Hmac::<Sha256>::new(&self.block.into());
        mac.update(purpose);
        for text in texts {
            mac.update(&(text.len() as u64).to_be_bytes());
            mac.update(text.as_bytes());
        }
        mac
    }
}

fn number(mac: Hmac<Sha256>) -> u64 {
    let hash: [u8; 32] = mac.finalize().into_bytes().into();
    let [a, b, c, d, e, f, g, h, ..] = hash;
    u64::from_be_bytes([a, b, c, d, e, f, g, h])
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::nonce::Nonce;

    const HOLDER: Holder<'static> = Holder {
        user_pool_id: "us-east-1_Example1",
        client_id: "exampleclient",
        user_name: "3f1c2e7a-8a1b-4f3e-9d0c-1b2a3c4d5e6f",
        email: "user@example.com",
    };

    fn key() -> CodeKey {
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQ"
            .parse()
            .unwrap()
    }

    fn record(issued: u64, sends: u8) -> Record {
        Record {
            key: key().id,
            issued,
            sends,
            wrong: 0,
            nonce: None,
        }
    }

    /// The bytes from `first` on make the nonce.
    fn with_nonce(record: Record, first: u8) -> Record {
        let nonce = Nonce(std::array::from_fn(|i| u8::try_from(i).unwrap() + first));
        Record {
            nonce: Some(nonce),
            ..record
        }
    }

    fn digits(length: u8, holder: &Holder<'_>, record: Record) -> String {
        let code = Code::derive(&key(), length, holder, record);
        code.digits().to_owned()
    }

    /// Made by another program: Python's `hmac` and `hashlib`, after the formulas above `draw`
    /// and `audience`.
    #[test]
    fn known_answers() {
        let first = record(1_790_000_000, 1);
        for (length, expected) in [(6, "412890"), (8, "74412890"), (10, "1174412890")] {
            assert_eq!(digits(length, &HOLDER, first), expected);
        }
        assert_eq!(digits(6, &HOLDER, record(1_790_000_000, 2)), "838170");
        assert_eq!(digits(6, &HOLDER, record(3_405, 1)), "000932");
        let other = Holder {
            user_name: "ü",
            ..HOLDER
        };
        assert_eq!(digits(6, &other, record(0, 4)), "010203");
        for (length, expected) in [(6, "753583"), (8, "22753583"), (10, "6122753583")] {
            assert_eq!(digits(length, &HOLDER, with_nonce(first, 0)), expected);
        }
        let audience = Audience(7_670_265_797_762_932_465);
        assert_eq!(key().audience(&HOLDER), audience);
    }

    #[test]
    fn a_code_with_a_nonce_is_that_of_its_issue() {
        let record = with_nonce(record(1_790_000_000, 1), 0);
        let code = digits(10, &HOLDER, record);
        let (resent, wrong) = (Record { sends: 2, ..record }, Record { wrong: 1, ..record });
        assert_eq!(
            [digits(10, &HOLDER, resent), digits(10, &HOLDER, wrong)],
            [(); 2].map(|()| code.clone())
        );
        let later = Record {
            issued: 1_790_000_001,
            ..record
        };
        let other = Holder {
            email: "user@example.co",
            ..HOLDER
        };
        assert_ne!(digits(10, &HOLDER, later), code);
        assert_ne!(digits(10, &HOLDER, with_nonce(record, 1)), code);
        assert_ne!(digits(10, &other, record), code);
    }

    #[test]
    fn a_code_is_bound_to_everything_it_is_for() {
        let now = record(1_790_000_000, 1);
        let code = digits(10, &HOLDER, now);
        let other = "other";
        let rest_of_name = HOLDER.user_name.replacen('3', "", 1);
        #[rustfmt::skip]
        let others = [
            Holder { user_pool_id: other, ..HOLDER },
            Holder { client_id: other, ..HOLDER },
            Holder { user_name: other, ..HOLDER },
            Holder { email: "user@example.co", ..HOLDER },
            Holder { client_id: "exampleclient3", user_name: &rest_of_name, ..HOLDER },
        ];
        for holder in &others {
            assert_ne!(digits(10, holder, now), code);
        }
        let other_key = "x".repeat(43).parse().unwrap();
        assert_ne!(Code::derive(&other_key, 10, &HOLDER, now).digits(), code);
    }

    #[test]
    fn one_code_in_a_step_and_another_in_the_next() {
        let start = 1_790_000_010;
        assert_eq!(start % REPETITION, 0);
        let code = digits(10, &HOLDER, record(start, 1));
        for issued in start..start + REPETITION {
            assert_eq!(digits(10, &HOLDER, record(issued, 1)), code);
        }
        for issued in [start - 1, start + REPETITION] {
            assert_ne!(digits(10, &HOLDER, record(issued, 1)), code);
        }
    }

    #[test]
    fn draws_that_would_favour_small_codes_are_drawn_again() {
        let limit = 18_446_744_070_000_000_000;
        let third = |counter| [u64::MAX, limit, limit - 1][usize::try_from(counter).unwrap()];
        assert_eq!(Code::from_draws(10, third).digits(), "9999999999");
        assert_eq!(
            Code::from_draws(10, |_| limit - 10_000_000_000).digits(),
            "0000000000"
        );
    }

    /// A million codes as they are issued, with another nonce each, from a fixed key: every digit
    /// at every place, chi-squared with nine degrees of freedom, p between 1e-4 and 1 - 1e-4.
    #[test]
    fn every_digit_is_as_likely_as_any_other_at_every_place() {
        const CODES: u32 = 1_000_000;
        let (issued, key) = (record(1_790_000_000, 1), key());
        for length in [6, 10] {
            let mut counts = vec![[0_u32; 10]; usize::from(length)];
            for number in 0..CODES {
                let nonce = Some(Nonce(u128::from(number).to_be_bytes()));
                let code = Code::derive(&key, length, &HOLDER, Record { nonce, ..issued });
                assert_eq!(code.digits().len(), counts.len());
                for (count, digit) in counts.iter_mut().zip(code.digits().bytes()) {
                    count[usize::from(digit - b'0')] += 1;
                }
            }
            let expected = f64::from(CODES) / 10.0;
            for (place, count) in counts.iter().enumerate() {
                let chi_squared: f64 = count
                    .iter()
                    .map(|&n| (f64::from(n) - expected).powi(2) / expected)
                    .sum();
                let plausible = 0.661..33.72;
                assert!(
                    plausible.contains(&chi_squared),
                    "place {place}: {chi_squared}"
                );
            }
        }
    }

    #[test]
    fn only_the_digits_match() {
        let code = Code::from_draws(6, |_| 123_456);
        for typed in ["123456", " 123456 ", "\t123456\r\n"] {
            assert!(code.matches(typed), "{typed:?}");
        }
        for typed in [
            "", "123457", "12345", "1234567", "0123456", "123 456", "123-456",
        ] {
            assert!(!code.matches(typed), "{typed:?}");
        }
    }

    #[test]
    fn a_code_prints_nothing() {
        let code = Code::from_draws(6, |_| 123_456);
        assert_eq!(format!("{code:?}"), "Code");
    }
}
