//! `ForgotPassword`, `ConfirmForgotPassword` and `ChangePassword`.

use serde::Deserialize;
use serde_json::Value;
use subtle::ConstantTimeEq;

use protocol::srp::Verifier;

use super::{
    admin_set_user_password::check_password,
    sign_up::{Found, change_user, delivered, find, send},
};
use crate::{
    codes::{self, Key, Purpose},
    error::{ApiError, Exception},
    lockout::{Locked, Name},
    pools::short_name,
    service::Service,
    tokens,
    users::{Credential, Status},
};

/// Who has forgotten the password.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Forgotten {
    client_id: String,
    username: String,
}

/// A new password, and the code for it.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Replacement {
    client_id: String,
    username: String,
    confirmation_code: String,
    password: String,
}

/// The old password and the new one.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Change {
    access_token: String,
    previous_password: String,
    proposed_password: String,
}

/// Mails a code to the verified address. Users that do not exist look as if it had.
pub async fn forgot(service: &Service, request: Forgotten) -> Result<Value, ApiError> {
    let (pool_id, user) = match find(service, &request.client_id, &request.username)? {
        Found::User(pool_id, user) if user.enabled => (pool_id, user),
        Found::User(..) | Found::Nobody => return Ok(delivered(&request.username)),
    };
    if user.status == Status::ForceChangePassword {
        return Err(
            Exception::NotAuthorized.because("User password cannot be reset in the current state.")
        );
    }
    let none = || {
        Exception::InvalidParameter.because(
            "Cannot reset password for the user as there is no registered/verified email or \
             phone_number",
        )
    };
    if user.attribute("email_verified") != "true" {
        return Err(none());
    }
    let delivery = send(service, &pool_id, &user, Purpose::NewPassword).await?;
    delivery.ok_or_else(none)
}

/// Spends the code on the new password.
pub fn confirm(service: &Service, request: &Replacement) -> Result<Value, ApiError> {
    check_password(&request.password)?;
    let (pool_id, user) = match find(service, &request.client_id, &request.username)? {
        Found::User(pool_id, user) if user.enabled => (pool_id, user),
        Found::User(..) | Found::Nobody => return Err(codes::mismatch()),
    };
    let key = Key::of(&pool_id, &user, Purpose::NewPassword);
    codes::spend(service, &key, &request.confirmation_code)?;
    let credential = Credential::of(short_name(&pool_id), &user.username, &request.password)?;
    change_user(service, &pool_id, &user.username, |user| {
        user.credential = credential;
        user.status = Status::Confirmed;
    })
}

/// Replaces the password of whoever knows the old one. Wrong ones count as at sign-in.
pub async fn change(service: &Service, request: Change) -> Result<Value, ApiError> {
    let grant = tokens::bearer(service, &request.access_token).await?;
    check_password(&request.proposed_password)?;
    let user = service.user(&grant.pool_id, &grant.username)?;
    let name = Name {
        pool_id: grant.pool_id.clone(),
        username: grant.username.clone(),
    };
    let pool_name = short_name(&grant.pool_id);
    let mut lockouts = service.lockouts.lock().await;
    let now = service.clock.now();
    lockouts.check(&name, now).map_err(|Locked| {
        Exception::LimitExceeded.because("Attempt limit exceeded, please try after some time.")
    })?;
    let previous = request.previous_password.as_bytes();
    let shown = Verifier::derive(pool_name, &user.username, previous, &user.credential.salt);
    let kept = user.credential.verifier.to_hex();
    if !bool::from(shown.to_hex().as_bytes().ct_eq(kept.as_bytes())) {
        lockouts.failed(name, now);
        return Err(ApiError::incorrect());
    }
    lockouts.succeeded(&name);
    let credential = Credential::of(pool_name, &user.username, &request.proposed_password)?;
    change_user(service, &grant.pool_id, &grant.username, |user| {
        user.credential = credential;
    })
}
