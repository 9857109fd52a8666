//! `StartWebAuthnRegistration`, `CompleteWebAuthnRegistration`, `ListWebAuthnCredentials` and
//! `DeleteWebAuthnCredential`: the passkeys of the access token's user.

use std::time::Duration;

use serde::Deserialize;
use serde_json::{Value, json};

use crate::{
    entropy,
    error::{ApiError, Exception},
    passkeys::{ES256, Passkey, Pending, Refused, Registration, base64url},
    service::Service,
    tokens,
    users::User,
};

/// Who registers a passkey.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Start {
    access_token: String,
}

/// The passkey, as `navigator.credentials.create` made it.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Complete {
    access_token: String,
    credential: Value,
}

/// Which page of the passkeys.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Listing {
    access_token: String,
    max_results: Option<usize>,
    next_token: Option<String>,
}

/// Which passkey to forget.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Deletion {
    access_token: String,
    credential_id: String,
}

/// As many as a user may have, and as Cognito lists at once.
const MOST: usize = 20;

/// How long the browser may wait for the person.
const TIMEOUT: Duration = Duration::from_secs(60);

/// How long the challenge is good for: the person may be slow, and the network.
const VALIDITY: Duration = Duration::from_secs(180);

/// The options for `navigator.credentials.create`, with a challenge.
pub async fn start(service: &Service, request: Start) -> Result<Value, ApiError> {
    let grant = tokens::bearer(service, &request.access_token).await?;
    let policy = service.pools().pool(&grant.pool_id)?.passkeys.clone();
    let relying_party = policy.relying_party()?;
    let user = service.user(&grant.pool_id, &grant.username)?;
    check_room(&user)?;
    let (challenge, now) = (entropy::bytes()?, service.clock.now());
    let pending = Pending {
        client_id: grant.client_id,
        challenge,
        expires: now.saturating_add(VALIDITY),
    };
    let mut registrations = service.registrations();
    registrations.insert(&grant.pool_id, &grant.username, pending, now);
    let registered = user.passkeys.iter();
    let excluded: Vec<_> = registered
        .map(|(id, passkey)| passkey.descriptor(id))
        .collect();
    Ok(json!({
        "CredentialCreationOptions": {
            "rp": { "id": relying_party.id, "name": relying_party.id },
            "user": {
                "id": base64url(user.attribute("sub").as_bytes()),
                "name": user.username,
                "displayName": user.username,
            },
            "challenge": base64url(&challenge),
            "pubKeyCredParams": [{ "type": "public-key", "alg": ES256 }],
            "timeout": TIMEOUT.as_secs().saturating_mul(1000),
            "excludeCredentials": excluded,
            "authenticatorSelection": {
                "requireResidentKey": true,
                "residentKey": "required",
                "userVerification": relying_party.user_verification,
            },
        },
    }))
}

/// Keeps the new passkey. Its challenge is spent, whatever comes of it.
pub async fn complete(service: &Service, request: Complete) -> Result<Value, ApiError> {
    let grant = tokens::bearer(service, &request.access_token).await?;
    let registration: Registration = serde_json::from_value(request.credential).map_err(|_| {
        Exception::InvalidParameter.because("Credential must be a RegistrationResponseJSON.")
    })?;
    let now = service.clock.now();
    let mut registrations = service.registrations();
    let pending = registrations.take(&grant.pool_id, &grant.username, now);
    drop(registrations);
    let pending = pending.ok_or_else(|| refused(Refused::Challenge))?;
    if pending.client_id != grant.client_id {
        return Err(Exception::WebAuthnClientMismatch
            .because("Another client has begun this WebAuthn registration."));
    }
    service.store.change(|pools| {
        let pool = pools.pool_mut(&grant.pool_id)?;
        let relying_party = pool.passkeys.relying_party()?.clone();
        let created = now.as_secs();
        let (id, passkey) =
            Passkey::register(&relying_party, &pending.challenge, &registration, created)
                .map_err(refused)?;
        if pool
            .users
            .iter()
            .any(|user| user.passkeys.contains_key(&id))
        {
            return Err(Exception::InvalidParameter.because("Credential is registered already."));
        }
        let mut user = pool.by_any_name_mut(&grant.username)?;
        check_room(&user)?;
        user.passkeys.insert(id, passkey);
        Ok(())
    })?;
    Ok(json!({}))
}

