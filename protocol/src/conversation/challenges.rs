//! What becomes of a conversation with the replies that few sign-ins come to: devices, new
//! passwords, choices, authenticators, passkeys.

use super::{
    Answered, AwaitingReply, Conversation, Expecting, Next, NextCode, optional_session, session,
};
use crate::{
    AuthenticatorPrompt, Challenge, ChoicePrompt, Error, Fields, FirstFactor, Flow,
    NewPasswordPrompt, PasskeyPrompt, PasswordPrompt, Refusal, RefusalKind, Session, Timestamp,
    device::Participant,
    prompt::{AuthenticatorQuestion, ChoiceQuestion, NewPasswordQuestion},
    proof::{Proof, Secret},
    srp::Ephemeral,
};
use alloc::{borrow::ToOwned, boxed::Box, string::String};

impl AwaitingReply {
    pub(super) fn go_on(self, fields: &dyn Fields, time: Timestamp) -> Result<Next, Error> {
        let Self {
            conversation,
            expecting,
            without_device,
        } = self;
        match expecting {
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
            Expecting::PasswordVerifier | Expecting::Outcome(_) => {
                let device_proved = matches!(expecting, Expecting::Outcome(Answered::Device));
                let state = Self {
                    conversation,
                    expecting,
                    without_device,
                };
                state
                    .go_on_to_code(fields, time)?
                    .complete(fields, device_proved)
            }
        }
    }

    /// As [`AwaitingReply::code_refused`], and a device that the pool has forgotten is left out.
    pub(super) fn refused(self, refusal: Refusal) -> Result<Next, Error> {
        let Self {
            mut conversation,
            expecting,
            without_device,
        } = self;
        let gone = refusal.kind == RefusalKind::DeviceRefused;
        if let Some(request) = without_device.filter(|_| gone) {
            conversation.device = None;
            conversation.device_forgotten = true;
            return Ok(Next::Send(request, conversation.awaiting(expecting)));
        }
        match (expecting, refusal.exception.as_str()) {
            (
                Expecting::Outcome(Answered::NewPassword(mut question)),
                "InvalidPasswordException" | "PasswordHistoryPolicyViolationException",
            ) => {
                question.rejected = Some(refusal.message);
                Ok(Next::AskNewPassword(NewPasswordPrompt {
                    conversation,
                    question,
                }))
            }
            (
                Expecting::Verified(mut question),
                "EnableSoftwareTokenMFAException" | "CodeMismatchException",
            ) => {
                question.wrong = true;
                Ok(Next::AskAuthenticator(AuthenticatorPrompt {
                    conversation,
                    question,
                }))
            }
            (expecting, _) => {
                let state = conversation.awaiting(expecting);
                state.code_refused(refusal).map(Next::AskCode)
            }
        }
    }
}

impl NextCode {
    /// Reads what is no code. A device that has proved itself is not asked to again: nobody
    /// would end that.
    pub(super) fn complete(self, fields: &dyn Fields, device_proved: bool) -> Result<Next, Error> {
        match self {
            Self::Send(request, state) => Ok(Next::Send(request, state)),
            Self::Ask(prompt) => Ok(Next::AskCode(prompt)),
            Self::SignedIn(tokens) => Ok(Next::SignedIn(tokens)),
            Self::Other(challenge) => challenge.read(fields, device_proved),
        }
    }
}

impl Challenge {
    /// Finds the form of the question.
    fn read(mut self, fields: &dyn Fields, device_proved: bool) -> Result<Next, Error> {
        if let Some(question) = ChoiceQuestion::read(&self.name, fields, &mut self.session) {
            return Ok(Next::AskChoice(ChoicePrompt {
                conversation: self.conversation,
                question,
            }));
        }
        let Self {
            name,
            session,
            conversation,
            ..
        } = self;
        match (name.as_str(), session) {
            ("NEW_PASSWORD_REQUIRED", Some(session)) => {
                let question = NewPasswordQuestion::read(fields, session);
                Ok(Next::AskNewPassword(NewPasswordPrompt {
                    conversation,
                    question,
                }))
            }
            ("WEB_AUTHN", Some(session)) => {
                PasskeyPrompt::read(conversation, session, fields).map(Next::AskPasskey)
            }
            ("PASSWORD" | "PASSWORD_SRP", Some(session)) if conversation.ephemeral.is_some() => {
                conversation.asked_for_password(&name, session)
            }
            ("DEVICE_SRP_AUTH", session) if !device_proved => {
                Ok(conversation.begin_device(session, fields))
            }
            (_, session) => Ok(conversation.other(name, session, fields)),
        }
    }
}

impl Conversation {
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
        if fields.text(&["Status"]).as_deref() != Some("SUCCESS") {
            question.wrong = true;
            return Ok(Next::AskAuthenticator(AuthenticatorPrompt {
                conversation: self,
                question,
            }));
        }
        let session = session(fields)?;
        let (request, state) = self.respond("MFA_SETUP", Some(&session), &[], Answered::Other);
        Ok(Next::Send(request, state))
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

    fn begin_device(self: Box<Self>, session: Option<Session>, fields: &dyn Fields) -> Next {
        let name = "DEVICE_SRP_AUTH";
        let device = self.device.as_ref();
        let Some(ephemeral) = device.and_then(Participant::ephemeral) else {
            return self.other(name.to_owned(), session, fields);
        };
        let srp_a = ephemeral.public_hex();
        let responses = [("SRP_A", srp_a.as_str())];
        let (request, state) = self.respond(name, session.as_ref(), &responses, Answered::Device);
        let state = AwaitingReply {
            expecting: Expecting::DeviceVerifier(ephemeral),
            without_device: None,
            ..state
        };
        Next::Send(request, state)
    }

    fn other(self: Box<Self>, name: String, session: Option<Session>, fields: &dyn Fields) -> Next {
        Next::OtherChallenge(Challenge {
            name,
            session,
            parameters: fields.entries(&["ChallengeParameters"]),
            conversation: self,
        })
    }
}
