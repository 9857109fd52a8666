//! `CreateUserPool`: a name, what people type as theirs, and which triggers are called.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Value, json};

use super::check_length;
use crate::{
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
