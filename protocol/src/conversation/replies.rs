//! What becomes of a conversation with a reply.

use super::{Answered, AwaitingReply, Conversation, Expecting, Next, optional_session, session};
use crate::{
    AuthenticatorPrompt, Challenge, ChoicePrompt, CodePrompt, Error, Fields, FirstFactor, Flow,
    NewPasswordPrompt, PasskeyPrompt, PasswordPrompt, Reason, Refusal, Session, Timestamp, Tokens,
    device::Participant,
    prompt::{AuthenticatorQuestion, ChoiceQuestion, CodeQuestion, NewPasswordQuestion},
    proof::{self, Proof, Secret},
    srp::Ephemeral,
};
use alloc::{borrow::ToOwned, boxed::Box, string::String};
use zeroize::Zeroizing;

impl Conversation {
    /// In a flow that begins with the password, nothing else is taken for a beginning.
    pub(super) fn first_challenge(
        self: Box<Self>,
        fields: &dyn Fields,
        time: Timestamp,
    ) -> Result<Next, Error> {
        if fields.text(&["ChallengeName"]).as_deref() != Some("PASSWORD_VERIFIER") {
            return Err(Error::misbehaved(
                "ChallengeName",
                "PASSWORD_VERIFIER, which DefineAuthChallenge has to ask for after SRP_A",
            ));
        }
        self.prove_password(fields, time)
    }

    fn prove_password(
        mut self: Box<Self>,
        fields: &dyn Fields,
        time: Timestamp,
    ) -> Result<Next, Error> {
        let session = match self.flow {
            // There the secret block is the handle.
            Flow::UserSrp => optional_session(fields)?,
            Flow::Custom | Flow::Choice(_) => Some(session(fields)?),
        };
        let (Some(password), Some(ephemeral)) = (self.password.take(), self.ephemeral.take())
        else {
            return Err(Error::misbehaved("ChallengeName", "one password challenge"));
        };
        let user_id = proof::text(fields, "USER_ID_FOR_SRP", 2048)?;
        let secret = Secret {
            group: self.pool.name(),
            user_id: &user_id,
            password: password.as_bytes(),
        };
        let proof = Proof::of(&secret, &ephemeral, fields, time)?;
        self.username = proof::text(fields, "USERNAME", 2048).unwrap_or(user_id);
        let (request, state) = self.respond(
            "PASSWORD_VERIFIER",
            session.as_ref(),
            &proof.responses(),
            Answered::Password,
        );
        Ok(Next::Send(request, state))
    }

    pub(super) fn prove_device(
        mut self: Box<Self>,
        fields: &dyn Fields,
        ephemeral: &Ephemeral,
        time: Timestamp,
    ) -> Result<Next, Error> {
        let name = "DEVICE_PASSWORD_VERIFIER";
        let participant = match self.device.as_ref() {
            Some(participant) if fields.text(&["ChallengeName"]).as_deref() == Some(name) => {
                participant
            }
            _ => return Err(Error::misbehaved("ChallengeName", name)),
        };
        let secret = Secret {
            group: participant.device.group_key(),
            user_id: participant.device.key(),
            password: participant.device.password().as_bytes(),
        };
        let proof = Proof::of(&secret, ephemeral, fields, time)?;
        self.rename(fields);
        let session = optional_session(fields)?;
        let (request, state) =
            self.respond(name, session.as_ref(), &proof.responses(), Answered::Device);
        // Without the device there is nothing to prove.
        let without_device = None;
        Ok(Next::Send(
            request,
            AwaitingReply {
                without_device,
                ..state
            },
        ))
    }

    pub(super) fn authenticator_verified(
        self: Box<Self>,
        fields: &dyn Fields,
        mut question: AuthenticatorQuestion,
    ) -> Result<Next, Error> {
        match fields.text(&["Status"]).as_deref() {
            Some("SUCCESS") => {
                let session = session(fields)?;
                let (request, state) =
                    self.respond("MFA_SETUP", Some(&session), &[], Answered::Other);
                Ok(Next::Send(request, state))
            }
            Some("ERROR") => {
                question.wrong = true;
                Ok(Next::AskAuthenticator(AuthenticatorPrompt {
                    conversation: self,
                    question,
                }))
            }
            _ => Err(Error::misbehaved("Status", "SUCCESS or ERROR")),
        }
    }

    /// Some refusals leave the session as it was: the same may be answered once more.
    pub(super) fn ask_again(
        self: Box<Self>,
        expecting: Expecting,
        refusal: Refusal,
    ) -> Result<Next, Error> {
        match (expecting, refusal.exception.as_str()) {
            (Expecting::Outcome(Answered::Code(mut question)), "CodeMismatchException") => {
                question.reason = Reason::WrongCode;
                Ok(Next::AskCode(CodePrompt {
                    conversation: self,
                    question,
                }))
            }
            (
                Expecting::Outcome(Answered::NewPassword(mut question)),
                "InvalidPasswordException" | "PasswordHistoryPolicyViolationException",
            ) => {
                question.rejected = Some(refusal.message);
                Ok(Next::AskNewPassword(NewPasswordPrompt {
                    conversation: self,
                    question,
                }))
            }
            (
                Expecting::Verified(mut question),
                "EnableSoftwareTokenMFAException" | "CodeMismatchException",
            ) => {
                question.wrong = true;
                Ok(Next::AskAuthenticator(AuthenticatorPrompt {
                    conversation: self,
                    question,
                }))
            }
            _ => Err(Error::PoolRefused(refusal)),
        }
    }

