//! ID, access and refresh tokens.

use std::time::Duration;

use serde_json::{Map, Value, json};

use crate::{
    auth::{AuthReply, SignIn},
    devices::{NewDevice, Tracking},
    entropy,
    error::{ApiError, Exception},
    grants::Grant,
    seed::REGION,
    service::Service,
    users::{Status, User},
};

/// Cognito's default life of ID and access tokens, in seconds.
const LIFE: u64 = 3600;

/// The scope of tokens that come from the API rather than from a hosted page.
const SCOPE: &str = "aws.cognito.signin.user.admin";

/// The tokens of a sign-in that has just succeeded.
///
/// # Errors
/// If the user may not have any.
pub async fn issue(service: &Service, sign_in: SignIn) -> Result<AuthReply, ApiError> {
    let tracking = service.pools().pool(&sign_in.pool_id)?.devices;
    let announced = tracking != Tracking::Off && sign_in.device_key.is_none();
    let new_device = match announced {
        true => Some(NewDevice::draw(REGION)?),
        false => None,
    };
    let grant = Grant {
        origin_jti: entropy::uuid()?.to_string(),
        event_id: entropy::uuid()?.to_string(),
        refresh_token: entropy::handle()?,
        pool_id: sign_in.pool_id,
        client_id: sign_in.client_id,
        username: sign_in.subject.username,
        auth_time: service.clock.now(),
        new_device: new_device.clone(),
        revoked: false,
    };
    let refresh_token = Some(grant.refresh_token.clone());
    let (id_token, access_token) = sign(service, &grant).await?;
    service.grants().insert(grant);
    Ok(AuthReply::Tokens {
        id_token,
        access_token,
        refresh_token,
        expires_in: LIFE,
        new_device,
    })
}

/// New ID and access tokens for a refresh token, which stays as it is.
///
/// # Errors
/// If the refresh token does not count, or not for this client.
pub async fn renew(
    service: &Service,
    client_id: &str,
    refresh_token: &str,
) -> Result<AuthReply, ApiError> {
    let now = service.clock.now();
    let grant = service
        .grants()
        .by_refresh_token(refresh_token, now)
        .cloned();
    let grant = grant
        .filter(|grant| grant.client_id == client_id)
        .ok_or_else(|| Exception::NotAuthorized.because("Invalid Refresh Token"))?;
    if grant.revoked {
        return Err(Exception::NotAuthorized.because("Refresh Token has been revoked"));
    }
    let (id_token, access_token) = sign(service, &grant).await?;
    Ok(AuthReply::Tokens {
        id_token,
        access_token,
        refresh_token: None,
        expires_in: LIFE,
        new_device: None,
    })
}

/// Whose access token this is, if it still counts.
///
/// # Errors
/// `NotAuthorizedException`: not ours, over, or revoked.
pub async fn bearer(service: &Service, access_token: &str) -> Result<Grant, ApiError> {
    let refused = |why: &str| Exception::NotAuthorized.because(why);
    let claims = service.keys.access().await?.verify(access_token);
    let claims = claims.ok_or_else(|| refused("Invalid Access Token"))?;
    let expires = claims
        .get("exp")
        .and_then(Value::as_u64)
        .unwrap_or_default();
    if service.clock.now() >= Duration::from_secs(expires) {
        return Err(refused("Access Token has expired"));
    }
    let origin = claims
        .get("origin_jti")
        .and_then(Value::as_str)
        .unwrap_or_default();
    let grant = service.grants().by_origin(origin).cloned();
    let grant = grant.ok_or_else(|| refused("Invalid Access Token"))?;
    if grant.revoked {
        return Err(refused("Access Token has been revoked"));
    }
    service
        .user(&grant.pool_id, &grant.username)
        .and_then(|user| may_have_tokens(&user))?;
    Ok(grant)
}

/// Whether a user who has proved everything gets in.
///
/// # Errors
/// With Cognito's name for each reason why not.
pub fn may_have_tokens(user: &User) -> Result<(), ApiError> {
    if !user.enabled {
        return Err(Exception::NotAuthorized.because("User is disabled."));
    }
    match user.status {
        Status::Confirmed => Ok(()),
        Status::Unconfirmed => Err(Exception::UserNotConfirmed.because("User is not confirmed.")),
        Status::ResetRequired => {
            Err(Exception::PasswordResetRequired.because("Password reset required for the user"))
        }
        // A sign-in asks for the new password before it comes here.
        Status::ForceChangePassword => {
            Err(Exception::NotAuthorized.because("User has a temporary password."))
        }
    }
}

/// The ID and the access token of a grant.
async fn sign(service: &Service, grant: &Grant) -> Result<(String, String), ApiError> {
    let user = service.user(&grant.pool_id, &grant.username)?;
    may_have_tokens(&user)?;
    let (id_key, access_key) = (service.keys.id().await?, service.keys.access().await?);
    let issued = service.clock.now().as_secs();
    let common = json!({
        "sub": user.attribute("sub"),
        "iss": service.issuer(&grant.pool_id),
        "origin_jti": grant.origin_jti,
        "event_id": grant.event_id,
        "auth_time": grant.auth_time.as_secs(),
        "iat": issued,
        "exp": issued.saturating_add(LIFE),
    });
    let id = merged(
        &common,
        attribute_claims(&user),
        json!({
            "aud": grant.client_id,
            "token_use": "id",
            "cognito:username": user.username,
            "jti": entropy::uuid()?.to_string(),
        }),
    );
    let access = merged(
        &common,
        Map::new(),
        json!({
            "client_id": grant.client_id,
            "token_use": "access",
            "scope": SCOPE,
            "username": user.username,
            "jti": entropy::uuid()?.to_string(),
        }),
    );
    Ok((id_key.sign(&id)?, access_key.sign(&access)?))
}

/// The user's attributes as claims: `…_verified` is a boolean there.
fn attribute_claims(user: &User) -> Map<String, Value> {
    let claim = |(name, value): (&String, &String)| {
        let value = match name.ends_with("_verified") {
            true => Value::Bool(value == "true"),
            false => Value::String(value.clone()),
        };
        (name.clone(), value)
    };
    user.attributes.iter().map(claim).collect()
}

/// Later parts win: no attribute can pass for a claim of the pool's.
fn merged(common: &Value, attributes: Map<String, Value>, own: Value) -> Value {
    let mut claims = attributes;
    for part in [common.clone(), own] {
        if let Value::Object(part) = part {
            claims.extend(part);
        }
    }
    Value::Object(claims)
}
