//! `GlobalSignOut`: ends every grant of the access token's user.

use serde::Deserialize;
use serde_json::{Value, json};

use crate::{error::ApiError, service::Service, tokens};

/// The request.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Request {
    access_token: String,
}

/// Revokes all refresh tokens, and with them the access tokens for GetUser.
pub async fn run(service: &Service, request: Request) -> Result<Value, ApiError> {
    let grant = tokens::bearer(service, &request.access_token).await?;
    service.grants().revoke_all(&grant.pool_id, &grant.username);
    Ok(json!({}))
}
