//! `RevokeToken`: ends the grant of a refresh token.

use serde::Deserialize;
use serde_json::{Value, json};

use crate::{
    error::{ApiError, Exception},
    service::Service,
};

/// The request.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Request {
    token: String,
    client_id: String,
}

/// Revokes the refresh token, and with it the access tokens made of it for GetUser. As in
/// RFC 7009 section 2.2 a token that nobody knows is as good as revoked.
pub fn run(service: &Service, request: &Request) -> Result<Value, ApiError> {
    service.pools().of_client(&request.client_id)?;
    // JSON Web Tokens have dots; refresh tokens have none.
    if request.token.contains('.') {
        return Err(Exception::UnsupportedTokenType.because("Token must be a refresh token."));
    }
    let now = service.clock.now();
    let mut grants = service.grants();
    if let Some(grant) = grants.by_refresh_token(&request.token, now) {
        if grant.client_id != request.client_id {
            return Err(Exception::NotAuthorized.because("Invalid Refresh Token."));
        }
        grant.revoked = true;
    }
    Ok(json!({}))
}
