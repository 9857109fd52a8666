//! What one user may do, over all sign-ins: one pure function of (state, time, event).

use crate::{
    attempts::{Audience, Issue, Progress, State},
    nonce::Nonce,
};

const MINUTE: u64 = 60;
const HOUR: u64 = 60 * MINUTE;
const DAY: u64 = 24 * HOUR;

/// Failures within 24 hours, of which the last, and each one after it, brings a lock.
const MAX_FAILURES: usize = 10;
/// The first lock; each further one is twice as long, up to a day.
const FIRST_LOCK: u64 = 15 * MINUTE;
/// Failures without a success between them that switch the factor off.
const MAX_IN_A_ROW: u8 = 100;
/// Seconds from one mail to the next.
pub(crate) const COOLDOWN: u64 = 30;
/// Mails within an hour.
const MAX_MAILS: usize = 5;
/// Seconds during which Cognito may repeat a call: three times five.
pub(crate) const REPETITION: u64 = 15;
/// Mails of one code, when it is not known whether the first went out.
const MAX_MAILS_OF_ONE_CODE: usize = 2;

/// What happens to a user's state.
#[derive(Clone, Copy)]
pub(crate) enum Event {
    /// A code is to be mailed; `nonce` makes it, if it is a new one.
    Ask { audience: Audience, nonce: Nonce },
    /// The mail service took the mail of this code.
    Mailed { nonce: Nonce },
    /// An answer to this code came. It counts as a failure until it turns out to be right.
    Answer { nonce: Nonce },
    /// The answer that came at `at` is right.
    Right { nonce: Nonce, at: u64 },
}

/// What is thought of it. The state is to be kept if it is [`Verdict::Granted`], and is as it
/// was otherwise.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// Go on: mail the issue in the state, compare the answer, let the person in.
    Granted,
    /// The issue in the state is this call's too, and its mail is on the way.
    AlreadyMailed,
    /// No mail before that time.
    Wait { until: u64 },
    /// Too many failures: neither mails nor answers.
    Locked,
    /// The code has been replaced or used up.
    Void,
}

/// Judges an event at `now`, in Unix seconds.
pub(crate) fn judge(state: &State, now: u64, event: Event) -> (State, Verdict) {
    let mut next = state.clone();
    next.failures.retain(|&at| now.saturating_sub(at) < DAY);
    next.mails.retain(|&at| now.saturating_sub(at) < HOUR);
    let verdict = match event {
        Event::Ask { audience, nonce } => ask(&mut next, now, audience, nonce),
        Event::Mailed { nonce } => mailed(&mut next, nonce),
        Event::Answer { nonce } => answer(&mut next, now, nonce),
        Event::Right { nonce, at } => right(&mut next, now, nonce, at),
    };
    if verdict == Verdict::Granted {
        (next, verdict)
    } else {
        (state.clone(), verdict)
    }
}

/// When the next mail may be sent, in Unix seconds: maybe long ago.
pub(crate) fn next_mail_at(state: &State) -> u64 {
    let cooled_down = state.mails.last().map(|last| last.saturating_add(COOLDOWN));
    let fifth_last = state.mails.iter().rev().nth(MAX_MAILS.saturating_sub(1));
    let hour_over = fifth_last.map(|at| at.saturating_add(HOUR));
    cooled_down.max(hour_over).unwrap_or(0)
}

/// When the state holds nothing any more that could limit anybody; `None` while failures
/// without a success are counted, which no time makes up for.
pub(crate) fn forgotten_at(state: &State, now: u64) -> Option<u64> {
    (state.in_a_row == 0).then_some(now.saturating_add(2 * DAY))
}

/// Whether it is too early, or for ever too late, for mails and answers.
pub(crate) const fn is_locked(state: &State, now: u64) -> bool {
    state.in_a_row >= MAX_IN_A_ROW || now < state.locked_until
}

fn ask(state: &mut State, now: u64, audience: Audience, nonce: Nonce) -> Verdict {
    if is_locked(state, now) {
        return Verdict::Locked;
    }
    let same = |issue: &&Issue| {
        issue.audience == audience
            && now
                .checked_sub(issue.at)
                .is_some_and(|age| age < REPETITION)
    };
    match state.issue.as_ref().filter(same) {
        Some(issue) if issue.progress == Progress::Mailed => return Verdict::AlreadyMailed,
        Some(issue) if issue.progress == Progress::Reserved => {
            let own = state.mails.iter().filter(|&&at| at >= issue.at).count();
            if own < MAX_MAILS_OF_ONE_CODE && state.mails.len() < MAX_MAILS {
                state.mails.push(now);
                return Verdict::Granted;
            }
        }
        Some(_) | None => {}
    }
    let until = next_mail_at(state);
    if now < until {
        return Verdict::Wait { until };
    }
    state.mails.push(now);
    state.issue = Some(Issue {
        nonce,
        at: now,
        audience,
        progress: Progress::Reserved,
    });
    Verdict::Granted
}

fn mailed(state: &mut State, nonce: Nonce) -> Verdict {
    match current(state, nonce) {
        Some(issue) if issue.progress == Progress::Reserved => {
            issue.progress = Progress::Mailed;
            Verdict::Granted
        }
        Some(_) | None => Verdict::Void,
    }
}

fn answer(state: &mut State, now: u64, nonce: Nonce) -> Verdict {
    if is_locked(state, now) {
        return Verdict::Locked;
    }
    let Some(issue) = current(state, nonce) else {
        return Verdict::Void;
    };
    issue.progress = Progress::Answered;
    if state.failures.is_empty() {
        // After a day without a failure, locks are short again.
        state.locks = 0;
    }
    state.failures.push(now);
    state.in_a_row = state.in_a_row.saturating_add(1);
    if state.failures.len() >= MAX_FAILURES {
        let doubled = FIRST_LOCK.saturating_mul(2_u64.saturating_pow(state.locks.into()));
        state.locked_until = now.saturating_add(doubled.min(DAY));
        state.locks = state.locks.saturating_add(1);
    }
    Verdict::Granted
}

fn right(state: &mut State, now: u64, nonce: Nonce, at: u64) -> Verdict {
    let Some(issue) = current(state, nonce) else {
        return Verdict::Void;
    };
    issue.progress = Progress::Accepted;
    let issued = issue.at;
    // Whoever reads the mailbox is not bothered by its mails, and may sign in again at once.
    state.mails.retain(|&mail| mail < issued);
    state.in_a_row = 0;
    if let Some(own) = state.failures.iter().rposition(|&failure| failure == at) {
        state.failures.remove(own);
    }
    // Nobody answers during a lock: one that stands now came with this answer.
    if now < state.locked_until {
        state.locked_until = 0;
        state.locks = state.locks.saturating_sub(1);
    }
    Verdict::Granted
}

/// The issue of this code, if it is the last one and has not let anybody in.
fn current(state: &mut State, nonce: Nonce) -> Option<&mut Issue> {
    let issue = state.issue.as_mut()?;
    (issue.nonce == nonce && issue.progress != Progress::Accepted).then_some(issue)
}

#[cfg(test)]
#[path = "limits_tests.rs"]
mod tests;
