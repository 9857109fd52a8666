//! The store of users' states as a DynamoDB table with the partition key `id`.

use std::time::Duration;

use aws_sdk_dynamodb::{
    Client, Config,
    config::{BehaviorVersion, retry::RetryConfig, timeout::TimeoutConfig},
    error::{ProvideErrorMetadata, SdkError},
    types::AttributeValue,
};
use rules::{Item, Put, Store, StoreError};

use crate::{Connection, MissingOrMalformed, Opening};

/// Cognito waits five seconds for the whole function. A retry is left to the person: nothing
/// is let through that could not be counted.
const OPERATION_TIMEOUT: Duration = Duration::from_millis(300);

const ID: &str = "id";
const STATE: &str = "state";
const VERSION: &str = "version";
/// DynamoDB's time to live.
const EXPIRES: &str = "expires";

/// A table with the attributes `id`, `state` (texts), `version` and `expires` (numbers).
#[derive(Clone, Debug)]
pub struct Table {
    client: Client,
    name: String,
}

impl Table {
    /// The table of that name; an operation has 300 ms. `AWS_ENDPOINT_URL_DYNAMODB` or
    /// `AWS_ENDPOINT_URL` lead to another DynamoDB.
    pub fn new(
        name: String,
        connection: &Connection,
        variable: impl Fn(&str) -> Option<String>,
    ) -> Result<Self, MissingOrMalformed> {
        let config = Config::builder()
            .behavior_version(BehaviorVersion::v2026_01_12())
            .region(connection.region.clone())
            .credentials_provider(connection.credentials.clone())
            .http_client(connection.http_client.clone())
            .timeout_config(timeouts(OPERATION_TIMEOUT))
            .retry_config(RetryConfig::disabled());
        let config = match Connection::endpoint(variable, "AWS_ENDPOINT_URL_DYNAMODB")? {
            Some(url) => config.endpoint_url(url),
            None => config,
        };
        Ok(Self {
            client: Client::from_conf(config.build()),
            name,
        })
    }

    /// Opens a connection. One that cannot be opened now is opened by the first operation.
    pub async fn open(&self) {
        // The SDK wants a name, though it goes nowhere.
        let request = self.client.get_item().table_name(&self.name);
        let _ = request.customize().interceptor(Opening).send().await;
    }

    /// The same table, with another time for an operation than 300 ms: a server that shares a
    /// busy machine with its clients may need more.
    #[must_use]
    pub fn with_timeout(self, timeout: Duration) -> Self {
        let config = self.client.config().to_builder();
        let config = config.timeout_config(timeouts(timeout)).build();
        Self {
            client: Client::from_conf(config),
            ..self
        }
    }
}

fn timeouts(operation: Duration) -> TimeoutConfig {
    TimeoutConfig::builder()
        .operation_timeout(operation)
        .build()
}

impl Store for Table {
    async fn get(&self, key: &str) -> Result<Option<Item>, StoreError> {
        let output = self
            .client
            .get_item()
            .table_name(&self.name)
            .key(ID, AttributeValue::S(key.to_owned()))
            // An older state would be one with fewer failures.
            .consistent_read(true)
            .send()
            .await
            .map_err(|error| failed(&error))?;
        let Some(attributes) = output.item() else {
            return Ok(None);
        };
        let number = |name| attributes.get(name)?.as_n().ok()?.parse().ok();
        let item = || {
            Some(Item {
                state: attributes.get(STATE)?.as_s().ok()?.clone(),
                version: number(VERSION)?,
                expires_at: number(EXPIRES),
            })
        };
        item().map(Some).ok_or(StoreError {
            reason: "malformed_item",
        })
    }

    async fn put_if_version(
        &self,
        key: &str,
        expected: u64,
        item: Item,
    ) -> Result<Put, StoreError> {
        let number = |number: u64| AttributeValue::N(number.to_string());
        let request = self
            .client
            .put_item()
            .table_name(&self.name)
            .item(ID, AttributeValue::S(key.to_owned()))
            .item(STATE, AttributeValue::S(item.state))
            .item(VERSION, number(item.version));
        let request = match item.expires_at {
            Some(at) => request.item(EXPIRES, number(at)),
            None => request,
        };
        let request = match expected {
            0 => request
                .condition_expression("attribute_not_exists(#id)")
                .expression_attribute_names("#id", ID),
            _ => request
                .condition_expression("#version = :expected")
                .expression_attribute_names("#version", VERSION)
                .expression_attribute_values(":expected", number(expected)),
        };
        match request.send().await {
            Ok(_) => Ok(Put::Done),
            Err(error) if code(&error) == Some("ConditionalCheckFailedException") => {
                Ok(Put::Conflict)
            }
            Err(error) => Err(failed(&error)),
        }
    }
}

fn code<E: ProvideErrorMetadata, R>(error: &SdkError<E, R>) -> Option<&str> {
    error
        .as_service_error()
        .and_then(ProvideErrorMetadata::code)
}

/// Why DynamoDB did not do it, as a word for the log.
fn failed<E: ProvideErrorMetadata, R>(error: &SdkError<E, R>) -> StoreError {
    let reason = match error {
        SdkError::ConstructionFailure(_) => "malformed_request",
        SdkError::TimeoutError(_) => "timeout",
        SdkError::DispatchFailure(_) => "no_connection",
        SdkError::ResponseError(_) => "malformed_reply",
        SdkError::ServiceError(_) => match code(error) {
            Some("AccessDeniedException") => "access_denied",
            Some("ResourceNotFoundException") => "no_such_table",
            Some(
                "ProvisionedThroughputExceededException"
                | "RequestLimitExceeded"
                | "ThrottlingException",
            ) => "throttled",
            _ => "refused",
        },
        _ => "unknown",
    };
    StoreError { reason }
}
