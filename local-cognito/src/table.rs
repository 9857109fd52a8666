//! DynamoDB as far as the triggers need it: one table of attempts, `GetItem` and `PutItem` with
//! the two conditions that make a version. Kept in memory.

use std::{
    collections::{BTreeMap, HashMap},
    sync::{Mutex, PoisonError},
    time::Duration,
};

use axum::{
    http::{HeaderName, StatusCode, header::CONTENT_TYPE},
    response::{IntoResponse, Response},
};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::{entropy, faults::TableFault, service::Service};

/// What `ATTEMPTS_TABLE` says.
pub const NAME: &str = "attempts";

/// What stands before the operation in `X-Amz-Target`.
pub const TARGET_PREFIX: &str = "DynamoDB_20120810.";

/// The attribute that tells items apart.
const ID: &str = "id";

/// The items, by their `id`.
#[derive(Default)]
pub struct Table(Mutex<HashMap<String, Map<String, Value>>>);

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct GetItem {
    table_name: String,
    key: Map<String, Value>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct PutItem {
    table_name: String,
    item: Map<String, Value>,
    #[serde(default)]
    condition_expression: Option<String>,
    #[serde(default)]
    expression_attribute_names: BTreeMap<String, String>,
    #[serde(default)]
    expression_attribute_values: BTreeMap<String, Value>,
}

/// A condition on the stored item.
enum Condition {
    Always,
    /// `attribute_not_exists(NAME)`.
    NotExists(String),
    /// `NAME = :value`.
    Equals(String, Value),
}

/// DynamoDB's name of an error, and a sentence.
struct Refusal(&'static str, &'static str);

/// `POST /` with DynamoDB's target.
pub async fn call(service: &Service, operation: &str, body: &[u8]) -> Response {
    match service.faults.table() {
        TableFault::Ok => {}
        TableFault::Throttle => {
            return reply(Err(Refusal(
                "ThrottlingException",
                "Rate of requests exceeds the limit.",
            )));
        }
        TableFault::Hang => tokio::time::sleep(Duration::from_secs(30)).await,
    }
    let outcome = match operation {
        "GetItem" => read(body).and_then(|request| service.table.find(&request)),
        "PutItem" => read(body).and_then(|request| service.table.put(request)),
        _ => Err(Refusal(
            "UnknownOperationException",
            "Expected GetItem or PutItem.",
        )),
    };
    reply(outcome)
}

impl Table {
    fn find(&self, request: &GetItem) -> Result<Value, Refusal> {
        let id = id(&request.table_name, &request.key)?;
        let items = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(items
            .get(id)
            .map_or_else(|| json!({}), |item| json!({ "Item": item })))
    }

    fn put(&self, request: PutItem) -> Result<Value, Refusal> {
        let id = id(&request.table_name, &request.item)?.to_owned();
        let condition = Condition::of(&request)?;
        let mut items = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if !condition.holds(items.get(&id)) {
            return Err(Refusal(
                "ConditionalCheckFailedException",
                "The conditional request failed",
            ));
        }
        items.insert(id, request.item);
        Ok(json!({}))
    }
}

impl Condition {
    fn of(request: &PutItem) -> Result<Self, Refusal> {
        let Some(expression) = &request.condition_expression else {
            return Ok(Self::Always);
        };
        let name = |name: &str| match request.expression_attribute_names.get(name.trim()) {
            Some(name) => name.clone(),
            None => name.trim().to_owned(),
        };
        let not_exists = expression
            .strip_prefix("attribute_not_exists(")
            .and_then(|rest| rest.strip_suffix(')'));
        if let Some(attribute) = not_exists {
            return Ok(Self::NotExists(name(attribute)));
        }
        let equals = expression.split_once('=').and_then(|(attribute, value)| {
            let value = request.expression_attribute_values.get(value.trim())?;
            Some(Self::Equals(name(attribute), value.clone()))
        });
        equals.ok_or(Refusal(
            "ValidationException",
            "Expected attribute_not_exists(NAME) or NAME = :value in ConditionExpression.",
        ))
    }

    fn holds(&self, stored: Option<&Map<String, Value>>) -> bool {
        match self {
            Self::Always => true,
            Self::NotExists(name) => stored.is_none_or(|item| !item.contains_key(name)),
            Self::Equals(name, value) => stored.and_then(|item| item.get(name)) == Some(value),
        }
    }
}

fn read<'a, T: Deserialize<'a>>(body: &'a [u8]) -> Result<T, Refusal> {
    let malformed = |_| Refusal("SerializationException", "Expected the operation's JSON.");
    serde_json::from_slice(body).map_err(malformed)
}

fn id<'a>(table_name: &str, attributes: &'a Map<String, Value>) -> Result<&'a str, Refusal> {
    if table_name != NAME {
        return Err(Refusal(
            "ResourceNotFoundException",
            "Requested resource not found",
        ));
    }
    attributes
        .get(ID)
        .and_then(|id| id.get("S")?.as_str())
        .ok_or(Refusal("ValidationException", "The key is the text `id`."))
}

fn reply(outcome: Result<Value, Refusal>) -> Response {
    let (status, body) = match outcome {
        Ok(body) => (StatusCode::OK, body),
        Err(Refusal(name, message)) => {
            let name = format!("com.amazonaws.dynamodb.v20120810#{name}");
            (
                StatusCode::BAD_REQUEST,
                json!({ "__type": name, "message": message }),
            )
        }
    };
    let id = entropy::uuid().map(|id| id.to_string()).unwrap_or_default();
    let headers = [
        (CONTENT_TYPE, "application/x-amz-json-1.0"),
        (HeaderName::from_static("x-amzn-requestid"), id.as_str()),
    ];
    (status, headers, body.to_string()).into_response()
}
