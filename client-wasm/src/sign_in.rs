//! One sign-in, as a class that JavaScript drives.

use crate::{fields::JsFields, record};
use alloc::{string::String, vec::Vec};
use core::mem;
use protocol::{
    AwaitingReply, Challenge, CodePrompt, Credentials, Fields, Flow, Misuse, NextCode, Password,
    Pool, Reply, Request, Timestamp, srp::Ephemeral,
};
use wasm_bindgen::prelude::*;
use zeroize::Zeroizing;

/// `a` and `A`, made before the person submits: the costlier half of SRP.
#[wasm_bindgen]
#[derive(Debug)]
pub struct PreparedEphemeral(Ephemeral);

/// A sign-in in progress.
#[wasm_bindgen]
#[derive(Debug)]
pub struct SignIn {
    state: State,
}

#[derive(Debug)]
enum State {
    /// Nothing was sent.
    New(Pool, Credentials, Ephemeral),
    /// A request is ready to be sent.
    Ready(Request, AwaitingReply),
    /// It has been handed out, and is gone.
    Posted(AwaitingReply),
    Asking(CodePrompt),
    /// Another module goes on.
    Left(Challenge),
    Over,
}

#[wasm_bindgen]
impl PreparedEphemeral {
    /// Computes `A` for an `a` of 64 bytes of `crypto.getRandomValues`, which are wiped.
    ///
    /// # Errors
    /// `no_randomness` if that is not what the bytes are.
    #[wasm_bindgen(constructor)]
    pub fn new(entropy: Vec<u8>) -> Result<Self, JsValue> {
        let entropy = Zeroizing::new(entropy);
        let ephemeral = entropy
            .as_array()
            .and_then(|bytes| Ephemeral::new(bytes).ok());
        let bad = || record::error("no_randomness", "expected 64 random bytes");
        ephemeral.map(Self).ok_or_else(bad)
    }
}

#[wasm_bindgen]
impl SignIn {
    /// Begins. `password` is UTF-8, and wiped. `flow` is `custom` or `srp`.
    ///
    /// # Errors
    /// `invalid_argument` with the argument's name.
    #[wasm_bindgen(constructor)]
    pub fn new(
        user_pool_id: &str,
        client_id: &str,
        username: &str,
        password: Option<Vec<u8>>,
        flow: &str,
        prepared: PreparedEphemeral,
    ) -> Result<Self, JsValue> {
        let password = password.map(Password::new);
        let pool = Pool::new(user_pool_id, client_id).map_err(misuse)?;
        let flow = match flow {
            "srp" => Flow::UserSrp,
            _ => Flow::Custom,
        };
        let credentials = Credentials::of(username, password, flow).map_err(misuse)?;
        Ok(Self {
            state: State::New(pool, credentials, prepared.0),
        })
    }

    /// Adds a pair that reaches the triggers with every answer. Before the first request.
    ///
    /// # Errors
    /// `invalid_argument` if the key is not free, after which the sign-in is over.
    #[wasm_bindgen(js_name = withClientMetadata)]
    pub fn with_client_metadata(&mut self, key: &str, value: &str) -> Result<(), JsValue> {
        if let State::New(pool, credentials, ephemeral) = self.take() {
            let credentials = credentials
                .with_client_metadata(key, value)
                .map_err(misuse)?;
            self.state = State::New(pool, credentials, ephemeral);
        }
        Ok(())
    }

    /// What names the user at the pool, while a question is open.
    pub fn username(&self) -> Option<String> {
        match &self.state {
            State::Asking(prompt) => Some(prompt.username().into()),
            State::Left(challenge) => Some(challenge.username().into()),
            State::New(..) | State::Ready(..) | State::Posted(_) | State::Over => None,
        }
    }

    /// Hands out the request that is ready: its `target`, its `body` with `user_context` as
    /// what the browser's risk script has collected, and whether it must be sent `once`. A
    /// request is handed out once.
    ///
    /// # Errors
    /// `spent` if no request is ready.
    pub fn request(&mut self, user_context: Option<String>) -> Result<JsValue, JsValue> {
        let (request, state) = match self.take() {
            State::New(pool, credentials, ephemeral) => {
                protocol::sign_in(&pool, credentials, ephemeral)
            }
            State::Ready(request, state) => (request, state),
            other @ (State::Posted(_) | State::Asking(_) | State::Left(_) | State::Over) => {
                return Err(self.keep(other, "there is no request to send"));
            }
        };
        self.state = State::Posted(state);
        let request = match user_context {
            Some(encoded) => request.with_user_context(&encoded),
            None => request,
        };
        Ok(record::request(&request))
    }

