//! `GetUser`: the attributes of the access token's user.

use serde::Deserialize;
use serde_json::{Value, json};

use super::listed_attributes;
use crate::{error::ApiError, service::Service, tokens};

/// The request.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Request {
    access_token: String,
}

/// Looks the user up.
pub async fn run(service: &Service, request: Request) -> Result<Value, ApiError> {
    let grant = tokens::bearer(service, &request.access_token).await?;
    let user = service.user(&grant.pool_id, &grant.username)?;
    Ok(json!({ "Username": user.username, "UserAttributes": listed_attributes(&user) }))
}
