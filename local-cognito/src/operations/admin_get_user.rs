//! `AdminGetUser`: a user by name.

use serde::Deserialize;
use serde_json::Value;

use super::admin_create_user::described;
use crate::{error::ApiError, service::Service};

/// The request.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Request {
    user_pool_id: String,
    username: String,
}

/// Looks the user up.
pub fn run(service: &Service, request: Request) -> Result<Value, ApiError> {
    let pools = service.pools();
    let user = pools
        .pool(&request.user_pool_id)?
        .by_any_name(&request.username)?;
    Ok(described(user, "UserAttributes"))
}
