//! `CreateUserPoolClient`: which flows an app may use, and what it learns.

use std::collections::BTreeSet;

use serde::Deserialize;
use serde_json::{Value, json};

use super::check_length;
use crate::{
    entropy,
    error::{ApiError, Exception},
    pools::{Client, ExistenceErrors},
    service::Service,
};

/// What else a client can be told changes nothing here.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Request {
    user_pool_id: String,
    client_name: String,
    #[serde(default)]
    generate_secret: bool,
    explicit_auth_flows: Option<BTreeSet<String>>,
    prevent_user_existence_errors: Option<ExistenceErrors>,
    auth_session_validity: Option<u8>,
}

/// What AWS allows a client that names no flows.
const DEFAULT_FLOWS: [&str; 3] = [
    "ALLOW_CUSTOM_AUTH",
    "ALLOW_USER_SRP_AUTH",
    "ALLOW_REFRESH_TOKEN_AUTH",
];

/// Makes a client.
pub fn run(service: &Service, request: Request) -> Result<Value, ApiError> {
    check_length("ClientName", &request.client_name, 1..=128)?;
    if request.generate_secret {
        return Err(Exception::InvalidParameter
            .because("GenerateSecret must be false: a local pool knows no client secrets."));
    }
    let validity = request.auth_session_validity.unwrap_or(3);
    if !(3..=15).contains(&validity) {
        return Err(Exception::InvalidParameter.because(format!(
            "AuthSessionValidity must be 3 to 15 minutes, but is {validity}."
        )));
    }
    let flows = request
        .explicit_auth_flows
        .unwrap_or_else(|| DEFAULT_FLOWS.into_iter().map(str::to_owned).collect());
    let id: String = entropy::uuid()?
        .simple()
        .to_string()
        .chars()
        .take(26)
        .collect();
    let errors = request
        .prevent_user_existence_errors
        .unwrap_or(ExistenceErrors::Legacy);
    let client = Client {
        id: id.clone(),
        name: request.client_name.clone(),
        explicit_auth_flows: flows.clone(),
        prevent_user_existence_errors: errors,
        auth_session_validity: validity,
    };
    service.store.change(|pools| {
        pools
            .pool_mut(&request.user_pool_id)?
            .clients
            .insert(id.clone(), client);
        Ok(())
    })?;
    Ok(json!({
        "UserPoolClient": {
            "UserPoolId": request.user_pool_id,
            "ClientId": id,
            "ClientName": request.client_name,
            "ExplicitAuthFlows": flows,
            "PreventUserExistenceErrors": errors,
            "AuthSessionValidity": validity,
        },
    }))
}
