//! `RespondToAuthChallenge`: every challenge that this pool asks.
//!
//! What can be judged by the request alone is judged first. Then the session is spent, and
//! whatever follows, it opens nothing more.

use std::collections::BTreeMap;

use base64ct::{Base64, Encoding};
use protocol::{Timestamp, srp::ClientPublic};
use serde::Deserialize;
use serde_json::Value;
use subtle::ConstantTimeEq;

use super::{admin_set_user_password::check_password, check_length};
use crate::{
    auth::{AuthReply, SignIn},
    choice,
    custom_auth::{self, ClientMetadata},
    devices,
    error::{ApiError, Exception},
    events::Round,
    factors::{self, Factor},
    passkeys,
    password::{self, Claim},
    pools::short_name,
    service::Service,
    sessions::{Refused, Step},
    tokens, totp,
    users::{Credential, Status},
};

/// The request.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Request {
    client_id: String,
    challenge_name: String,
    session: Option<String>,
    #[serde(default)]
    challenge_responses: BTreeMap<String, String>,
    #[serde(default)]
    client_metadata: ClientMetadata,
}

/// Takes the client's answer.
pub async fn run(service: &Service, request: Request) -> Result<Value, ApiError> {
    check_length("ClientId", &request.client_id, 1..=128)?;
    if let Some(session) = &request.session {
        check_length("Session", session, 20..=4096)?;
    }
    check_device(service, &request)?;
    let reply = match request.challenge_name.as_str() {
        "PASSWORD_VERIFIER" => password_verifier(service, request).await?,
        "CUSTOM_CHALLENGE" => custom_challenge(service, request).await?,
        "SELECT_CHALLENGE" => select_challenge(service, &request).await?,
        "NEW_PASSWORD_REQUIRED" => new_password(service, request).await?,
        "EMAIL_OTP" => code(service, &request, Factor::Email).await?,
        "SMS_MFA" => code(service, &request, Factor::Sms).await?,
        "SMS_OTP" => code(service, &request, Factor::FirstSms).await?,
        "SOFTWARE_TOKEN_MFA" => code(service, &request, Factor::Authenticator).await?,
        "SELECT_MFA_TYPE" => select_factor(service, &request)?,
        "MFA_SETUP" => set_up(service, &request).await?,
        "WEB_AUTHN" => passkey(service, &request).await?,
        "DEVICE_SRP_AUTH" => device_srp(service, &request).await?,
        "DEVICE_PASSWORD_VERIFIER" => device_password(service, &request).await?,
        _ => {
            return Err(Exception::InvalidParameter
                .because("ChallengeName must be one that this local pool asks."));
        }
    };
    Ok(reply.into_json())
}

async fn password_verifier(service: &Service, request: Request) -> Result<AuthReply, ApiError> {
    let claim = claim(&request)?;
    let block_text = response(&request, "PASSWORD_CLAIM_SECRET_BLOCK")?;
    let handle = request.session.as_deref().unwrap_or(block_text);
    let (sign_in, step) = spend_handle(service, &request, handle)?;
    let (step, history) = if let Step::Password(step) = step {
        (step, None)
    } else if let Step::PasswordThenCustom(step, history) = step {
        (step, Some(history))
    } else {
        return Err(invalid_session());
    };
    password::check(service, &sign_in, step, claim).await?;
    let Some(mut history) = history else {
        return factors::after_password(service, sign_in).await;
    };
    history.push(Round {
        challenge_name: "PASSWORD_VERIFIER",
        challenge_result: true,
        challenge_metadata: None,
    });
    let user = service.user(&sign_in.pool_id, &sign_in.subject.username)?;
    if user.enabled && user.status == Status::ForceChangePassword {
        return factors::ask_new_password(service, sign_in, Some(history));
    }
    tokens::may_have_tokens(&user)?;
    custom_auth::go_on(service, sign_in, history, request.client_metadata).await
}

async fn custom_challenge(service: &Service, request: Request) -> Result<AuthReply, ApiError> {
    let answer = response(&request, "ANSWER")?;
    let (sign_in, Step::Custom(step)) = spend(service, &request)? else {
        return Err(invalid_session());
    };
    let metadata = request.client_metadata.clone();
    custom_auth::answer(service, sign_in, step, answer, metadata).await
}

