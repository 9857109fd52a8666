//! What the pool itself asks for after the password, when no trigger directs the sign-in.
//!
//! ```text
//! password ──▶ NEW_PASSWORD_REQUIRED, for a temporary one
//!         ├──▶ DEVICE_SRP_AUTH, on a device that is remembered
//!         ├──▶ EMAIL_OTP, SOFTWARE_TOKEN_MFA, or SELECT_MFA_TYPE between them
//!         ├──▶ MFA_SETUP, where a second factor has to be and there is none
//!         └──▶ tokens
//! ```

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::{
    auth::{AuthReply, SignIn},
    entropy,
    error::{ApiError, Exception},
    events::Round,
    inbox::Medium,
    one_time_codes,
    pools::Pool,
    service::Service,
    sessions::{CodeStep, Step},
    tokens,
    users::{Status, User},
};

/// A second factor that this pool has, by Cognito's names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Factor {
    /// `EMAIL_OTP`.
    Email,
    /// `SMS_MFA`.
    Sms,
    /// `SMS_OTP`: the same at the beginning of a sign-in.
    FirstSms,
    /// `SOFTWARE_TOKEN_MFA`.
    Authenticator,
}

/// `MfaConfiguration` and what goes with it.
#[derive(Clone, Copy, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Mfa {
    /// Who has to have a second factor.
    pub mode: MfaMode,
    /// Whether there are codes by mail.
    pub email: bool,
    /// Whether there are codes by text message.
    #[serde(default)]
    pub sms: bool,
    /// Whether there are authenticators.
    pub authenticator: bool,
}

/// `MfaConfiguration`.
#[derive(Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum MfaMode {
    /// Nobody.
    #[default]
    Off,
    /// Those who have one set up.
    Optional,
    /// Everybody.
    On,
}

/// The second factors of a user.
#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SecondFactors {
    /// Whether codes go to the address.
    pub email: bool,
    /// Whether codes go to the phone number.
    #[serde(default)]
    pub sms: bool,
    /// The secret of the authenticator.
    pub authenticator: Option<[u8; 20]>,
    /// The name of the one that is asked for without a choice.
    pub preferred: Option<String>,
}

/// Wrong codes that a session outlives. Cognito does not say how many.
const FREE_ATTEMPTS: u32 = 4;

impl Factor {
    /// `ChallengeName`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Email => "EMAIL_OTP",
            Self::Sms => "SMS_MFA",
            Self::FirstSms => "SMS_OTP",
            Self::Authenticator => "SOFTWARE_TOKEN_MFA",
        }
    }

    /// What the code is called in an answer.
    pub const fn answer(self) -> &'static str {
        match self {
            Self::Email => "EMAIL_OTP_CODE",
            Self::Sms => "SMS_MFA_CODE",
            Self::FirstSms => "SMS_OTP_CODE",
            Self::Authenticator => "SOFTWARE_TOKEN_MFA_CODE",
        }
    }

    /// The attribute that codes are sent to; empty for those that are not sent.
    pub const fn attribute(self) -> &'static str {
        match self {
            Self::Email => "email",
            Self::Sms | Self::FirstSms => "phone_number",
            Self::Authenticator => "",
        }
    }

    /// How codes are sent.
    const fn medium(self) -> Option<Medium> {
        match self {
            Self::Email => Some(Medium::Email),
            Self::Sms | Self::FirstSms => Some(Medium::Sms),
            Self::Authenticator => None,
        }
    }
}

impl SecondFactors {
    /// Those that the user has switched on.
    pub fn enabled(&self) -> Vec<Factor> {
        let all = [
            (self.sms, Factor::Sms),
            (self.email, Factor::Email),
            (self.authenticator.is_some(), Factor::Authenticator),
        ];
        let enabled = all.into_iter().filter(|(enabled, _)| *enabled);
        enabled.map(|(_, factor)| factor).collect()
    }

    /// Switches one on or off. An authenticator that is off has to be set up again.
    pub fn switch(&mut self, factor: Factor, enabled: bool) {
        match factor {
            Factor::Email => self.email = enabled,
            Factor::Sms | Factor::FirstSms => self.sms = enabled,
            Factor::Authenticator if !enabled => self.authenticator = None,
            Factor::Authenticator => {}
        }
    }
}

/// Goes on after the password was proved.
///
/// # Errors
/// If the user may not sign in.
pub async fn after_password(service: &Service, sign_in: SignIn) -> Result<AuthReply, ApiError> {
    let user = service.user(&sign_in.pool_id, &sign_in.subject.username)?;
    if user.status == Status::ForceChangePassword {
        return ask_new_password(service, sign_in, None);
    }
    tokens::may_have_tokens(&user)?;
    let remembered = sign_in
        .device_key
        .as_ref()
        .and_then(|key| user.devices.get(key))
        .is_some_and(|device| device.remembered);
    if remembered {
        let key = sign_in.device_key.clone().unwrap_or_default();
        let parameters = [("DEVICE_KEY", key)];
        return ask(
            service,
            sign_in,
            "DEVICE_SRP_AUTH",
            Step::DeviceSrp,
            &parameters,
        );
    }
    let mfa = service.pools().pool(&sign_in.pool_id)?.mfa;
    let factors = factors_of(mfa, &user);
    let preferred = user.second_factors.preferred.as_deref();
    let one = match factors.as_slice() {
        [] if mfa.mode == MfaMode::On => return ask_set_up(service, sign_in, mfa),
        [] => return tokens::issue(service, sign_in).await,
        [one] => Some(*one),
        several => several
            .iter()
            .copied()
            .find(|factor| Some(factor.name()) == preferred),
    };
    match one {
        Some(factor) => ask_code(service, sign_in, &user, factor),
        None => {
            let names: Vec<_> = factors.iter().map(|factor| factor.name()).collect();
            let parameters = [("MFAS_CAN_CHOOSE", json!(names).to_string())];
            let step = Step::SelectFactor(factors);
            ask(service, sign_in, "SELECT_MFA_TYPE", step, &parameters)
        }
    }
}

