//! One sign-in, as a class that JavaScript drives.

use crate::{
    ambient,
    fields::JsFields,
    js_error::{self, Code},
    prompt::Prompt,
    step,
};
use core::mem;
use protocol::{
    AwaitingConfirmation, AwaitingReply, Confirmation, Credentials, Device, Fields, Flow, Misuse,
    NewDevice, Next, Password, Pool, Reason, Reply, Request, srp::Ephemeral,
};
use wasm_bindgen::prelude::*;
use zeroize::Zeroizing;

/// `a` and `A`, made before the person submits: the costlier half of SRP.
#[wasm_bindgen]
#[derive(Debug)]
pub struct PreparedEphemeral(Ephemeral);

/// A sign-in in progress, or a device on its way to be remembered.
#[wasm_bindgen]
#[derive(Debug)]
pub struct SignIn {
    state: State,
}

#[derive(Debug)]
enum State {
    /// A request is ready to be sent.
    Ready(Request, Awaiting),
    /// It has been handed out, and is gone.
    Posted(Awaiting),
    Asking(Prompt),
    Over,
}

#[derive(Debug)]
enum Awaiting {
    SignIn(AwaitingReply),
    Device(AwaitingConfirmation),
}

#[wasm_bindgen]
impl PreparedEphemeral {
    /// Draws `a` and computes `A`.
    ///
    /// # Errors
    /// `no_randomness`.
    #[wasm_bindgen(constructor)]
    pub fn new() -> Result<Self, JsValue> {
        let entropy = ambient::entropy()?;
        let ephemeral = Ephemeral::new(&entropy)
            .map_err(|error| js_error::new(Code::NoRandomness, &error.to_string()))?;
        Ok(Self(ephemeral))
    }
}

