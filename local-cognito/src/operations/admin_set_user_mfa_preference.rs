//! `AdminSetUserMFAPreference`: which second factors a user uses.

use serde::Deserialize;
use serde_json::{Value, json};

use crate::{
    error::{ApiError, Exception},
    factors::Factor,
    service::Service,
};

/// The request.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Request {
    user_pool_id: String,
    username: String,
    email_mfa_settings: Option<Settings>,
    software_token_mfa_settings: Option<Settings>,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Settings {
    #[serde(default)]
    enabled: bool,
    #[serde(default)]
    preferred_mfa: bool,
}

/// Sets what the request names, and leaves the rest.
pub fn run(service: &Service, request: Request) -> Result<Value, ApiError> {
    service.store.change(|pools| {
        let user = pools
            .pool_mut(&request.user_pool_id)?
            .by_any_name(&request.username)?;
        let factors = &mut user.second_factors;
        if let Some(settings) = request.email_mfa_settings {
            factors.email = settings.enabled;
        }
        if let Some(settings) = request.software_token_mfa_settings {
            if settings.enabled && factors.authenticator.is_none() {
                return Err(
                    Exception::InvalidParameter.because("User has not verified software token mfa")
                );
            }
            if !settings.enabled {
                factors.authenticator = None;
            }
        }
        for (settings, factor) in [
            (request.email_mfa_settings, Factor::Email),
            (request.software_token_mfa_settings, Factor::Authenticator),
        ] {
            let Some(settings) = settings else { continue };
            if settings.preferred_mfa {
                factors.preferred = Some(factor.name().to_owned());
            } else if factors.preferred.as_deref() == Some(factor.name()) {
                factors.preferred = None;
            }
        }
        Ok(())
    })?;
    Ok(json!({}))
}
