//! The states of a sign-in, and the transitions between them.

mod replies;
mod resume;

pub use resume::{resume, take_over};

use crate::{
    AuthenticatorPrompt, Challenge, ChoicePrompt, CodePrompt, Credentials, Error, Fields,
    FirstFactor, Flow, Misuse, NewPasswordPrompt, Operation, PasskeyPrompt, Password,
    PasswordPrompt, Pool, RefusalKind, Reply, Request, Session, Timestamp, Tokens,
    device::Participant,
    json::{self, Member},
    prompt::{AuthenticatorQuestion, CodeQuestion, NewPasswordQuestion},
    refusal::{self, Asked},
    srp::Ephemeral,
};
use alloc::{borrow::ToOwned, boxed::Box, string::String, vec::Vec};
use core::fmt;
use zeroize::Zeroizing;

/// Begins a sign-in: `InitiateAuth`.
///
/// `ephemeral` must be fresh; it is spent whatever happens.
pub fn sign_in(
    pool: &Pool,
    credentials: Credentials,
    ephemeral: Ephemeral,
) -> (Request, AwaitingReply) {
    Conversation::of(pool, credentials, Some(ephemeral)).begin()
}

/// A request is on its way.
pub struct AwaitingReply {
    conversation: Box<Conversation>,
    expecting: Expecting,
    /// The same request as if there were no remembered device.
    without_device: Option<Request>,
}

/// What to do next. Every reply gives exactly one.
pub enum Next {
    /// Post the request, then hand over its reply.
    Send(Request, AwaitingReply),
    /// Ask the person for the code.
    AskCode(CodePrompt),
    /// Ask the person for a new password: the old one was temporary.
    AskNewPassword(NewPasswordPrompt),
    /// Ask the person, or the application's settings, which way to go.
    AskChoice(ChoicePrompt),
    /// Ask the person for the password.
    AskPassword(PasswordPrompt),
    /// Have the person set up an authenticator.
    AskAuthenticator(AuthenticatorPrompt),
    /// Ask the platform for a passkey.
    AskPasskey(PasskeyPrompt),
    /// Done.
    SignedIn(Tokens),
    /// The pool asks for something else. It is handed back whole, so that the application
    /// can answer it.
    OtherChallenge(Challenge),
}

/// What stays the same through a conversation.
pub(crate) struct Conversation {
    pool: Pool,
    /// What names the user from here on: first what was typed, then what Cognito replied.
    pub username: String,
    client_metadata: Vec<(String, String)>,
    flow: Flow,
    /// Until it was sent or proved.
    pub password: Option<Password>,
    /// Until a password was proved.
    ephemeral: Option<Ephemeral>,
    device: Option<Participant>,
    device_forgotten: bool,
}

/// What was asked of the pool last, and with it, which replies make sense.
pub(crate) enum Expecting {
    /// The challenge of a flow that begins with the password.
    PasswordVerifier,
    /// Whatever follows an answer.
    Outcome(Answered),
    /// The challenge to the device.
    DeviceVerifier(Ephemeral),
    /// The secret of an authenticator.
    Secret,
    /// Whether the authenticator has it.
    Verified(AuthenticatorQuestion),
}

/// An answer that was given, with the question where it may be asked again.
pub(crate) enum Answered {
    Password,
    Code(CodeQuestion),
    Resend(CodeQuestion),
    NewPassword(NewPasswordQuestion),
    Device,
    Other,
}

