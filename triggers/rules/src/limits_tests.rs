use super::*;

const START: u64 = 1_790_000_000;
const WEB: Audience = Audience(1);
const PHONE: Audience = Audience(2);

/// One user's state, and the events that reach it.
struct User {
    state: State,
    now: u64,
    drawn: u8,
}

impl User {
    fn new() -> Self {
        Self {
            state: State::default(),
            now: START,
            drawn: 0,
        }
    }

    fn enter(&mut self, event: Event) -> Verdict {
        let (next, verdict) = judge(&self.state, self.now, event);
        assert!(
            verdict == Verdict::Granted || next == self.state,
            "refused, and yet changed"
        );
        // What is kept is text.
        self.state = next.to_string().parse().unwrap();
        verdict
    }

    fn ask(&mut self, audience: Audience) -> Verdict {
        self.drawn += 1;
        self.enter(Event::Ask {
            audience,
            nonce: Nonce([self.drawn; 16]),
        })
    }

    fn nonce(&self) -> Nonce {
        self.state.issue.as_ref().unwrap().nonce
    }

    fn mailed(&mut self) -> Verdict {
        self.enter(Event::Mailed {
            nonce: self.nonce(),
        })
    }

    fn wrong(&mut self) -> Verdict {
        self.enter(Event::Answer {
            nonce: self.nonce(),
        })
    }

    fn right(&mut self) -> Verdict {
        let counted = self.wrong();
        if counted != Verdict::Granted {
            return counted;
        }
        let (nonce, at) = (self.nonce(), self.now);
        self.enter(Event::Right { nonce, at })
    }

    /// A code is issued and mailed, as soon as that may be.
    fn issued(mut self) -> Self {
        self.now = self.now.max(next_mail_at(&self.state));
        assert_eq!(
            (self.ask(WEB), self.mailed()),
            (Verdict::Granted, Verdict::Granted)
        );
        self
    }

    /// Wrong answers, each as soon as it is compared.
    fn fails(&mut self, times: u32) {
        for _ in 0..times {
            self.now = self.now.max(self.state.locked_until);
            assert_eq!(self.wrong(), Verdict::Granted);
        }
    }
}

#[test]
fn one_mail_in_30_seconds() {
    let mut user = User::new().issued();
    for (later, expected) in [
        (15, Verdict::Wait { until: START + 30 }),
        (29, Verdict::Wait { until: START + 30 }),
        (30, Verdict::Granted),
    ] {
        user.now = START + later;
        assert_eq!(user.ask(WEB), expected, "after {later} s");
    }
}

#[test]
fn five_mails_in_an_hour() {
    let mut user = User::new();
    for minutes in [0, 1, 2, 3, 4] {
        user.now = START + minutes * MINUTE;
        assert_eq!(user.ask(WEB), Verdict::Granted);
    }
    let until = START + HOUR;
    assert_eq!(user.ask(WEB), Verdict::Wait { until }, "of the same code");
    for (minutes, expected) in [
        (
            5,
            Verdict::Wait {
                until: START + HOUR,
            },
        ),
        (
            59,
            Verdict::Wait {
                until: START + HOUR,
            },
        ),
        (60, Verdict::Granted),
        // The second of the first five is 59 minutes old by then.
        (60, Verdict::AlreadyMailed),
    ] {
        user.now = START + minutes * MINUTE;
        if expected == Verdict::AlreadyMailed {
            assert_eq!(user.mailed(), Verdict::Granted);
        }
        assert_eq!(user.ask(WEB), expected, "after {minutes} min");
    }
    user.now = START + HOUR + 30;
    assert_eq!(
        user.ask(WEB),
        Verdict::Wait {
            until: START + HOUR + MINUTE
        }
    );
}

#[test]
fn a_mail_counts_for_an_hour() {
    // As long as the first of four counts, the fifth leaves no room for its repetition.
    let last = START + HOUR;
    let until = last - 1 + 30;
    for (now, expected) in [
        (last - 1, Verdict::Wait { until }),
        (last, Verdict::Granted),
    ] {
        let mut user = User::new();
        user.state.mails = [0, 1, 2, 3].map(|minutes| START + minutes * MINUTE).into();
        user.now = now;
        assert_eq!(user.ask(WEB), Verdict::Granted);
        assert_eq!(user.ask(WEB), expected);
    }
}

