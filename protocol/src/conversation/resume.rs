//! A sign-in that goes on where its page was left.

use super::{Answered, Conversation, Next};
use crate::{Credentials, Error, Fields, Misuse, Pool, Reason, Timestamp};

/// Asks again what a pool has asked before, in a page that was left since. Nothing is sent.
///
/// `credentials` have the name that the prompt gave, such as
/// [`CodePrompt::username`](crate::CodePrompt::username), and no password: it has done its part.
/// `asked` is the challenge as the pool's reply had it, and `reason` why a code is asked for.
///
/// # Errors
/// [`Misuse`] if no person can be asked that.
pub fn resume(
    pool: &Pool,
    credentials: Credentials,
    asked: &dyn Fields,
    reason: Reason,
) -> Result<Next, Misuse> {
    let name = asked.text(&["ChallengeName"]).unwrap_or_default();
    match take_over(pool, credentials, asked) {
        Ok(Next::AskCode(mut prompt)) => {
            prompt.question.reason = reason;
            Ok(Next::AskCode(prompt))
        }
        Ok(Next::Send(..) | Next::SignedIn(_)) => {
            let expected = "a challenge that is put to a person";
            Err(Misuse::new("challengeName", expected, &name))
        }
        Ok(next) => Ok(next),
        Err(Error::PoolMisbehaved(bad)) => {
            Err(Misuse::new(bad.field, bad.expected, "something else"))
        }
        Err(Error::PoolRefused(refusal)) => Err(Misuse::new(
            "challengeName",
            "a challenge",
            &refusal.exception,
        )),
    }
}

/// As [`resume`], of a driver that knows less than this crate, in the page where it happens: a
/// code is the first.
///
/// # Errors
/// [`Error::PoolMisbehaved`] if the challenge is none.
pub fn take_over(
    pool: &Pool,
    mut credentials: Credentials,
    asked: &dyn Fields,
) -> Result<Next, Error> {
    credentials.password = None;
    let conversation = Conversation::of(pool, credentials, None);
    let name = asked.text(&["ChallengeName"]).unwrap_or_default();
    // What was kept may have been altered: it is read as a reply is, and trusted no more.
    let now = Timestamp::from_unix(0);
    conversation.challenged(name, asked, &Answered::Other, now)
}