async fn select_challenge(service: &Service, request: &Request) -> Result<AuthReply, ApiError> {
    let answer = response(request, "ANSWER")?;
    let (sign_in, Step::SelectChallenge) = spend(service, request)? else {
        return Err(invalid_session());
    };
    choice::begin(service, sign_in, Some(answer), &request.challenge_responses).await
}

async fn passkey(service: &Service, request: &Request) -> Result<AuthReply, ApiError> {
    let assertion = passkeys::challenge::read(response(request, "CREDENTIAL")?)?;
    let (sign_in, Step::Passkey(challenge)) = spend(service, request)? else {
        return Err(invalid_session());
    };
    passkeys::challenge::answer(service, sign_in, &challenge, &assertion).await
}

async fn new_password(service: &Service, request: Request) -> Result<AuthReply, ApiError> {
    let password = response(&request, "NEW_PASSWORD")?;
    let (sign_in, Step::NewPassword(history)) = spend(service, &request)? else {
        return Err(invalid_session());
    };
    let given: BTreeMap<_, _> = request
        .challenge_responses
        .iter()
        .filter_map(|(name, value)| Some((name.strip_prefix("userAttributes.")?, value)))
        .collect();
    let mut user = service.user(&sign_in.pool_id, &sign_in.subject.username)?;
    for (name, value) in given.into_iter().filter(|(name, _)| *name != "sub") {
        user.attributes.insert(name.to_owned(), value.clone());
    }
    let missing = factors::missing_attributes(service.pools().pool(&sign_in.pool_id)?, &user);
    let refused = match (check_password(password), missing.first()) {
        (Err(error), _) => Some(error),
        (Ok(()), Some(name)) => Some(
            Exception::InvalidParameter
                .because(format!("Invalid attributes given, {name} is missing")),
        ),
        (Ok(()), None) => None,
    };
    if let Some(error) = refused {
        let handle = request.session.clone().unwrap_or_default();
        sign_in.keep(service, handle, Step::NewPassword(history))?;
        return Err(error);
    }
    user.credential = Credential::of(short_name(&sign_in.pool_id), &user.username, password)?;
    user.status = Status::Confirmed;
    user.modified = service.clock.now().as_secs();
    service.store.change(|pools| {
        let pool = pools.pool_mut(&sign_in.pool_id)?;
        pool.users.insert(user);
        Ok(())
    })?;
    match history {
        None => factors::after_password(service, sign_in).await,
        Some(history) => {
            custom_auth::go_on(service, sign_in, history, request.client_metadata).await
        }
    }
}

async fn code(service: &Service, request: &Request, factor: Factor) -> Result<AuthReply, ApiError> {
    let code = response(request, factor.answer())?;
    let (sign_in, Step::Code(mut step)) = spend(service, request)? else {
        return Err(invalid_session());
    };
    if step.factor != factor {
        return Err(invalid_session());
    }
    let user = service.user(&sign_in.pool_id, &sign_in.subject.username)?;
    let right = match (&step.sent, user.second_factors.authenticator) {
        (Some(sent), _) => sent.as_bytes().ct_eq(code.as_bytes()).into(),
        (None, Some(secret)) => totp::is_current(&secret, service.clock.now(), code),
        (None, None) => false,
    };
    if right {
        return tokens::issue(service, sign_in).await;
    }
    if let Some(left) = step.attempts_left.checked_sub(1) {
        step.attempts_left = left;
        let handle = request.session.clone().unwrap_or_default();
        sign_in.keep(service, handle, Step::Code(step))?;
    }
    Err(factors::mismatch())
}

fn select_factor(service: &Service, request: &Request) -> Result<AuthReply, ApiError> {
    let answer = response(request, "ANSWER")?;
    let (sign_in, Step::SelectFactor(factors)) = spend(service, request)? else {
        return Err(invalid_session());
    };
    let chosen = factors.into_iter().find(|factor| factor.name() == answer);
    let factor = chosen.ok_or_else(|| {
        Exception::InvalidParameter.because("ANSWER must be one of MFAS_CAN_CHOOSE.")
    })?;
    let user = service.user(&sign_in.pool_id, &sign_in.subject.username)?;
    factors::ask_code(service, sign_in, &user, factor)
}

