//! The operations of the Cognito API, one file each: a request in, a reply or an error out.

mod admin_create_user;
mod admin_get_user;
mod admin_set_user_password;
mod associate_software_token;
mod attributes;
mod confirm_device;
mod create_user_pool;
mod create_user_pool_client;
mod devices;
mod forget_device;
mod get_tokens_from_refresh_token;
mod get_user;
mod global_sign_out;
mod initiate_auth;
mod mfa_preference;
mod passwords;
mod respond_to_auth_challenge;
mod revoke_token;
mod set_user_pool_mfa_config;
mod sign_up;
mod update_device_status;
mod verify_software_token;
mod web_authn;

use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::{Value, error::Category, json};

use crate::{
    error::{ApiError, Exception},
    service::Service,
    users::User,
};

/// An operation by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
pub enum Operation {
    AdminCreateUser,
    AdminGetUser,
    #[serde(rename = "AdminSetUserMFAPreference")]
    AdminSetUserMfaPreference,
    AdminSetUserPassword,
    AssociateSoftwareToken,
    ChangePassword,
    CompleteWebAuthnRegistration,
    ConfirmDevice,
    ConfirmForgotPassword,
    ConfirmSignUp,
    CreateUserPool,
    CreateUserPoolClient,
    DeleteUser,
    DeleteUserAttributes,
    DeleteWebAuthnCredential,
    ForgetDevice,
    ForgotPassword,
    GetDevice,
    GetTokensFromRefreshToken,
    GetUser,
    GetUserAttributeVerificationCode,
    GetUserAuthFactors,
    GlobalSignOut,
    InitiateAuth,
    ListDevices,
    ListWebAuthnCredentials,
    ResendConfirmationCode,
    RespondToAuthChallenge,
    RevokeToken,
    #[serde(rename = "SetUserMFAPreference")]
    SetUserMfaPreference,
    SetUserPoolMfaConfig,
    SignUp,
    StartWebAuthnRegistration,
    UpdateDeviceStatus,
    UpdateUserAttributes,
    VerifySoftwareToken,
    VerifyUserAttribute,
}

impl Operation {
    /// Reads the value of `X-Amz-Target`.
    ///
    /// # Errors
    /// `UnknownOperationException`.
    pub fn from_target(target: &str) -> Result<Self, ApiError> {
        let name = target.strip_prefix("AWSCognitoIdentityProviderService.");
        name.and_then(|name| serde_json::from_value(name.into()).ok())
            .ok_or_else(|| {
                Exception::UnknownOperation
                    .because("X-Amz-Target names no operation that this local pool has.")
            })
    }

    /// Whether AWS wants this call signed. Here it needs no signature, so pages of other
    /// origins may not make it.
    pub const fn is_administrative(self) -> bool {
        match self {
            Self::AdminCreateUser
            | Self::AdminGetUser
            | Self::AdminSetUserMfaPreference
            | Self::AdminSetUserPassword
            | Self::CreateUserPool
            | Self::CreateUserPoolClient
            | Self::SetUserPoolMfaConfig => true,
            Self::AssociateSoftwareToken
            | Self::ChangePassword
            | Self::ConfirmDevice
            | Self::ConfirmForgotPassword
            | Self::ConfirmSignUp
            | Self::DeleteUser
            | Self::DeleteUserAttributes
            | Self::ForgetDevice
            | Self::ForgotPassword
            | Self::GetUserAttributeVerificationCode
            | Self::ResendConfirmationCode
            | Self::SignUp
            | Self::UpdateDeviceStatus
            | Self::UpdateUserAttributes
            | Self::VerifySoftwareToken
            | Self::VerifyUserAttribute
            | Self::CompleteWebAuthnRegistration
            | Self::DeleteWebAuthnCredential
            | Self::ListWebAuthnCredentials
            | Self::StartWebAuthnRegistration
            | Self::GetDevice
            | Self::GetTokensFromRefreshToken
            | Self::GetUser
            | Self::GetUserAuthFactors
            | Self::ListDevices
            | Self::SetUserMfaPreference
            | Self::GlobalSignOut
            | Self::InitiateAuth
            | Self::RespondToAuthChallenge
            | Self::RevokeToken => false,
        }
    }

