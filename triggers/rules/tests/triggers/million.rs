//! A million answers, each with conditions that hold or do not: right if and only if all hold.

use std::thread;

use rules::CodeSettings;
use serde_json::value::RawValue;

use crate::{
    cognito::{SUB, wait},
    scene::{Memory, Scene},
};

const CASES: usize = 1_000_000;
const THREADS: usize = 4;
const TTL: u64 = 180;

/// What each case consists of.
const CONDITIONS: [&str; 9] = [
    "the code was typed",
    "it has not expired",
    "the user exists",
    "the address is verified, and the one it was mailed to",
    "pool, client and user are those it was issued for",
    "the challenge is one that Create wrote",
    "its key is still listed",
    "the call is no resend",
    "the store counts it, and the code is the last and unused",
];

const EXISTS: [&str; 3] = [r#""userNotFound":false,"#, r#""userNotFound":null,"#, ""];
const DOES_NOT_EXIST: [&str; 3] = [
    r#""userNotFound":true,"#,
    r#""userNotFound":"false","#,
    r#""userNotFound":0,"#,
];
/// JSON of the address and of whether it is verified.
const ADDRESS: [(&str, &str); 1] = [(r#""user@example.com""#, r#""true""#)];
const OTHER_ADDRESSES: [(&str, &str); 6] = [
    (r#""user@example.com""#, "true"),
    (r#""user@example.com""#, r#""false""#),
    (r#""User@example.com""#, r#""true""#),
    (r#""user@example.org""#, r#""true""#),
    (r#""user@example.com,a@b.c""#, r#""true""#),
    ("null", r#""true""#),
];
/// Pool, client, user.
const HOLDER: [[&str; 3]; 1] = [["us-east-1_Example1", "exampleclient", SUB]];
const OTHER_HOLDERS: [[&str; 3]; 4] = [
    ["us-east-1_Example2", "exampleclient", SUB],
    ["us-east-1_Example1", "otherclient", SUB],
    [
        "us-east-1_Example1",
        "exampleclient",
        "4f1c2e7a-8a1b-4f3e-9d0c-1b2a3c4d5e6f",
    ],
    ["us-east-1_Example1exampleclient", "", SUB],
];
const METADATA: [&str; 4] = ["null", "{}", r#"{"action":"answer"}"#, r#"{"locale":"de"}"#];
const RESEND: [&str; 1] = [r#"{"action":"resend"}"#];

/// Splitmix64: the same cases in every run.
pub struct Random(pub u64);

impl Random {
    fn draw(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    pub fn below(&mut self, limit: u64) -> u64 {
        self.draw() % limit
    }

    /// One of those with which a condition holds, or in one of eight cases one of the others;
    /// and whether it holds.
    pub fn pick<'a, T>(&mut self, good: &'a [T], bad: &'a [T]) -> (&'a T, bool) {
        let holds = bad.is_empty() || self.below(8) != 0;
        let from = if holds { good } else { bad };
        let index = self.below(from.len() as u64);
        (&from[usize::try_from(index).unwrap()], holds)
    }
}

/// What was found out about some of the cases.
#[derive(Default)]
struct Tally {
    right: u32,
    /// Cases in which nothing but this condition was missing.
    only: [u32; 9],
}

fn judge_some(random: &mut Random, scenes: &[Scene], cases: usize) -> Tally {
    let mut tally = Tally::default();
    for _ in 0..cases {
        let (scene, _) = random.pick(scenes, &[]);
        let Case {
            event,
            now,
            codes,
            store,
            holds,
        } = Case::draw(random, scene);
        // Each answer is the first one after what its store remembers.
        let store = store.clone();
        let answer = wait(rules::verify(&event, codes, store.as_ref(), now)).unwrap();
        let all = holds.iter().all(|&holds| holds);
        let told = answer.event.get().contains(r#""answerCorrect":true"#);
        assert_eq!(told, all, "{holds:?} at {now}: {event}");
        assert_eq!(answer.decision == "right", all, "{holds:?}: {event}");
        tally.right += u32::from(all);
        if holds.iter().filter(|&&holds| !holds).count() == 1 {
            let missing = holds.iter().position(|&holds| !holds).unwrap();
            tally.only[missing] += 1;
        }
    }
    tally
}

/// A call of Verify, and which conditions hold.
struct Case<'a> {
    event: Box<RawValue>,
    now: u64,
    codes: &'a CodeSettings,
    store: &'a Option<Memory>,
    holds: [bool; 9],
}

impl<'a> Case<'a> {
    fn draw(random: &mut Random, scene: &'a Scene) -> Self {
        let (answer, typed) = answer(random, &scene.code);
        let (now, in_time) = time(random, scene.issued);
        let (not_found, exists) = random.pick(&EXISTS, &DOES_NOT_EXIST);
        let ((email, verified), reachable) = random.pick(&ADDRESS, &OTHER_ADDRESSES);
        let ([pool, client, user], ours) = random.pick(&HOLDER, &OTHER_HOLDERS);
        let (challenge, written) = challenge(random, &scene.record);
        let (codes, listed) = random.pick(&scene.keys[..1], &scene.keys[1..]);
        let (metadata, answers) = random.pick(&METADATA, &RESEND);
        let (store, counted) = random.pick(&scene.stores[0], &scene.stores[1]);
        let event = format!(
            r#"{{"version":"1","triggerSource":"VerifyAuthChallengeResponse_Authentication",
            "region":"us-east-1","userPoolId":"{pool}","userName":"{user}",
            "callerContext":{{"awsSdkVersion":"x","clientId":"{client}"}},
            "request":{{{not_found}"userAttributes":{{"sub":"{user}","email":{email},
            "email_verified":{verified}}},"privateChallengeParameters":{challenge},
            "challengeAnswer":{answer},"clientMetadata":{metadata}}},"response":{{}}}}"#
        );
        Self {
            event: RawValue::from_string(event).unwrap(),
            now,
            codes,
            store,
            holds: [
                typed, in_time, exists, reachable, ours, written, listed, answers, counted,
            ],
        }
    }
}

/// When the answer comes, and whether the code is valid then.
fn time(random: &mut Random, issued: u64) -> (u64, bool) {
    match (random.below(8), random.below(4)) {
        (0, 0) => (issued + TTL + 1, false),
        (0, 1) => (issued - 1, false),
        (0, 2) => (issued + TTL + 1 + random.below(1 << 32), false),
        (0, _) => (random.below(issued), false),
        (1, _) => (issued + TTL, true),
        (_, _) => (issued + random.below(TTL + 1), true),
    }
}

/// JSON of an answer, and whether it is the code.
fn answer(random: &mut Random, code: &str) -> (String, bool) {
    if random.below(8) != 0 {
        let spaces = ["", "", " ", "\\r\\n", "\\t "];
        let (before, _) = random.pick(&spaces, &[]);
        let (after, _) = random.pick(&spaces, &[]);
        return (format!("\"{before}{code}{after}\""), true);
    }
    let shown = match random.below(7) {
        0 => {
            // One digit is another one.
            let place = usize::try_from(random.below(code.len() as u64)).unwrap();
            let mut digits = code.as_bytes().to_vec();
            let more = u8::try_from(1 + random.below(9)).unwrap();
            digits[place] = b'0' + (digits[place] - b'0' + more) % 10;
            format!("\"{}\"", String::from_utf8(digits).unwrap())
        }
        1 => format!("\"{}\"", &code[1..]),
        2 => format!("\"{code}0\""),
        3 => format!("\"0{code}\""),
        4 => format!("\"{} {}\"", &code[..3], &code[3..]),
        5 => "null".to_owned(),
        _ => "\"\"".to_owned(),
    };
    (shown, false)
}

/// JSON of the private challenge parameters, and whether the code can be told from them.
fn challenge(random: &mut Random, record: &str) -> (String, bool) {
    if random.below(8) != 0 {
        return (format!("{{\"challenge\":\"{record}\"}}"), true);
    }
    let (prefix, last) = record.split_at(record.len() - 1);
    let shown = match random.below(8) {
        0 => "null".to_owned(),
        1 => "{}".to_owned(),
        2 => "{\"challenge\":\"\"}".to_owned(),
        3 => "{\"challenge\":null}".to_owned(),
        4 => format!("{{\"answer\":\"{record}\"}}"),
        5 => format!("{{\"challenge\":\"{record}.0\"}}"),
        6 => format!("{{\"challenge\":\"{prefix}\"}}"),
        // Its last digit ends the nonce, or is a count that does not exist.
        _ => {
            let other = if last == "9" { "8" } else { "9" };
            format!("{{\"challenge\":\"{prefix}{other}\"}}")
        }
    };
    (shown, false)
}

#[test]
fn an_answer_is_right_if_and_only_if_all_conditions_hold() {
    let scenes = || {
        let counted = ["6", "8", "10"].map(|length| Scene::new(length, "attempts"));
        counted
            .into_iter()
            .chain([Scene::new("8", "")])
            .collect::<Vec<_>>()
    };
    let some = |seed| {
        let mut random = Random(seed);
        move || judge_some(&mut random, &scenes(), CASES / THREADS)
    };
    let tallies: Vec<_> = (1..=THREADS as u64)
        .map(|seed| thread::spawn(some(seed)))
        .collect();
    let mut all = Tally::default();
    for tally in tallies {
        let tally = tally.join().unwrap();
        all.right += tally.right;
        for (sum, n) in all.only.iter_mut().zip(tally.only) {
            *sum += n;
        }
    }
    assert!(all.right > 200_000, "{} were right", all.right);
    for (condition, n) in CONDITIONS.iter().zip(all.only) {
        assert!(
            n > 10_000,
            "only in {n} cases nothing was missing but: {condition}"
        );
    }
}
