//! `InitiateAuth`: `CUSTOM_AUTH`, `USER_SRP_AUTH`, `USER_AUTH` and refresh.

use std::collections::BTreeMap;

use protocol::srp::ClientPublic;
use serde::Deserialize;
use serde_json::Value;

use super::check_length;
use crate::{
    auth::{AuthReply, SignIn},
    choice, custom_auth,
    devices::no_such_device,
    error::{ApiError, Exception},
    password,
    pools::Client,
    service::Service,
    tokens::{self, Renewal},
};

/// `ClientMetadata` is not read: Cognito hands it to none of the three triggers.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Request {
    client_id: String,
    auth_flow: String,
    #[serde(default)]
    auth_parameters: BTreeMap<String, String>,
}

/// Begins a sign-in, or renews one.
pub async fn run(service: &Service, request: Request) -> Result<Value, ApiError> {
    check_length("ClientId", &request.client_id, 1..=128)?;
    let reply = match request.auth_flow.as_str() {
        "CUSTOM_AUTH" => {
            let sign_in = sign_in(service, &request, "CUSTOM_AUTH")?;
            let a = match request
                .auth_parameters
                .get("CHALLENGE_NAME")
                .map(String::as_str)
            {
                Some("SRP_A") => Some(srp_a(&request)?),
                None => None,
                Some(_) => {
                    return Err(Exception::InvalidParameter
                        .because("CHALLENGE_NAME must be SRP_A where it is given."));
                }
            };
            custom_auth::begin(service, sign_in, a).await?
        }
        "USER_SRP_AUTH" => {
            let sign_in = sign_in(service, &request, "USER_SRP_AUTH")?;
            password::challenge(service, sign_in, srp_a(&request)?, None, None).await?
        }
        "USER_AUTH" => {
            let sign_in = sign_in(service, &request, "USER_AUTH")?;
            let parameters = &request.auth_parameters;
            let preferred = parameters.get("PREFERRED_CHALLENGE").map(String::as_str);
            choice::begin(service, sign_in, preferred, parameters).await?
        }
        "REFRESH_TOKEN_AUTH" | "REFRESH_TOKEN" => refresh(service, &request).await?,
        _ => {
            return Err(Exception::InvalidParameter.because(
                "AuthFlow must be CUSTOM_AUTH, USER_SRP_AUTH, USER_AUTH or REFRESH_TOKEN_AUTH here.",
            ));
        }
    };
    Ok(reply.into_json())
}

/// Finds the client and who signs in. The client has to allow the flow.
fn sign_in(service: &Service, request: &Request, flow: &str) -> Result<SignIn, ApiError> {
    let pools = service.pools();
    let (pool, client) = pools.of_client(&request.client_id)?;
    check_allowed(client, flow)?;
    let username = parameter(request, "USERNAME")?;
    check_length("USERNAME", username, 1..=2048)?;
    let subject = pool.subject(client, username)?;
    let device_key = request.auth_parameters.get("DEVICE_KEY").cloned();
    if device_key.as_ref().is_some_and(|key| !pool.has_device(key)) {
        return Err(no_such_device());
    }
    Ok(SignIn {
        pool_id: pool.id.clone(),
        client_id: client.id.clone(),
        subject,
        device_key,
    })
}

async fn refresh(service: &Service, request: &Request) -> Result<AuthReply, ApiError> {
    check_allowed(
        service.pools().of_client(&request.client_id)?.1,
        "REFRESH_TOKEN_AUTH",
    )?;
    let token = parameter(request, "REFRESH_TOKEN")?;
    let renewal = Renewal {
        client_id: &request.client_id,
        refresh_token: token,
        device_key: request
            .auth_parameters
            .get("DEVICE_KEY")
            .map(String::as_str),
    };
    tokens::renew(service, renewal).await
}

fn check_allowed(client: &Client, flow: &str) -> Result<(), ApiError> {
    if client.allows(flow) {
        return Ok(());
    }
    Err(Exception::InvalidParameter.because(format!("{flow} flow not enabled for this client")))
}

fn srp_a(request: &Request) -> Result<ClientPublic, ApiError> {
    ClientPublic::from_hex(parameter(request, "SRP_A")?)
        .map_err(|error| Exception::InvalidParameter.because(format!("SRP_A is {error}.")))
}

fn parameter<'a>(request: &'a Request, name: &str) -> Result<&'a str, ApiError> {
    let value = request
        .auth_parameters
        .get(name)
        .filter(|value| !value.is_empty());
    value
        .map(String::as_str)
        .ok_or_else(|| ApiError::missing(name))
}
