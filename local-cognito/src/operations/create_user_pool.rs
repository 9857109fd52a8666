//! `CreateUserPool`: a name, what people type as theirs, and which triggers are called.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Value, json};

use super::check_length;
use crate::{
    devices::Tracking,
    entropy,
    error::{ApiError, Exception},
    pools::{Pool, SignInNames},
    seed::REGION,
    service::Service,
    triggers::TriggerName,
};

/// What else a pool can be told changes nothing here.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Request {
    pool_name: String,
    #[serde(default)]
    username_attributes: Vec<String>,
    #[serde(default)]
    lambda_config: BTreeMap<String, Value>,
    #[serde(default)]
    schema: Vec<Attribute>,
    device_configuration: Option<DeviceConfiguration>,
    #[serde(default)]
    policies: Policies,
}

/// An attribute of the pool's users; only whether it has to be there matters here.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Attribute {
    name: String,
    #[serde(default)]
    required: bool,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct DeviceConfiguration {
    #[serde(default)]
    device_only_remembered_on_user_prompt: bool,
}

/// Of all that can be said of how people sign in, whether they may begin with a passkey.
#[derive(Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
struct Policies {
    sign_in_policy: SignInPolicy,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
struct SignInPolicy {
    allowed_first_auth_factors: Vec<String>,
}

/// Makes a pool. Whatever function `LambdaConfig` names, the local programs are called.
pub fn run(service: &Service, request: Request) -> Result<Value, ApiError> {
    check_length("PoolName", &request.pool_name, 1..=128)?;
    let names = match request
        .username_attributes
        .iter()
        .map(String::as_str)
        .collect::<Vec<_>>()[..]
    {
        [] => SignInNames::Username,
        ["email"] => SignInNames::Email,
        _ => {
            return Err(Exception::InvalidParameter
                .because("UsernameAttributes may hold nothing but email here."));
        }
    };
    let random = entropy::uuid()?.simple().to_string();
    let id = format!("{REGION}_{}", random.chars().take(9).collect::<String>());
    let mut pool = Pool::new(id.clone(), request.pool_name.clone(), names)?;
    pool.triggers = TriggerName::ALL
        .iter()
        .map(ToString::to_string)
        .filter(|name| request.lambda_config.contains_key(name))
        .collect();
    let required = request.schema.into_iter();
    pool.required_attributes = required
        .filter(|attribute| attribute.required)
        .map(|attribute| attribute.name)
        .collect();
    pool.devices = match request.device_configuration {
        None => Tracking::Off,
        Some(devices) if devices.device_only_remembered_on_user_prompt => Tracking::OnPrompt,
        Some(_) => Tracking::Always,
    };
    let first_factors = request.policies.sign_in_policy.allowed_first_auth_factors;
    pool.passkeys.allowed = first_factors.iter().any(|factor| factor == "WEB_AUTHN");
    service.store.change(|pools| {
        pools.0.insert(id.clone(), pool);
        Ok(())
    })?;
    Ok(json!({
        "UserPool": {
            "Id": id,
            "Name": request.pool_name,
            "UsernameAttributes": request.username_attributes,
            "LambdaConfig": request.lambda_config,
        },
    }))
}
