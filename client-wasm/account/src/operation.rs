//! Each method of the package, and the operation of Cognito's API that it is.

use crate::{
    border,
    field::{self, Field},
    reply,
};
use serde::{Serialize, de::DeserializeOwned};
use wasm_bindgen::JsValue;

/// A method as the pool knows it.
pub(crate) struct Operation {
    /// What JavaScript calls it.
    pub(crate) method: &'static str,
    /// The value of the header `X-Amz-Target`.
    pub(crate) target: &'static str,
    /// Whether the request names the app client; the others name themselves by a token.
    pub(crate) names_client: bool,
    /// What the input has.
    pub(crate) fields: &'static [Field],
    /// Makes the value of a reply's body, or says what is wrong with it.
    pub(crate) value: fn(&JsValue) -> Result<JsValue, String>,
}

/// The operation of a method.
pub(crate) fn of(method: &str) -> Option<&'static Operation> {
    OPERATIONS
        .iter()
        .find(|operation| operation.method == method)
}

static OPERATIONS: [Operation; 19] = [
    Operation {
        method: "signUp",
        target: "AWSCognitoIdentityProviderService.SignUp",
        names_client: true,
        fields: field::SIGN_UP,
        value: convert::<reply::SignedUp>,
    },
    Operation {
        method: "confirmSignUp",
        target: "AWSCognitoIdentityProviderService.ConfirmSignUp",
        names_client: true,
        fields: field::CONFIRM_SIGN_UP,
        value: nothing,
    },
    Operation {
        method: "resendConfirmationCode",
        target: "AWSCognitoIdentityProviderService.ResendConfirmationCode",
        names_client: true,
        fields: field::NAMED,
        value: convert::<reply::Sent>,
    },
    Operation {
        method: "forgotPassword",
        target: "AWSCognitoIdentityProviderService.ForgotPassword",
        names_client: true,
        fields: field::NAMED,
        value: convert::<reply::Sent>,
    },
    Operation {
        method: "confirmForgotPassword",
        target: "AWSCognitoIdentityProviderService.ConfirmForgotPassword",
        names_client: true,
        fields: field::CONFIRM_FORGOT_PASSWORD,
        value: nothing,
    },
    Operation {
        method: "changePassword",
        target: "AWSCognitoIdentityProviderService.ChangePassword",
        names_client: false,
        fields: field::CHANGE_PASSWORD,
        value: nothing,
    },
    Operation {
        method: "userAttributes",
        target: "AWSCognitoIdentityProviderService.GetUser",
        names_client: false,
        fields: field::AUTHORIZED,
        value: convert::<reply::User>,
    },
    Operation {
        method: "updateUserAttributes",
        target: "AWSCognitoIdentityProviderService.UpdateUserAttributes",
        names_client: false,
        fields: field::UPDATE_USER_ATTRIBUTES,
        value: convert::<reply::Updated>,
    },
    Operation {
        method: "sendAttributeCode",
        target: "AWSCognitoIdentityProviderService.GetUserAttributeVerificationCode",
        names_client: false,
        fields: field::SEND_ATTRIBUTE_CODE,
        value: convert::<reply::Sent>,
    },
    Operation {
        method: "verifyUserAttribute",
        target: "AWSCognitoIdentityProviderService.VerifyUserAttribute",
        names_client: false,
        fields: field::VERIFY_USER_ATTRIBUTE,
        value: nothing,
    },
    Operation {
        method: "deleteUserAttributes",
        target: "AWSCognitoIdentityProviderService.DeleteUserAttributes",
        names_client: false,
        fields: field::DELETE_USER_ATTRIBUTES,
        value: nothing,
    },
    Operation {
        method: "deleteUser",
        target: "AWSCognitoIdentityProviderService.DeleteUser",
        names_client: false,
        fields: field::AUTHORIZED,
        value: nothing,
    },
    Operation {
        method: "revokeToken",
        target: "AWSCognitoIdentityProviderService.RevokeToken",
        names_client: true,
        fields: field::REVOKE_TOKEN,
        value: nothing,
    },
    Operation {
        method: "globalSignOut",
        target: "AWSCognitoIdentityProviderService.GlobalSignOut",
        names_client: false,
        fields: field::AUTHORIZED,
        value: nothing,
    },
    Operation {
        method: "devices",
        target: "AWSCognitoIdentityProviderService.ListDevices",
        names_client: false,
        fields: field::DEVICES,
        value: convert::<reply::Devices>,
    },
    Operation {
        method: "forgetDevice",
        target: "AWSCognitoIdentityProviderService.ForgetDevice",
        names_client: false,
        fields: field::DEVICE,
        value: nothing,
    },
    Operation {
        method: "updateDeviceStatus",
        target: "AWSCognitoIdentityProviderService.UpdateDeviceStatus",
        names_client: false,
        fields: field::UPDATE_DEVICE_STATUS,
        value: nothing,
    },
    Operation {
        method: "mfaPreference",
        target: "AWSCognitoIdentityProviderService.GetUser",
        names_client: false,
        fields: field::AUTHORIZED,
        value: convert::<reply::MfaPreference>,
    },
    Operation {
        method: "setMfaPreference",
        target: "AWSCognitoIdentityProviderService.SetUserMFAPreference",
        names_client: false,
        fields: field::SET_MFA_PREFERENCE,
        value: nothing,
    },
];

/// Reads by one set of names, and writes by the other.
fn convert<T: DeserializeOwned + Serialize>(value: &JsValue) -> Result<JsValue, String> {
    Ok(border::write(&border::read::<T>(value)?))
}

/// Some replies have an empty body, others an empty object; both say that it is done.
#[expect(
    clippy::unnecessary_wraps,
    reason = "the replies that say something can be malformed"
)]
fn nothing(_: &JsValue) -> Result<JsValue, String> {
    Ok(JsValue::UNDEFINED)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn methods_are_found_by_their_one_name() {
        for operation in &OPERATIONS {
            assert!(core::ptr::eq(
                of(operation.method).unwrap().method,
                operation.method
            ));
        }
        assert!(of("signup").is_none());
    }
}
