//! The refresh tokens of one sign-in. Without rotation there is one; with it, each use brings
//! another, and the used one is good for the grace period only.

use std::time::Duration;

use subtle::ConstantTimeEq;

/// The refresh tokens of a sign-in, oldest first.
#[derive(Clone)]
pub struct RefreshTokens(Vec<RefreshToken>);

#[derive(Clone)]
struct RefreshToken {
    text: String,
    /// Until when, since 1970, once it has been used; `None` before.
    retires: Option<Duration>,
}

/// A token that rotation has ended.
#[derive(Debug, PartialEq, Eq)]
pub struct Reused;

/// More than this are not told apart from tokens that nobody has issued: the oldest go.
const MOST: usize = 500;

impl RefreshTokens {
    /// The first one.
    pub fn new(first: String) -> Self {
        Self(vec![RefreshToken {
            text: first,
            retires: None,
        }])
    }

    /// Whether this is or was one of them.
    pub fn contains(&self, text: &str) -> bool {
        self.find(text).is_some()
    }

    /// Whether it may be used now.
    ///
    /// # Errors
    /// If it was used before, and its grace period is over.
    pub fn check(&self, text: &str, now: Duration) -> Result<(), Reused> {
        match self.find(text).map(|token| token.retires) {
            Some(None) => Ok(()),
            Some(Some(retires)) if now < retires => Ok(()),
            Some(Some(_)) | None => Err(Reused),
        }
    }

    /// Uses a token, which the next one follows. Its grace period begins with its first use; in it
    /// every use brings one more, since the reply to the first may have been lost.
    ///
    /// # Errors
    /// As [`RefreshTokens::check`].
    pub fn rotate(
        &mut self,
        text: &str,
        next: String,
        grace: Duration,
        now: Duration,
    ) -> Result<(), Reused> {
        self.check(text, now)?;
        for token in self.0.iter_mut().filter(|token| token.is(text)) {
            token.retires.get_or_insert(now.saturating_add(grace));
        }
        if self.0.len() >= MOST {
            self.0.remove(0);
        }
        self.0.push(RefreshToken {
            text: next,
            retires: None,
        });
        Ok(())
    }

    fn find(&self, text: &str) -> Option<&RefreshToken> {
        self.0.iter().find(|token| token.is(text))
    }
}

impl RefreshToken {
    fn is(&self, text: &str) -> bool {
        self.text.as_bytes().ct_eq(text.as_bytes()).into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GRACE: Duration = Duration::from_secs(10);

    fn at(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    fn rotated(tokens: &mut RefreshTokens, used: &str, next: &str, now: u64) -> Result<(), Reused> {
        tokens.rotate(used, next.into(), GRACE, at(now))
    }

    #[test]
    fn the_grace_period_begins_with_the_first_use_and_is_not_prolonged() {
        let mut tokens = RefreshTokens::new("a".into());
        assert_eq!(rotated(&mut tokens, "a", "b", 100), Ok(()));
        assert_eq!(rotated(&mut tokens, "a", "c", 109), Ok(()));
        assert_eq!(rotated(&mut tokens, "a", "d", 110), Err(Reused));
        assert!(!tokens.contains("d"));
        for good in ["b", "c"] {
            assert_eq!(tokens.check(good, at(1_000_000)), Ok(()));
        }
    }

    #[test]
    fn without_a_grace_period_a_use_is_the_end() {
        let mut tokens = RefreshTokens::new("a".into());
        let rotate =
            |tokens: &mut RefreshTokens| tokens.rotate("a", "b".into(), Duration::ZERO, at(100));
        assert_eq!(rotate(&mut tokens), Ok(()));
        assert_eq!(rotate(&mut tokens), Err(Reused));
    }

    #[test]
    fn a_family_that_grows_for_ever_forgets_its_oldest() {
        let mut tokens = RefreshTokens::new("0".into());
        for number in 0..MOST {
            let next = number.saturating_add(1).to_string();
            assert_eq!(
                tokens.rotate(&number.to_string(), next, GRACE, at(0)),
                Ok(())
            );
        }
        assert_eq!(tokens.0.len(), MOST);
        assert!(!tokens.contains("0"));
        assert!(tokens.contains("1"));
    }
}
