//! The fields of inputs: what each must be, and how it is written in the request.
//!
//! The lengths are those of Cognito's service model; tokens have none there.

use crate::value::Value;
use core::fmt;
use std::collections::BTreeMap;

/// A field of an input.
#[derive(Clone, Copy)]
pub(crate) struct Field {
    /// What JavaScript calls it.
    pub(crate) name: &'static str,
    /// What Cognito calls it.
    pub(crate) wire: &'static str,
    /// What it must be.
    form: Form,
    /// Whether it may be left out.
    optional: bool,
}

#[derive(Clone, Copy)]
enum Form {
    /// A text of at least and at most so many characters.
    Text(usize, usize),
    /// What the person read in a mail. Spaces and hyphens do not count.
    Code,
    Flag,
    /// A whole number up to this one.
    Count(u8),
    /// An object of strings.
    Strings,
    /// The same, but a list of `Name` and `Value` on the wire.
    Attributes,
    /// A list of attributes' names.
    Names,
    /// A boolean that is a word on the wire.
    Remembered,
    /// An object with these fields.
    Object(&'static [Field]),
}

/// What does not fit: where, what was expected, and what came, without its content.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Mismatch {
    path: String,
    expected: String,
    found: String,
}

const USERNAME: Field = Field::of("username", "Username", Form::Text(1, 128));
const PASSWORD: Field = Field::of("password", "Password", Form::Text(1, 256));
const CONFIRMATION: Field = Field::of("code", "ConfirmationCode", Form::Code);
const METADATA: Field = Field::of("clientMetadata", "ClientMetadata", Form::Strings).optional();
const CONTEXT: Field = Field::of(
    "userContext",
    "UserContextData",
    Form::Object(&[Field::of(
        "encodedData",
        "EncodedData",
        Form::Text(1, 131_072),
    )]),
)
.optional();
const ACCESS_TOKEN: Field = Field::of("accessToken", "AccessToken", Form::Text(1, 8192));
const ATTRIBUTES: Field = Field::of("attributes", "UserAttributes", Form::Attributes);
const ATTRIBUTE: Field = Field::of("attribute", "AttributeName", Form::Text(1, 32));
const DEVICE_KEY: Field = Field::of("deviceKey", "DeviceKey", Form::Text(1, 55));
const FACTOR: Form = Form::Object(&[
    Field::of("enabled", "Enabled", Form::Flag),
    Field::of("preferred", "PreferredMfa", Form::Flag).optional(),
]);

pub(crate) const SIGN_UP: &[Field] = &[
    USERNAME,
    PASSWORD,
    ATTRIBUTES.optional(),
    Field::of("validationData", "ValidationData", Form::Attributes).optional(),
    METADATA,
    CONTEXT,
];
pub(crate) const CONFIRM_SIGN_UP: &[Field] = &[
    USERNAME,
    CONFIRMATION,
    Field::of("forceAliasCreation", "ForceAliasCreation", Form::Flag).optional(),
    METADATA,
    CONTEXT,
];
pub(crate) const NAMED: &[Field] = &[USERNAME, METADATA, CONTEXT];
pub(crate) const CONFIRM_FORGOT_PASSWORD: &[Field] =
    &[USERNAME, CONFIRMATION, PASSWORD, METADATA, CONTEXT];
pub(crate) const CHANGE_PASSWORD: &[Field] = &[
    ACCESS_TOKEN,
    Field::of("previous", "PreviousPassword", Form::Text(1, 256)),
    Field::of("proposed", "ProposedPassword", Form::Text(1, 256)),
];
pub(crate) const AUTHORIZED: &[Field] = &[ACCESS_TOKEN];
pub(crate) const UPDATE_USER_ATTRIBUTES: &[Field] = &[ACCESS_TOKEN, ATTRIBUTES, METADATA];
pub(crate) const SEND_ATTRIBUTE_CODE: &[Field] = &[ACCESS_TOKEN, ATTRIBUTE, METADATA];
pub(crate) const VERIFY_USER_ATTRIBUTE: &[Field] = &[
    ACCESS_TOKEN,
    ATTRIBUTE,
    Field::of("code", "Code", Form::Code),
];
pub(crate) const DELETE_USER_ATTRIBUTES: &[Field] = &[
    ACCESS_TOKEN,
    Field::of("attributes", "UserAttributeNames", Form::Names),
];
pub(crate) const REVOKE_TOKEN: &[Field] =
    &[Field::of("refreshToken", "Token", Form::Text(1, 8192))];
