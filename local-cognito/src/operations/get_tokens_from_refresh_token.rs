//! `GetTokensFromRefreshToken`, the one way to new tokens for clients with rotation.

use serde::Deserialize;
use serde_json::Value;

use crate::{
    error::ApiError,
    service::Service,
    tokens::{self, Renewal},
};

/// The request.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Request {
    refresh_token: String,
    client_id: String,
    device_key: Option<String>,
}

/// Renews the ID and the access token, and with rotation the refresh token.
pub async fn run(service: &Service, request: Request) -> Result<Value, ApiError> {
    let renewal = Renewal {
        client_id: &request.client_id,
        refresh_token: &request.refresh_token,
        device_key: request.device_key.as_deref(),
    };
    let mut reply = tokens::renew(service, renewal).await?.into_json();
    // Unlike a sign-in's, this reply knows of no challenges.
    if let Some(reply) = reply.as_object_mut() {
        reply.remove("ChallengeParameters");
    }
    Ok(reply)
}
