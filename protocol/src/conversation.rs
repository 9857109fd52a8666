//! The states of a sign-in, and the transitions between them.

use crate::{
    CodePrompt, Credentials, Error, Fields, Operation, Password, Pool, Reply, Request, Session,
    Timestamp, Tokens,
    json::{self, Member},
    refusal::{self, Asked},
    srp::{Ephemeral, Handshake, Salt, ServerPublic},
};
use alloc::{
    string::{String, ToString},
    vec::Vec,
};
use base64ct::{Base64, Encoding};
use core::fmt;
use zeroize::Zeroizing;

/// Begins a sign-in: `InitiateAuth` with `CUSTOM_AUTH`, SRP first.
///
/// `ephemeral` must be fresh; it is spent whatever happens.
pub fn sign_in(
    pool: &Pool,
    credentials: Credentials,
    ephemeral: Ephemeral,
) -> (Request, AwaitingReply) {
    let Credentials {
        username,
        password,
        client_metadata,
    } = credentials;
    let srp_a = ephemeral.public_hex();
    let parameters = [
        ("USERNAME", username.as_str()),
        ("SRP_A", &srp_a),
        ("CHALLENGE_NAME", "SRP_A"),
    ];
    let body = json::object(&[
        ("AuthFlow", Member::Text("CUSTOM_AUTH")),
        ("ClientId", Member::Text(pool.client_id())),
        ("AuthParameters", Member::Map(&parameters)),
    ]);
    let conversation = Conversation {
        pool: pool.clone(),
        username,
        client_metadata,
    };
    let expecting = Expecting::PasswordVerifier {
        password,
        ephemeral,
    };
    (
        Request::new(Operation::InitiateAuth, body),
        AwaitingReply {
            conversation,
            expecting,
        },
    )
}

/// A request is on its way.
pub struct AwaitingReply {
    conversation: Conversation,
    expecting: Expecting,
}

/// What to do next. Every reply gives exactly one.
pub enum Next {
    /// Post the request, then hand over its reply.
    Send(Request, AwaitingReply),
    /// Ask the person for the code.
    AskCode(CodePrompt),
    /// Done.
    SignedIn(Tokens),
    /// The pool asks for something else. It is handed back whole, so that the application
    /// can answer it.
    OtherChallenge(Challenge),
}

/// A challenge that this crate does not answer.
pub struct Challenge {
    /// `ChallengeName`, such as `NEW_PASSWORD_REQUIRED`.
    pub name: String,
    /// `Session`, for the answer.
    pub session: Option<Session>,
    /// `ChallengeParameters`.
    pub parameters: Vec<(String, String)>,
}

/// What stays the same through a conversation.
pub(crate) struct Conversation {
    pool: Pool,
    /// What names the user from here on: first what was typed, then what Cognito replied.
    username: String,
    client_metadata: Vec<(String, String)>,
}

/// What was asked of the pool last, and with it, which replies make sense.
enum Expecting {
    PasswordVerifier {
        password: Password,
        ephemeral: Ephemeral,
    },
    Outcome(Answer),
}

/// An answer that was given.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Answer {
    Password,
    Code,
    Resend,
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
            conversation,
            expecting,
        } = self;
        refusal::check(&reply, expecting.asked())?;
        let fields = reply
            .body
            .ok_or(Error::misbehaved("body", "a JSON object"))?;
        match expecting {
            Expecting::PasswordVerifier {
                password,
                ephemeral,
            } => {
                let claim = Claim::read(fields, &conversation, &ephemeral, &password)?;
                Ok(claim.send(conversation, reply.date.unwrap_or(now)))
            }
            Expecting::Outcome(answered) => conversation.outcome(fields, answered),
        }
    }
}

impl Expecting {
    fn asked(&self) -> Asked {
        match self {
            Self::PasswordVerifier { .. } => Asked::Begin,
            Self::Outcome(Answer::Password) => Asked::Password,
            Self::Outcome(Answer::Code | Answer::Resend) => Asked::Code,
        }
    }
}

impl Conversation {
    /// Answers the custom challenge.
    pub(crate) fn answer_challenge(
        self,
        session: Session,
        answer: Answer,
        text: &str,
    ) -> (Request, AwaitingReply) {
        let responses = [("USERNAME", self.username.as_str()), ("ANSWER", text)];
        let request = self.respond("CUSTOM_CHALLENGE", &session, &responses, answer);
        (
            request,
            AwaitingReply {
                conversation: self,
                expecting: Expecting::Outcome(answer),
            },
        )
    }

    fn respond(
        &self,
        challenge: &str,
        session: &Session,
        responses: &[(&str, &str)],
        answer: Answer,
    ) -> Request {
        let mut metadata: Vec<(&str, &str)> = self
            .client_metadata
            .iter()
            .map(|(key, value)| (key.as_str(), value.as_str()))
            .collect();
        if answer == Answer::Resend {
            metadata.push(("action", "resend"));
        }
        let mut members = Vec::from([
            ("ChallengeName", Member::Text(challenge)),
            ("ClientId", Member::Text(self.pool.client_id())),
            ("Session", Member::Text(session.as_str())),
            ("ChallengeResponses", Member::Map(responses)),
        ]);
        if !metadata.is_empty() {
            members.push(("ClientMetadata", Member::Map(&metadata)));
        }
        Request::new(Operation::RespondToAuthChallenge, json::object(&members))
    }