pub(crate) const DEVICES: &[Field] = &[
    ACCESS_TOKEN,
    Field::of("limit", "Limit", Form::Count(60)).optional(),
    Field::of("next", "PaginationToken", Form::Text(1, 8192)).optional(),
];
pub(crate) const DEVICE: &[Field] = &[ACCESS_TOKEN, DEVICE_KEY];
pub(crate) const UPDATE_DEVICE_STATUS: &[Field] = &[
    ACCESS_TOKEN,
    DEVICE_KEY,
    Field::of("remembered", "DeviceRememberedStatus", Form::Remembered),
];
pub(crate) const SET_MFA_PREFERENCE: &[Field] = &[
    ACCESS_TOKEN,
    Field::of("email", "EmailMfaSettings", FACTOR).optional(),
    Field::of("sms", "SMSMfaSettings", FACTOR).optional(),
    Field::of("totp", "SoftwareTokenMfaSettings", FACTOR).optional(),
];

/// Makes a request of the members of an input. Members that no field names are left alone.
pub(crate) fn request(
    fields: &[Field],
    input: &mut dyn FnMut(&str) -> Value,
) -> Result<BTreeMap<String, Value>, Mismatch> {
    let mut request = BTreeMap::new();
    for field in fields {
        let value = input(field.name);
        if field.optional && matches!(value, Value::Absent) {
            continue;
        }
        let value = field
            .form
            .write(value)
            .map_err(|at| at.within(field.name))?;
        request.insert(field.wire.to_owned(), value);
    }
    Ok(request)
}

impl Field {
    const fn of(name: &'static str, wire: &'static str, form: Form) -> Self {
        Self {
            name,
            wire,
            form,
            optional: false,
        }
    }

    const fn optional(mut self) -> Self {
        self.optional = true;
        self
    }
}

impl Form {
    fn write(self, value: Value) -> Result<Value, Mismatch> {
        match (self, value) {
            (Self::Text(least, most), Value::Text(text))
                if (least..=most).contains(&text.chars().count()) =>
            {
                Ok(Value::Text(text))
            }
            (Self::Code, Value::Text(typed)) => {
                let counts = |char: &char| !char.is_whitespace() && *char != '-';
                let code: String = typed.chars().filter(counts).collect();
                Self::Text(1, 2048).write(Value::Text(code.into()))
            }
            (Self::Flag, Value::Flag(flag)) => Ok(Value::Flag(flag)),
            (Self::Count(most), Value::Number(count))
                if count.fract() == 0.0 && (0.0..=f64::from(most)).contains(&count) =>
            {
                Ok(Value::Number(count))
            }
            (Self::Strings, Value::Map(map)) => {
                let texts = texts(map, Self::Text(0, 131_072))?;
                Ok(Value::Map(texts.into_iter().collect()))
            }
            (Self::Attributes, Value::Map(map)) => {
                let pairs = texts(map, Self::Text(0, 2048))?
                    .into_iter()
                    .map(|(name, value)| {
                        let name = ("Name".to_owned(), Value::text(&name));
                        Value::Map(BTreeMap::from([name, ("Value".to_owned(), value)]))
                    });
                Ok(Value::List(pairs.collect()))
            }
            (Self::Names, Value::List(list)) => {
                let names = list.into_iter().enumerate().map(|(index, name)| {
                    let name = Self::Text(1, 32).write(name);
                    name.map_err(|at| at.within(&index.to_string()))
                });
                names.collect::<Result<_, _>>().map(Value::List)
            }
            (Self::Remembered, Value::Flag(flag)) => Ok(Value::text(match flag {
                true => "remembered",
                false => "not_remembered",
            })),
            (Self::Object(fields), Value::Map(mut map)) => {
                let mut member = |name: &str| map.remove(name).unwrap_or(Value::Absent);
                request(fields, &mut member).map(Value::Map)
            }
            (_, other) => Err(Mismatch {
                path: String::new(),
                expected: self.to_string(),
                found: other.describe(),
            }),
        }
    }
}

fn texts(map: BTreeMap<String, Value>, form: Form) -> Result<Vec<(String, Value)>, Mismatch> {
    let entries = map
        .into_iter()
        .map(|(name, value)| match form.write(value) {
            Ok(text) => Ok((name, text)),
            Err(at) => Err(at.within(&name)),
        });
    entries.collect()
}

impl Mismatch {
    fn within(mut self, name: &str) -> Self {
        self.path = match self.path.as_str() {
            "" => name.to_owned(),
            inner => format!("{name}.{inner}"),
        };
        self
    }
}

