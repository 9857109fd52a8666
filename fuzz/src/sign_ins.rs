//! Sign-ins of a few users with one store, as Cognito would run them, while time goes on.

use rules::{Answer, CodeSettings, Created, MailSettings, MemoryStore};
use serde_json::{Value, value::RawValue};

use crate::{
    script::Script,
    tally::reached,
    trigger_events::{NOW, TTL, code_in, event, now, response, settings},
};

const USERS: [&str; 2] = [
    "3f1c2e7a-8a1b-4f3e-9d0c-1b2a3c4d5e6f",
    "4f1c2e7a-8a1b-4f3e-9d0c-1b2a3c4d5e6f",
];
const PASSED: [&str; 2] = [
    r#"{"challengeName":"SRP_A","challengeResult":true,"challengeMetadata":null}"#,
    r#"{"challengeName":"PASSWORD_VERIFIER","challengeResult":true,"challengeMetadata":null}"#,
];
const ANSWER: &str = r#"{"locale":"de"}"#;
const RESEND: &str = r#"{"action":"resend"}"#;
const PAUSES: [u64; 16] = [
    1, 2, 5, 14, 15, 16, 29, 30, 31, 60, 180, 181, 900, 3_600, 40_000, 86_400,
];
const HOUR: u64 = 3_600;
const DAY: u64 = 24 * HOUR;
const FIRST_LOCK: u64 = 900;

thread_local! {
    static SETTINGS: (CodeSettings, MailSettings) = settings();
}

/// What an independent observer knows of a user.
#[derive(Default)]
struct Person {
    /// Codes in the order in which they were first mailed.
    codes: Vec<Mailed>,
    /// When mails went out that count: those of a code that was answered rightly do not.
    mails: Vec<u64>,
    /// When answers turned out to be wrong.
    wrong: Vec<u64>,
    /// How many since one was right.
    in_a_row: u32,
    /// When the last lock began.
    locked_at: Option<u64>,
}

struct Mailed {
    code: String,
    at: u64,
    times: u32,
    used: bool,
}

struct SignIn {
    user: usize,
    session: Vec<String>,
    record: String,
    code: String,
    wrong: u32,
}

/// What a script plays in.
struct World<'a> {
    script: Script<'a>,
    store: MemoryStore,
    time: u64,
    drawn: u128,
    people: [Person; 2],
    sign_ins: Vec<SignIn>,
}

/// Begins, answers, wrong answers, codes of others, resends, calls that Cognito repeats.
pub fn sign_ins(data: &[u8]) {
    SETTINGS.with(|settings| {
        let mut world = World {
            script: Script::new(data),
            store: MemoryStore::default(),
            time: NOW,
            drawn: 0,
            people: Default::default(),
            sign_ins: Vec::new(),
        };
        for _ in 0..200 {
            if world.script.is_over() {
                return;
            }
            match world.script.below(32) {
                0..=7 => world.begin(settings),
                8..=19 => world.answer(settings),
                20..=23 => world.resend(settings),
                24 => world.guess(settings),
                _ => world.time += world.script.pick(&PAUSES),
            }
        }
    });
}

