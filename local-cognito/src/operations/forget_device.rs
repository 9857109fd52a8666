//! `ForgetDevice`.

use serde::Deserialize;
use serde_json::{Value, json};

use crate::{devices::no_such_device, error::ApiError, service::Service, tokens};

/// The request.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Request {
    access_token: String,
    device_key: String,
}

/// Forgets it.
pub async fn run(service: &Service, request: Request) -> Result<Value, ApiError> {
    let grant = tokens::bearer(service, &request.access_token).await?;
    service.store.change(|pools| {
        let mut user = pools
            .pool_mut(&grant.pool_id)?
            .by_any_name_mut(&grant.username)?;
        let forgotten = user.devices.remove(&request.device_key);
        forgotten.map(drop).ok_or_else(no_such_device)
    })?;
    Ok(json!({}))
}