/// Asks for the password that shall follow a temporary one. With a history the triggers go
/// on after it.
///
/// # Errors
/// If the operating system has no random bytes.
pub fn ask_new_password(
    service: &Service,
    sign_in: SignIn,
    then_custom: Option<Vec<Round>>,
) -> Result<AuthReply, ApiError> {
    let user = service.user(&sign_in.pool_id, &sign_in.subject.username)?;
    let missing = missing_attributes(service.pools().pool(&sign_in.pool_id)?, &user);
    let named = missing.iter().map(|name| format!("userAttributes.{name}"));
    let attributes: BTreeMap<_, _> = user
        .attributes
        .iter()
        .filter(|(name, _)| *name != "sub")
        .collect();
    let parameters = [
        (
            "requiredAttributes",
            json!(named.collect::<Vec<_>>()).to_string(),
        ),
        ("userAttributes", json!(attributes).to_string()),
    ];
    let step = Step::NewPassword(then_custom);
    ask(service, sign_in, "NEW_PASSWORD_REQUIRED", step, &parameters)
}

/// Asks for a code, and sends it if that is where it comes from.
///
/// # Errors
/// If the operating system has no random bytes.
pub fn ask_code(
    service: &Service,
    sign_in: SignIn,
    user: &User,
    factor: Factor,
) -> Result<AuthReply, ApiError> {
    let sent = match factor.medium() {
        Some(medium) => {
            let to = user.attribute(factor.attribute());
            Some(one_time_codes::send(service, medium, to)?)
        }
        None => None,
    };
    let parameters = match &sent {
        Some(sent) => vec![
            ("CODE_DELIVERY_DELIVERY_MEDIUM", sent.medium.to_owned()),
            ("CODE_DELIVERY_DESTINATION", sent.destination.clone()),
        ],
        None => Vec::new(),
    };
    let step = Step::Code(CodeStep {
        factor,
        sent: sent.map(|sent| sent.code),
        attempts_left: FREE_ATTEMPTS,
    });
    ask(service, sign_in, factor.name(), step, &parameters)
}

fn ask_set_up(service: &Service, sign_in: SignIn, mfa: Mfa) -> Result<AuthReply, ApiError> {
    let offered = [
        (mfa.authenticator, Factor::Authenticator),
        (mfa.email, Factor::Email),
    ];
    let names: Vec<_> = offered
        .iter()
        .filter(|(enabled, _)| *enabled)
        .map(|(_, factor)| factor.name())
        .collect();
    let parameters = [("MFAS_CAN_SETUP", json!(names).to_string())];
    ask(service, sign_in, "MFA_SETUP", Step::SetUp, &parameters)
}

fn ask(
    service: &Service,
    sign_in: SignIn,
    name: &'static str,
    step: Step,
    parameters: &[(&str, String)],
) -> Result<AuthReply, ApiError> {
    let own = [("USER_ID_FOR_SRP", sign_in.subject.username.clone())];
    let parameters = own.iter().chain(parameters);
    let parameters = parameters
        .map(|(name, value)| ((*name).to_owned(), value.clone()))
        .collect();
    let session = entropy::handle()?;
    sign_in.keep(service, session.clone(), step)?;
    Ok(AuthReply::Challenge {
        name,
        session: Some(session),
        parameters,
    })
}

/// The second factors that a user has and the pool allows.
fn factors_of(mfa: Mfa, user: &User) -> Vec<Factor> {
    if mfa.mode == MfaMode::Off {
        return Vec::new();
    }
    let own = &user.second_factors;
    // Where everybody has to have a factor, a verified address or number is one.
    let sent = |pool: bool, own: bool, factor| {
        pool && (own || mfa.mode == MfaMode::On) && can_receive(user, factor)
    };
    let factors = [
        (sent(mfa.email, own.email, Factor::Email), Factor::Email),
        (sent(mfa.sms, own.sms, Factor::Sms), Factor::Sms),
        (
            mfa.authenticator && own.authenticator.is_some(),
            Factor::Authenticator,
        ),
    ];
    let has = factors.into_iter().filter(|(has, _)| *has);
    has.map(|(_, factor)| factor).collect()
}

/// Whether the user has verified where codes of this kind would go.
pub fn can_receive(user: &User, factor: Factor) -> bool {
    let attribute = factor.attribute();
    let verified = user.attribute(&format!("{attribute}_verified")) == "true";
    verified && !user.attribute(attribute).is_empty()
}

/// The attributes that the pool requires and the user has not.
pub fn missing_attributes(pool: &Pool, user: &User) -> Vec<String> {
    let required = pool.required_attributes.iter();
    required
        .filter(|name| user.attribute(name).is_empty())
        .cloned()
        .collect()
}

/// The answer to a wrong code of the pool's own.
pub fn mismatch() -> ApiError {
    Exception::CodeMismatch.because("Invalid code or auth state for the user.")
}