    /// Does it.
    ///
    /// # Errors
    /// With Cognito's names.
    pub async fn run(self, service: &Service, body: &[u8]) -> Result<Value, ApiError> {
        match self {
            Self::AdminCreateUser => admin_create_user::run(service, read(body)?),
            Self::AdminGetUser => admin_get_user::run(service, read(body)?),
            Self::AdminSetUserPassword => admin_set_user_password::run(service, read(body)?),
            Self::ChangePassword => passwords::change(service, read(body)?).await,
            Self::ConfirmForgotPassword => passwords::confirm(service, &read(body)?),
            Self::ConfirmSignUp => sign_up::confirm(service, &read(body)?),
            Self::DeleteUser => attributes::delete_user(service, read(body)?).await,
            Self::DeleteUserAttributes => attributes::delete(service, read(body)?).await,
            Self::ForgotPassword => passwords::forgot(service, read(body)?).await,
            Self::GetUserAttributeVerificationCode => {
                attributes::send_code(service, read(body)?).await
            }
            Self::ResendConfirmationCode => sign_up::resend(service, read(body)?).await,
            Self::SignUp => sign_up::run(service, read(body)?).await,
            Self::UpdateUserAttributes => attributes::update(service, read(body)?).await,
            Self::VerifyUserAttribute => attributes::verify(service, read(body)?).await,
            Self::CreateUserPool => create_user_pool::run(service, read(body)?),
            Self::CreateUserPoolClient => create_user_pool_client::run(service, read(body)?),
            Self::GetTokensFromRefreshToken => {
                get_tokens_from_refresh_token::run(service, read(body)?).await
            }
            Self::GetUser => get_user::run(service, read(body)?).await,
            Self::GlobalSignOut => global_sign_out::run(service, read(body)?).await,
            Self::InitiateAuth => initiate_auth::run(service, read(body)?).await,
            Self::RespondToAuthChallenge => {
                respond_to_auth_challenge::run(service, read(body)?).await
            }
            Self::RevokeToken => revoke_token::run(service, &read(body)?),
            Self::AdminSetUserMfaPreference => mfa_preference::set_by_admin(service, &read(body)?),
            Self::SetUserMfaPreference => mfa_preference::set(service, read(body)?).await,
            Self::GetUserAuthFactors => mfa_preference::auth_factors(service, read(body)?).await,
            Self::ListDevices => devices::list(service, read(body)?).await,
            Self::GetDevice => devices::get(service, read(body)?).await,
            Self::SetUserPoolMfaConfig => set_user_pool_mfa_config::run(service, read(body)?),
            Self::AssociateSoftwareToken => associate_software_token::run(service, &read(body)?),
            Self::VerifySoftwareToken => verify_software_token::run(service, &read(body)?),
            Self::ConfirmDevice => confirm_device::run(service, read(body)?).await,
            Self::UpdateDeviceStatus => update_device_status::run(service, read(body)?).await,
            Self::ForgetDevice => forget_device::run(service, read(body)?).await,
            Self::StartWebAuthnRegistration => web_authn::start(service, read(body)?).await,
            Self::CompleteWebAuthnRegistration => web_authn::complete(service, read(body)?).await,
            Self::ListWebAuthnCredentials => web_authn::list(service, read(body)?).await,
            Self::DeleteWebAuthnCredential => web_authn::delete(service, read(body)?).await,
        }
    }
}

/// An attribute as the API writes it.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Attribute {
    name: String,
    #[serde(default)]
    value: String,
}

/// Reads a request. The error never quotes it: what came may be a secret.
fn read<T: DeserializeOwned>(body: &[u8]) -> Result<T, ApiError> {
    // serde would take an array for a struct too.
    if body.trim_ascii_start().first() != Some(&b'{') {
        return Err(Exception::Serialization.because("The body is not a JSON object."));
    }
    serde_json::from_slice(body).map_err(|error| {
        let place = format!("line {}, column {}", error.line(), error.column());
        let text = error.to_string();
        match error.classify() {
            Category::Data if text.starts_with("missing field") => {
                let field = text.split('`').nth(1).unwrap_or_default();
                Exception::InvalidParameter.because(format!("Missing required parameter {field}"))
            }
            Category::Data => Exception::Serialization
                .because(format!("A value of another type was expected at {place}.")),
            Category::Io | Category::Syntax | Category::Eof => {
                Exception::Serialization.because(format!("The body is not JSON at {place}."))
            }
        }
    })
}

/// The attributes of a user as the API lists them.
fn listed_attributes(user: &User) -> Vec<Value> {
    let listed = user.attributes.iter();
    listed
        .map(|(name, value)| json!({ "Name": name, "Value": value }))
        .collect()
}

/// Refuses texts outside a length, counted in characters.
fn check_length(
    parameter: &str,
    value: &str,
    lengths: std::ops::RangeInclusive<usize>,
) -> Result<(), ApiError> {
    let length = value.chars().count();
    if lengths.contains(&length) {
        return Ok(());
    }
    let (least, most) = (lengths.start(), lengths.end());
    Err(Exception::InvalidParameter.because(format!(
        "{parameter} must have {least} to {most} characters, but has {length}."
    )))
}
