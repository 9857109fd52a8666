//! The border to whoever does the sending: requests out, replies in.

use crate::{Timestamp, json};
use alloc::{boxed::Box, string::String, vec::Vec};
use core::fmt;
use zeroize::Zeroizing;

/// A call of Cognito's JSON API: POST `body` with [`Request::target`] as `X-Amz-Target` and
/// [`Request::CONTENT_TYPE`] as `Content-Type`, then hand the reply to
/// [`AwaitingReply::receive`](crate::AwaitingReply::receive).
pub struct Request {
    operation: Operation,
    body: Zeroizing<String>,
    repeatable: bool,
}

/// The operations of the API that are called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operation {
    /// Begins a conversation.
    InitiateAuth,
    /// Spends a session. Must never be sent twice: the second time, even a right answer is
    /// refused.
    RespondToAuthChallenge,
    /// Draws the secret of an authenticator.
    AssociateSoftwareToken,
    /// Proves that an authenticator has it.
    VerifySoftwareToken,
    /// Hands over what a device will be known by.
    ConfirmDevice,
    /// Has a device remembered.
    UpdateDeviceStatus,
}

/// What came back. Any bytes at all may have come; nothing here is trusted.
#[derive(Clone, Copy)]
pub struct Reply<'a> {
    /// The HTTP status.
    pub status: u16,
    /// The header `x-amzn-ErrorType`, where it is readable.
    pub error_type: Option<&'a str>,
    /// The header `Date`, where it is readable. It dates the password claim, so that a wrong
    /// clock on the device does not fail the sign-in.
    pub date: Option<Timestamp>,
    /// The body, if it was a JSON object.
    pub body: Option<&'a dyn Fields>,
}

/// A JSON object that the driver's own parser has read.
///
/// A path names the members from the outermost object inwards. An answer is `None` where a
/// member is missing or of another type; nothing is converted.
pub trait Fields {
    /// The string at `path`.
    fn text(&self, path: &[&str]) -> Option<String>;

    /// The number at `path`.
    fn number(&self, path: &[&str]) -> Option<f64>;

    /// Whether `true` is at `path`.
    fn truth(&self, path: &[&str]) -> bool;

    /// What the string at `path` holds as JSON text, if that is an object or a list.
    fn embedded(&self, path: &[&str]) -> Option<Box<dyn Fields>>;

    /// The string members of the object at `path`, in any order, or of the list, in its own,
    /// with anything for names; none if there is neither.
    fn entries(&self, path: &[&str]) -> Vec<(String, String)>;
}

impl Request {
    /// The media type of the body.
    pub const CONTENT_TYPE: &'static str = "application/x-amz-json-1.1";

    pub(crate) fn new(operation: Operation, body: Zeroizing<String>) -> Self {
        Self {
            operation,
            body,
            repeatable: false,
        }
    }

    /// Marks a request that has no effect which a repetition would double.
    pub(crate) fn repeatable(mut self) -> Self {
        self.repeatable = true;
        self
    }

    /// Adds `UserContextData` where the operation takes it: what the risk script of Cognito's
    /// threat protection has collected in the browser.
    pub fn with_user_context(mut self, encoded: &str) -> Self {
        let takes = matches!(
            self.operation,
            Operation::InitiateAuth | Operation::RespondToAuthChallenge
        );
        if takes {
            let context = [("EncodedData", encoded)];
            self.body = json::with_member(&self.body, "UserContextData", &context);
        }
        self
    }

    /// Which operation it is.
    pub fn operation(&self) -> Operation {
        self.operation
    }

    /// Whether a driver may send it again when nobody knows whether it has arrived. No other
    /// may be: it would send a second mail, or spend what can be spent once.
    pub fn is_repeatable(&self) -> bool {
        self.repeatable
    }

    /// The value of the header `X-Amz-Target`.
    pub fn target(&self) -> &'static str {
        match self.operation {
            Operation::InitiateAuth => "AWSCognitoIdentityProviderService.InitiateAuth",
            Operation::RespondToAuthChallenge => {
                "AWSCognitoIdentityProviderService.RespondToAuthChallenge"
            }
            Operation::AssociateSoftwareToken => {
                "AWSCognitoIdentityProviderService.AssociateSoftwareToken"
            }
            Operation::VerifySoftwareToken => {
                "AWSCognitoIdentityProviderService.VerifySoftwareToken"
            }
            Operation::ConfirmDevice => "AWSCognitoIdentityProviderService.ConfirmDevice",
            Operation::UpdateDeviceStatus => "AWSCognitoIdentityProviderService.UpdateDeviceStatus",
        }
    }

    /// The JSON to send. It holds secrets: do not log it.
    pub fn body(&self) -> &str {
        &self.body
    }
}

impl fmt::Debug for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Request").field(&self.operation).finish()
    }
}

impl fmt::Debug for Reply<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Reply").field(&self.status).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Credentials, FirstFactor, Flow, Password, Pool, sign_in, srp::Ephemeral};
    use alloc::string::ToString;

    fn first_request(flow: Flow) -> Request {
        let pool = Pool::new("us-east-1_Example1", "client").unwrap();
        let credentials = Credentials::of("user", Some(Password::new("p")), flow).unwrap();
        sign_in(&pool, credentials, Ephemeral::new(&[7; 64]).unwrap()).0
    }

    #[test]
    fn only_a_beginning_that_nobody_notices_is_repeatable() {
        let choice = |factor| Flow::Choice(Some(factor));
        for (flow, repeatable) in [
            (Flow::Custom, true),
            (Flow::UserSrp, true),
            (Flow::Choice(None), true),
            (choice(FirstFactor::PasswordSrp), true),
            (choice(FirstFactor::Password), false),
            (choice(FirstFactor::EmailOtp), false),
            (choice(FirstFactor::SmsOtp), false),
            (choice(FirstFactor::WebAuthn), false),
        ] {
            assert_eq!(first_request(flow).is_repeatable(), repeatable, "{flow:?}");
        }
    }

    #[test]
    fn user_context_goes_where_the_operation_takes_it() {
        let request = first_request(Flow::Custom).with_user_context("a\"b");
        let body: serde_json::Value = serde_json::from_str(request.body()).unwrap();
        assert_eq!(body["UserContextData"]["EncodedData"], "a\"b");
        assert_eq!(body["AuthFlow"], "CUSTOM_AUTH");
        let body = || Zeroizing::new("{}".to_string());
        let request = Request::new(Operation::ConfirmDevice, body()).with_user_context("a");
        assert_eq!(request.body(), "{}");
    }
}