impl fmt::Display for Form {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(least, most) => write!(f, "a string of {least} to {most} characters"),
            Self::Code => f.write_str("a code, a string"),
            Self::Flag | Self::Remembered => f.write_str("a boolean"),
            Self::Count(most) => write!(f, "a whole number from 0 to {most}"),
            Self::Strings | Self::Attributes => f.write_str("an object of strings"),
            Self::Names => f.write_str("an array of strings"),
            Self::Object(_) => f.write_str("an object"),
        }
    }
}

impl fmt::Display for Mismatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            path,
            expected,
            found,
        } = self;
        write!(f, "{path}: expected {expected}, got {found}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn sent(fields: &[Field], input: serde_json::Value) -> Result<serde_json::Value, String> {
        let Value::Map(mut input) = serde_json::from_value(input).unwrap() else {
            panic!("an object")
        };
        let request = request(fields, &mut |name| {
            input.remove(name).unwrap_or(Value::Absent)
        });
        request
            .map(|request| serde_json::to_value(request).unwrap())
            .map_err(|mismatch| mismatch.to_string())
    }

    #[test]
    fn inputs_become_requests_in_cognitos_words() {
        let input = json!({
            "username": "a@example.com", "password": "p w", "attributes": { "name": "Ada" },
            "clientMetadata": { "k": "v" }, "userContext": { "encodedData": "x" }, "signal": 1,
        });
        let expected = json!({
            "Username": "a@example.com", "Password": "p w",
            "UserAttributes": [{ "Name": "name", "Value": "Ada" }],
            "ClientMetadata": { "k": "v" }, "UserContextData": { "EncodedData": "x" },
        });
        assert_eq!(sent(SIGN_UP, input), Ok(expected));
        let input = json!({ "username": "a", "code": " 123-456 ", "password": "new" });
        let expected = json!({ "Username": "a", "ConfirmationCode": "123456", "Password": "new" });
        assert_eq!(sent(CONFIRM_FORGOT_PASSWORD, input), Ok(expected));
        let input = json!({ "accessToken": "t", "deviceKey": "d", "remembered": false });
        let expected = json!({
            "AccessToken": "t", "DeviceKey": "d", "DeviceRememberedStatus": "not_remembered",
        });
        assert_eq!(sent(UPDATE_DEVICE_STATUS, input), Ok(expected));
        let input = json!({ "accessToken": "t", "email": { "enabled": true }, "sms": null });
        let expected = json!({ "AccessToken": "t", "EmailMfaSettings": { "Enabled": true } });
        assert_eq!(sent(SET_MFA_PREFERENCE, input), Ok(expected));
        let input = json!({ "accessToken": "t", "attributes": ["name"] });
        let expected = json!({ "AccessToken": "t", "UserAttributeNames": ["name"] });
        assert_eq!(sent(DELETE_USER_ATTRIBUTES, input), Ok(expected));
    }

    #[test]
    fn what_does_not_fit_is_named_but_not_quoted() {
        let user = json!({ "username": "a", "password": 1234 });
        assert_eq!(
            sent(SIGN_UP, user).unwrap_err(),
            "password: expected a string of 1 to 256 characters, got a number"
        );
        let user = json!({ "username": "a", "password": "p", "attributes": { "email": ["x"] } });
        assert_eq!(
            sent(SIGN_UP, user).unwrap_err(),
            "attributes.email: expected a string of 0 to 2048 characters, got an array"
        );
        for (fields, input, error) in [
            (
                NAMED,
                json!({}),
                "username: expected a string of 1 to 128 characters, got nothing",
            ),
            (
                CONFIRM_SIGN_UP,
                json!({ "username": "a", "code": " - " }),
                "code: expected a string of 1 to 2048 characters, got a string of 0 characters",
            ),
            (
                DEVICES,
                json!({ "accessToken": "t", "limit": 61 }),
                "limit: expected a whole number from 0 to 60, got a number",
            ),
            (
                DELETE_USER_ATTRIBUTES,
                json!({ "accessToken": "t", "attributes": ["a", null] }),
                "attributes.1: expected a string of 1 to 32 characters, got nothing",
            ),
            (
                SET_MFA_PREFERENCE,
                json!({ "accessToken": "t", "totp": { "enabled": "yes" } }),
                "totp.enabled: expected a boolean, got a string of 3 characters",
            ),
        ] {
            assert_eq!(sent(fields, input).unwrap_err(), error);
        }
    }

    #[test]
    fn lengths_are_counted_in_characters() {
        assert!(sent(NAMED, json!({ "username": "😀".repeat(128) })).is_ok());
        assert!(sent(NAMED, json!({ "username": "a".repeat(129) })).is_err());
        assert!(sent(NAMED, json!({ "username": "" })).is_err());
    }
}
