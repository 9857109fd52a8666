//! Sign-in by choice: `USER_AUTH`, with a preference or with what there is to choose from.

use std::collections::BTreeMap;

use protocol::srp::ClientPublic;

use crate::{
    auth::{AuthReply, SignIn},
    entropy,
    error::{ApiError, Exception},
    factors::{self, Factor},
    passkeys, password,
    service::Service,
    sessions::Step,
};

const PASSWORD_SRP: &str = "PASSWORD_SRP";
const PASSWORD: &str = "PASSWORD";

/// Begins as the client wants, or asks how.
///
/// # Errors
/// What the chosen way says.
pub async fn begin(
    service: &Service,
    sign_in: SignIn,
    wanted: Option<&str>,
    parameters: &BTreeMap<String, String>,
) -> Result<AuthReply, ApiError> {
    let given = |name: &str| parameters.get(name).ok_or_else(|| ApiError::missing(name));
    let mfa = service.pools().pool(&sign_in.pool_id)?.mfa;
    let texts = mfa.sms && can_be_texted(service, &sign_in);
    let passkeys = has_passkeys(service, &sign_in)?;
    match wanted {
        Some(PASSWORD_SRP) => {
            let a = ClientPublic::from_hex(given("SRP_A")?).map_err(|error| {
                Exception::InvalidParameter.because(format!("SRP_A is {error}."))
            })?;
            let session = Some(entropy::handle()?);
            password::challenge(service, sign_in, a, session, None).await
        }
        Some(PASSWORD) => {
            let sent = given("PASSWORD")?.clone();
            password::check_sent(service, &sign_in, sent).await?;
            factors::after_password(service, sign_in).await
        }
        // Somebody who does not exist is asked how to begin. Cognito pretends for longer.
        Some("EMAIL_OTP") if mfa.email && sign_in.subject.exists => {
            let user = service.user(&sign_in.pool_id, &sign_in.subject.username)?;
            factors::ask_code(service, sign_in, &user, Factor::Email)
        }
        Some("SMS_OTP") if texts => {
            let user = service.user(&sign_in.pool_id, &sign_in.subject.username)?;
            factors::ask_code(service, sign_in, &user, Factor::FirstSms)
        }
        Some("WEB_AUTHN") if passkeys => {
            let user = service.user(&sign_in.pool_id, &sign_in.subject.username)?;
            passkeys::challenge::ask(service, sign_in, &user)
        }
        _ => {
            let session = entropy::handle()?;
            sign_in.keep(service, session.clone(), Step::SelectChallenge)?;
            let mut available = vec![PASSWORD_SRP, PASSWORD];
            if mfa.email {
                available.push(Factor::Email.name());
            }
            if texts {
                available.push(Factor::FirstSms.name());
            }
            if passkeys {
                available.push("WEB_AUTHN");
            }
            Ok(AuthReply::Choice { session, available })
        }
    }
}

fn has_passkeys(service: &Service, sign_in: &SignIn) -> Result<bool, ApiError> {
    let pools = service.pools();
    let pool = pools.pool(&sign_in.pool_id)?;
    let user = pool.users.get(&sign_in.subject.username);
    let user = user.filter(|_| sign_in.subject.exists);
    Ok(user.is_some_and(|user| passkeys::challenge::is_available(pool, user)))
}

fn can_be_texted(service: &Service, sign_in: &SignIn) -> bool {
    let user = service.user(&sign_in.pool_id, &sign_in.subject.username);
    sign_in.subject.exists && user.is_ok_and(|user| factors::can_receive(&user, Factor::FirstSms))
}