    /// After the password, and after every answer: tokens, the code, or something else.
    fn outcome(mut self, fields: &dyn Fields, answered: Answer) -> Result<Next, Error> {
        let token = fields.text(&["AuthenticationResult", "AccessToken"]);
        let tokens = token.map(Zeroizing::new).is_some();
        match fields.text(&["ChallengeName"]) {
            None => Tokens::read(fields).map(Next::SignedIn),
            Some(_) if tokens => Err(Error::misbehaved(
                "ChallengeName",
                "no challenge beside the tokens",
            )),
            Some(name) if name.is_empty() => Err(Error::misbehaved(
                "ChallengeName",
                "the name of a challenge",
            )),
            Some(name) if name == "CUSTOM_CHALLENGE" => {
                let session = session(fields)?.ok_or(Error::misbehaved(
                    "Session",
                    "a session beside CUSTOM_CHALLENGE",
                ))?;
                let username = fields.text(&["ChallengeParameters", "USERNAME"]);
                if let Some(username) = username.filter(|username| !username.is_empty()) {
                    self.username = username;
                }
                Ok(Next::AskCode(CodePrompt::new(
                    self, session, answered, fields,
                )))
            }
            Some(name) => Ok(Next::OtherChallenge(Challenge {
                name,
                session: session(fields)?,
                parameters: fields.entries(&["ChallengeParameters"]),
            })),
        }
    }
}

/// A signed password claim, but for the time.
struct Claim {
    handshake: Handshake,
    session: Session,
    user_id: String,
    username: String,
    /// As it came: it is sent back unchanged.
    secret_block: String,
    secret_block_bytes: Vec<u8>,
}

impl Claim {
    /// Checks all that the pool sent before the password is touched.
    fn read(
        fields: &dyn Fields,
        conversation: &Conversation,
        ephemeral: &Ephemeral,
        password: &Password,
    ) -> Result<Self, Error> {
        if fields.text(&["ChallengeName"]).as_deref() != Some("PASSWORD_VERIFIER") {
            return Err(Error::misbehaved(
                "ChallengeName",
                "PASSWORD_VERIFIER, which DefineAuthChallenge has to ask for after SRP_A",
            ));
        }
        let session =
            session(fields)?.ok_or(Error::misbehaved("Session", "one beside PASSWORD_VERIFIER"))?;
        let text = |name: &'static str, most: usize| {
            fields
                .text(&["ChallengeParameters", name])
                .filter(|text| !text.is_empty() && text.len() <= most)
                .ok_or(Error::misbehaved(
                    name,
                    "a string, neither empty nor too long",
                ))
        };
        let server = ServerPublic::from_hex(&text("SRP_B", 768)?)
            .map_err(|_| Error::misbehaved("SRP_B", "a hexadecimal number, 0 < B < N"))?;
        let salt = Salt::from_hex(&text("SALT", 65)?)
            .map_err(|_| Error::misbehaved("SALT", "a hexadecimal number of at most 64 digits"))?;
        let user_id = text("USER_ID_FOR_SRP", 2048)?;
        let secret_block = text("SECRET_BLOCK", 8192)?;
        let secret_block_bytes = Base64::decode_vec(&secret_block)
            .map_err(|_| Error::misbehaved("SECRET_BLOCK", "base64"))?;
        let username = text("USERNAME", 2048).unwrap_or_else(|_| user_id.clone());
        let handshake = ephemeral
            .agree(
                &server,
                &salt,
                conversation.pool.name(),
                &user_id,
                password.as_bytes(),
            )
            .map_err(|_| Error::misbehaved("SRP_B", "a value with which u is not zero"))?;
        Ok(Self {
            handshake,
            session,
            user_id,
            username,
            secret_block,
            secret_block_bytes,
        })
    }

    fn send(self, mut conversation: Conversation, time: Timestamp) -> Next {
        let timestamp = time.to_string();
        let signature = self.handshake.sign(
            conversation.pool.name(),
            &self.user_id,
            &self.secret_block_bytes,
            &timestamp,
        );
        let responses = [
            ("USERNAME", self.username.as_str()),
            ("PASSWORD_CLAIM_SECRET_BLOCK", &self.secret_block),
            (
                "PASSWORD_CLAIM_SIGNATURE",
                &Base64::encode_string(&*signature),
            ),
            ("TIMESTAMP", &timestamp),
        ];
        let request = conversation.respond(
            "PASSWORD_VERIFIER",
            &self.session,
            &responses,
            Answer::Password,
        );
        conversation.username = self.username;
        let expecting = Expecting::Outcome(Answer::Password);
        Next::Send(
            request,
            AwaitingReply {
                conversation,
                expecting,
            },
        )
    }
}

/// `Session`, in the limits of Cognito's service model where there is one.
fn session(fields: &dyn Fields) -> Result<Option<Session>, Error> {
    match fields.text(&["Session"]) {
        None => Ok(None),
        Some(text) if (20..=4096).contains(&text.len()) => Ok(Some(Session::new(text))),
        Some(_) => Err(Error::misbehaved("Session", "20 to 4096 characters")),
    }
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
            Self::SignedIn(_) => "SignedIn",
            Self::OtherChallenge(_) => "OtherChallenge",
        })
    }
}

impl fmt::Debug for Challenge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Challenge").field(&self.name).finish()
    }
}