    /// Takes the reply: its status, its header `x-amzn-ErrorType`, the time of its header `Date`
    /// and now, both in seconds since 1970, and what `JSON.parse` made of its body. Returns the
    /// next step, or nothing if another request is ready.
    ///
    /// # Errors
    /// Why the sign-in has ended.
    pub fn receive(
        &mut self,
        status: u16,
        error_type: Option<String>,
        date: Option<f64>,
        now: f64,
        body: JsValue,
    ) -> Result<JsValue, JsValue> {
        let state = match self.take() {
            State::Posted(state) => state,
            other @ (State::New(..)
            | State::Ready(..)
            | State::Asking(_)
            | State::Left(_)
            | State::Over) => {
                return Err(self.keep(other, "no reply is awaited"));
            }
        };
        let body = JsFields::new(body);
        let reply = Reply {
            status,
            error_type: error_type.as_deref(),
            date: date.map(timestamp),
            body: body.as_ref().map(|body| body as &dyn Fields),
        };
        let next = state.receive_code(reply, timestamp(now));
        let (state, step) = match next.map_err(|error| record::ended(&error))? {
            NextCode::Send(request, state) => (State::Ready(request, state), JsValue::UNDEFINED),
            NextCode::SignedIn(tokens) => (State::Over, record::signed_in(&tokens)),
            NextCode::Other(challenge) => (State::Left(challenge), record::other()),
            NextCode::Ask(prompt) => {
                let step = record::code(&prompt);
                (State::Asking(prompt), step)
            }
        };
        self.state = state;
        Ok(step)
    }

    /// Makes the answer the request that is ready.
    ///
    /// # Errors
    /// `invalid_code` if it cannot be one, after which another answer may be given; `spent` if
    /// none is awaited.
    pub fn answer(&mut self, code: String) -> Result<(), JsValue> {
        let code = Zeroizing::new(code);
        match self.take() {
            State::Asking(prompt) => match prompt.read_code(&code) {
                Ok(code) => self.send(prompt.submit(&code)),
                Err(misused) => {
                    self.state = State::Asking(prompt);
                    Err(misuse(misused))
                }
            },
            other @ (State::New(..)
            | State::Ready(..)
            | State::Posted(_)
            | State::Left(_)
            | State::Over) => Err(self.keep(other, "no answer is awaited")),
        }
    }

    /// Makes the wish for a new code the request that is ready.
    ///
    /// # Errors
    /// `invalid_argument` if the pool offers no new code, after which an answer may still be
    /// given; `spent` if none is awaited.
    pub fn resend(&mut self) -> Result<(), JsValue> {
        match self.take() {
            State::Asking(prompt) => match prompt.resend() {
                Ok(next) => self.send(next),
                Err(prompt) => {
                    self.state = State::Asking(prompt);
                    let message = "the pool offers no new code";
                    Err(record::error("invalid_argument", message))
                }
            },
            other @ (State::New(..)
            | State::Ready(..)
            | State::Posted(_)
            | State::Left(_)
            | State::Over) => Err(self.keep(other, "no code is awaited")),
        }
    }

    fn send(&mut self, (request, state): (Request, AwaitingReply)) -> Result<(), JsValue> {
        self.state = State::Ready(request, state);
        Ok(())
    }

    fn take(&mut self) -> State {
        mem::replace(&mut self.state, State::Over)
    }

    /// Puts a state back that a call did not fit, and says so.
    fn keep(&mut self, state: State, message: &str) -> JsValue {
        self.state = state;
        record::error("spent", message)
    }
}

fn misuse(misuse: Misuse) -> JsValue {
    record::misuse(&misuse)
}

fn timestamp(seconds: f64) -> Timestamp {
    #[expect(
        clippy::as_conversions,
        reason = "what is negative becomes 0, and what is large the last time there is"
    )]
    Timestamp::from_unix(seconds as u64)
}
