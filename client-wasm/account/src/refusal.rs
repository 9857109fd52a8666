//! What a refusal means: Cognito's exception and text, as one of the codes that
//! `../npm/account.d.ts` documents.

use crate::{
    border::{self, record},
    operation::Operation,
};
use protocol::{exception_name, failed_trigger};
use serde::Deserialize;
use wasm_bindgen::JsValue;

/// A reply that is not a success.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Refusal {
    exception: String,
    message: String,
    code: &'static str,
}

#[derive(Deserialize, Default)]
struct Body {
    #[serde(rename = "__type", alias = "code")]
    kind: Option<String>,
    #[serde(alias = "Message")]
    message: Option<String>,
}

/// The longest text that is handed on.
const LONGEST: usize = 1024;

impl Refusal {
    /// Finds none in HTTP 200 that names no exception.
    pub(crate) fn of(status: u16, error_type: Option<String>, body: &JsValue) -> Option<Self> {
        let body: Body = border::read(body).unwrap_or_default();
        Self::read(status, error_type, body)
    }

    fn read(status: u16, error_type: Option<String>, body: Body) -> Option<Self> {
        let in_header = error_type.map(|name| exception_name(&name));
        let in_body = body.kind.map(|name| exception_name(&name));
        let named = |name: &String| !name.is_empty();
        let exception = in_header.filter(named).or(in_body).unwrap_or_default();
        if status == 200 && exception.is_empty() {
            return None;
        }
        let message: String = body.message.unwrap_or_default();
        let message = message.chars().take(LONGEST).collect::<String>();
        Some(Self {
            code: code(status, &exception, &message),
            exception,
            message,
        })
    }

    /// Whether it says that an earlier attempt of the same call has arrived.
    pub(crate) fn already_done(&self, operation: &Operation) -> bool {
        operation.method == "globalSignOut" && self.code == "token_rejected"
    }

    /// The error for JavaScript.
    pub(crate) fn into_js(self) -> JsValue {
        let name = if self.exception.is_empty() {
            "the pool refused"
        } else {
            &self.exception
        };
        let message = match self.message.as_str() {
            "" => name.to_owned(),
            message => format!("{name}: {message}"),
        };
        record(&[
            ("code", self.code.into()),
            ("message", message.into()),
            ("exception", self.exception.as_str().into()),
            ("trigger", failed_trigger(&self.message).into()),
        ])
    }
}

fn code(status: u16, exception: &str, message: &str) -> &'static str {
    match exception.strip_suffix("Exception").unwrap_or(exception) {
        "NotAuthorized" | "Unauthorized" => not_authorized(message),
        "InvalidParameter" => invalid_parameter(message),
        "CodeMismatch" => "wrong_code",
        "ExpiredCode" => "code_expired",
        "TooManyFailedAttempts" => "attempts_exceeded",
        "LimitExceeded" => "limit_exceeded",
        "InvalidPassword" => "password_not_accepted",
        "PasswordHistoryPolicyViolation" => "password_used_before",
        "UsernameExists" => "username_exists",
        "AliasExists" => "alias_exists",
        "UserNotFound" => "user_not_found",
        "UserNotConfirmed" => "user_not_confirmed",
        "PasswordResetRequired" => "password_reset_required",
        "UnsupportedTokenType" => "token_rejected",
        "CodeDeliveryFailure" => "mail_not_sent",
        "UserLambdaValidation" | "UnexpectedLambda" | "InvalidLambdaResponse" => "trigger_failed",
        "ResourceNotFound" if message.contains("Device") => "device_not_found",
        "ResourceNotFound"
        | "InvalidUserPoolConfiguration"
        | "InvalidSmsRoleAccessPolicy"
        | "InvalidSmsRoleTrustRelationship"
        | "InvalidEmailRoleAccessPolicy"
        | "UnsupportedOperation"
        | "OperationNotEnabled"
        | "FeatureUnavailableInTier" => "misconfigured",
        "TooManyRequests" => "throttled",
        "Forbidden" => "forbidden",
        "InternalError" => "pool_unavailable",
        _ => match status {
            200 => "bad_reply",
            403 => "forbidden",
            429 => "throttled",
            500.. => "pool_unavailable",
            // A refusal of Cognito's own has a name, or a status that says enough.
            _ if exception.is_empty() => "bad_reply",
            _ => "refused",
        },
    }
}

/// One exception has many meanings, told apart by text alone.
fn not_authorized(message: &str) -> &'static str {
    match message {
        _ if failed_trigger(message).is_some() => "trigger_failed",
        "Incorrect username or password." => "bad_credentials",
        "User is disabled." => "user_disabled",
        "Password attempts exceeded" => "locked_out",
        _ if message.contains("Current status is CONFIRMED") => "already_confirmed",
        _ if message.contains("Access Token") || message.contains("Refresh Token") => {
            "token_rejected"
        }
        _ if message.to_ascii_lowercase().contains("secret") => "misconfigured",
        _ => "not_permitted",
    }
}

fn invalid_parameter(message: &str) -> &'static str {
    if message == "User is already confirmed." {
        "already_confirmed"
    } else if message.contains("no registered/verified email") {
        "no_verified_address"
    } else {
        "invalid_input"
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(status: u16, error_type: Option<&str>, body: &str) -> Option<Refusal> {
        let body = serde_json::from_str(body).unwrap_or_default();
        Refusal::read(status, error_type.map(str::to_owned), body)
    }

    fn code_of(exception: &str, message: &str) -> &'static str {
        let body = format!(r#"{{"__type":"{exception}","message":"{message}"}}"#);
        refusal(400, None, &body).unwrap().code
    }

    #[test]
    fn one_exception_has_many_meanings() {
        for (message, code) in [
            ("Incorrect username or password.", "bad_credentials"),
            ("Invalid Access Token", "token_rejected"),
            ("Access Token has expired", "token_rejected"),
            ("Access Token has been revoked", "token_rejected"),
            ("User is disabled.", "user_disabled"),
            (
                "User cannot be confirmed. Current status is CONFIRMED",
                "already_confirmed",
            ),
            (
                "SignUp is not permitted for this user pool",
                "not_permitted",
            ),
            ("Unable to verify secret hash for client c", "misconfigured"),
            ("whatever comes next year", "not_permitted"),
        ] {
            assert_eq!(
                code_of("NotAuthorizedException", message),
                code,
                "{message}"
            );
        }
        let parameter = |message| code_of("InvalidParameterException", message);
        assert_eq!(parameter("User is already confirmed."), "already_confirmed");
        assert_eq!(parameter("Attributes did not conform"), "invalid_input");
        assert_eq!(
            code_of("ResourceNotFoundException", "Device does not exist."),
            "device_not_found"
        );
    }

    #[test]
    fn exceptions_are_found_in_header_and_body_and_without_either() {
        let body = r#"{"__type":"com.amazonaws#CodeMismatchException","Message":"m"}"#;
        let found = refusal(400, None, body).unwrap();
        assert_eq!((found.code, found.message.as_str()), ("wrong_code", "m"));
        let header = "LimitExceededException:http://internal.amazon.com/";
        assert_eq!(
            refusal(400, Some(header), "<html>").unwrap().code,
            "limit_exceeded"
        );
        for (status, code) in [
            (200, None),
            (204, Some("bad_reply")),
            (301, Some("bad_reply")),
            (404, Some("bad_reply")),
            (403, Some("forbidden")),
            (429, Some("throttled")),
            (503, Some("pool_unavailable")),
        ] {
            assert_eq!(
                refusal(status, None, "").map(|found| found.code),
                code,
                "{status}"
            );
        }
    }
}
