//! `SetUserPoolMfaConfig`: which second factors a pool has, and who has to have one.

use serde::Deserialize;
use serde_json::{Value, json};

use crate::{
    error::ApiError,
    factors::{Mfa, MfaMode},
    service::Service,
};

/// The request. What is said of mails and text messages is that there are some.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Request {
    user_pool_id: String,
    #[serde(default)]
    mfa_configuration: MfaMode,
    email_mfa_configuration: Option<Value>,
    sms_mfa_configuration: Option<Value>,
    software_token_mfa_configuration: Option<SoftwareToken>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct SoftwareToken {
    #[serde(default)]
    enabled: bool,
}

/// Replaces the configuration.
pub fn run(service: &Service, request: Request) -> Result<Value, ApiError> {
    let mfa = Mfa {
        mode: request.mfa_configuration,
        email: request.email_mfa_configuration.is_some(),
        sms: request.sms_mfa_configuration.is_some(),
        authenticator: request
            .software_token_mfa_configuration
            .is_some_and(|token| token.enabled),
    };
    service.store.change(|pools| {
        pools.pool_mut(&request.user_pool_id)?.mfa = mfa;
        Ok(())
    })?;
    Ok(json!({ "MfaConfiguration": mfa.mode }))
}