/// After `VerifySoftwareToken`, or with an address.
async fn set_up(service: &Service, request: &Request) -> Result<AuthReply, ApiError> {
    let (sign_in, step) = spend(service, request)?;
    if let Step::IsSetUp = step {
        return tokens::issue(service, sign_in).await;
    }
    let Step::SetUp = step else {
        return Err(invalid_session());
    };
    let email = response(request, "EMAIL")?;
    let user = service.store.change(|pools| {
        let pool = pools.pool_mut(&sign_in.pool_id)?;
        let mut user = pool.by_any_name_mut(&sign_in.subject.username)?;
        user.attributes.insert("email".into(), email.to_owned());
        user.second_factors.email = true;
        Ok(user.clone())
    })?;
    factors::ask_code(service, sign_in, &user, Factor::Email)
}

async fn device_srp(service: &Service, request: &Request) -> Result<AuthReply, ApiError> {
    let a = ClientPublic::from_hex(response(request, "SRP_A")?)
        .map_err(|error| Exception::InvalidParameter.because(format!("SRP_A is {error}.")))?;
    response(request, "DEVICE_KEY")?;
    let (sign_in, Step::DeviceSrp) = spend(service, request)? else {
        return Err(invalid_session());
    };
    devices::challenge(service, sign_in, a).await
}

async fn device_password(service: &Service, request: &Request) -> Result<AuthReply, ApiError> {
    let claim = claim(request)?;
    response(request, "DEVICE_KEY")?;
    let (sign_in, Step::DevicePassword(step)) = spend(service, request)? else {
        return Err(invalid_session());
    };
    devices::prove(service, sign_in, step, claim).await
}

/// Before anything is spent: clients answer again without a device that is not there.
fn check_device(service: &Service, request: &Request) -> Result<(), ApiError> {
    let pools = service.pools();
    let (pool, _) = pools.of_client(&request.client_id)?;
    match request.challenge_responses.get("DEVICE_KEY") {
        Some(key) if !pool.has_device(key) => Err(devices::no_such_device()),
        Some(_) | None => Ok(()),
    }
}

fn claim(request: &Request) -> Result<Claim, ApiError> {
    response(request, "USERNAME")?;
    let timestamp = Timestamp::parse(response(request, "TIMESTAMP")?).map_err(|_| {
        Exception::InvalidParameter
            .because("TIMESTAMP format should be EEE MMM d HH:mm:ss z yyyy in english.")
    })?;
    Ok(Claim {
        timestamp,
        signature: base64(request, "PASSWORD_CLAIM_SIGNATURE")?,
        secret_block: base64(request, "PASSWORD_CLAIM_SECRET_BLOCK")?,
    })
}

/// Spends the session, and checks that it is this client's and this user's.
fn spend(service: &Service, request: &Request) -> Result<(SignIn, Step), ApiError> {
    response(request, "USERNAME")?;
    let handle = request.session.as_deref();
    spend_handle(
        service,
        request,
        handle.ok_or_else(|| ApiError::missing("Session"))?,
    )
}

fn spend_handle(
    service: &Service,
    request: &Request,
    handle: &str,
) -> Result<(SignIn, Step), ApiError> {
    let username = response(request, "USERNAME")?;
    let session = service.sessions().take(handle, service.clock.now());
    let session = session.map_err(|refused| match refused {
        Refused::Unknown => invalid_session(),
        Refused::Expired => {
            Exception::NotAuthorized.because("Invalid session for the user, session is expired.")
        }
    })?;
    let mut sign_in = session.sign_in;
    if sign_in.client_id != request.client_id || !sign_in.subject.goes_by(username) {
        return Err(invalid_session());
    }
    if let Some(key) = request.challenge_responses.get("DEVICE_KEY") {
        sign_in.device_key = Some(key.clone());
    }
    Ok((sign_in, session.step))
}

fn response<'a>(request: &'a Request, name: &str) -> Result<&'a str, ApiError> {
    let value = request
        .challenge_responses
        .get(name)
        .filter(|value| !value.is_empty());
    value
        .map(String::as_str)
        .ok_or_else(|| ApiError::missing(name))
}

fn base64(request: &Request, name: &str) -> Result<Vec<u8>, ApiError> {
    Base64::decode_vec(response(request, name)?)
        .map_err(|_| Exception::InvalidParameter.because(format!("{name} should be base64.")))
}

fn invalid_session() -> ApiError {
    Exception::NotAuthorized.because("Invalid session for the user.")
}
