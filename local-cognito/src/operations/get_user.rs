//! `GetUser`: the attributes and second factors of the access token's user.

use serde::Deserialize;
use serde_json::{Value, json};

use super::{listed_attributes, mfa_preference};
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
    let mut reply = mfa_preference::listed(&user);
    reply.insert("UserAttributes".into(), json!(listed_attributes(&user)));
    reply.insert("Username".into(), user.username.into());
    Ok(reply.into())
}
