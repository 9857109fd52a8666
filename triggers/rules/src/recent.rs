//! What this process has issued in the last seconds, so that a repeated call is known as one.

use std::{collections::HashMap, fmt};

use crate::{code::Holder, record::Record};

/// Seconds within which Cognito repeats a call: three times five.
const REPETITIONS: u64 = 15;

/// The codes that one process has issued lately.
///
/// Cognito repeats a call that took too long, and names neither. A repetition that comes to
/// the same process gets the code of the first call, even where the clock has gone on to the
/// next step of the derivation in between. `Debug` shows nothing of it.
#[derive(Default)]
pub struct Recent(HashMap<Issue, u64>);

/// One code, by whom it is for, and which mail of the sign-in brings it.
#[derive(PartialEq, Eq, Hash)]
struct Issue {
    user_pool_id: String,
    client_id: String,
    user_name: String,
    email: String,
    sends: u8,
}

impl Recent {
    /// The record as it was issued first, if that was within the last 15 seconds.
    pub(crate) fn issue(&mut self, holder: &Holder<'_>, record: Record) -> Record {
        let now = record.issued;
        // A clock that went back forgets what has not happened yet.
        let is_recent = |issued: u64| now.checked_sub(issued).is_some_and(|age| age < REPETITIONS);
        self.0.retain(|_, issued| is_recent(*issued));
        let issue = Issue {
            user_pool_id: holder.user_pool_id.to_owned(),
            client_id: holder.client_id.to_owned(),
            user_name: holder.user_name.to_owned(),
            email: holder.email.to_owned(),
            sends: record.sends,
        };
        let issued = *self.0.entry(issue).or_insert(now);
        Record { issued, ..record }
    }
}

impl fmt::Debug for Recent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Recent")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOLDER: Holder<'static> = Holder {
        user_pool_id: "pool",
        client_id: "client",
        user_name: "user",
        email: "user@example.com",
    };

    #[test]
    fn a_repetition_is_dated_as_the_first_call() {
        let mut recent = Recent::default();
        for (now, issued) in [
            (1_000, 1_000),
            (1_005, 1_000),
            (1_014, 1_000),
            (1_015, 1_015),
            (1_029, 1_015),
            (1_010, 1_010),
        ] {
            assert_eq!(
                recent.issue(&HOLDER, Record::first(now)).issued,
                issued,
                "{now}"
            );
        }
        assert_eq!(recent.0.len(), 1);
    }

    #[test]
    fn others_and_other_mails_are_no_repetitions() {
        let mut recent = Recent::default();
        let first = Record::first(1_000);
        recent.issue(&HOLDER, first);
        let later = Record::first(1_005);
        #[rustfmt::skip]
        let others = [
            Holder { user_pool_id: "other", ..HOLDER },
            Holder { client_id: "other", ..HOLDER },
            Holder { user_name: "other", ..HOLDER },
            Holder { email: "other@example.com", ..HOLDER },
        ];
        for other in &others {
            assert_eq!(recent.issue(other, later), later);
        }
        let resent = Record { sends: 2, ..later };
        assert_eq!(recent.issue(&HOLDER, resent), resent);
        assert_eq!(recent.issue(&HOLDER, later), first);
    }

    #[test]
    fn it_does_not_print() {
        let mut recent = Recent::default();
        recent.issue(&HOLDER, Record::first(1_000));
        assert_eq!(format!("{recent:?}"), "Recent");
    }
}
