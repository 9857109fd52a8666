//! Cognito's events: the fields that are read, and the answer that gives the rest back.
//!
//! Every field may be missing, null or of another type: it is then absent, and the decision
//! that needs it refuses. Fields that are not named here pass through unread, because
//! Cognito may add some at any time.

use std::{collections::BTreeMap, fmt};

use serde::{Deserialize, Deserializer, Serialize, de::DeserializeOwned};
use serde_json::value::{RawValue, to_raw_value};
use zeroize::Zeroizing;

use crate::{
    Address, Failure,
    code::Holder,
    history::{self, Challenge, Entry, Intent, Stage},
    record::Record,
    user,
};

/// What a trigger answers, and what it logs. `Debug` shows the decision alone, because the
/// event holds the address and what was typed.
pub struct Answer {
    /// The event as it came, with its `response` filled in.
    pub event: Box<RawValue>,
    /// The decision as one word, from a list written in this source.
    pub decision: &'static str,
}

/// An event for one of the triggers.
pub(crate) struct Event<'a> {
    user_pool_id: String,
    client_id: String,
    user_name: String,
    /// What Cognito asks.
    pub request: Request,
    fields: BTreeMap<String, &'a RawValue>,
}

/// The part of an event that holds the question.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Request {
    #[serde(default, deserialize_with = "object")]
    user_attributes: Option<UserAttributes>,
    #[serde(default, deserialize_with = "unless_false")]
    user_not_found: bool,
    /// The challenges so far, oldest first.
    #[serde(default, deserialize_with = "objects")]
    pub session: Option<Vec<Entry>>,
    #[serde(default, deserialize_with = "object")]
    client_metadata: Option<ClientMetadata>,
    #[serde(default, deserialize_with = "lenient")]
    challenge_name: Option<Challenge>,
    #[serde(default, deserialize_with = "object")]
    private_challenge_parameters: Option<PrivateChallengeParameters>,
    /// What the person typed.
    #[serde(default, deserialize_with = "lenient")]
    pub challenge_answer: Option<TypedAnswer>,
}

/// What the person typed: secret, because it may be the code.
#[derive(Deserialize)]
#[serde(from = "String")]
pub(crate) struct TypedAnswer(Zeroizing<String>);

/// The fields of every event.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Wire {
    #[serde(default, deserialize_with = "lenient")]
    trigger_source: Option<String>,
    /// The pool.
    #[serde(default, deserialize_with = "lenient")]
    pub user_pool_id: Option<String>,
    #[serde(default, deserialize_with = "lenient")]
    user_name: Option<String>,
    #[serde(default, deserialize_with = "object")]
    caller_context: Option<CallerContext>,
    /// What Cognito asks.
    #[serde(default, deserialize_with = "object")]
    pub request: Option<Request>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct CallerContext {
    client_id: String,
}

#[derive(Deserialize)]
struct UserAttributes {
    #[serde(default, deserialize_with = "lenient")]
    sub: Option<String>,
    #[serde(default, deserialize_with = "lenient")]
    email: Option<String>,
    #[serde(default, deserialize_with = "lenient")]
    email_verified: Option<String>,
    #[serde(default, deserialize_with = "lenient")]
    locale: Option<String>,
}

#[derive(Deserialize)]
struct ClientMetadata {
    #[serde(default, deserialize_with = "lenient")]
    action: Option<String>,
    #[serde(default, deserialize_with = "lenient")]
    locale: Option<String>,
}

#[derive(Deserialize)]
struct PrivateChallengeParameters {
    #[serde(default, deserialize_with = "lenient")]
    challenge: Option<Record>,
}

impl fmt::Debug for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Answer({})", self.decision)
    }
}

impl<'a> Event<'a> {
    /// Reads an event meant for the trigger whose `triggerSource` is given.
    pub fn read(event: &'a RawValue, trigger_source: &str) -> Result<Self, Failure> {
        let bad = |field| Failure::BadEvent { field };
        let fields = serde_json::from_str(event.get()).map_err(|_| bad("event"))?;
        let wire: Wire = serde_json::from_str(event.get()).map_err(|_| bad("event"))?;
        if wire.trigger_source.as_deref() != Some(trigger_source) {
            return Err(bad("triggerSource"));
        }
        Ok(Self {
            user_pool_id: wire.user_pool_id.ok_or(bad("userPoolId"))?,
            client_id: wire.caller_context.ok_or(bad("callerContext"))?.client_id,
            user_name: wire.user_name.ok_or(bad("userName"))?,
            request: wire.request.ok_or(bad("request"))?,
            fields,
        })
    }

