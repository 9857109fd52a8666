//! ID, access and refresh tokens.

use std::time::Duration;

use serde_json::{Map, Value, json};

use crate::{
    auth::{AuthReply, SignIn},
    devices::{NewDevice, Tracking},
    entropy,
    error::{ApiError, Exception},
    grants::Grant,
    lifetimes::Rotation,
    refresh_tokens::{RefreshTokens, Reused},
    seed::REGION,
    service::Service,
    users::{Status, User},
};

/// The scope of tokens that come from the API rather than from a hosted page.
const SCOPE: &str = "aws.cognito.signin.user.admin";

/// What somebody asks for new tokens with.
pub struct Renewal<'a> {
    /// `ClientId`.
    pub client_id: &'a str,
    /// The refresh token.
    pub refresh_token: &'a str,
    /// `DEVICE_KEY`.
    pub device_key: Option<&'a str>,
}

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
    let lifetimes = service.pools().of_client(&sign_in.client_id)?.1.lifetimes;
    let (refresh_token, auth_time) = (entropy::handle()?, service.clock.now());
    let announced = new_device.as_ref().map(|device| device.key.clone());
    let grant = Grant {
        origin_jti: entropy::uuid()?.to_string(),
        event_id: entropy::uuid()?.to_string(),
        refresh_tokens: RefreshTokens::new(refresh_token.clone()),
        pool_id: sign_in.pool_id,
        client_id: sign_in.client_id,
        username: sign_in.subject.username,
        auth_time,
        expires: auth_time.saturating_add(Duration::from_secs(lifetimes.refresh)),
        device_key: announced.or(sign_in.device_key),
        new_device: new_device.clone(),
        revoked: false,
    };
    let (id_token, access_token) = sign(service, &grant).await?;
    service.grants().insert(grant);
    Ok(AuthReply::Tokens {
        id_token,
        access_token,
        refresh_token: Some(refresh_token),
        expires_in: lifetimes.access,
        new_device,
    })
}

/// New ID and access tokens for a refresh token, and with rotation another refresh token.
///
/// # Errors
/// If the refresh token does not count, or not for this client or device.
pub async fn renew(service: &Service, renewal: Renewal<'_>) -> Result<AuthReply, ApiError> {
    let now = service.clock.now();
    let client = service.pools().of_client(renewal.client_id)?.1.clone();
    let grant = service
        .grants()
        .by_refresh_token(renewal.refresh_token, now)
        .cloned();
    let grant = grant
        .filter(|grant| grant.client_id == client.id)
        .ok_or_else(invalid_refresh_token)?;
    if grant.revoked {
        return Err(Exception::NotAuthorized.because("Refresh Token has been revoked"));
    }
    check_device(service, &grant, renewal.device_key)?;
    grant
        .refresh_tokens
        .check(renewal.refresh_token, now)
        .map_err(reused)?;
    // Before the rotation: a user who may have no tokens any more spends none.
    let (id_token, access_token) = sign(service, &grant).await?;
    let refresh_token = match client.rotation {
        Some(rotation) => Some(rotate(service, renewal.refresh_token, rotation, now)?),
        None => None,
    };
    Ok(AuthReply::Tokens {
        id_token,
        access_token,
        refresh_token,
        expires_in: client.lifetimes.access,
        new_device: None,
    })
}

/// The refresh token that follows one, which is judged again: others may have used it meanwhile.
fn rotate(
    service: &Service,
    used: &str,
    rotation: Rotation,
    now: Duration,
) -> Result<String, ApiError> {
    let next = entropy::handle()?;
    let mut grants = service.grants();
    let grant = grants
        .by_refresh_token(used, now)
        .ok_or_else(invalid_refresh_token)?;
    grant
        .refresh_tokens
        .rotate(used, next.clone(), rotation.grace(), now)
        .map_err(reused)?;
    Ok(next)
}

/// A refresh token that is bound to a device is good with its key alone, and not before the device
/// is confirmed or after it is forgotten.
fn check_device(service: &Service, grant: &Grant, sent: Option<&str>) -> Result<(), ApiError> {
    let Some(key) = grant.device_key.as_deref() else {
        return Ok(());
    };
    let user = service.user(&grant.pool_id, &grant.username)?;
    match sent == Some(key) && user.devices.contains_key(key) {
        true => Ok(()),
        false => Err(invalid_refresh_token()),
    }
}

fn invalid_refresh_token() -> ApiError {
    Exception::NotAuthorized.because("Invalid Refresh Token.")
}

fn reused(_: Reused) -> ApiError {
    Exception::RefreshTokenReuse.because("Refresh token has been invalidated by rotation.")
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
    let lifetimes = service.pools().of_client(&grant.client_id)?.1.lifetimes;
    let issued = service.clock.now().as_secs();
    let common = json!({
        "sub": user.attribute("sub"),
        "iss": service.issuer(&grant.pool_id),
        "origin_jti": grant.origin_jti,
        "event_id": grant.event_id,
        "auth_time": grant.auth_time.as_secs(),
        "iat": issued,
    });
    let id = merged(
        &common,
        attribute_claims(&user),
        json!({
            "aud": grant.client_id,
            "token_use": "id",
            "cognito:username": user.username,
            "exp": issued.saturating_add(lifetimes.id),
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
            "exp": issued.saturating_add(lifetimes.access),
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
