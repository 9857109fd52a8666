//! The codes that the pool itself mails: for sign-up, for a new password, for an address.

use std::{collections::HashMap, time::Duration};

use subtle::ConstantTimeEq;

use crate::{
    entropy,
    error::{ApiError, Exception},
    service::Service,
    ses,
    users::User,
};

/// The codes that somebody may still answer with.
#[derive(Default)]
pub struct Codes(HashMap<Key, Code>);

/// Whose code, and what for. A new one takes the place of the last.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Key {
    /// The pool's id.
    pub pool_id: String,
    /// The user's name.
    pub username: String,
    /// What it allows.
    pub purpose: Purpose,
}

/// What a code allows.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub enum Purpose {
    /// `ConfirmSignUp`.
    SignUp,
    /// `ConfirmForgotPassword`.
    NewPassword,
    /// `VerifyUserAttribute`, of the address.
    Address,
}

struct Code {
    digits: String,
    /// The address that it went to.
    address: String,
    expires: Duration,
    failures: u32,
}

/// More codes than this are not remembered: the ones that expire first go.
const MOST: usize = 1_000;

/// After so many wrong answers the code is worth nothing. Cognito does not say how many.
const MOST_FAILURES: u32 = 5;

impl Purpose {
    /// How long its codes are valid: a day, or an hour where a password hangs on it.
    const fn validity(self) -> Duration {
        match self {
            Self::SignUp | Self::Address => Duration::from_secs(86_400),
            Self::NewPassword => Duration::from_secs(3600),
        }
    }
}

impl Codes {
    /// Spends a code, if these are its digits, and tells the address that it went to.
    ///
    /// # Errors
    /// `CodeMismatchException`, `ExpiredCodeException` or `LimitExceededException`.
    fn spend(&mut self, key: &Key, digits: &str, now: Duration) -> Result<String, ApiError> {
        let code = self.0.get_mut(key).filter(|code| now < code.expires);
        let code = code.ok_or_else(expired)?;
        if code.failures >= MOST_FAILURES {
            return Err(Exception::LimitExceeded
                .because("Attempt limit exceeded, please try after some time."));
        }
        if !bool::from(code.digits.as_bytes().ct_eq(digits.as_bytes())) {
            code.failures = code.failures.saturating_add(1);
            return Err(mismatch());
        }
        let address = code.address.clone();
        self.0.remove(key);
        Ok(address)
    }

    fn insert(&mut self, key: Key, code: Code, now: Duration) {
        self.0.retain(|_, code| now < code.expires);
        if self.0.len() >= MOST {
            let first = self.0.iter().min_by_key(|(_, code)| code.expires);
            if let Some(first) = first.map(|(key, _)| key.clone()) {
                self.0.remove(&first);
            }
        }
        self.0.insert(key, code);
    }
}

impl Key {
    /// The key of a user's code.
    pub fn of(pool_id: &str, user: &User, purpose: Purpose) -> Self {
        Self {
            pool_id: pool_id.to_owned(),
            username: user.username.clone(),
            purpose,
        }
    }
}

/// Mails a fresh code. Without an address none is sent, and none is kept.
///
/// # Errors
/// `CodeDeliveryFailureException`.
pub async fn send(service: &Service, key: Key, address: &str) -> Result<(), ApiError> {
    let number = u32::from_le_bytes(entropy::bytes()?).checked_rem(1_000_000);
    let digits = format!("{:06}", number.unwrap_or_default());
    ses::deliver_code(service, address, &digits)
        .await
        .map_err(|why| Exception::CodeDeliveryFailure.because(why))?;
    let now = service.clock.now();
    let code = Code {
        digits,
        address: address.to_owned(),
        expires: now.saturating_add(key.purpose.validity()),
        failures: 0,
    };
    service.codes().insert(key, code, now);
    Ok(())
}

/// Spends a code, and tells the address that it went to.
///
/// # Errors
/// `CodeMismatchException`, `ExpiredCodeException` or `LimitExceededException`.
pub fn spend(service: &Service, key: &Key, digits: &str) -> Result<String, ApiError> {
    let now = service.clock.now();
    service.codes().spend(key, digits, now)
}

/// The answer to a wrong code.
pub fn mismatch() -> ApiError {
    Exception::CodeMismatch.because("Invalid verification code provided, please try again.")
}

/// The answer to a code that is over, and to one that was never sent.
pub fn expired() -> ApiError {
    Exception::ExpiredCode.because("Invalid code provided, please request a code again.")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_spent_once_in_time_and_after_few_mistakes() {
        let key = |purpose| Key {
            pool_id: "p".into(),
            username: "u".into(),
            purpose,
        };
        let now = Duration::from_secs(1000);
        let later = |seconds| now.saturating_add(Duration::from_secs(seconds));
        let mut codes = Codes::default();
        let insert = |codes: &mut Codes, purpose: Purpose| {
            let code = Code {
                digits: "123456".into(),
                address: "u@example.com".into(),
                expires: now.saturating_add(purpose.validity()),
                failures: 0,
            };
            codes.insert(key(purpose), code, now);
        };
        let outcome = |codes: &mut Codes, purpose, digits, now| {
            let spent = codes.spend(&key(purpose), digits, now);
            spent.map_err(|error| error.exception)
        };
        insert(&mut codes, Purpose::NewPassword);
        let mut new = |digits, now| outcome(&mut codes, Purpose::NewPassword, digits, now);
        assert_eq!(new("123456", later(3600)), Err(Exception::ExpiredCode));
        assert_eq!(new("123457", later(3599)), Err(Exception::CodeMismatch));
        assert_eq!(new("123456", later(3599)), Ok("u@example.com".to_owned()));
        assert_eq!(new("123456", later(3599)), Err(Exception::ExpiredCode));
        insert(&mut codes, Purpose::SignUp);
        let mut sign_up = |digits| outcome(&mut codes, Purpose::SignUp, digits, now);
        for _ in 0..MOST_FAILURES {
            assert_eq!(sign_up("000000"), Err(Exception::CodeMismatch));
        }
        assert_eq!(sign_up("123456"), Err(Exception::LimitExceeded));
    }
}
