//! Several sign-ins of one user, in any order and at any time: nothing but the limits is in
//! their way, and they are in nobody's but the user's own.

use std::sync::Arc;

use rules::{Failure, MemoryStore};

use crate::{
    cognito::{NOW, SignIn, Step},
    million::Random,
};

const WALKS: u64 = 1_500;
const STEPS: usize = 40;
/// Before the first code challenge, SRP has two; there are twelve of those at most.
const LAST_CHALLENGE: usize = 14;
const PAUSES: [u64; 14] = [0, 0, 0, 1, 5, 9, 10, 15, 20, 29, 30, 31, 181, 3_600];

/// All that has happened to a user.
#[derive(Default)]
struct Past {
    store: Arc<MemoryStore>,
    now: u64,
    codes: Vec<Issued>,
    /// When mails went out whose codes have let nobody in.
    mails: Vec<u64>,
    /// When wrong answers to a live code came.
    failures: Vec<u64>,
    /// Sign-ins that ended with tokens.
    tokens: u32,
}

struct Issued {
    code: String,
    at: u64,
    used: bool,
}

/// A sign-in that waits for the code at this place in [`Past::codes`].
struct Waiting {
    sign_in: SignIn,
    code: usize,
    wrong: u8,
}

impl Past {
    fn new() -> Self {
        Self {
            now: NOW,
            ..Self::default()
        }
    }

    fn begin(&mut self) -> Option<Waiting> {
        let mut sign_in = SignIn::of("walker", &self.store);
        sign_in.now = self.now;
        match sign_in.begin() {
            Step::Code(_) => Some(Waiting {
                code: self.sent(sign_in.mailed.last()),
                sign_in,
                wrong: 0,
            }),
            Step::Failed(Failure::TooManyMails) => None,
            Step::Failed(Failure::TooManyAttempts) if self.may_be_locked() => None,
            step @ (Step::Tokens | Step::Refused | Step::Failed(_)) => panic!("{step:?}"),
        }
    }

    fn resend(&mut self, mut waiting: Waiting) -> Option<Waiting> {
        let sign_in = &mut waiting.sign_in;
        sign_in.now = self.now;
        let (challenges, mails) = (sign_in.session.len(), sign_in.mailed.len());
        match sign_in.resend() {
            Step::Code(told) if told["CODE_SENT"] == "true" => {
                waiting.code = self.sent(sign_in.mailed.get(mails));
            }
            Step::Code(_) => assert_eq!(sign_in.mailed.len(), mails),
            Step::Refused if challenges == LAST_CHALLENGE => return None,
            step @ (Step::Tokens | Step::Refused | Step::Failed(_)) => panic!("{step:?}"),
        }
        Some(waiting)
    }

    fn answer(&mut self, mut waiting: Waiting, is_right: bool) -> Option<Waiting> {
        let Issued { code, at, used } = &self.codes[waiting.code];
        let is_last = waiting.code + 1 == self.codes.len();
        let is_live = is_last && !used && self.now - at <= 180;
        waiting.sign_in.now = self.now;
        let challenges = waiting.sign_in.session.len();
        let typed = if is_right { code.clone() } else { other(code) };
        let step = waiting.sign_in.answer(&typed);
        if step == Step::Tokens {
            assert!(is_live && is_right, "wrong, replaced, used or late");
            let issued = &mut self.codes[waiting.code];
            issued.used = true;
            self.mails.retain(|&mail| mail < issued.at);
            self.tokens += 1;
            return None;
        }
        assert!(!is_live || !is_right || self.may_be_locked());
        self.failures.extend(is_live.then_some(self.now));
        waiting.wrong += 1;
        let ends = waiting.wrong == 3 || challenges == LAST_CHALLENGE;
        assert_eq!(step == Step::Refused, ends, "{step:?}");
        (!ends).then_some(waiting)
    }

    /// The place of the code that a sign-in was just told of: mailed now, or a moment ago.
    fn sent(&mut self, mailed: Option<&String>) -> usize {
        if let Some(code) = mailed {
            let rested = self.mails.last().is_none_or(|last| self.now - last >= 30);
            assert!(rested, "one mail in 30 seconds");
            self.mails.push(self.now);
            assert!(self.count(&self.mails, 3_600) <= 5, "five in an hour");
            self.codes.push(Issued {
                code: code.clone(),
                at: self.now,
                used: false,
            });
        }
        let last = self.codes.last().unwrap();
        assert!(self.now - last.at < 15 && !last.used, "no repetition");
        self.codes.len() - 1
    }

    fn may_be_locked(&self) -> bool {
        self.count(&self.failures, 2 * 24 * 3_600) >= 10
    }

    fn count(&self, times: &[u64], span: u64) -> usize {
        times.iter().filter(|&at| self.now - at < span).count()
    }
}

fn other(code: &str) -> String {
    let first = if code.starts_with('9') { "0" } else { "9" };
    format!("{first}{}", &code[1..])
}

#[test]
fn the_limits_end_no_sign_in_that_goes_on() {
    let mut random = Random(1);
    let mut tokens = 0;
    for _ in 0..WALKS {
        let mut past = Past::new();
        let mut waiting: Vec<Waiting> = Vec::new();
        for _ in 0..STEPS {
            past.now += random.pick(&PAUSES, &[]).0;
            let action = random.below(7);
            if waiting.is_empty() || (action < 2 && waiting.len() < 3) {
                waiting.extend(past.begin());
                continue;
            }
            let place = random.below(waiting.len() as u64);
            let one = waiting.swap_remove(usize::try_from(place).unwrap());
            waiting.extend(match action {
                0..=3 => past.resend(one),
                4 => past.answer(one, false),
                _ => past.answer(one, true),
            });
        }
        tokens += past.tokens;
    }
    assert!(tokens > 5_000, "{tokens} sign-ins came to an end");
}
