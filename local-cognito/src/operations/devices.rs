//! `ListDevices` and `GetDevice`: the devices of the access token's user.

use serde::Deserialize;
use serde_json::{Value, json};

use crate::{
    devices::{Device, no_such_device},
    error::{ApiError, Exception},
    service::Service,
    tokens,
};

/// Which page of the devices.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Listing {
    access_token: String,
    limit: Option<usize>,
    pagination_token: Option<String>,
}

/// Which device.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Request {
    access_token: Option<String>,
    device_key: String,
}

/// As many as Cognito gives at once.
const MOST: usize = 60;

/// A page of devices, by their keys. The token of the next page is the last key of this one.
pub async fn list(service: &Service, request: Listing) -> Result<Value, ApiError> {
    let grant = tokens::bearer(service, &request.access_token).await?;
    let limit = match request.limit {
        None | Some(0) => MOST,
        Some(limit) if limit <= MOST => limit,
        Some(limit) => {
            return Err(Exception::InvalidParameter
                .because(format!("Limit must be 0 to {MOST}, but is {limit}.")));
        }
    };
    let user = service.user(&grant.pool_id, &grant.username)?;
    let after = request.pagination_token.unwrap_or_default();
    let mut rest = user.devices.iter().filter(|(key, _)| **key > after);
    let page: Vec<_> = rest.by_ref().take(limit).collect();
    let devices: Vec<_> = page
        .iter()
        .map(|(key, device)| shown(key, device))
        .collect();
    let mut reply = json!({ "Devices": devices });
    if let (Some(_), Some((last, _)), Some(reply)) =
        (rest.next(), page.last(), reply.as_object_mut())
    {
        reply.insert("PaginationToken".into(), json!(last));
    }
    Ok(reply)
}

/// One device.
pub async fn get(service: &Service, request: Request) -> Result<Value, ApiError> {
    let token = request.access_token;
    let token = token.ok_or_else(|| ApiError::missing("AccessToken"))?;
    let grant = tokens::bearer(service, &token).await?;
    let user = service.user(&grant.pool_id, &grant.username)?;
    let device = user.devices.get(&request.device_key);
    let device = device.ok_or_else(no_such_device)?;
    Ok(json!({ "Device": shown(&request.device_key, device) }))
}

fn shown(key: &str, device: &Device) -> Value {
    let remembered = match device.remembered {
        true => "remembered",
        false => "not_remembered",
    };
    let name = device.name.as_deref().unwrap_or_default();
    let attributes = [
        ("device_status", "valid"),
        ("device_name", name),
        ("dev:device_remembered_status", remembered),
        ("last_ip_used", "127.0.0.1"),
    ];
    let given = attributes.iter().filter(|(_, value)| !value.is_empty());
    let listed: Vec<_> = given
        .map(|(name, value)| json!({ "Name": name, "Value": value }))
        .collect();
    json!({
        "DeviceKey": key,
        "DeviceAttributes": listed,
        "DeviceCreateDate": device.created,
        "DeviceLastModifiedDate": device.modified,
        "DeviceLastAuthenticatedDate": device.authenticated,
    })
}
