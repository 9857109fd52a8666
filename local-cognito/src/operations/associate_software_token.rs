//! `AssociateSoftwareToken`: a secret for an authenticator, in the middle of a sign-in.

use serde::Deserialize;
use serde_json::{Value, json};

use crate::{
    entropy,
    error::{ApiError, Exception},
    service::Service,
    sessions::Step,
    totp,
};

/// The request. An access token would do, too; a local pool takes none.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Request {
    session: String,
}

/// Draws the secret.
pub fn run(service: &Service, request: &Request) -> Result<Value, ApiError> {
    let spent = service
        .sessions()
        .take(&request.session, service.clock.now());
    let (Ok(session), secret) = (spent, entropy::bytes()?) else {
        return Err(invalid());
    };
    let Step::SetUp = session.step else {
        return Err(invalid());
    };
    let handle = entropy::handle()?;
    let step = Step::Verify(secret);
    session.sign_in.keep(service, handle.clone(), step)?;
    Ok(json!({ "SecretCode": totp::encoded(&secret), "Session": handle }))
}

fn invalid() -> ApiError {
    Exception::NotAuthorized.because("Invalid session for the user.")
}
