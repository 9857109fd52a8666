//! Wrong passwords are counted for each name, and the next tries made to wait.
//!
//! From the fifth failure on a name is locked for `2^(n-5)` seconds, at most 15 minutes.
//! Tries during the lock are refused without a look at the password, and do not count.
//! Success or 15 quiet minutes after the lock forget the failures.
//! Source: "Lockout behavior for failed sign-in attempts", Amazon Cognito developer guide.

use std::{collections::HashMap, time::Duration};

/// The failures of every name that has some.
#[derive(Default)]
pub struct Lockouts(HashMap<Name, Failures>);

/// A pool id and a user name, real or not.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Name {
    /// The pool's id.
    pub pool_id: String,
    /// The user name that the sign-in name led to.
    pub username: String,
}

/// The name is locked; the password was not looked at.
#[derive(Debug, PartialEq, Eq)]
pub struct Locked;

struct Failures {
    count: u32,
    locked_until: Duration,
}

const FREE_FAILURES: u32 = 5;
const LONGEST: Duration = Duration::from_secs(900);

/// More names than this are not remembered: the ones whose lock ends first go.
const MOST_NAMES: usize = 10_000;

impl Lockouts {
    /// Whether a try may be made at `now`.
    pub fn check(&self, name: &Name, now: Duration) -> Result<(), Locked> {
        match self.0.get(name) {
            Some(failures) if now < failures.locked_until => Err(Locked),
            Some(_) | None => Ok(()),
        }
    }

    /// Counts a wrong password.
    pub fn failed(&mut self, name: Name, now: Duration) {
        self.0
            .retain(|_, failures| now < failures.locked_until.saturating_add(LONGEST));
        if self.0.len() >= MOST_NAMES {
            let first = self
                .0
                .iter()
                .min_by_key(|(_, failures)| failures.locked_until);
            if let Some(first) = first.map(|(name, _)| name.clone()) {
                self.0.remove(&first);
            }
        }
        let failures = self.0.entry(name).or_insert(Failures {
            count: 0,
            locked_until: now,
        });
        failures.count = failures.count.saturating_add(1);
        failures.locked_until = now.saturating_add(lock_after(failures.count));
    }

    /// Forgets the failures of a name.
    pub fn succeeded(&mut self, name: &Name) {
        self.0.remove(name);
    }
}

fn lock_after(failures: u32) -> Duration {
    match failures.checked_sub(FREE_FAILURES) {
        Some(doublings) => Duration::from_secs(2_u64.saturating_pow(doublings)).min(LONGEST),
        None => Duration::ZERO,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(username: &str) -> Name {
        Name {
            pool_id: "us-east-1_Test".into(),
            username: username.into(),
        }
    }

    #[test]
    fn the_lock_doubles_from_the_fifth_failure_up_to_a_quarter_of_an_hour() {
        let mut lockouts = Lockouts::default();
        let mut now = Duration::from_secs(1_000_000);
        for seconds in [
            0, 0, 0, 0, 1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900, 900,
        ] {
            assert_eq!(lockouts.check(&name("a"), now), Ok(()));
            lockouts.failed(name("a"), now);
            let lock = Duration::from_secs(seconds);
            if seconds > 0 {
                let just_before = now + lock - Duration::from_millis(1);
                assert_eq!(
                    lockouts.check(&name("a"), just_before),
                    Err(Locked),
                    "{seconds}"
                );
            }
            assert_eq!(
                lockouts.check(&name("b"), now),
                Ok(()),
                "another name is free"
            );
            now += lock;
        }
    }

    #[test]
    fn success_and_a_quiet_quarter_of_an_hour_forget() {
        let mut lockouts = Lockouts::default();
        let now = Duration::from_secs(1_000_000);
        for _ in 0..4 {
            lockouts.failed(name("a"), now);
            lockouts.failed(name("b"), now);
        }
        lockouts.succeeded(&name("a"));
        lockouts.failed(name("a"), now);
        assert_eq!(lockouts.check(&name("a"), now), Ok(()));
        lockouts.failed(name("b"), now + LONGEST);
        assert_eq!(lockouts.check(&name("b"), now + LONGEST), Ok(()));
    }

    #[test]
    fn memory_is_bounded() {
        let mut lockouts = Lockouts::default();
        for number in 0..MOST_NAMES + 100 {
            lockouts.failed(name(&number.to_string()), Duration::ZERO);
        }
        assert_eq!(lockouts.0.len(), MOST_NAMES);
    }
}