#[wasm_bindgen]
impl SignIn {
    /// Begins. `password` is UTF-8, and wiped. `client_metadata` alternates keys and values.
    /// `flow` has its name, and a preference; `device` is empty, or has its key, its group's and its password.
    ///
    /// # Errors
    /// `invalid_argument` with the argument's name, or `no_randomness`.
    #[wasm_bindgen(constructor)]
    #[expect(
        clippy::too_many_arguments,
        reason = "JavaScript hands them over one by one; a class for them would cost more"
    )]
    pub fn new(
        user_pool_id: &str,
        client_id: &str,
        username: &str,
        password: Option<Vec<u8>>,
        client_metadata: Vec<String>,
        flow: Vec<String>,
        device: Vec<String>,
        prepared: Option<PreparedEphemeral>,
    ) -> Result<Self, JsValue> {
        let (password, device) = (password.map(Password::new), Zeroizing::new(device));
        let pool = Pool::new(user_pool_id, client_id).map_err(misuse)?;
        let mut flow = flow.iter().map(String::as_str);
        let flow = Flow::from_name(flow.next().unwrap_or_default(), flow.next()).map_err(misuse)?;
        let credentials = Credentials::of(username, password, flow).map_err(misuse)?;
        let credentials = with_all(credentials, &client_metadata, &device)?;
        let PreparedEphemeral(ephemeral) = match prepared {
            Some(prepared) => prepared,
            None => PreparedEphemeral::new()?,
        };
        let (request, state) = protocol::sign_in(&pool, credentials, ephemeral);
        Ok(Self {
            state: State::Ready(request, Awaiting::SignIn(state)),
        })
    }

    /// Has a device remembered that came with the tokens.
    ///
    /// # Errors
    /// As [`SignIn::new`].
    #[wasm_bindgen(js_name = rememberDevice)]
    pub fn remember_device(
        user_pool_id: &str,
        client_id: &str,
        access_token: String,
        key: String,
        group_key: String,
        name: Option<String>,
    ) -> Result<Self, JsValue> {
        let access_token = Zeroizing::new(access_token);
        Pool::new(user_pool_id, client_id).map_err(misuse)?;
        let entropy = ambient::entropy()?;
        let (entropy, _) = entropy
            .split_first_chunk()
            .ok_or_else(|| js_error::new(Code::NoRandomness, "too few random bytes"))?;
        let new = NewDevice { key, group_key };
        let (request, state) =
            protocol::remember_device(&access_token, new, name.as_deref(), entropy);
        Ok(Self {
            state: State::Ready(request, Awaiting::Device(state)),
        })
    }

    /// Goes on where a page was left: `asked` is the challenge as the reply had it, `username`
    /// what [`SignIn::username`] said then. `wrong` and `sent` say why a code is asked for. The
    /// rest is as in [`SignIn::new`].
    ///
    /// # Errors
    /// `invalid_argument` with the name of what cannot be.
    pub fn resume(
        user_pool_id: &str,
        client_id: &str,
        username: &str,
        client_metadata: Vec<String>,
        device: Vec<String>,
        asked: JsValue,
        reason: &str,
    ) -> Result<Self, JsValue> {
        let device = Zeroizing::new(device);
        let pool = Pool::new(user_pool_id, client_id).map_err(misuse)?;
        // The flow has done its part, too.
        let credentials = Credentials::of(username, None, Flow::Choice(None)).map_err(misuse)?;
        let credentials = with_all(credentials, &client_metadata, &device)?;
        let reason = match reason {
            "wrong" => Reason::WrongCode,
            "sent" => Reason::FirstCode,
            _ => Reason::NoNewCode,
        };
        let asked = challenge(asked)?;
        let next = protocol::resume(&pool, credentials, &asked, reason).map_err(misuse)?;
        let mut signin = Self { state: State::Over };
        signin.go_on(next);
        Ok(signin)
    }

    /// Goes on for a module that knows codes only: `asked` is what the pool asked of it, and the
    /// rest is as in [`SignIn::resume`].
    ///
    /// # Errors
    /// `bad_reply` if that is no question.
    #[wasm_bindgen(js_name = takeOver)]
    pub fn take_over(
        user_pool_id: &str,
        client_id: &str,
        username: &str,
        client_metadata: Vec<String>,
        asked: JsValue,
    ) -> Result<Self, JsValue> {
        let pool = Pool::new(user_pool_id, client_id).map_err(misuse)?;
        let credentials = with_all(Credentials::begun(username), &client_metadata, &[])?;
        let next = protocol::take_over(&pool, credentials, &challenge(asked)?);
        let mut sign_in = Self { state: State::Over };
        sign_in.go_on(next.map_err(|error| js_error::ended(&error))?);
        Ok(sign_in)
    }

    /// What names the user at the pool, while a question is open that can be put aside.
    pub fn username(&self) -> Option<String> {
        match &self.state {
            State::Asking(prompt) => prompt.username().map(str::to_owned),
            State::Ready(..) | State::Posted(_) | State::Over => None,
        }
    }

    /// The step that is open, again.
    pub fn step(&self) -> JsValue {
        match &self.state {
            State::Asking(prompt) => step::of(prompt),
            State::Ready(..) | State::Posted(_) | State::Over => JsValue::UNDEFINED,
        }
    }

    /// Hands out the request that is ready: its `target`, its `body` with `user_context` as
    /// what the browser's risk script has collected, and whether it must be sent `once`. A
    /// request is handed out once.
    ///
    /// # Errors
    /// `spent` if no request is ready.
    pub fn request(&mut self, user_context: Option<String>) -> Result<JsValue, JsValue> {
        match mem::replace(&mut self.state, State::Over) {
            State::Ready(request, state) => {
                self.state = State::Posted(state);
                let request = match user_context {
                    Some(encoded) => request.with_user_context(&encoded),
                    None => request,
                };
                Ok(step::record(&[
                    ("target", request.target().into()),
                    ("body", request.body().into()),
                    ("once", (!request.is_repeatable()).into()),
                ]))
            }
            other @ (State::Posted(_) | State::Asking(_) | State::Over) => {
                Err(self.keep(other, "there is no request to send"))
            }
        }
    }

    /// Takes the reply: its status, its header `x-amzn-ErrorType`, what `JSON.parse` made of its
    /// body, the time of its header `Date` and now, both in seconds since 1970. Returns the next
    /// step, or nothing if another request is ready.
    ///
    /// # Errors
    /// Why the sign-in has ended.
    pub fn receive(
        &mut self,
        status: u16,
        error_type: Option<String>,
        body: JsValue,
        date: Option<f64>,
        now: f64,
    ) -> Result<JsValue, JsValue> {
        let state = match mem::replace(&mut self.state, State::Over) {
            State::Posted(state) => state,
            other @ (State::Ready(..) | State::Asking(_) | State::Over) => {
                return Err(self.keep(other, "no reply is awaited"));
            }
        };
        let body = JsFields::new(body);
        let reply = Reply {
            status,
            error_type: error_type.as_deref(),
            date: date.map(ambient::timestamp),
            body: body.as_ref().map(|body| body as &dyn Fields),
        };
        let ended = |error| js_error::ended(&error);
        match state {
            Awaiting::Device(state) => match state.receive(reply).map_err(ended)? {
                Confirmation::Send(request, state) => {
                    self.state = State::Ready(request, Awaiting::Device(state));
                    Ok(JsValue::UNDEFINED)
                }
                Confirmation::Remembered(device) => Ok(step::device(&device)),
            },
            Awaiting::SignIn(state) => {
                let next = state
                    .receive(reply, ambient::timestamp(now))
                    .map_err(ended)?;
                Ok(self.go_on(next))
            }
        }
    }

    /// Makes the answer the request that is ready: one value, and what goes beside it in the order
    /// that `npm/challenges.js` has.
    ///
    /// # Errors
    /// `invalid_code` or `invalid_argument` if it cannot be one, after which another answer
    /// may be given; `spent` if none is awaited.
    pub fn answer(&mut self, first: String, beside: Vec<String>) -> Result<(), JsValue> {
        let first = Zeroizing::new(first);
        let beside: Vec<_> = beside.into_iter().map(Zeroizing::new).collect();
        let beside: Vec<_> = beside.iter().map(|value| value.as_str()).collect();
        match mem::replace(&mut self.state, State::Over) {
            State::Asking(prompt) => match prompt.answer(&first, &beside) {
                Ok((request, state)) => {
                    self.state = State::Ready(request, Awaiting::SignIn(state));
                    Ok(())
                }
                Err(misused) => {
                    self.state = State::Asking(*misused.prompt);
                    Err(misuse(misused.misuse))
                }
            },
            other @ (State::Ready(..) | State::Posted(_) | State::Over) => {
                Err(self.keep(other, "no answer is awaited"))
            }
        }
    }

    /// Makes the wish for a new code the request that is ready.
    ///
    /// # Errors
    /// `invalid_argument` if the pool offers no new code, after which an answer may still be
    /// given; `spent` if none is awaited.
    pub fn resend(&mut self) -> Result<(), JsValue> {
        match mem::replace(&mut self.state, State::Over) {
            State::Asking(Prompt::Code(prompt)) => match prompt.resend() {
                Ok((request, state)) => {
                    self.state = State::Ready(request, Awaiting::SignIn(state));
                    Ok(())
                }
                Err(prompt) => {
                    self.state = State::Asking(Prompt::Code(prompt));
                    Err(js_error::new(
                        Code::InvalidArgument,
                        "the pool offers no new code",
                    ))
                }
            },
            other @ (State::Ready(..) | State::Posted(_) | State::Asking(_) | State::Over) => {
                Err(self.keep(other, "no code is awaited"))
            }
        }
    }

    fn go_on(&mut self, next: Next) -> JsValue {
        let prompt = match next {
            Next::Send(request, state) => {
                self.state = State::Ready(request, Awaiting::SignIn(state));
                return JsValue::UNDEFINED;
            }
            Next::SignedIn(tokens) => return step::signed_in(&tokens),
            Next::AskCode(prompt) => Prompt::Code(prompt),
            Next::AskNewPassword(prompt) => Prompt::NewPassword(prompt),
            Next::AskChoice(prompt) => Prompt::Choice(prompt),
            Next::AskPassword(prompt) => Prompt::Password(prompt),
            Next::AskAuthenticator(prompt) => Prompt::Authenticator(prompt),
            Next::AskPasskey(prompt) => Prompt::Passkey(prompt),
            Next::OtherChallenge(challenge) => Prompt::Other(challenge),
        };
        let step = step::of(&prompt);
        self.state = State::Asking(prompt);
        step
    }

    /// Puts a state back that a call did not fit, and says so.
    fn keep(&mut self, state: State, message: &str) -> JsValue {
        self.state = state;
        js_error::new(Code::Spent, message)
    }
}

fn challenge(asked: JsValue) -> Result<JsFields, JsValue> {
    let bad = || js_error::new(Code::InvalidArgument, "asked: expected a challenge");
    JsFields::new(asked).ok_or_else(bad)
}

/// Keys and values in turn; a device is empty, or has its key, its group's and its password.
fn with_all(
    mut credentials: Credentials,
    client_metadata: &[String],
    device: &[String],
) -> Result<Credentials, JsValue> {
    for pair in client_metadata.chunks_exact(2) {
        if let [key, value] = pair {
            credentials = credentials
                .with_client_metadata(key, value)
                .map_err(misuse)?;
        }
    }
    if let [key, group_key, password] = device {
        let device = Device::new(key, group_key, password).map_err(misuse)?;
        let entropy = ambient::entropy()?;
        credentials = credentials.with_device(device, &entropy);
    }
    Ok(credentials)
}

fn misuse(misuse: Misuse) -> JsValue {
    js_error::misuse(&misuse)
}
