//! The `Session` strings: new for each step, spent by the first use, bound to what they
//! were issued for.

use std::{collections::HashMap, time::Duration};

use protocol::srp::ServerHandshake;
use serde_json::{Map, Value};

use crate::{auth::SignIn, events::Round, factors::Factor, passkeys::Challenge};

/// The sign-ins that wait for a client's next call.
#[derive(Default)]
pub struct Sessions(HashMap<String, Session>);

/// One sign-in between two calls.
pub struct Session {
    /// Whose it is; only this client and this user may go on.
    pub sign_in: SignIn,
    /// What the client has to answer.
    pub step: Step,
    /// Until when, since 1970.
    pub expires: Duration,
}

/// What a session waits for.
pub enum Step {
    /// `PASSWORD_VERIFIER` of `USER_SRP_AUTH`: the password is all.
    Password(PasswordStep),
    /// `PASSWORD_VERIFIER` of `CUSTOM_AUTH`: the triggers go on from this history.
    PasswordThenCustom(PasswordStep, Vec<Round>),
    /// `CUSTOM_CHALLENGE`.
    Custom(CustomStep),
    /// `SELECT_CHALLENGE`.
    SelectChallenge,
    /// `NEW_PASSWORD_REQUIRED`; with a history the triggers go on from it.
    NewPassword(Option<Vec<Round>>),
    /// `EMAIL_OTP` or `SOFTWARE_TOKEN_MFA`.
    Code(CodeStep),
    /// `SELECT_MFA_TYPE`.
    SelectFactor(Vec<Factor>),
    /// `MFA_SETUP`.
    SetUp,
    /// `VerifySoftwareToken` with a code of this secret.
    Verify([u8; 20]),
    /// `MFA_SETUP` once more: the authenticator has been verified.
    IsSetUp,
    /// `WEB_AUTHN` with this challenge.
    Passkey(Challenge),
    /// `DEVICE_SRP_AUTH`.
    DeviceSrp,
    /// `DEVICE_PASSWORD_VERIFIER`.
    DevicePassword(PasswordStep),
}

/// A code of the pool's own that is awaited.
pub struct CodeStep {
    /// Which factor.
    pub factor: Factor,
    /// The code, if one was sent.
    pub sent: Option<String>,
    /// How many wrong ones the session outlives.
    pub attempts_left: u32,
}

/// A password challenge in flight.
pub struct PasswordStep {
    /// The server's half of SRP.
    pub handshake: Box<ServerHandshake>,
    /// The bytes the client has to sign.
    pub secret_block: [u8; 128],
}

/// A custom challenge in flight.
pub struct CustomStep {
    /// The rounds so far.
    pub history: Vec<Round>,
    /// What Create told only Verify.
    pub private_parameters: Map<String, Value>,
    /// What Create wants to find in the history.
    pub metadata: Option<String>,
}

/// Why a session string opens nothing.
#[derive(Debug, PartialEq, Eq)]
pub enum Refused {
    /// Never issued, or used before.
    Unknown,
    /// Not used in time.
    Expired,
}

/// More sign-ins than this do not wait at once: the ones that expire first go.
const MOST: usize = 1_000;

/// For so long an expired session is still told from an unknown one.
const REMEMBERED: Duration = Duration::from_secs(900);

impl Sessions {
    /// Keeps a session under a handle.
    pub fn insert(&mut self, handle: String, session: Session, now: Duration) {
        self.0
            .retain(|_, session| now < session.expires.saturating_add(REMEMBERED));
        if self.0.len() >= MOST {
            let first = self.0.iter().min_by_key(|(_, session)| session.expires);
            if let Some(first) = first.map(|(handle, _)| handle.clone()) {
                self.0.remove(&first);
            }
        }
        self.0.insert(handle, session);
    }

    /// Spends a handle. Whatever comes of the call, the handle opens nothing more.
    pub fn take(&mut self, handle: &str, now: Duration) -> Result<Session, Refused> {
        let session = self.0.remove(handle).ok_or(Refused::Unknown)?;
        if now < session.expires {
            Ok(session)
        } else {
            Err(Refused::Expired)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::users::Subject;

    fn session(expires: u64) -> Session {
        Session {
            sign_in: SignIn {
                pool_id: String::new(),
                client_id: String::new(),
                subject: Subject {
                    typed: String::new(),
                    username: String::new(),
                    exists: true,
                },
                device_key: None,
            },
            step: Step::Custom(CustomStep {
                history: Vec::new(),
                private_parameters: Map::new(),
                metadata: None,
            }),
            expires: Duration::from_secs(expires),
        }
    }

    fn taken(sessions: &mut Sessions, handle: &str, now: u64) -> Result<(), Refused> {
        sessions.take(handle, Duration::from_secs(now)).map(drop)
    }

    #[test]
    fn a_handle_opens_once_and_in_time() {
        let mut sessions = Sessions::default();
        for handle in ["in time", "too late"] {
            sessions.insert(handle.into(), session(180), Duration::ZERO);
        }
        assert_eq!(taken(&mut sessions, "in time", 179), Ok(()));
        assert_eq!(taken(&mut sessions, "in time", 179), Err(Refused::Unknown));
        assert_eq!(taken(&mut sessions, "too late", 180), Err(Refused::Expired));
        assert_eq!(taken(&mut sessions, "too late", 180), Err(Refused::Unknown));
    }

    #[test]
    fn ten_thousand_sign_ins_leave_a_thousand_sessions() {
        let mut sessions = Sessions::default();
        for number in 0..10_000 {
            sessions.insert(number.to_string(), session(180 + number), Duration::ZERO);
        }
        assert_eq!(sessions.0.len(), MOST);
        assert_eq!(taken(&mut sessions, "0", 0), Err(Refused::Unknown));
        assert_eq!(taken(&mut sessions, "9999", 0), Ok(()));
    }
}
