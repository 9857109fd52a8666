//! What a call to the Cognito API can be refused with.

use std::fmt;

/// An error as Cognito answers it: the exception's name and a sentence.
#[derive(Debug)]
pub struct ApiError {
    /// Which exception.
    pub exception: Exception,
    /// What the caller reads. Never holds a secret or the value of an attribute.
    pub message: String,
}

/// Cognito's names of exceptions, as far as this pool uses them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exception {
    AliasExists,
    CodeDeliveryFailure,
    CodeMismatch,
    EnableSoftwareTokenMfa,
    ExpiredCode,
    Forbidden,
    InternalError,
    InvalidLambdaResponse,
    InvalidParameter,
    InvalidPassword,
    LimitExceeded,
    NotAuthorized,
    PasswordResetRequired,
    RefreshTokenReuse,
    RequestTooLarge,
    ResourceNotFound,
    Serialization,
    TooManyRequests,
    UnexpectedLambda,
    UnknownOperation,
    UnsupportedTokenType,
    UserLambdaValidation,
    UserNotConfirmed,
    UserNotFound,
    UsernameExists,
    WebAuthnChallengeNotFound,
    WebAuthnClientMismatch,
    WebAuthnConfigurationMissing,
    WebAuthnCredentialNotSupported,
    WebAuthnNotEnabled,
    WebAuthnOriginNotAllowed,
    WebAuthnRelyingPartyMismatch,
}

impl Exception {
    /// The name on the wire.
    pub const fn name(self) -> &'static str {
        match self {
            Self::AliasExists => "AliasExistsException",
            Self::CodeDeliveryFailure => "CodeDeliveryFailureException",
            Self::CodeMismatch => "CodeMismatchException",
            Self::EnableSoftwareTokenMfa => "EnableSoftwareTokenMFAException",
            Self::ExpiredCode => "ExpiredCodeException",
            Self::LimitExceeded => "LimitExceededException",
            Self::Forbidden => "ForbiddenException",
            Self::InternalError => "InternalErrorException",
            Self::InvalidLambdaResponse => "InvalidLambdaResponseException",
            Self::InvalidParameter => "InvalidParameterException",
            Self::InvalidPassword => "InvalidPasswordException",
            Self::NotAuthorized => "NotAuthorizedException",
            Self::PasswordResetRequired => "PasswordResetRequiredException",
            Self::RefreshTokenReuse => "RefreshTokenReuseException",
            Self::RequestTooLarge => "RequestEntityTooLargeException",
            Self::ResourceNotFound => "ResourceNotFoundException",
            Self::Serialization => "SerializationException",
            Self::TooManyRequests => "TooManyRequestsException",
            Self::UnexpectedLambda => "UnexpectedLambdaException",
            Self::UnknownOperation => "UnknownOperationException",
            Self::UnsupportedTokenType => "UnsupportedTokenTypeException",
            Self::UserLambdaValidation => "UserLambdaValidationException",
            Self::UserNotConfirmed => "UserNotConfirmedException",
            Self::UserNotFound => "UserNotFoundException",
            Self::UsernameExists => "UsernameExistsException",
            Self::WebAuthnChallengeNotFound => "WebAuthnChallengeNotFoundException",
            Self::WebAuthnClientMismatch => "WebAuthnClientMismatchException",
            Self::WebAuthnConfigurationMissing => "WebAuthnConfigurationMissingException",
            Self::WebAuthnCredentialNotSupported => "WebAuthnCredentialNotSupportedException",
            Self::WebAuthnNotEnabled => "WebAuthnNotEnabledException",
            Self::WebAuthnOriginNotAllowed => "WebAuthnOriginNotAllowedException",
            Self::WebAuthnRelyingPartyMismatch => "WebAuthnRelyingPartyMismatchException",
        }
    }

    /// The HTTP status it comes with. Nearly all have 400.
    pub const fn status(self) -> u16 {
        match self {
            Self::Forbidden => 403,
            Self::InternalError => 500,
            Self::RequestTooLarge => 413,
            Self::AliasExists
            | Self::CodeDeliveryFailure
            | Self::CodeMismatch
            | Self::EnableSoftwareTokenMfa
            | Self::ExpiredCode
            | Self::InvalidLambdaResponse
            | Self::LimitExceeded
            | Self::InvalidParameter
            | Self::InvalidPassword
            | Self::NotAuthorized
            | Self::PasswordResetRequired
            | Self::RefreshTokenReuse
            | Self::ResourceNotFound
            | Self::Serialization
            | Self::TooManyRequests
            | Self::UnexpectedLambda
            | Self::UnknownOperation
            | Self::UnsupportedTokenType
            | Self::UserLambdaValidation
            | Self::UserNotConfirmed
            | Self::UserNotFound
            | Self::UsernameExists
            | Self::WebAuthnChallengeNotFound
            | Self::WebAuthnClientMismatch
            | Self::WebAuthnConfigurationMissing
            | Self::WebAuthnCredentialNotSupported
            | Self::WebAuthnNotEnabled
            | Self::WebAuthnOriginNotAllowed
            | Self::WebAuthnRelyingPartyMismatch => 400,
        }
    }

    /// The error with this name and the given sentence.
    pub fn because(self, message: impl Into<String>) -> ApiError {
        ApiError {
            exception: self,
            message: message.into(),
        }
    }
}

impl ApiError {
    /// The one answer to a wrong name, a wrong password, and a sign-in that Define failed:
    /// from outside they are the same.
    pub fn incorrect() -> Self {
        Exception::NotAuthorized.because("Incorrect username or password.")
    }

    /// A parameter of the request that has to be there.
    pub fn missing(parameter: &str) -> Self {
        Exception::InvalidParameter.because(format!("Missing required parameter {parameter}"))
    }
}

impl fmt::Display for ApiError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.exception.name(), self.message)
    }
}

impl From<crate::entropy::Error> for ApiError {
    fn from(_: crate::entropy::Error) -> Self {
        Exception::InternalError.because("The operating system gave no random bytes.")
    }
}
