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
    /// How often it may be repeated when nobody knows whether it arrived. Never what sends a
    /// mail, spends a code or changes the account.
    pub(crate) repeats: u8,
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

/// The repetitions of what does no harm twice: reading, and ending what has ended.
const HARMLESS: u8 = 2;

static OPERATIONS: [Operation; 19] = [
    Operation {
        method: "signUp",
        target: "AWSCognitoIdentityProviderService.SignUp",
        names_client: true,
        repeats: 0,
        fields: field::SIGN_UP,
        value: convert::<reply::SignedUp>,
    },
    Operation {
        method: "confirmSignUp",
        target: "AWSCognitoIdentityProviderService.ConfirmSignUp",
        names_client: true,
        repeats: 0,
        fields: field::CONFIRM_SIGN_UP,
        value: nothing,
    },
    Operation {
        method: "resendConfirmationCode",
        target: "AWSCognitoIdentityProviderService.ResendConfirmationCode",
        names_client: true,
        repeats: 0,
        fields: field::NAMED,
        value: convert::<reply::Sent>,
    },
    Operation {
        method: "forgotPassword",
        target: "AWSCognitoIdentityProviderService.ForgotPassword",
        names_client: true,
        repeats: 0,
        fields: field::NAMED,
        value: convert::<reply::Sent>,
    },
    Operation {
        method: "confirmForgotPassword",
        target: "AWSCognitoIdentityProviderService.ConfirmForgotPassword",
        names_client: true,
        repeats: 0,
        fields: field::CONFIRM_FORGOT_PASSWORD,
        value: nothing,
    },
    Operation {
        method: "changePassword",
        target: "AWSCognitoIdentityProviderService.ChangePassword",
        names_client: false,
        repeats: 0,
        fields: field::CHANGE_PASSWORD,
        value: nothing,
    },
    Operation {
        method: "userAttributes",
        target: "AWSCognitoIdentityProviderService.GetUser",
        names_client: false,
        repeats: HARMLESS,
        fields: field::AUTHORIZED,
        value: convert::<reply::User>,
    },
    Operation {
        method: "updateUserAttributes",
        target: "AWSCognitoIdentityProviderService.UpdateUserAttributes",
        names_client: false,
        repeats: 0,
        fields: field::UPDATE_USER_ATTRIBUTES,
        value: convert::<reply::Updated>,
    },
    Operation {
        method: "sendAttributeCode",
        target: "AWSCognitoIdentityProviderService.GetUserAttributeVerificationCode",
        names_client: false,
        repeats: 0,
        fields: field::SEND_ATTRIBUTE_CODE,
        value: convert::<reply::Sent>,
    },
    Operation {
        method: "verifyUserAttribute",
        target: "AWSCognitoIdentityProviderService.VerifyUserAttribute",
        names_client: false,
        repeats: 0,
        fields: field::VERIFY_USER_ATTRIBUTE,
        value: nothing,
    },
    Operation {
        method: "deleteUserAttributes",
        target: "AWSCognitoIdentityProviderService.DeleteUserAttributes",
        names_client: false,
        repeats: 0,
        fields: field::DELETE_USER_ATTRIBUTES,
        value: nothing,
    },
    Operation {
        method: "deleteUser",
        target: "AWSCognitoIdentityProviderService.DeleteUser",
        names_client: false,
        repeats: 0,
        fields: field::AUTHORIZED,
        value: nothing,
    },
    Operation {
        method: "signOut",
        target: "AWSCognitoIdentityProviderService.RevokeToken",
        names_client: true,
        repeats: HARMLESS,
        fields: field::SIGN_OUT,
        value: nothing,
    },
    Operation {
        method: "signOutEverywhere",
        target: "AWSCognitoIdentityProviderService.GlobalSignOut",
        names_client: false,
        repeats: HARMLESS,
        fields: field::AUTHORIZED,
        value: nothing,
    },
    Operation {
        method: "devices",
        target: "AWSCognitoIdentityProviderService.ListDevices",
        names_client: false,
        repeats: HARMLESS,
        fields: field::DEVICES,
        value: convert::<reply::Devices>,
    },
    Operation {
        method: "forgetDevice",
        target: "AWSCognitoIdentityProviderService.ForgetDevice",
        names_client: false,
        repeats: 0,
        fields: field::DEVICE,
        value: nothing,
    },
    Operation {
        method: "rememberDevice",
        target: "AWSCognitoIdentityProviderService.UpdateDeviceStatus",
        names_client: false,
        repeats: 0,
        fields: field::REMEMBER_DEVICE,
        value: nothing,
    },
    Operation {
        method: "mfaPreference",
        target: "AWSCognitoIdentityProviderService.GetUser",
        names_client: false,
        repeats: HARMLESS,
        fields: field::AUTHORIZED,
        value: convert::<reply::MfaPreference>,
    },
    Operation {
        method: "setMfaPreference",
        target: "AWSCognitoIdentityProviderService.SetUserMFAPreference",
        names_client: false,
        repeats: 0,
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

    #[test]
    fn only_what_does_no_harm_twice_is_repeated() {
        let repeated = OPERATIONS.iter().filter(|operation| operation.repeats > 0);
        let methods: Vec<_> = repeated.map(|operation| operation.method).collect();
        assert_eq!(
            methods,
            [
                "userAttributes",
                "signOut",
                "signOutEverywhere",
                "devices",
                "mfaPreference"
            ]
        );
    }
}
