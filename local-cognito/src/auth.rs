//! What InitiateAuth and RespondToAuthChallenge have in common.

use std::{collections::BTreeMap, time::Duration};

use serde_json::{Value, json};

use crate::{
    devices::NewDevice,
    error::ApiError,
    service::Service,
    sessions::{Session, Step},
    users::Subject,
};

/// A sign-in on its way.
pub struct SignIn {
    /// The pool it happens in.
    pub pool_id: String,
    /// The client that began it.
    pub client_id: String,
    /// Who signs in.
    pub subject: Subject,
    /// `DEVICE_KEY`, once the client has sent one that is known.
    pub device_key: Option<String>,
}

/// What both calls answer.
pub enum AuthReply {
    /// There is more to do.
    Challenge {
        /// `ChallengeName`.
        name: &'static str,
        /// `Session`; the password challenge of `USER_SRP_AUTH` has none.
        session: Option<String>,
        /// `ChallengeParameters`.
        parameters: BTreeMap<String, String>,
    },
    /// There are several ways to begin.
    Choice {
        /// `Session`.
        session: String,
        /// `AvailableChallenges`.
        available: Vec<&'static str>,
    },
    /// It is done.
    Tokens {
        /// `IdToken`.
        id_token: String,
        /// `AccessToken`.
        access_token: String,
        /// `RefreshToken`; none when it was one that bought these.
        refresh_token: Option<String>,
        /// `ExpiresIn`, in seconds.
        expires_in: u64,
        /// `NewDeviceMetadata`.
        new_device: Option<NewDevice>,
    },
}

impl SignIn {
    /// Keeps a step under a handle for the client's next call.
    ///
    /// # Errors
    /// If the client is gone.
    pub fn keep(self, service: &Service, handle: String, step: Step) -> Result<(), ApiError> {
        let minutes = service
            .pools()
            .of_client(&self.client_id)?
            .1
            .auth_session_validity;
        let now = service.clock.now();
        let validity = Duration::from_secs(u64::from(minutes).saturating_mul(60));
        let session = Session {
            sign_in: self,
            step,
            expires: now.saturating_add(validity),
        };
        service.sessions().insert(handle, session, now);
        Ok(())
    }
}

impl AuthReply {
    /// The reply's JSON.
    pub fn into_json(self) -> Value {
        match self {
            Self::Challenge {
                name,
                session,
                parameters,
            } => {
                let mut reply = json!({ "ChallengeName": name, "ChallengeParameters": parameters });
                if let (Some(reply), Some(session)) = (reply.as_object_mut(), session) {
                    reply.insert("Session".into(), session.into());
                }
                reply
            }
            Self::Choice { session, available } => json!({
                "ChallengeName": "SELECT_CHALLENGE",
                "Session": session,
                "ChallengeParameters": {},
                "AvailableChallenges": available,
            }),
            Self::Tokens {
                id_token,
                access_token,
                refresh_token,
                expires_in,
                new_device,
            } => {
                let mut result = json!({
                    "IdToken": id_token,
                    "AccessToken": access_token,
                    "ExpiresIn": expires_in,
                    "TokenType": "Bearer",
                });
                if let (Some(result), Some(token)) = (result.as_object_mut(), refresh_token) {
                    result.insert("RefreshToken".into(), token.into());
                }
                if let (Some(result), Some(new)) = (result.as_object_mut(), new_device) {
                    let metadata = json!({ "DeviceKey": new.key, "DeviceGroupKey": new.group_key });
                    result.insert("NewDeviceMetadata".into(), metadata);
                }
                json!({ "AuthenticationResult": result, "ChallengeParameters": {} })
            }
        }
    }
}