/// A page of passkeys, by their ids. The token of the next page is the last id of this one.
pub async fn list(service: &Service, request: Listing) -> Result<Value, ApiError> {
    let grant = tokens::bearer(service, &request.access_token).await?;
    let most = match request.max_results {
        None | Some(0) => MOST,
        Some(most) if most <= MOST => most,
        Some(most) => {
            return Err(Exception::InvalidParameter
                .because(format!("MaxResults must be 0 to {MOST}, but is {most}.")));
        }
    };
    let user = service.user(&grant.pool_id, &grant.username)?;
    let after = request.next_token.unwrap_or_default();
    let mut rest = user.passkeys.iter().filter(|(id, _)| **id > after);
    let page: Vec<_> = rest.by_ref().take(most).collect();
    let shown: Vec<_> = page
        .iter()
        .map(|(id, passkey)| shown(id, passkey))
        .collect();
    let mut reply = json!({ "Credentials": shown });
    if let (Some(_), Some((last, _)), Some(reply)) =
        (rest.next(), page.last(), reply.as_object_mut())
    {
        reply.insert("NextToken".into(), json!(last));
    }
    Ok(reply)
}

/// Forgets a passkey. The authenticator keeps its half.
pub async fn delete(service: &Service, request: Deletion) -> Result<Value, ApiError> {
    let grant = tokens::bearer(service, &request.access_token).await?;
    service.store.change(|pools| {
        let mut user = pools
            .pool_mut(&grant.pool_id)?
            .by_any_name_mut(&grant.username)?;
        let deleted = user.passkeys.remove(&request.credential_id);
        deleted.map(drop).ok_or_else(|| {
            Exception::ResourceNotFound.because("WebAuthn credential does not exist.")
        })
    })?;
    Ok(json!({}))
}

fn check_room(user: &User) -> Result<(), ApiError> {
    match user.passkeys.len() < MOST {
        true => Ok(()),
        false => Err(Exception::LimitExceeded
            .because(format!("A user has {MOST} WebAuthn credentials at most."))),
    }
}

fn shown(id: &str, passkey: &Passkey) -> Value {
    let mut shown = json!({
        "CredentialId": id,
        "FriendlyCredentialName": "Passkey",
        "RelyingPartyId": passkey.relying_party,
        "AuthenticatorTransports": passkey.transports,
        "CreatedAt": passkey.created,
    });
    if let (Some(shown), Some(attachment)) = (shown.as_object_mut(), &passkey.attachment) {
        shown.insert("AuthenticatorAttachment".into(), json!(attachment));
    }
    shown
}

/// Cognito's name for each reason.
fn refused(why: Refused) -> ApiError {
    match why {
        Refused::Challenge => Exception::WebAuthnChallengeNotFound
            .because("The WebAuthn challenge was not found or has expired."),
        Refused::Origin => Exception::WebAuthnOriginNotAllowed
            .because("The page's origin does not belong to the pool's relying party."),
        Refused::RelyingParty => Exception::WebAuthnRelyingPartyMismatch
            .because("The credential was made for another relying party."),
        Refused::NotSupported => Exception::WebAuthnCredentialNotSupported
            .because("The credential has a key of a kind that is not supported."),
        Refused::Malformed(part) => {
            Exception::InvalidParameter.because(format!("Credential: {part} is not valid."))
        }
        Refused::Absent | Refused::Signature | Refused::Counter => {
            Exception::InvalidParameter.because("Credential: its user was not verified.")
        }
    }
}