    /// After the password, and after every answer: tokens, or another question.
    pub(super) fn outcome(
        self: Box<Self>,
        fields: &dyn Fields,
        answered: &Answered,
        time: Timestamp,
    ) -> Result<Next, Error> {
        let token = fields.text(&["AuthenticationResult", "AccessToken"]);
        let tokens = token.map(Zeroizing::new).is_some();
        match fields.text(&["ChallengeName"]) {
            None => {
                let mut tokens = Tokens::read(fields)?;
                tokens.device_forgotten = self.device_forgotten;
                Ok(Next::SignedIn(tokens))
            }
            Some(_) if tokens => Err(Error::misbehaved(
                "ChallengeName",
                "no challenge beside the tokens",
            )),
            Some(name) if name.is_empty() => Err(Error::misbehaved(
                "ChallengeName",
                "the name of a challenge",
            )),
            Some(name) => self.challenged(name, fields, answered, time),
        }
    }

    pub(super) fn challenged(
        mut self: Box<Self>,
        name: String,
        fields: &dyn Fields,
        answered: &Answered,
        time: Timestamp,
    ) -> Result<Next, Error> {
        match name.as_str() {
            "PASSWORD_VERIFIER" if self.ephemeral.is_some() && self.password.is_some() => {
                return self.prove_password(fields, time);
            }
            name if name.starts_with("PASSWORD") || name == "SELECT_CHALLENGE" => {}
            // The password has done its part.
            _ => self.password = None,
        }
        self.rename(fields);
        let mut session = match name.as_str() {
            "CUSTOM_CHALLENGE" => Some(session(fields)?),
            _ => optional_session(fields)?,
        };
        if let Some(question) = CodeQuestion::read(&name, fields, &mut session, answered) {
            return Ok(Next::AskCode(CodePrompt {
                conversation: self,
                question,
            }));
        }
        if let Some(question) = ChoiceQuestion::read(&name, fields, &mut session) {
            return Ok(Next::AskChoice(ChoicePrompt {
                conversation: self,
                question,
            }));
        }
        match (name.as_str(), session) {
            ("NEW_PASSWORD_REQUIRED", Some(session)) => {
                let question = NewPasswordQuestion::read(fields, session);
                Ok(Next::AskNewPassword(NewPasswordPrompt {
                    conversation: self,
                    question,
                }))
            }
            ("WEB_AUTHN", Some(session)) => {
                PasskeyPrompt::read(self, session, fields).map(Next::AskPasskey)
            }
            ("PASSWORD" | "PASSWORD_SRP", Some(session)) if self.ephemeral.is_some() => {
                self.asked_for_password(&name, session)
            }
            ("DEVICE_SRP_AUTH", session) => self.begin_device(session, fields, answered),
            (_, session) => Ok(self.other(name, session, fields)),
        }
    }

    /// The proof is given without a question if the password is there. The password itself
    /// is not: it was kept for a proof.
    fn asked_for_password(
        mut self: Box<Self>,
        name: &str,
        session: Session,
    ) -> Result<Next, Error> {
        let factor = if name == FirstFactor::Password.name() {
            FirstFactor::Password
        } else {
            FirstFactor::PasswordSrp
        };
        let exactly = self.flow == Flow::Choice(Some(factor));
        if (exactly || factor == FirstFactor::PasswordSrp)
            && let Ok((member, value)) = self.credential(name)
        {
            let responses = [(member, value.as_str())];
            let (request, state) =
                self.respond(name, Some(&session), &responses, Answered::Password);
            // Nobody is asked, so a pool that asks again would be answered for ever.
            let expecting = if factor == FirstFactor::PasswordSrp {
                Expecting::PasswordVerifier
            } else {
                state.expecting
            };
            return Ok(Next::Send(request, AwaitingReply { expecting, ..state }));
        }
        Ok(Next::AskPassword(PasswordPrompt {
            conversation: self,
            session,
            factor,
        }))
    }

    fn begin_device(
        self: Box<Self>,
        session: Option<Session>,
        fields: &dyn Fields,
        answered: &Answered,
    ) -> Result<Next, Error> {
        let name = "DEVICE_SRP_AUTH";
        // A device proves itself once: nobody is asked, so nobody would end it.
        let device = self.device.as_ref();
        let device = device.filter(|_| !matches!(answered, Answered::Device));
        let ephemeral = device.and_then(Participant::ephemeral);
        let Some(ephemeral) = ephemeral else {
            return Ok(self.other(name.to_owned(), session, fields));
        };
        let srp_a = ephemeral.public_hex();
        let responses = [("SRP_A", srp_a.as_str())];
        let (request, state) = self.respond(name, session.as_ref(), &responses, Answered::Device);
        let state = AwaitingReply {
            expecting: Expecting::DeviceVerifier(ephemeral),
            without_device: None,
            ..state
        };
        Ok(Next::Send(request, state))
    }

    fn other(self: Box<Self>, name: String, session: Option<Session>, fields: &dyn Fields) -> Next {
        Next::OtherChallenge(Challenge {
            name,
            session,
            parameters: fields.entries(&["ChallengeParameters"]),
            conversation: self,
        })
    }

    /// Cognito may say what it wants the user called from here on.
    fn rename(&mut self, fields: &dyn Fields) {
        if let Ok(username) = proof::text(fields, "USERNAME", 2048) {
            self.username = username;
        }
    }
}
