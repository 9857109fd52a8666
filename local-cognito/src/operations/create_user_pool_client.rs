//! `CreateUserPoolClient`: which flows an app may use, and what it learns.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::check_length;
use crate::{
    entropy,
    error::{ApiError, Exception},
    lifetimes::{Rotation, RotationRequest, Validities},
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
    #[serde(flatten)]
    validities: Validities,
    refresh_token_rotation: Option<RotationRequest>,
}

/// What the reply tells of the client.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Made {
    user_pool_id: String,
    client_id: String,
    client_name: String,
    explicit_auth_flows: BTreeSet<String>,
    prevent_user_existence_errors: ExistenceErrors,
    auth_session_validity: u8,
    #[serde(flatten)]
    validities: Validities,
    #[serde(skip_serializing_if = "Option::is_none")]
    refresh_token_rotation: Option<RotationRequest>,
}

const REFRESH: &str = "ALLOW_REFRESH_TOKEN_AUTH";
/// What AWS allows a client that names no flows.
const DEFAULT_FLOWS: [&str; 3] = ["ALLOW_CUSTOM_AUTH", "ALLOW_USER_SRP_AUTH", REFRESH];

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
    let lifetimes = request.validities.lifetimes()?;
    let rotation = request.refresh_token_rotation.as_ref();
    let rotation = rotation
        .map(RotationRequest::rotation)
        .transpose()?
        .flatten();
    let flows = flows(request.explicit_auth_flows, rotation)?;
    let id = entropy::uuid()?.simple().to_string();
    let id: String = id.chars().take(26).collect();
    let errors = request
        .prevent_user_existence_errors
        .unwrap_or(ExistenceErrors::Legacy);
    let client = Client {
        id: id.clone(),
        name: request.client_name.clone(),
        explicit_auth_flows: flows.clone(),
        prevent_user_existence_errors: errors,
        auth_session_validity: validity,
        lifetimes,
        rotation,
    };
    service.store.change(|pools| {
        pools
            .pool_mut(&request.user_pool_id)?
            .clients
            .insert(id.clone(), client);
        Ok(())
    })?;
    Ok(json!({
        "UserPoolClient": Made {
            user_pool_id: request.user_pool_id,
            client_id: id,
            client_name: request.client_name,
            explicit_auth_flows: flows,
            prevent_user_existence_errors: errors,
            auth_session_validity: validity,
            validities: request.validities,
            refresh_token_rotation: request.refresh_token_rotation,
        },
    }))
}

/// The flows that a client allows. Rotation and the old way to refresh exclude each other.
fn flows(
    wanted: Option<BTreeSet<String>>,
    rotation: Option<Rotation>,
) -> Result<BTreeSet<String>, ApiError> {
    let Some(wanted) = wanted else {
        let flows = DEFAULT_FLOWS.into_iter();
        let flows = flows.filter(|flow| rotation.is_none() || *flow != REFRESH);
        return Ok(flows.map(str::to_owned).collect());
    };
    if rotation.is_some() && wanted.contains(REFRESH) {
        return Err(Exception::InvalidParameter.because(
            "ExplicitAuthFlows must not hold ALLOW_REFRESH_TOKEN_AUTH where refresh tokens rotate.",
        ));
    }
    Ok(wanted)
}
