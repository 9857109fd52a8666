//! A sign-in whose replies a test chooses.

use protocol::{
    AwaitingReply, Credentials, Error, Flow, Next, Password, Pool, RefusalKind, Request, Timestamp,
    sign_in, srp::Ephemeral,
};
use serde_json::{Value, json};

use crate::pool::{self, Answer};

const NOW: Timestamp = Timestamp::from_unix(1_790_000_000);
pub const SESSION: &str = "a session of twenty characters";

/// A sign-in, with all that was posted.
pub struct SignIn {
    pub cognito: pool::Pool,
    pub posted: Vec<Value>,
    pub waiting: Option<(Request, AwaitingReply)>,
}

impl SignIn {
    pub fn new(password: Option<&str>, flow: Flow) -> Self {
        let password = password.map(Password::new);
        Self::with(Credentials::of("user@example.com", password, flow).unwrap())
    }

    pub fn with(credentials: Credentials) -> Self {
        let pool = Pool::new("us-east-1_Example1", "exampleclient").unwrap();
        let ephemeral = Ephemeral::from_be_bytes(&[7]).unwrap();
        Self {
            cognito: pool::Pool::new(),
            posted: Vec::new(),
            waiting: Some(sign_in(&pool, credentials, ephemeral)),
        }
    }

    /// After the password, which the pool answers with this.
    pub fn after_password(reply: &Value) -> (Self, Next) {
        let mut sign_in = Self::new(Some("Correct-Horse-9"), Flow::UserSrp);
        sign_in.sent();
        let next = sign_in.replied(reply).unwrap();
        (sign_in, next)
    }

    fn take(&mut self) -> (Request, AwaitingReply) {
        let (request, state) = self.waiting.take().expect("a request");
        let mut body: Value = serde_json::from_str(request.body()).unwrap();
        body["target"] = request.target().rsplit('.').next().into();
        self.posted.push(body);
        (request, state)
    }

    /// Posts; the reply is the pool's own.
    pub fn post(&mut self) -> Result<Next, Error> {
        let (request, state) = self.take();
        let answer = self.cognito.post(&request);
        state.receive(answer.view(), NOW)
    }

    /// Posts; the reply is the pool's own, and another request follows from it.
    pub fn sent(&mut self) {
        match self.post().unwrap() {
            Next::Send(request, state) => self.waiting = Some((request, state)),
            other => panic!("{other:?}"),
        }
    }

    /// Posts; the reply is this one.
    pub fn replied(&mut self, reply: &Value) -> Result<Next, Error> {
        let (_, state) = self.take();
        let is_error = reply.get("__type").is_some();
        state.receive(answer(if is_error { 400 } else { 200 }, reply).view(), NOW)
    }

    /// Answers a question, and posts the answer; the reply is this one.
    pub fn answered(
        &mut self,
        exchange: (Request, AwaitingReply),
        reply: &Value,
    ) -> Result<Next, Error> {
        self.waiting = Some(exchange);
        self.replied(reply)
    }

    pub fn last(&self) -> &Value {
        self.posted.last().unwrap()
    }
}

pub fn answer(status: u16, body: &Value) -> Answer {
    Answer {
        status,
        error_type: None,
        date: None,
        body: Some(body.clone()),
    }
}

pub fn challenge(name: &str, parameters: Value) -> Value {
    json!({ "ChallengeName": name, "Session": SESSION, "ChallengeParameters": parameters })
}

pub fn refusal(exception: &str, message: &str) -> Value {
    json!({ "__type": exception, "message": message })
}

pub fn is_signed_in(next: Result<Next, Error>) -> bool {
    matches!(next, Ok(Next::SignedIn(_)))
}

pub fn kind(next: Result<Next, Error>) -> RefusalKind {
    match next.unwrap_err() {
        Error::PoolRefused(refusal) => refusal.kind,
        other => panic!("{other:?}"),
    }
}