impl World<'_> {
    fn begin(&mut self, settings: &(CodeSettings, MailSettings)) {
        let user = usize::from(self.script.once_in(4));
        let mut sign_in = SignIn {
            user,
            session: PASSED.map(str::to_owned).to_vec(),
            record: String::new(),
            code: String::new(),
            wrong: 0,
        };
        assert_eq!(self.define(&sign_in, ANSWER), Next::Challenge);
        if self.challenge(&mut sign_in, ANSWER, settings) {
            self.sign_ins.push(sign_in);
        }
    }

    fn answer(&mut self, settings: &(CodeSettings, MailSettings)) {
        let Some(sign_in) = self.take() else {
            return;
        };
        let typed = self.typed(&sign_in);
        self.answer_with(sign_in, &typed, settings);
    }

    fn answer_with(
        &mut self,
        mut sign_in: SignIn,
        typed: &str,
        settings: &(CodeSettings, MailSettings),
    ) {
        let repeated = self.script.once_in(8);
        let correct = self.verify(&sign_in, typed, repeated, settings);
        sign_in.note(correct);
        sign_in.wrong += u32::from(!correct);
        match self.define(&sign_in, ANSWER) {
            Next::Tokens => {
                reached("tokens");
                assert!(correct, "tokens after a wrong answer");
            }
            Next::Challenge => {
                assert!(
                    !correct && sign_in.wrong < 3,
                    "asked after {}",
                    sign_in.wrong
                );
                if self.challenge(&mut sign_in, ANSWER, settings) {
                    self.sign_ins.push(sign_in);
                }
            }
            Next::Fail => assert!(!correct, "no tokens after the right answer"),
        }
    }

    /// Somebody who has the password guesses in one sign-in after the other.
    fn guess(&mut self, settings: &(CodeSettings, MailSettings)) {
        for _ in 0..self.script.below(24) {
            self.time += self.script.pick(&[31, 60, 720, 900, 1_000]);
            self.begin(settings);
            for _ in 0..3 {
                let Some(sign_in) = self.sign_ins.pop() else {
                    break;
                };
                self.answer_with(sign_in, "0000000000", settings);
            }
        }
    }

    fn resend(&mut self, settings: &(CodeSettings, MailSettings)) {
        let Some(mut sign_in) = self.take() else {
            return;
        };
        let event = verify_event(&sign_in, &sign_in.code, RESEND);
        let answer = now(rules::verify(
            &event,
            &settings.0,
            Some(&self.store),
            self.time,
        ));
        let correct = &response(&answer.unwrap())["answerCorrect"];
        assert_eq!(*correct, false, "a resend is a free guess");
        sign_in.note(false);
        if self.define(&sign_in, RESEND) == Next::Challenge
            && self.challenge(&mut sign_in, RESEND, settings)
        {
            self.sign_ins.push(sign_in);
        }
    }

    fn take(&mut self) -> Option<SignIn> {
        let count = self.sign_ins.len().max(1) as u64;
        let place = usize::try_from(self.script.below(count)).unwrap();
        (place < self.sign_ins.len()).then(|| self.sign_ins.remove(place))
    }

    fn typed(&mut self, sign_in: &SignIn) -> String {
        let all: Vec<&str> = self.people.iter().flat_map(Person::codes).collect();
        match self.script.below(8) {
            0..=2 => sign_in.code.clone(),
            3 => format!(" {}\n", sign_in.code),
            4 => self.script.pick(&all).to_owned(),
            5 => sign_in.code[1..].to_owned(),
            6 => "0000000000".to_owned(),
            _ => self.script.text(),
        }
    }

    fn define(&self, sign_in: &SignIn, metadata: &str) -> Next {
        let event = self.listed("DefineAuthChallenge", sign_in, metadata, "");
        let answer = rules::define(&event).expect("an event as Cognito sends it");
        let response = self.checked(sign_in.user, &answer);
        if response["issueTokens"] == true {
            return Next::Tokens;
        }
        match response["challengeName"].as_str() {
            Some("CUSTOM_CHALLENGE") => Next::Challenge,
            None => Next::Fail,
            other => panic!("{other:?}"),
        }
    }

    /// Has Create ask for a code; false if it fails.
    fn challenge(
        &mut self,
        sign_in: &mut SignIn,
        metadata: &str,
        (codes, mails): &(CodeSettings, MailSettings),
    ) -> bool {
        let name = r#","challengeName":"CUSTOM_CHALLENGE""#;
        let event = self.listed("CreateAuthChallenge", sign_in, metadata, name);
        // Cognito calls up to three times if an answer takes more than five seconds.
        let calls = if self.script.once_in(6) {
            self.script.below(3)
        } else {
            0
        };
        for call in 0..=calls {
            self.drawn += 1;
            let entropy = self.drawn.to_be_bytes();
            let created =
                rules::create(&event, codes, mails, Some(&self.store), self.time, entropy);
            let Ok(created) = now(created) else {
                return false;
            };
            reached(created.answer.decision);
            self.mailed(sign_in, &created);
            if call == calls {
                let response = self.checked(sign_in.user, &created.answer);
                let record = response["challengeMetadata"].as_str().unwrap().to_owned();
                if created.mail.is_some()
                    || sign_in.code.is_empty()
                    || created.answer.decision == "code_sent_before"
                {
                    sign_in.code = self.people[sign_in.user].codes.last().unwrap().code.clone();
                }
                sign_in.record = record;
            } else {
                self.time += self.script.below(6);
            }
        }
        true
    }

    /// A mail may go out, or get lost; either way it counts.
    fn mailed(&mut self, sign_in: &SignIn, created: &Created) {
        let (time, person) = (self.time, &mut self.people[sign_in.user]);
        let Some(mail) = &created.mail else {
            return;
        };
        let code = code_in(mail);
        match person.codes.last_mut().filter(|last| last.code == code) {
            Some(last) => {
                last.times += 1;
                assert!(last.times <= 2, "a code was mailed {} times", last.times);
                assert!(time < last.at + 15, "a code was mailed again late");
            }
            None => {
                if let Some(last) = person.mails.last() {
                    assert!(time >= last + 30, "two mails within {} s", time - last);
                }
                assert!(
                    !person.codes().any(|old| old == code),
                    "an old code once more"
                );
                person.codes.push(Mailed {
                    code,
                    at: time,
                    times: 1,
                    used: false,
                });
            }
        }
        person.mails.push(time);
        let lately = person.mails.iter().filter(|at| time - **at < HOUR).count();
        assert!(lately <= 5, "{lately} mails within an hour");
        if !self.script.once_in(6) {
            now(created.mailed(&self.store)).unwrap();
        }
    }

    fn verify(
        &mut self,
        sign_in: &SignIn,
        typed: &str,
        repeated: bool,
        (codes, _): &(CodeSettings, MailSettings),
    ) -> bool {
        let event = verify_event(sign_in, typed, ANSWER);
        if repeated {
            let answer = now(rules::verify(&event, codes, Some(&self.store), self.time)).unwrap();
            self.judged(sign_in, typed, &answer);
        }
        let answer = now(rules::verify(&event, codes, Some(&self.store), self.time)).unwrap();
        let _ = self.checked(sign_in.user, &answer);
        self.judged(sign_in, typed, &answer)
    }

    /// Holds a verdict against what the observer knows, and says what it was.
    fn judged(&mut self, sign_in: &SignIn, typed: &str, answer: &Answer) -> bool {
        let (time, person) = (self.time, &mut self.people[sign_in.user]);
        let last = person.codes.last_mut().unwrap();
        let counts = last.code == sign_in.code && !last.used && time <= last.at + TTL;
        let correct = response(answer)["answerCorrect"] == true;
        assert_eq!(correct, answer.decision == "right");
        let is_right = counts && typed.trim() == last.code;
        reached(answer.decision);
        match answer.decision {
            "right" => {
                assert!(is_right, "{typed:?} is not the last mail's code");
                last.used = true;
                person.in_a_row = 0;
                let at = last.at;
                person.mails.retain(|mail| *mail < at);
            }
            "locked" => {
                let lasts = person.locked_at.is_some_and(|at| time < at + DAY);
                assert!(lasts || person.in_a_row >= 100, "locked without a reason");
            }
            "wrong" | "wrong_and_locked" => {
                assert!(counts && !is_right, "the right code is wrong");
                let locked = person.locked_at.is_some_and(|at| time < at + FIRST_LOCK);
                assert!(!locked, "a guess during a lock");
                person.wrong.push(time);
                person.in_a_row += 1;
                let lately = person.wrong.iter().filter(|at| time - **at < DAY).count();
                let locks = lately >= 10 || person.in_a_row >= 100;
                assert_eq!(locks, answer.decision == "wrong_and_locked", "{lately}");
                person.locked_at = locks.then_some(time).or(person.locked_at);
                // Ten, and six after locks of 15 minutes to 8 hours.
                assert!(lately <= 16, "{lately} guesses within a day");
            }
            "expired" | "superseded" => assert!(!counts, "{}", answer.decision),
            other => panic!("{other}"),
        }
        correct
    }

    /// The response, which shows no code that the user ever got.
    fn checked(&self, user: usize, answer: &Answer) -> Value {
        let response = response(answer);
        let shown = format!("{response} {answer:?}");
        for code in self.people[user].codes() {
            assert!(!shown.contains(code), "a code is in {shown}");
        }
        response
    }

    fn listed(&self, trigger: &str, sign_in: &SignIn, metadata: &str, more: &str) -> Box<RawValue> {
        let session = sign_in.session.join(",");
        let request = format!(r#""session":[{session}],"clientMetadata":{metadata}{more}"#);
        event(trigger, USERS[sign_in.user], &request)
    }
}

fn verify_event(sign_in: &SignIn, typed: &str, metadata: &str) -> Box<RawValue> {
    let (record, typed) = (&sign_in.record, Value::from(typed));
    let request = format!(
        r#""privateChallengeParameters":{{"challenge":"{record}"}},"challengeAnswer":{typed},"clientMetadata":{metadata}"#
    );
    event("VerifyAuthChallengeResponse", USERS[sign_in.user], &request)
}

#[derive(Debug, PartialEq)]
enum Next {
    Challenge,
    Tokens,
    Fail,
}

impl Person {
    fn codes(&self) -> impl Iterator<Item = &str> {
        self.codes.iter().map(|mailed| mailed.code.as_str())
    }
}

impl SignIn {
    fn note(&mut self, result: bool) {
        let record = &self.record;
        self.session.push(format!(
            r#"{{"challengeName":"CUSTOM_CHALLENGE","challengeResult":{result},"challengeMetadata":"{record}"}}"#
        ));
    }
}
