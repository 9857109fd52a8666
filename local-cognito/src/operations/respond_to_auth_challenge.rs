//! `RespondToAuthChallenge`: `PASSWORD_VERIFIER` and `CUSTOM_CHALLENGE`.
//!
//! What can be judged by the request alone is judged first. Then the session is spent, and
//! whatever follows, it opens nothing more.

use std::collections::BTreeMap;

use base64ct::{Base64, Encoding};
use protocol::Timestamp;
use serde::Deserialize;
use serde_json::Value;

use super::check_length;
use crate::{
    auth::{AuthReply, SignIn},
    custom_auth::{self, ClientMetadata},
    error::{ApiError, Exception},
    events::Round,
    password::{self, Claim},
    service::Service,
    sessions::{PasswordStep, Refused, Step},
    tokens,
};

/// The request.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Request {
    client_id: String,
    challenge_name: String,
    session: Option<String>,
    #[serde(default)]
    challenge_responses: BTreeMap<String, String>,
    #[serde(default)]
    client_metadata: ClientMetadata,
}

/// Takes the client's answer.
pub async fn run(service: &Service, request: Request) -> Result<Value, ApiError> {
    check_length("ClientId", &request.client_id, 1..=128)?;
    if let Some(session) = &request.session {
        check_length("Session", session, 20..=4096)?;
    }
    service.pools().of_client(&request.client_id)?;
    let reply = match request.challenge_name.as_str() {
        "PASSWORD_VERIFIER" => password_verifier(service, request).await?,
        "CUSTOM_CHALLENGE" => custom_challenge(service, request).await?,
        _ => {
            return Err(Exception::InvalidParameter
                .because("ChallengeName must be PASSWORD_VERIFIER or CUSTOM_CHALLENGE here."));
        }
    };
    Ok(reply.into_json())
}

async fn password_verifier(service: &Service, request: Request) -> Result<AuthReply, ApiError> {
    let username = response(&request, "USERNAME")?;
    let timestamp = Timestamp::parse(response(&request, "TIMESTAMP")?).map_err(|_| {
        Exception::InvalidParameter
            .because("TIMESTAMP format should be EEE MMM d HH:mm:ss z yyyy in english.")
    })?;
    let signature = base64(&request, "PASSWORD_CLAIM_SIGNATURE")?;
    let secret_block = base64(&request, "PASSWORD_CLAIM_SECRET_BLOCK")?;
    let block_text = response(&request, "PASSWORD_CLAIM_SECRET_BLOCK")?;
    let handle = request.session.as_deref().unwrap_or(block_text);
    let (sign_in, step) = spend(service, &request.client_id, username, handle)?;
    let claim = Claim {
        timestamp,
        signature,
        secret_block,
    };
    match step {
        Step::Password(step) => {
            prove(service, &sign_in, step, claim).await?;
            tokens::issue(service, sign_in).await
        }
        Step::PasswordThenCustom(step, mut history) => {
            prove(service, &sign_in, step, claim).await?;
            history.push(Round {
                challenge_name: "PASSWORD_VERIFIER",
                challenge_result: true,
                challenge_metadata: None,
            });
            custom_auth::go_on(service, sign_in, history, request.client_metadata).await
        }
        Step::Custom(_) => Err(invalid_session()),
    }
}

async fn custom_challenge(service: &Service, request: Request) -> Result<AuthReply, ApiError> {
    let username = response(&request, "USERNAME")?;
    let answer = response(&request, "ANSWER")?;
    let handle = request
        .session
        .as_deref()
        .ok_or_else(|| ApiError::missing("Session"))?;
    match spend(service, &request.client_id, username, handle)? {
        (sign_in, Step::Custom(step)) => {
            let metadata = request.client_metadata.clone();
            custom_auth::answer(service, sign_in, step, answer, metadata).await
        }
        (_, Step::Password(_) | Step::PasswordThenCustom(..)) => Err(invalid_session()),
    }
}

/// Spends the session, and checks that it is this client's and this user's.
fn spend(
    service: &Service,
    client_id: &str,
    username: &str,
    handle: &str,
) -> Result<(SignIn, Step), ApiError> {
    let session = service.sessions().take(handle, service.clock.now());
    let session = session.map_err(|refused| match refused {
        Refused::Unknown => invalid_session(),
        Refused::Expired => {
            Exception::NotAuthorized.because("Invalid session for the user, session is expired.")
        }
    })?;
    let sign_in = session.sign_in;
    if sign_in.client_id != client_id || !sign_in.subject.goes_by(username) {
        return Err(invalid_session());
    }
    Ok((sign_in, session.step))
}

/// The password is right, and the user may come in.
async fn prove(
    service: &Service,
    sign_in: &SignIn,
    step: PasswordStep,
    claim: Claim,
) -> Result<(), ApiError> {
    password::check(service, sign_in, step, claim).await?;
    tokens::may_have_tokens(&service.user(&sign_in.pool_id, &sign_in.subject.username)?)
}

fn response<'a>(request: &'a Request, name: &str) -> Result<&'a str, ApiError> {
    let value = request
        .challenge_responses
        .get(name)
        .filter(|value| !value.is_empty());
    value
        .map(String::as_str)
        .ok_or_else(|| ApiError::missing(name))
}

fn base64(request: &Request, name: &str) -> Result<Vec<u8>, ApiError> {
    Base64::decode_vec(response(request, name)?)
        .map_err(|_| Exception::InvalidParameter.because(format!("{name} should be base64.")))
}

fn invalid_session() -> ApiError {
    Exception::NotAuthorized.because("Invalid session for the user.")
}