impl AwaitingReply {
    /// Reads the reply. `now` is the local clock; it dates the password claim unless the
    /// reply has a readable `Date`.
    ///
    /// # Errors
    /// [`Error`] if the pool refused or misbehaved. The conversation is over then: the
    /// session is spent, or was never trusted.
    pub fn receive(self, reply: Reply<'_>, now: Timestamp) -> Result<Next, Error> {
        let Self {
            mut conversation,
            expecting,
            without_device,
        } = self;
        match refusal::check(&reply, expecting.asked()) {
            Ok(()) => {}
            Err(Error::PoolRefused(refusal)) => {
                let gone = refusal.kind == RefusalKind::DeviceRefused;
                return match without_device.filter(|_| gone) {
                    Some(request) => {
                        conversation.device = None;
                        conversation.device_forgotten = true;
                        Ok(Next::Send(request, conversation.awaiting(expecting)))
                    }
                    None => conversation.ask_again(expecting, refusal),
                };
            }
            Err(error) => return Err(error),
        }
        let fields = reply
            .body
            .ok_or(Error::misbehaved("body", "a JSON object"))?;
        let time = reply.date.unwrap_or(now);
        match expecting {
            Expecting::PasswordVerifier => conversation.first_challenge(fields, time),
            Expecting::Outcome(answered) => conversation.outcome(fields, &answered, time),
            Expecting::DeviceVerifier(ephemeral) => {
                conversation.prove_device(fields, &ephemeral, time)
            }
            Expecting::Secret => {
                let question = AuthenticatorQuestion::read(fields, session(fields)?)?;
                Ok(Next::AskAuthenticator(AuthenticatorPrompt {
                    conversation,
                    question,
                }))
            }
            Expecting::Verified(question) => conversation.authenticator_verified(fields, question),
        }
    }
}

impl Expecting {
    fn asked(&self) -> Asked {
        match self {
            Self::PasswordVerifier => Asked::Begin,
            Self::DeviceVerifier(_) | Self::Outcome(Answered::Device) => Asked::Device,
            Self::Secret
            | Self::Verified(_)
            | Self::Outcome(Answered::Code(_) | Answered::Resend(_)) => Asked::Code,
            Self::Outcome(Answered::Password | Answered::NewPassword(_) | Answered::Other) => {
                Asked::Password
            }
        }
    }
}

impl Conversation {
    fn of(pool: &Pool, credentials: Credentials, ephemeral: Option<Ephemeral>) -> Box<Self> {
        let Credentials {
            username,
            password,
            client_metadata,
            flow,
            device,
        } = credentials;
        Box::new(Self {
            pool: pool.clone(),
            username,
            client_metadata,
            flow,
            password,
            ephemeral,
            device,
            device_forgotten: false,
        })
    }

    fn begin(self: Box<Self>) -> (Request, AwaitingReply) {
        let srp_a = self.ephemeral.as_ref().map(Ephemeral::public_hex);
        let (flow, mut parameters) = self.opening(srp_a.as_deref().unwrap_or_default());
        let write = |parameters: &[(&str, &str)]| {
            let body = json::object(&[
                ("AuthFlow", Member::Text(flow)),
                ("ClientId", Member::Text(self.pool.client_id())),
                ("AuthParameters", Member::Map(parameters)),
            ]);
            let request = Request::new(Operation::InitiateAuth, body);
            match self.flow.begins_unnoticed() {
                true => request.repeatable(),
                false => request,
            }
        };
        let mut request = write(&parameters);
        let mut without_device = None;
        if let Some(participant) = &self.device {
            without_device = Some(request);
            parameters.push(("DEVICE_KEY", participant.device.key()));
            request = write(&parameters);
        }
        let expecting = match self.flow {
            Flow::Custom | Flow::UserSrp => Expecting::PasswordVerifier,
            Flow::Choice(_) => Expecting::Outcome(Answered::Password),
        };
        let state = AwaitingReply {
            conversation: self,
            expecting,
            without_device,
        };
        (request, state)
    }

