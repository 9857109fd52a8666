//! Whole sign-ins with a pool that replies what it likes.

use protocol::{
    AwaitingReply, Confirmation, Credentials, Device, Error, FirstFactor, Flow, NewDevice, Next,
    Operation, Password, Pool, Reason, Request, Timestamp, sign_in, srp::Ephemeral,
};
use serde_json::{Value, json};

use crate::{person, pool_replies, script::Script, tally::reached};
use pool::{Answer, DEVICE};

#[path = "../../protocol/tests/pool/mod.rs"]
mod pool;

/// Of the user whom the honest pool knows.
pub const PASSWORD: &str = "Correct-Horse-9";
const NOW: Timestamp = Timestamp::from_unix(1_790_000_000);
/// Requests that a pool can get out of a client before anybody is asked something: the beginning,
/// choice, proof, the device's two, and each once more without the device.
const MOST_UNASKED: u32 = 10;

/// The first three prove the password.
const FLOWS: [Flow; 8] = [
    Flow::Custom,
    Flow::UserSrp,
    Flow::Choice(Some(FirstFactor::PasswordSrp)),
    Flow::Choice(None),
    Flow::Choice(Some(FirstFactor::EmailOtp)),
    Flow::Choice(Some(FirstFactor::SmsOtp)),
    Flow::Choice(Some(FirstFactor::WebAuthn)),
    Flow::Choice(Some(FirstFactor::Password)),
];

/// A sign-in that goes on where another page or module left it: without a power, cases are cheap.
pub fn replies(data: &[u8]) {
    let mut script = Script::new(data);
    let resumed = script.below(2) == 0;
    let mut exchange = Exchange::new(script, None);
    let next = match resumed {
        true => exchange.resumed(),
        false => exchange.taken_over(),
    };
    if let Some(next) = next {
        exchange.run(next);
    }
}

/// A sign-in from its beginning, maybe with a device, at a pool that may be honest at first. Each
/// case takes a power or more.
pub fn proofs(data: &[u8]) {
    let mut script = Script::new(data);
    let flow = script.pick(&FLOWS);
    let is_srp = FLOWS[..3].contains(&flow);
    let honest = (is_srp && !script.once_in(4)).then(pool::Pool::new);
    let right = !script.once_in(4);
    let password = Password::new(if right { PASSWORD } else { "Correct-Horse-8" });
    let mut credentials = Credentials::of("user@example.com", Some(password), flow).unwrap();
    if script.once_in(2) {
        let device = Device::new(DEVICE.0, DEVICE.1, DEVICE.2).unwrap();
        credentials = credentials.with_device(device, &[5; 64]);
    }
    let mut exchange = Exchange::new(script, honest);
    exchange.right = right;
    exchange.password_allowed = flow == Flow::Choice(Some(FirstFactor::Password));
    exchange.run(Next::from(begin(credentials)));
}

fn begin(credentials: Credentials) -> Step {
    // An `a` of one byte: these targets are about the states.
    let ephemeral = Ephemeral::from_be_bytes(&[7]).unwrap();
    Step(sign_in(&our_pool(), credentials, ephemeral))
}

fn our_pool() -> Pool {
    Pool::new("us-east-1_Example1", "exampleclient").unwrap()
}

/// A request and what awaits its reply.
struct Step((Request, AwaitingReply));

impl From<Step> for Next {
    fn from(Step((request, state)): Step) -> Self {
        Self::Send(request, state)
    }
}

struct Exchange<'a> {
    script: Script<'a>,
    /// As long as it has not lied.
    honest: Option<pool::Pool>,
    /// Whether the password is the one that the honest pool knows.
    right: bool,
    /// Whether somebody has said that the password itself may be sent.
    password_allowed: bool,
    /// The sessions that the pool has given.
    sessions: Vec<String>,
    /// Requests since somebody was asked.
    unasked: u32,
}

impl<'a> Exchange<'a> {
    fn new(script: Script<'a>, honest: Option<pool::Pool>) -> Self {
        Self {
            script,
            honest,
            right: true,
            password_allowed: false,
            sessions: Vec::new(),
            unasked: 0,
        }
    }

    fn resumed(&mut self) -> Option<Next> {
        let asked = self.asked()?;
        let reason = self
            .script
            .pick(&[Reason::FirstCode, Reason::WrongCode, Reason::NoNewCode]);
        let credentials = Credentials::of("user@example.com", None, Flow::Choice(None)).unwrap();
        let next = protocol::resume(&our_pool(), credentials, &asked, reason).ok()?;
        assert!(
            !matches!(next, Next::Send(..) | Next::SignedIn(_)),
            "what was kept is never a request or tokens"
        );
        Some(next)
    }

    fn taken_over(&mut self) -> Option<Next> {
        let asked = self.asked()?;
        let credentials = Credentials::begun("user@example.com");
        protocol::take_over(&our_pool(), credentials, &asked).ok()
    }

    fn asked(&mut self) -> Option<Value> {
        let asked = pool_replies::body(&mut self.script)?;
        self.note_session(&asked);
        Some(asked)
    }