    /// For whom a code to `address` is.
    pub fn holder<'h>(&'h self, address: &'h Address) -> Holder<'h> {
        Holder {
            user_pool_id: &self.user_pool_id,
            client_id: &self.client_id,
            user_name: &self.user_name,
            email: address.as_str(),
        }
    }

    /// The user, for the table of attempts.
    pub fn user(&self) -> Option<String> {
        user::hash(&self.user_pool_id, self.request.sub()?)
    }

    /// Gives the event back with its `response` filled in.
    pub fn answer(
        &self,
        decision: &'static str,
        response: &impl Serialize,
    ) -> Result<Answer, Failure> {
        let bad = |_| Failure::BadEvent { field: "response" };
        let response = to_raw_value(response).map_err(bad)?;
        let mut fields: BTreeMap<String, &RawValue> = self.fields.clone();
        fields.insert("response".to_owned(), &response);
        let event = to_raw_value(&fields).map_err(bad)?;
        Ok(Answer { event, decision })
    }
}

impl Request {
    /// What the pool calls the user, and nobody else.
    pub fn sub(&self) -> Option<&str> {
        self.user_attributes.as_ref()?.sub.as_deref()
    }

    /// The address to which a code may go: that of a user who exists, verified, and safe to
    /// put into a mail.
    pub fn verified_address(&self) -> Option<Address> {
        let attributes = self.user_attributes.as_ref()?;
        let verified = attributes.email_verified.as_deref() == Some("true");
        (verified && !self.user_not_found)
            .then_some(attributes.email.as_deref())
            .flatten()
            .and_then(Address::parse)
    }

    /// The person's locale, as the client says it, and as the pool does. Either may be any text.
    pub fn locales(&self) -> [Option<&str>; 2] {
        let client = self.client_metadata.as_ref();
        let pool = self.user_attributes.as_ref();
        [
            client.and_then(|metadata| metadata.locale.as_deref()),
            pool.and_then(|attributes| attributes.locale.as_deref()),
        ]
    }

    /// What the client asked for.
    pub fn intent(&self) -> Intent {
        let action = self
            .client_metadata
            .as_ref()
            .and_then(|m| m.action.as_deref());
        match action {
            Some("resend") => Intent::Resend,
            _ => Intent::Answer,
        }
    }

    /// How far the sign-in has come; `None` if it does not go on.
    pub fn stage(&self) -> Option<Stage> {
        history::read(self.session.as_deref()?, self.intent())
    }

    /// Whether Cognito asks for the code challenge.
    pub fn is_custom_challenge(&self) -> bool {
        self.challenge_name == Some(Challenge::Custom)
    }

    /// The record of the challenge that is answered.
    pub fn record(&self) -> Option<Record> {
        self.private_challenge_parameters.as_ref()?.challenge
    }
}

impl TypedAnswer {
    /// The text as typed.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<String> for TypedAnswer {
    fn from(text: String) -> Self {
        Self(Zeroizing::new(text))
    }
}

impl fmt::Debug for TypedAnswer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TypedAnswer")
    }
}

/// Reads a text, a number or a flag, and takes every other value for absent.
pub(crate) fn lenient<'de, D, T>(deserializer: D) -> Result<Option<T>, D::Error>
where
    D: Deserializer<'de>,
    T: DeserializeOwned,
{
    let value = <&RawValue>::deserialize(deserializer)?;
    Ok(serde_json::from_str(value.get()).ok())
}

/// Reads an object, and takes every other value for absent.
fn object<'de, D, T>(deserializer: D) -> Result<Option<T>, D::Error>
where
    D: Deserializer<'de>,
    T: DeserializeOwned,
{
    let value = <&RawValue>::deserialize(deserializer)?;
    Ok(as_object(value))
}

/// Reads a list of objects, and takes every other value for absent.
fn objects<'de, D, T>(deserializer: D) -> Result<Option<Vec<T>>, D::Error>
where
    D: Deserializer<'de>,
    T: DeserializeOwned,
{
    let value = <&RawValue>::deserialize(deserializer)?;
    let items: Option<Vec<&RawValue>> = serde_json::from_str(value.get()).ok();
    Ok(items.and_then(|items| items.into_iter().map(as_object).collect()))
}

fn as_object<T: DeserializeOwned>(value: &RawValue) -> Option<T> {
    // serde would also fill the fields from a list, in their order.
    let text = value.get();
    text.starts_with('{')
        .then(|| serde_json::from_str(text).ok())
        .flatten()
}

/// Reads a flag for which only `false` and null are harmless.
fn unless_false<'de, D: Deserializer<'de>>(deserializer: D) -> Result<bool, D::Error> {
    let value = <&RawValue>::deserialize(deserializer)?;
    Ok(!matches!(value.get(), "false" | "null"))
}
