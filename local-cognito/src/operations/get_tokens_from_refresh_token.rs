//! `GetTokensFromRefreshToken`, without rotation.

use serde::Deserialize;
use serde_json::Value;

use crate::{error::ApiError, service::Service, tokens};

/// The request.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Request {
    refresh_token: String,
    client_id: String,
}

/// Renews the ID and the access token.
pub async fn run(service: &Service, request: Request) -> Result<Value, ApiError> {
    service.pools().of_client(&request.client_id)?;
    let reply = tokens::renew(service, &request.client_id, &request.refresh_token).await?;
    Ok(reply.into_json())
}
