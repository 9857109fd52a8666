//! `SetUserMFAPreference`, `AdminSetUserMFAPreference` and `GetUserAuthFactors`: which second
//! factors a user uses, and what else there is to sign in with.

use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::{
    error::{ApiError, Exception},
    factors::{self, Factor},
    passkeys,
    service::Service,
    tokens,
    users::User,
};

/// A user's own request.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Request {
    access_token: String,
    #[serde(flatten)]
    preferences: Preferences,
}

/// An administrator's request.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct AdminRequest {
    user_pool_id: String,
    username: String,
    #[serde(flatten)]
    preferences: Preferences,
}

/// Whose factors to list.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Listing {
    access_token: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Preferences {
    email_mfa_settings: Option<Settings>,
    #[serde(rename = "SMSMfaSettings")]
    sms_mfa_settings: Option<Settings>,
    software_token_mfa_settings: Option<Settings>,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Settings {
    #[serde(default)]
    enabled: bool,
    #[serde(default)]
    preferred_mfa: bool,
}

/// Sets what the request names, and leaves the rest.
pub async fn set(service: &Service, request: Request) -> Result<Value, ApiError> {
    let grant = tokens::bearer(service, &request.access_token).await?;
    change(
        service,
        &grant.pool_id,
        &grant.username,
        &request.preferences,
    )
}

/// The same for any user.
pub fn set_by_admin(service: &Service, request: &AdminRequest) -> Result<Value, ApiError> {
    change(
        service,
        &request.user_pool_id,
        &request.username,
        &request.preferences,
    )
}

/// Lists the user's second factors, and the ways to begin a sign-in by choice.
pub async fn auth_factors(service: &Service, request: Listing) -> Result<Value, ApiError> {
    let grant = tokens::bearer(service, &request.access_token).await?;
    let user = service.user(&grant.pool_id, &grant.username)?;
    let pools = service.pools();
    let pool = pools.pool(&grant.pool_id)?;
    let mfa = pool.mfa;
    let mut reply = listed(&user);
    let ways = [
        (true, "PASSWORD"),
        (
            mfa.email && factors::can_receive(&user, Factor::Email),
            "EMAIL_OTP",
        ),
        (
            mfa.sms && factors::can_receive(&user, Factor::FirstSms),
            "SMS_OTP",
        ),
        (passkeys::challenge::is_available(pool, &user), "WEB_AUTHN"),
    ];
    let ways: Vec<_> = ways
        .iter()
        .filter(|(has, _)| *has)
        .map(|(_, name)| name)
        .collect();
    reply.insert("Username".into(), user.username.into());
    reply.insert("ConfiguredUserAuthFactors".into(), json!(ways));
    Ok(reply.into())
}

/// `UserMFASettingList` and `PreferredMfaSetting`, as far as there are any.
pub fn listed(user: &User) -> Map<String, Value> {
    let mut reply = Map::new();
    let names: Vec<_> = user
        .second_factors
        .enabled()
        .into_iter()
        .map(Factor::name)
        .collect();
    if !names.is_empty() {
        reply.insert("UserMFASettingList".into(), json!(names));
    }
    if let Some(preferred) = &user.second_factors.preferred {
        reply.insert("PreferredMfaSetting".into(), json!(preferred));
    }
    reply
}

fn change(
    service: &Service,
    pool_id: &str,
    username: &str,
    preferences: &Preferences,
) -> Result<Value, ApiError> {
    service.store.change(|pools| {
        let mut user = pools.pool_mut(pool_id)?.by_any_name_mut(username)?;
        apply(&mut user, &preferences.named())
    })?;
    Ok(json!({}))
}

impl Preferences {
    /// The factors that the request names.
    fn named(&self) -> Vec<(Factor, Settings)> {
        let all = [
            (Factor::Email, self.email_mfa_settings),
            (Factor::Sms, self.sms_mfa_settings),
            (Factor::Authenticator, self.software_token_mfa_settings),
        ];
        let named = all.into_iter();
        named
            .filter_map(|(factor, settings)| Some((factor, settings?)))
            .collect()
    }
}

fn apply(user: &mut User, named: &[(Factor, Settings)]) -> Result<(), ApiError> {
    let preferred = named.iter().filter(|(_, settings)| settings.preferred_mfa);
    if preferred.count() > 1 {
        return Err(Exception::InvalidParameter.because("Only one factor can be preferred."));
    }
    for (factor, settings) in named {
        if settings.enabled {
            check_set_up(user, *factor)?;
        } else if settings.preferred_mfa {
            return Err(Exception::InvalidParameter.because(format!(
                "{} cannot be preferred: it is not enabled.",
                factor.name()
            )));
        }
        let factors = &mut user.second_factors;
        factors.switch(*factor, settings.enabled);
        if settings.preferred_mfa {
            factors.preferred = Some(factor.name().to_owned());
        } else if factors.preferred.as_deref() == Some(factor.name()) {
            factors.preferred = None;
        }
    }
    Ok(())
}

fn check_set_up(user: &User, factor: Factor) -> Result<(), ApiError> {
    let (is_set_up, why) = match factor {
        Factor::Authenticator => (
            user.second_factors.authenticator.is_some(),
            "User has not verified software token mfa".to_owned(),
        ),
        Factor::Email | Factor::Sms | Factor::FirstSms => (
            !user.attribute(factor.attribute()).is_empty(),
            format!(
                "User does not have delivery config set to turn on {}",
                factor.name()
            ),
        ),
    };
    match is_set_up {
        true => Ok(()),
        false => Err(Exception::InvalidParameter.because(why)),
    }
}
