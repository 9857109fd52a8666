//! `ConfirmDevice`: what a device will be known by.

use serde::Deserialize;
use serde_json::{Value, json};

use crate::{
    devices::{Device, Tracking, no_such_device},
    error::ApiError,
    service::Service,
    tokens,
};

/// The request.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Request {
    access_token: String,
    device_key: String,
    device_name: Option<String>,
    device_secret_verifier_config: SecretVerifier,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct SecretVerifier {
    password_verifier: String,
    salt: String,
}

/// Keeps the device that the tokens had announced.
pub async fn run(service: &Service, request: Request) -> Result<Value, ApiError> {
    let grant = tokens::bearer(service, &request.access_token).await?;
    let new = grant
        .new_device
        .filter(|new| new.key == request.device_key)
        .ok_or_else(no_such_device)?;
    let secret = request.device_secret_verifier_config;
    let mut device = Device::new(
        new.group_key,
        request.device_name,
        &secret.salt,
        &secret.password_verifier,
        service.clock.now(),
    )?;
    let necessary = service.store.change(|pools| {
        let pool = pools.pool_mut(&grant.pool_id)?;
        let necessary = pool.devices == Tracking::OnPrompt;
        device.remembered = !necessary;
        let mut user = pool.by_any_name_mut(&grant.username)?;
        user.devices.insert(new.key, device);
        Ok(necessary)
    })?;
    Ok(json!({ "UserConfirmationNecessary": necessary }))
}
