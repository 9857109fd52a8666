//! What becomes of a conversation with a reply, as long as the pool asks for no more than a
//! password and codes.

use super::{
    Answered, AwaitingReply, Conversation, Expecting, NextCode, optional_session, session,
};
use crate::{
    Challenge, CodePrompt, Error, Fields, Flow, Reason, Refusal, Timestamp, Tokens,
    prompt::CodeQuestion,
    proof::{self, Proof, Secret},
};
use alloc::{boxed::Box, string::String, vec::Vec};
use zeroize::Zeroizing;

impl AwaitingReply {
    pub(super) fn go_on_to_code(
        self,
        fields: &dyn Fields,
        time: Timestamp,
    ) -> Result<NextCode, Error> {
        match self.expecting {
            Expecting::PasswordVerifier => self.conversation.first_challenge(fields, time),
            Expecting::Outcome(answered) => self.conversation.outcome(fields, &answered, time),
            // Nothing that is read here leads there.
            Expecting::DeviceVerifier(_) | Expecting::Secret | Expecting::Verified(_) => {
                Err(Error::misbehaved("ChallengeName", "a code"))
            }
        }
    }

    /// Some refusals leave the session as it was: the same may be answered once more.
    pub(super) fn code_refused(self, refusal: Refusal) -> Result<CodePrompt, Error> {
        match (self.expecting, refusal.exception.as_str()) {
            (Expecting::Outcome(Answered::Code(mut question)), "CodeMismatchException") => {
                question.reason = Reason::WrongCode;
                Ok(CodePrompt {
                    conversation: self.conversation,
                    question,
                })
            }
            _ => Err(Error::PoolRefused(refusal)),
        }
    }
}

impl Conversation {
    /// In a flow that begins with the password, nothing else is taken for a beginning.
    pub(super) fn first_challenge(
        self: Box<Self>,
        fields: &dyn Fields,
        time: Timestamp,
    ) -> Result<NextCode, Error> {
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
    ) -> Result<NextCode, Error> {
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
        Ok(NextCode::Send(request, state))
    }

    /// After the password, and after every answer: tokens, or another question.
    pub(super) fn outcome(
        self: Box<Self>,
        fields: &dyn Fields,
        answered: &Answered,
        time: Timestamp,
    ) -> Result<NextCode, Error> {
        let token = fields.text(&["AuthenticationResult", "AccessToken"]);
        let tokens = token.map(Zeroizing::new).is_some();
        match fields.text(&["ChallengeName"]) {
            None => {
                let mut tokens = Tokens::read(fields)?;
                tokens.device_forgotten = self.device_forgotten;
                Ok(NextCode::SignedIn(tokens))
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
    ) -> Result<NextCode, Error> {
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
            return Ok(NextCode::Ask(CodePrompt {
                conversation: self,
                question,
            }));
        }
        Ok(NextCode::Other(Challenge {
            name,
            session,
            parameters: Vec::new(),
            conversation: self,
        }))
    }

    /// Cognito may say what it wants the user called from here on.
    pub(super) fn rename(&mut self, fields: &dyn Fields) {
        let username = fields.text(&["ChallengeParameters", "USERNAME"]);
        if let Some(username) = username.filter(|username| !username.is_empty()) {
            self.username = username;
        }
    }
}