    fn run(&mut self, mut next: Next) {
        for _ in 0..40 {
            let went_on = match next {
                Next::Send(request, state) => self.send(&request, state),
                Next::SignedIn(tokens) => {
                    assert!(
                        self.right || self.honest.is_none(),
                        "a wrong password got in"
                    );
                    reached(if self.honest.is_some() {
                        "signed in by proof"
                    } else {
                        "signed in"
                    });
                    assert_eq!(tokens.access().split('.').count(), 3);
                    assert!((1..=86_400).contains(&tokens.expires_in()));
                    let new = tokens.new_device().filter(|_| self.honest.is_some());
                    if let Some(NewDevice { key, group_key }) = new {
                        let (key, group_key) = (key.clone(), group_key.clone());
                        self.remember(NewDevice { key, group_key });
                    }
                    return;
                }
                asked if self.script.is_over() => return drop(asked),
                asked => {
                    self.unasked = 0;
                    let allowed = &mut self.password_allowed;
                    let step = person::answer(&mut self.script, asked, allowed);
                    step.map(|step| Next::from(Step(step)))
                }
            };
            next = match went_on {
                Some(next) => next,
                None => return,
            };
        }
    }

    fn send(&mut self, request: &Request, state: AwaitingReply) -> Option<Next> {
        let answer = self.post(request);
        self.unasked += 1;
        assert!(
            self.unasked <= MOST_UNASKED,
            "the pool is answered for ever"
        );
        match state.receive(answer.view(), NOW) {
            Ok(next) => Some(next),
            Err(error) => {
                check_error(&error);
                None
            }
        }
    }

    /// The reply to a request that has to keep what was promised.
    fn post(&mut self, request: &Request) -> Answer {
        self.check(request);
        let mut answer = match &mut self.honest {
            Some(pool) => pool.post(request),
            None => {
                let authenticator = matches!(
                    request.operation(),
                    Operation::AssociateSoftwareToken | Operation::VerifySoftwareToken
                );
                let body = if authenticator && !self.script.once_in(4) {
                    Some(pool_replies::authenticator(&mut self.script))
                } else {
                    pool_replies::body(&mut self.script)
                };
                Answer {
                    status: pool_replies::status(&mut self.script, body.as_ref()),
                    error_type: self.script.once_in(8).then(|| self.script.text()),
                    date: None,
                    body,
                }
            }
        };
        if self.script.once_in(8) {
            answer.date = Some(Timestamp::from_unix(self.script.pick(&[
                0,
                1,
                1_790_000_000,
                253_402_300_799,
                253_402_300_800,
                u64::MAX,
            ])));
        }
        if self.honest.is_some() {
            self.turn(request, &mut answer);
        }
        if let Some(body) = &answer.body {
            self.note_session(body);
        }
        answer
    }

    /// Has the honest pool ask for the device, or makes it one that is not honest.
    fn turn(&mut self, request: &Request, answer: &mut Answer) {
        let sent: Value = serde_json::from_str(request.body()).unwrap();
        let has_device = sent.to_string().contains(DEVICE.0);
        let Some(body) = &mut answer.body else {
            return;
        };
        match self.script.below(8) {
            7 => {
                self.script.spoil(body);
                self.honest = None;
            }
            6 => {
                answer.body = pool_replies::body(&mut self.script);
                self.honest = None;
            }
            4 | 5 if has_device && sent["ChallengeName"] == "PASSWORD_VERIFIER" && self.right => {
                *body = json!({
                    "ChallengeName": "DEVICE_SRP_AUTH",
                    "Session": "session-of-20-characters-d",
                    "ChallengeParameters": { "DEVICE_KEY": DEVICE.0 },
                });
            }
            3 if body.get("AuthenticationResult").is_some() => *body = pool_replies::tokens(),
            _ => {}
        }
    }

    fn note_session(&mut self, body: &Value) {
        if let Some(session) = body["Session"].as_str() {
            self.sessions.push(session.to_owned());
        }
    }

    fn check(&self, request: &Request) {
        let text = request.body();
        let body: Value = serde_json::from_str(text).expect("a request is JSON");
        assert!(body.is_object());
        assert!(
            self.password_allowed || !text.contains(PASSWORD),
            "the password was sent unasked by {:?}",
            request.operation()
        );
        assert!(!text.contains(DEVICE.2), "the device's password was sent");
        if let Some(session) = body.get("Session") {
            let session = session.as_str().expect("a session is text");
            assert!(
                self.sessions.iter().any(|given| given == session),
                "a session that the pool never gave"
            );
        }
        if let Some(client) = body.get("ClientId") {
            assert_eq!(client, "exampleclient");
        }
    }

    fn remember(&mut self, new: NewDevice) {
        let (mut request, mut state) =
            protocol::remember_device("access.e30.signature", new, Some("This one"), &[9; 56]);
        self.honest = None;
        for _ in 0..3 {
            let answer = self.post(&request);
            match state.receive(answer.view()) {
                Ok(Confirmation::Send(next, awaiting)) => (request, state) = (next, awaiting),
                Ok(Confirmation::Remembered(device)) => {
                    reached("remembered");
                    return assert!(!device.password().is_empty());
                }
                Err(error) => return check_error(&error),
            }
        }
        panic!("a device is remembered for ever");
    }
}

fn check_error(error: &Error) {
    let text = format!("{error} {error:?}");
    assert!(!text.contains(PASSWORD) && !text.contains(DEVICE.2));
    reached(match error {
        Error::PoolRefused(_) => "refused",
        Error::PoolMisbehaved(_) => "misbehaved",
    });
    if let Error::PoolRefused(refusal) = error {
        assert!(refusal.message.chars().count() <= 1024);
        assert!(
            refusal.exception.chars().count() <= 1024,
            "{}",
            refusal.exception.len()
        );
    }
}
