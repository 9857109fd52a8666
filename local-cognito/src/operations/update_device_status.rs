//! `UpdateDeviceStatus`: whether a device stands for the second factor.

use serde::Deserialize;
use serde_json::{Value, json};

use crate::{devices::no_such_device, error::ApiError, service::Service, tokens};

/// The request.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Request {
    access_token: String,
    device_key: String,
    device_remembered_status: Remembered,
}

#[derive(PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Remembered {
    Remembered,
    NotRemembered,
}

/// Sets it.
pub async fn run(service: &Service, request: Request) -> Result<Value, ApiError> {
    let grant = tokens::bearer(service, &request.access_token).await?;
    service.store.change(|pools| {
        let mut user = pools
            .pool_mut(&grant.pool_id)?
            .by_any_name_mut(&grant.username)?;
        let device = user.devices.get_mut(&request.device_key);
        let device = device.ok_or_else(no_such_device)?;
        device.modified = service.clock.now().as_secs();
        device.remembered = request.device_remembered_status == Remembered::Remembered;
        Ok(())
    })?;
    Ok(json!({}))
}
