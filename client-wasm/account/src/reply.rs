//! What replies say, read by Cognito's names and written by those JavaScript has.

use crate::listed::{ListedAttributes, Moment};
use serde::{Deserialize, Serialize};

/// A user who has signed up.
#[derive(Deserialize, Serialize)]
#[serde(rename_all(deserialize = "PascalCase", serialize = "camelCase"))]
pub(crate) struct SignedUp {
    #[serde(rename(serialize = "sub"))]
    user_sub: String,
    #[serde(rename(serialize = "confirmed"))]
    user_confirmed: bool,
    #[serde(
        rename(serialize = "delivery"),
        skip_serializing_if = "Option::is_none"
    )]
    code_delivery_details: Option<Delivery>,
}

/// A code is on its way; to JavaScript the delivery itself.
#[derive(Deserialize, Serialize)]
#[serde(rename_all(deserialize = "PascalCase", serialize = "camelCase"))]
pub(crate) struct Sent {
    #[serde(
        rename(serialize = "delivery"),
        skip_serializing_if = "Option::is_none"
    )]
    code_delivery_details: Option<Delivery>,
}

/// The codes that changed attributes have set off.
#[derive(Deserialize, Serialize)]
#[serde(rename_all(deserialize = "PascalCase", serialize = "camelCase"))]
pub(crate) struct Updated {
    #[serde(rename(serialize = "deliveries"), default)]
    code_delivery_details_list: Vec<Delivery>,
}

/// Where a code went.
#[derive(Deserialize, Serialize)]
#[serde(rename_all(deserialize = "PascalCase", serialize = "camelCase"))]
struct Delivery {
    #[serde(rename(serialize = "sentTo"), skip_serializing_if = "Option::is_none")]
    destination: Option<String>,
    #[serde(rename(serialize = "medium"), skip_serializing_if = "Option::is_none")]
    delivery_medium: Option<String>,
    #[serde(
        rename(serialize = "attribute"),
        skip_serializing_if = "Option::is_none"
    )]
    attribute_name: Option<String>,
}

/// A user's name and attributes.
#[derive(Deserialize, Serialize)]
#[serde(rename_all(deserialize = "PascalCase", serialize = "camelCase"))]
pub(crate) struct User {
    username: String,
    #[serde(rename(serialize = "attributes"))]
    user_attributes: ListedAttributes,
}

/// A user's second factors.
#[derive(Deserialize, Serialize)]
#[serde(rename_all(deserialize = "PascalCase", serialize = "camelCase"))]
pub(crate) struct MfaPreference {
    #[serde(
        rename(serialize = "preferred"),
        skip_serializing_if = "Option::is_none"
    )]
    preferred_mfa_setting: Option<String>,
    #[serde(
        rename(deserialize = "UserMFASettingList", serialize = "enabled"),
        default
    )]
    user_mfa_setting_list: Vec<String>,
}

/// A page of a user's devices.
#[derive(Deserialize, Serialize)]
#[serde(rename_all(deserialize = "PascalCase", serialize = "camelCase"))]
pub(crate) struct Devices {
    #[serde(default)]
    devices: Vec<Device>,
    #[serde(rename(serialize = "next"), skip_serializing_if = "Option::is_none")]
    pagination_token: Option<String>,
}

#[derive(Deserialize, Serialize)]
#[serde(rename_all(deserialize = "PascalCase", serialize = "camelCase"))]
struct Device {
    device_key: String,
    #[serde(rename(serialize = "attributes"), default)]
    device_attributes: ListedAttributes,
    #[serde(rename(serialize = "created"), skip_serializing_if = "Option::is_none")]
    device_create_date: Option<Moment>,
    #[serde(
        rename(serialize = "modified"),
        skip_serializing_if = "Option::is_none"
    )]
    device_last_modified_date: Option<Moment>,
    #[serde(
        rename(serialize = "lastAuthenticated"),
        skip_serializing_if = "Option::is_none"
    )]
    device_last_authenticated_date: Option<Moment>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn given<T: Serialize + for<'de> Deserialize<'de>>(reply: Value) -> Value {
        serde_json::to_value(serde_json::from_value::<T>(reply).unwrap()).unwrap()
    }

    #[test]
    fn replies_become_values_in_our_words() {
        let delivery = json!({
            "Destination": "a***@e***", "DeliveryMedium": "EMAIL", "AttributeName": "email",
        });
        let ours = json!({ "sentTo": "a***@e***", "medium": "EMAIL", "attribute": "email" });
        let signed_up = json!({
            "UserConfirmed": false, "UserSub": "s", "CodeDeliveryDetails": delivery, "New": [],
        });
        assert_eq!(
            given::<SignedUp>(signed_up),
            json!({ "sub": "s", "confirmed": false, "delivery": ours })
        );
        let list = json!({ "CodeDeliveryDetailsList": [delivery] });
        assert_eq!(given::<Updated>(list), json!({ "deliveries": [ours] }));
        assert_eq!(given::<Updated>(json!({})), json!({ "deliveries": [] }));
        let user = json!({ "Username": "u", "UserAttributes": [
            { "Name": "email", "Value": "a@example.com" }, { "Name": "name" },
        ]});
        assert_eq!(
            given::<User>(user),
            json!({ "username": "u", "attributes": { "email": "a@example.com", "name": "" } })
        );
        let mfa =
            json!({ "PreferredMfaSetting": "EMAIL_OTP", "UserMFASettingList": ["EMAIL_OTP"] });
        assert_eq!(
            given::<MfaPreference>(mfa),
            json!({ "preferred": "EMAIL_OTP", "enabled": ["EMAIL_OTP"] })
        );
    }
}