    /// The name of the flow, and what it begins with.
    fn opening<'a>(&'a self, srp_a: &'a str) -> (&'static str, Vec<(&'static str, &'a str)>) {
        let srp_a = ("SRP_A", srp_a);
        let mut parameters = Vec::from([("USERNAME", self.username.as_str())]);
        let flow = match self.flow {
            Flow::Custom => {
                parameters.push(srp_a);
                parameters.push(("CHALLENGE_NAME", "SRP_A"));
                "CUSTOM_AUTH"
            }
            Flow::UserSrp => {
                parameters.push(srp_a);
                "USER_SRP_AUTH"
            }
            Flow::Choice(preferred) => {
                if let Some(factor) = preferred {
                    parameters.push(("PREFERRED_CHALLENGE", factor.name()));
                }
                if preferred == Some(FirstFactor::PasswordSrp) {
                    parameters.push(srp_a);
                }
                if preferred == Some(FirstFactor::Password)
                    && let Some(password) = self.password.as_ref().and_then(Password::text)
                {
                    parameters.push(("PASSWORD", password));
                }
                "USER_AUTH"
            }
        };
        (flow, parameters)
    }

    /// Answers a challenge. `USERNAME` and `DEVICE_KEY` are added to the responses.
    pub fn respond(
        self: Box<Self>,
        challenge: &str,
        session: Option<&Session>,
        responses: &[(&str, &str)],
        answered: Answered,
    ) -> (Request, AwaitingReply) {
        let mut metadata = Vec::with_capacity(self.client_metadata.len().saturating_add(1));
        for (key, value) in &self.client_metadata {
            metadata.push((key.as_str(), value.as_str()));
        }
        if matches!(answered, Answered::Resend(_)) {
            metadata.push(("action", "resend"));
        }
        let write = |device: Option<&Participant>| {
            let user = Some(("USERNAME", self.username.as_str()));
            let device = device.map(|participant| ("DEVICE_KEY", participant.device.key()));
            let mut all = Vec::from(responses);
            for (name, value) in [user, device].into_iter().flatten() {
                if !responses.iter().any(|(given, _)| *given == name) {
                    all.push((name, value));
                }
            }
            let mut members = Vec::from([
                ("ChallengeName", Member::Text(challenge)),
                ("ClientId", Member::Text(self.pool.client_id())),
                ("ChallengeResponses", Member::Map(&all)),
            ]);
            if let Some(session) = session {
                members.push(("Session", Member::Text(session.as_str())));
            }
            if !metadata.is_empty() {
                members.push(("ClientMetadata", Member::Map(&metadata)));
            }
            Request::new(Operation::RespondToAuthChallenge, json::object(&members))
        };
        let request = write(self.device.as_ref());
        let without_device = self.device.is_some().then(|| write(None));
        let state = AwaitingReply {
            without_device,
            ..self.awaiting(Expecting::Outcome(answered))
        };
        (request, state)
    }

    pub fn awaiting(self: Box<Self>, expecting: Expecting) -> AwaitingReply {
        AwaitingReply {
            conversation: self,
            expecting,
            without_device: None,
        }
    }

    /// What goes with a challenge that is about the password: the password itself, which is
    /// spent with it, or `SRP_A`.
    pub fn credential(
        &mut self,
        factor: &str,
    ) -> Result<(&'static str, Zeroizing<String>), Misuse> {
        Flow::Choice(FirstFactor::from_name(factor).ok()).check(self.password.as_ref())?;
        if factor == FirstFactor::Password.name() {
            let password = self.password.take();
            let text = password
                .as_ref()
                .and_then(Password::text)
                .unwrap_or_default();
            return Ok(("PASSWORD", Zeroizing::new(text.to_owned())));
        }
        let ephemeral = self.ephemeral.as_ref().ok_or(Misuse::new(
            "option",
            "a password that was not proved before",
            factor,
        ))?;
        Ok(("SRP_A", Zeroizing::new(ephemeral.public_hex())))
    }
}

/// `Session`, in the limits of Cognito's service model where there is one.
fn optional_session(fields: &dyn Fields) -> Result<Option<Session>, Error> {
    match fields.text(&["Session"]) {
        None => Ok(None),
        Some(text) if (20..=4096).contains(&text.len()) => Ok(Some(Session::new(text))),
        Some(_) => Err(Error::misbehaved("Session", "20 to 4096 characters")),
    }
}

fn session(fields: &dyn Fields) -> Result<Session, Error> {
    optional_session(fields)?.ok_or(Error::misbehaved(
        "Session",
        "a session beside the challenge",
    ))
}

impl fmt::Debug for AwaitingReply {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AwaitingReply")
    }
}

impl fmt::Debug for Next {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Send(..) => "Send",
            Self::AskCode(_) => "AskCode",
            Self::AskNewPassword(_) => "AskNewPassword",
            Self::AskChoice(_) => "AskChoice",
            Self::AskPassword(_) => "AskPassword",
            Self::AskAuthenticator(_) => "AskAuthenticator",
            Self::AskPasskey(_) => "AskPasskey",
            Self::SignedIn(_) => "SignedIn",
            Self::OtherChallenge(_) => "OtherChallenge",
        })
    }
}
