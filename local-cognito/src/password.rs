//! The password challenge: SRP, its clock, and the count of failures.

use std::{collections::BTreeMap, time::Duration};

use base64ct::{Base64, Encoding};
use protocol::{
    Timestamp,
    srp::{ClientPublic, PasswordClaim, ServerHandshake, Verifier},
};
use subtle::ConstantTimeEq;

use crate::{
    auth::{AuthReply, SignIn},
    entropy,
    error::{ApiError, Exception},
    events::Round,
    lockout::{Locked, Name},
    pools::short_name,
    service::Service,
    sessions::{PasswordStep, Step},
    users::Credential,
};

/// What a client sends to prove the password.
pub struct Claim {
    /// `TIMESTAMP`.
    pub timestamp: Timestamp,
    /// The bytes of `PASSWORD_CLAIM_SIGNATURE`.
    pub signature: Vec<u8>,
    /// The bytes of `PASSWORD_CLAIM_SECRET_BLOCK`.
    pub secret_block: Vec<u8>,
}

/// How far a client's clock may be off. Cognito does not say; people report five minutes.
const TOLERANCE: Duration = Duration::from_secs(300);

/// Challenges the client that sent `A`. Without a session, the secret block is the handle.
/// With a history the triggers go on after the proof.
///
/// # Errors
/// If the operating system has no random bytes.
pub async fn challenge(
    service: &Service,
    sign_in: SignIn,
    a: ClientPublic,
    session: Option<String>,
    then_custom: Option<Vec<Round>>,
) -> Result<AuthReply, ApiError> {
    let credential = service
        .pools()
        .pool(&sign_in.pool_id)?
        .credential(&sign_in.subject);
    let (step, mut parameters) = handshake(credential, a).await?;
    let encoded_block = Base64::encode_string(&step.secret_block);
    for name in ["USERNAME", "USER_ID_FOR_SRP"] {
        parameters.insert(name.into(), sign_in.subject.username.clone());
    }
    let step = match then_custom {
        Some(history) => Step::PasswordThenCustom(step, history),
        None => Step::Password(step),
    };
    let handle = session.clone().unwrap_or(encoded_block);
    sign_in.keep(service, handle, step)?;
    Ok(AuthReply::Challenge {
        name: "PASSWORD_VERIFIER",
        session,
        parameters,
    })
}

/// The server's half of SRP, and the parameters that all such challenges have.
///
/// # Errors
/// If the operating system has no random bytes.
pub async fn handshake(
    credential: Credential,
    a: ClientPublic,
) -> Result<(PasswordStep, BTreeMap<String, String>), ApiError> {
    let b = entropy::bytes()?;
    let verifier = credential.verifier;
    let handshake = compute(move || ServerHandshake::begin(&verifier, a, &b)).await?;
    let handshake =
        handshake.map_err(|error| Exception::InternalError.because(format!("SRP_B: {error}")))?;
    let secret_block = entropy::bytes()?;
    let parameters = BTreeMap::from([
        ("SALT".to_owned(), credential.salt.to_hex()),
        ("SRP_B".to_owned(), handshake.server_public_hex()),
        (
            "SECRET_BLOCK".to_owned(),
            Base64::encode_string(&secret_block),
        ),
    ]);
    let step = PasswordStep {
        handshake: Box::new(handshake),
        secret_block,
    };
    Ok((step, parameters))
}

/// Checks a claim, with the same work whether the user exists or not.
///
/// # Errors
/// `NotAuthorizedException`: wrong in any way, or too many wrong ones before.
pub async fn check(
    service: &Service,
    sign_in: &SignIn,
    step: PasswordStep,
    claim: Claim,
) -> Result<(), ApiError> {
    let name = Name {
        pool_id: sign_in.pool_id.clone(),
        username: sign_in.subject.username.clone(),
    };
    // One claim is judged at a time, so that parallel guesses are counted one by one.
    let mut lockouts = service.lockouts.lock().await;
    let now = service.clock.now();
    lockouts
        .check(&name, now)
        .map_err(|Locked| Exception::NotAuthorized.because("Password attempts exceeded"))?;
    let fresh = Duration::from_secs(claim.timestamp.unix()).abs_diff(now) <= TOLERANCE;
    let pool_name = short_name(&sign_in.pool_id).to_owned();
    let user_id = sign_in.subject.username.clone();
    let proved = proves(step, claim, pool_name, user_id).await?;
    if proved && fresh && sign_in.subject.exists {
        lockouts.succeeded(&name);
        Ok(())
    } else {
        lockouts.failed(name, now);
        Err(ApiError::incorrect())
    }
}

/// Checks a password that was sent itself, with the same work whether the user exists or not.
///
/// # Errors
/// As [`check`].
pub async fn check_sent(
    service: &Service,
    sign_in: &SignIn,
    password: String,
) -> Result<(), ApiError> {
    let name = Name {
        pool_id: sign_in.pool_id.clone(),
        username: sign_in.subject.username.clone(),
    };
    let mut lockouts = service.lockouts.lock().await;
    let now = service.clock.now();
    lockouts
        .check(&name, now)
        .map_err(|Locked| Exception::NotAuthorized.because("Password attempts exceeded"))?;
    let kept = service
        .pools()
        .pool(&sign_in.pool_id)?
        .credential(&sign_in.subject);
    let pool_name = short_name(&sign_in.pool_id).to_owned();
    let user_id = sign_in.subject.username.clone();
    let right = compute(move || {
        let sent = Verifier::derive(&pool_name, &user_id, password.as_bytes(), &kept.salt);
        bool::from(sent.pad().ct_eq(&kept.verifier.pad()))
    })
    .await?;
    if right && sign_in.subject.exists {
        lockouts.succeeded(&name);
        Ok(())
    } else {
        lockouts.failed(name, now);
        Err(ApiError::incorrect())
    }
}

/// Whether a claim proves the password of a user of a pool, or of a device of a group.
///
/// # Errors
/// If the arithmetic breaks off.
pub async fn proves(
    step: PasswordStep,
    claim: Claim,
    pool_name: String,
    user_id: String,
) -> Result<bool, ApiError> {
    compute(move || {
        let same_block = step.secret_block.as_slice().ct_eq(&claim.secret_block);
        // The canonical text is what counts, however leniently the client's was read.
        let accepted = step.handshake.accepts(&PasswordClaim {
            pool_name: &pool_name,
            user_id: &user_id,
            secret_block: &step.secret_block,
            timestamp: &claim.timestamp.to_string(),
            signature: &claim.signature,
        });
        bool::from(same_block) & accepted
    })
    .await
}

/// Runs big-number arithmetic where it holds nobody else up.
async fn compute<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, ApiError> {
    tokio::task::spawn_blocking(work)
        .await
        .map_err(|_| Exception::InternalError.because("The arithmetic of SRP broke off."))
}
