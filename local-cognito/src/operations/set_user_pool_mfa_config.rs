//! `SetUserPoolMfaConfig`: which second factors a pool has, and who has to have one.

use serde::Deserialize;
use serde_json::{Value, json};

use super::check_length;
use crate::{
    error::ApiError,
    factors::{Mfa, MfaMode},
    passkeys::{RelyingParty, UserVerification},
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
    web_authn_configuration: Option<WebAuthn>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct SoftwareToken {
    #[serde(default)]
    enabled: bool,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct WebAuthn {
    relying_party_id: Option<String>,
    #[serde(default)]
    user_verification: UserVerification,
}

/// Replaces the configuration of second factors; that of passkeys, if there is one.
pub fn run(service: &Service, request: Request) -> Result<Value, ApiError> {
    let mfa = Mfa {
        mode: request.mfa_configuration,
        email: request.email_mfa_configuration.is_some(),
        sms: request.sms_mfa_configuration.is_some(),
        authenticator: request
            .software_token_mfa_configuration
            .is_some_and(|token| token.enabled),
    };
    let web_authn = request.web_authn_configuration;
    if let Some(id) = web_authn
        .as_ref()
        .and_then(|web_authn| web_authn.relying_party_id.as_ref())
    {
        check_length("RelyingPartyId", id, 1..=127)?;
    }
    service.store.change(|pools| {
        let pool = pools.pool_mut(&request.user_pool_id)?;
        pool.mfa = mfa;
        if let Some(web_authn) = web_authn {
            pool.passkeys.relying_party = web_authn.relying_party();
        }
        Ok(())
    })?;
    Ok(json!({ "MfaConfiguration": mfa.mode }))
}

impl WebAuthn {
    fn relying_party(self) -> Option<RelyingParty> {
        Some(RelyingParty {
            id: self.relying_party_id?,
            user_verification: self.user_verification,
        })
    }
}
