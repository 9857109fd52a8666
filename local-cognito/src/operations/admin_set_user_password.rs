//! `AdminSetUserPassword`: a new verifier, permanent or temporary.

use serde::Deserialize;
use serde_json::{Value, json};

use crate::{
    error::{ApiError, Exception},
    pools::short_name,
    service::Service,
    users::{Credential, Status},
};

/// The request.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Request {
    user_pool_id: String,
    username: String,
    password: String,
    #[serde(default)]
    permanent: bool,
}

/// Replaces the password. The password itself is dropped here.
pub fn run(service: &Service, request: Request) -> Result<Value, ApiError> {
    check_password(&request.password)?;
    let username = service
        .pools()
        .pool(&request.user_pool_id)?
        .by_any_name(&request.username)?
        .username
        .clone();
    let pool_name = short_name(&request.user_pool_id);
    let credential = Credential::of(pool_name, &username, &request.password)?;
    service.store.change(|pools| {
        let mut user = pools
            .pool_mut(&request.user_pool_id)?
            .by_any_name_mut(&request.username)?;
        user.credential = credential;
        user.modified = service.clock.now().as_secs();
        user.status = if request.permanent {
            Status::Confirmed
        } else {
            Status::ForceChangePassword
        };
        Ok(())
    })?;
    Ok(json!({}))
}

/// The part of Cognito's default policy that bounds the work: 8 to 256 characters.
pub fn check_password(password: &str) -> Result<(), ApiError> {
    let why = match password.chars().count() {
        8..=256 => return Ok(()),
        ..8 => "Password not long enough",
        _ => "Password too long",
    };
    let message = format!("Password did not conform with policy: {why}");
    Err(Exception::InvalidPassword.because(message))
}