#[test]
fn a_repetition_within_15_seconds_shares_the_code() {
    for (later, shared) in [(0, true), (5, true), (14, true), (15, false)] {
        let mut user = User::new().issued();
        let nonce = user.nonce();
        user.now += later;
        assert_eq!(
            user.ask(WEB) == Verdict::AlreadyMailed,
            shared,
            "after {later} s"
        );
        assert_eq!(user.nonce(), nonce);
        // Another client or address has another code.
        assert_eq!(user.ask(PHONE), Verdict::Wait { until: START + 30 });
    }
}

#[test]
fn a_code_of_which_no_mail_is_known_is_mailed_once_more() {
    let mut user = User::new();
    assert_eq!(user.ask(WEB), Verdict::Granted);
    let nonce = user.nonce();
    user.now += 5;
    assert_eq!((user.ask(WEB), user.nonce()), (Verdict::Granted, nonce));
    user.now += 5;
    assert_eq!(user.ask(WEB), Verdict::Wait { until: START + 35 });
    assert_eq!(user.mailed(), Verdict::Granted);
    assert_eq!(
        (user.ask(WEB), user.nonce()),
        (Verdict::AlreadyMailed, nonce)
    );
    assert_eq!(user.state.mails, [START, START + 5]);
}

#[test]
fn what_is_answered_is_not_repeated() {
    let mut user = User::new().issued();
    user.fails(1);
    assert_eq!(user.mailed(), Verdict::Void, "it has been, long ago");
    assert_eq!(user.ask(WEB), Verdict::Wait { until: START + 30 });
    let mut user = User::new().issued();
    let nonce = user.nonce();
    assert_eq!(user.right(), Verdict::Granted);
    assert_eq!(user.ask(WEB), Verdict::Granted);
    assert!(user.nonce() != nonce, "a new code");
}

#[test]
fn mails_of_a_code_that_let_in_do_not_count() {
    let mut user = User::new().issued();
    for _ in 0..20 {
        assert_eq!(user.right(), Verdict::Granted);
        assert_eq!(user.ask(WEB), Verdict::Granted);
    }
    // The last one is not answered yet.
    assert_eq!(user.state.mails, [START]);
    // Both mails of one code go, and no others.
    let mut user = User::new().issued();
    user.now += 30;
    assert_eq!(user.ask(WEB), Verdict::Granted);
    user.now += 5;
    assert_eq!(user.ask(WEB), Verdict::Granted);
    assert_eq!(user.state.mails, [START, START + 30, START + 35]);
    assert_eq!(user.right(), Verdict::Granted);
    assert_eq!(user.state.mails, [START]);
    assert_eq!(user.ask(WEB), Verdict::Granted, "35 s after the first");
}

#[test]
fn ten_failures_lock_and_locks_double() {
    let mut user = User::new().issued();
    user.fails(9);
    assert!(!is_locked(&user.state, user.now));
    for minutes in [15, 30, 60, 120, 240, 480, 960, 1_440] {
        user.fails(1);
        let until = user.now + minutes * MINUTE;
        assert_eq!(user.state.locked_until, until, "{minutes} min");
        user.now = until - 1;
        for refused in [user.wrong(), user.right(), user.ask(PHONE)] {
            assert_eq!(refused, Verdict::Locked);
        }
        // The failures of the first day would be over by now; the lock's level is not.
        user.state.failures = vec![until - 1; 9];
    }
}

#[test]
fn failures_count_for_24_hours() {
    let mut user = User::new().issued();
    user.fails(9);
    user.now = START + DAY - 1;
    let mut locked = User {
        state: user.state.clone(),
        ..user
    };
    locked.fails(1);
    assert_eq!(locked.state.locked_until, locked.now + 15 * MINUTE);
    user.now = START + DAY;
    user.fails(9);
    assert_eq!(user.state.locked_until, 0);
}

#[test]
fn a_day_without_a_failure_makes_locks_short_again() {
    // The twelfth failure brought the third lock; what brings the next one?
    for (later, failures, minutes) in [(DAY - 1, 9, 120), (DAY, 10, 15)] {
        let mut user = User::new().issued();
        user.fails(12);
        assert_eq!(user.state.locks, 3);
        user.now += later;
        user.fails(failures - 1);
        assert!(!is_locked(&user.state, user.now), "after {later} s");
        user.fails(1);
        let until = user.now + minutes * MINUTE;
        assert_eq!(user.state.locked_until, until, "after {later} s");
    }
}

