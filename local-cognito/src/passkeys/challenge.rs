//! `WEB_AUTHN`: a passkey is the whole sign-in.

use std::collections::BTreeMap;

use serde_json::json;

use super::{Assertion, Challenge, Passkey, Policy};
use crate::{
    auth::{AuthReply, SignIn},
    entropy,
    error::{ApiError, Exception},
    factors::MfaMode,
    pools::Pool,
    service::Service,
    sessions::Step,
    tokens,
    users::User,
};

/// How long the browser may wait for the person, in milliseconds.
const TIMEOUT: u32 = 180_000;

/// Whether a user may begin with a passkey: with one of their own for this pool, where no second
/// factor has to follow.
pub fn is_available(pool: &Pool, user: &User) -> bool {
    pool.mfa.mode != MfaMode::On && usable(&pool.passkeys, user).next().is_some()
}

/// Asks for a passkey.
///
/// # Errors
/// If the pool takes none.
pub fn ask(service: &Service, sign_in: SignIn, user: &User) -> Result<AuthReply, ApiError> {
    let policy = service.pools().pool(&sign_in.pool_id)?.passkeys.clone();
    let relying_party = policy.relying_party()?;
    let challenge: Challenge = entropy::bytes()?;
    let allowed: Vec<_> = usable(&policy, user)
        .map(|(id, passkey)| passkey.descriptor(id))
        .collect();
    let options = json!({
        "challenge": super::base64url(&challenge),
        "timeout": TIMEOUT,
        "rpId": relying_party.id,
        "allowCredentials": allowed,
        "userVerification": relying_party.user_verification,
    });
    let session = entropy::handle()?;
    sign_in.keep(service, session.clone(), Step::Passkey(challenge))?;
    let parameters = [("CREDENTIAL_REQUEST_OPTIONS".to_owned(), options.to_string())];
    Ok(AuthReply::Challenge {
        name: "WEB_AUTHN",
        session: Some(session),
        parameters: BTreeMap::from(parameters),
    })
}

/// Reads `CREDENTIAL`.
///
/// # Errors
/// If it is no `AuthenticationResponseJSON`.
pub fn read(credential: &str) -> Result<Assertion, ApiError> {
    serde_json::from_str(credential).map_err(|_| {
        Exception::InvalidParameter.because("CREDENTIAL must be an AuthenticationResponseJSON.")
    })
}

/// Takes the answer, and keeps how far the passkey has counted.
///
/// # Errors
/// `NotAuthorizedException` without the reason, as for a password.
pub async fn answer(
    service: &Service,
    sign_in: SignIn,
    challenge: &Challenge,
    assertion: &Assertion,
) -> Result<AuthReply, ApiError> {
    service.store.change(|pools| {
        let pool = pools.pool_mut(&sign_in.pool_id)?;
        let relying_party = pool.passkeys.relying_party()?.clone();
        let mut user = pool.by_any_name_mut(&sign_in.subject.username)?;
        let handle = user.attribute("sub").to_owned();
        let passkey = user.passkeys.get_mut(&assertion.id.to_string());
        let passkey = passkey.ok_or_else(ApiError::incorrect)?;
        passkey
            .prove(&relying_party, challenge, &handle, assertion)
            .map_err(|_| ApiError::incorrect())
    })?;
    tokens::issue(service, sign_in).await
}

/// The user's passkeys that the pool takes.
fn usable<'a>(
    policy: &'a Policy,
    user: &'a User,
) -> impl Iterator<Item = (&'a String, &'a Passkey)> {
    let id = policy.relying_party().map(|party| party.id.as_str()).ok();
    let passkeys = user.passkeys.iter();
    passkeys.filter(move |(_, passkey)| Some(passkey.relying_party.as_str()) == id)
}
