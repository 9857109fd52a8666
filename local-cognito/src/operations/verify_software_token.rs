//! `VerifySoftwareToken`: the first code of an authenticator, in the middle of a sign-in.

use serde::Deserialize;
use serde_json::{Value, json};

use crate::{
    entropy,
    error::{ApiError, Exception},
    service::Service,
    sessions::Step,
    totp,
};

/// The request. An access token would do, too; a local pool takes none.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Request {
    session: String,
    user_code: String,
}

/// Compares the code, and keeps the secret if it is right.
pub fn run(service: &Service, request: &Request) -> Result<Value, ApiError> {
    let now = service.clock.now();
    let invalid = || Exception::NotAuthorized.because("Invalid session for the user.");
    let spent = service.sessions().take(&request.session, now);
    let session = spent.map_err(|_| invalid())?;
    let Step::Verify(secret) = session.step else {
        return Err(invalid());
    };
    let sign_in = session.sign_in;
    if !totp::is_current(&secret, now, &request.user_code) {
        sign_in.keep(service, request.session.clone(), Step::Verify(secret))?;
        return Err(Exception::EnableSoftwareTokenMfa
            .because("Code mismatch and fail enable Software Token MFA"));
    }
    service.store.change(|pools| {
        let pool = pools.pool_mut(&sign_in.pool_id)?;
        let mut user = pool.by_any_name_mut(&sign_in.subject.username)?;
        user.second_factors.authenticator = Some(secret);
        Ok(())
    })?;
    let handle = entropy::handle()?;
    sign_in.keep(service, handle.clone(), Step::IsSetUp)?;
    Ok(json!({ "Status": "SUCCESS", "Session": handle }))
}