#[test]
fn a_hundred_in_a_row_end_it() {
    let mut user = User::new().issued();
    for _ in 0..10 {
        user.fails(9);
        user.now += DAY;
    }
    user.fails(9);
    user.now += DAY;
    assert_eq!((user.state.in_a_row, user.ask(WEB)), (99, Verdict::Granted));
    user.fails(1);
    for later in [DAY, 365 * DAY, u64::MAX - START - 400 * DAY] {
        user.now += later;
        for refused in [user.wrong(), user.right(), user.ask(WEB)] {
            assert_eq!(refused, Verdict::Locked);
        }
    }
    assert_eq!(forgotten_at(&user.state, START), None, "no time lifts it");
}

#[test]
fn the_hundredth_answer_may_still_be_right() {
    let mut user = User::new().issued();
    user.state.in_a_row = 99;
    assert_eq!((user.right(), user.state.in_a_row), (Verdict::Granted, 0));
    assert_eq!(forgotten_at(&user.state, START), Some(START + 2 * DAY));
}

#[test]
fn a_right_answer_is_no_failure_and_forgives_no_other() {
    let mut user = User::new().issued();
    user.fails(9);
    user.now += 1;
    assert_eq!(user.right(), Verdict::Granted);
    assert_eq!(user.state.failures, [START; 9]);
    assert_eq!(user.state.in_a_row, 0);
    assert_eq!((user.state.locks, user.state.locked_until), (0, 0));
    let mut user = User {
        now: START + 30,
        ..user
    }
    .issued();
    user.fails(1);
    assert_eq!(user.state.locked_until, user.now + 15 * MINUTE);
}

#[test]
fn a_right_answer_as_a_lock_ends_leaves_its_level() {
    let mut user = User::new().issued();
    user.fails(5);
    user.now += DAY - 1;
    user.fails(5);
    // The failures of the day before are over, and this answer brings no lock of its own.
    user.now = user.state.locked_until;
    assert_eq!((user.right(), user.state.locks), (Verdict::Granted, 1));
}

#[test]
fn a_code_lets_in_once() {
    let mut user = User::new().issued();
    let nonce = user.nonce();
    // Two answers at once are both counted before one of them is found right.
    assert_eq!([user.wrong(), user.wrong()], [Verdict::Granted; 2]);
    let right = Event::Right { nonce, at: START };
    assert_eq!(
        [user.enter(right), user.enter(right)],
        [Verdict::Granted, Verdict::Void]
    );
    assert_eq!(user.wrong(), Verdict::Void);
}

#[test]
fn a_new_code_voids_the_last() {
    let user = User::new().issued();
    let old = user.nonce();
    let mut user = user.issued();
    for event in [
        Event::Answer { nonce: old },
        Event::Right {
            nonce: old,
            at: START,
        },
        Event::Mailed { nonce: old },
    ] {
        assert_eq!(user.enter(event), Verdict::Void);
    }
    assert_eq!(user.right(), Verdict::Granted);
    user = User {
        state: State::default(),
        ..user
    };
    assert_eq!(user.enter(Event::Answer { nonce: old }), Verdict::Void);
}

#[test]
fn a_clock_that_goes_back_gives_nothing() {
    let mut user = User::new().issued();
    user.fails(10);
    for now in [START - 1, START - DAY, 0] {
        user.now = now;
        assert_eq!(
            (user.wrong(), user.ask(WEB)),
            (Verdict::Locked, Verdict::Locked)
        );
    }
    let mut user = User::new().issued();
    user.now = START - 1;
    assert_eq!(user.ask(WEB), Verdict::Wait { until: START + 30 });
}

/// Whoever has the password and guesses for a year, while the owner signs in now and then and
/// so resets what counts in a row: as often as the limits let them, or in bouts, each after a
/// day without a failure, when locks are short again.
#[test]
fn a_year_of_guesses() {
    let guesses = |bout, days| {
        let mut user = User::new().issued();
        let (mut guesses, mut in_bout) = (0, 0);
        while user.now < START + days * DAY {
            user.state.in_a_row = 0;
            assert_eq!(user.wrong(), Verdict::Granted);
            guesses += 1;
            in_bout += 1;
            if in_bout == bout {
                in_bout = 0;
                user.now += DAY;
            }
            user.now = user.now.max(user.state.locked_until);
        }
        guesses
    };
    assert_eq!((guesses(u32::MAX, 1), guesses(u32::MAX, 365)), (16, 3_939));
    // 0.4 % of the codes of six digits.
    let most = (1..100).map(|bout| guesses(bout, 365)).max();
    assert_eq!((guesses(13, 365), most), (4_433, Some(4_433)));
}
