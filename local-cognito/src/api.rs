//! The Cognito JSON API over HTTP: limits, headers, CORS.

use std::{
    sync::Arc,
    time::{Duration, UNIX_EPOCH},
};

use axum::{
    body::{Body, to_bytes},
    extract::{Path, Request, State},
    http::{
        HeaderMap, HeaderName, HeaderValue, StatusCode,
        header::{
            ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS,
            ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_MAX_AGE,
            CACHE_CONTROL, CONNECTION, CONTENT_LENGTH, CONTENT_TYPE, DATE, TRANSFER_ENCODING,
        },
    },
    response::{IntoResponse, Response},
};
use serde_json::{Value, json};
use tokio::time::timeout;

use crate::{
    entropy,
    error::{ApiError, Exception},
    guard,
    operations::Operation,
    service::Service,
    ses, table,
};

/// No call needs more; most need less than two.
const LARGEST_BODY: usize = 64 * 1024;

/// A body that takes longer is a client that plays for time.
const SLOWEST_BODY: Duration = Duration::from_secs(10);

const TARGET: HeaderName = HeaderName::from_static("x-amz-target");
const EXPOSED: &str = "x-amzn-RequestId,x-amzn-ErrorType,x-amzn-ErrorMessage,Date";
const ALLOWED: &str = "content-type,x-amz-target,x-amz-user-agent,cache-control,\
                       amz-sdk-invocation-id,amz-sdk-request";

/// `POST /`: one call, of Cognito's, DynamoDB's or the first version of SES's.
pub async fn call(State(service): State<Arc<Service>>, request: Request) -> Response {
    let (head, body) = request.into_parts();
    if ses::v1::is_form(&head.headers) {
        return match read_own(&head.headers, body).await {
            Ok(body) => ses::v1::call(&service, &body).await,
            Err(error) => reply(Err(error)),
        };
    }
    if let Some(operation) = target(&head.headers).strip_prefix(table::TARGET_PREFIX) {
        return match read_own(&head.headers, body).await {
            Ok(body) => table::call(&service, operation, &body).await,
            Err(error) => reply(Err(error)),
        };
    }
    let (called, outcome) = match operation(&head.headers) {
        Ok(operation) => {
            let outcome = perform(&service, operation, &head.headers, body).await;
            (format!("{operation:?}"), outcome)
        }
        Err(error) => ("call".to_owned(), Err(error)),
    };
    service.log.outcome(called, outcome.as_ref().err());
    let mut response = reply(outcome);
    // A length and chunks at once are two messages to some readers: after chunks, hang up.
    if head.headers.contains_key(TRANSFER_ENCODING) {
        response
            .headers_mut()
            .insert(CONNECTION, HeaderValue::from_static("close"));
    }
    finish(&service, &mut response);
    response
}

/// `OPTIONS /`: pages of every origin may make the calls that need no AWS credentials.
pub async fn preflight() -> Response {
    let headers = [
        (ACCESS_CONTROL_ALLOW_ORIGIN, "*"),
        (ACCESS_CONTROL_ALLOW_METHODS, "POST"),
        (ACCESS_CONTROL_ALLOW_HEADERS, ALLOWED),
        (ACCESS_CONTROL_MAX_AGE, "600"),
    ];
    (StatusCode::NO_CONTENT, headers).into_response()
}

/// `GET /POOL/.well-known/jwks.json`: the public keys of tokens.
pub async fn jwks(State(service): State<Arc<Service>>, Path(pool): Path<String>) -> Response {
    let found = service.pools().pool(&pool).map(drop);
    let keys = match found {
        Ok(()) => service.keys.public().await,
        Err(error) => Err(error),
    };
    let mut response = reply(keys);
    finish(&service, &mut response);
    response
}

/// `GET /POOL/.well-known/openid-configuration`.
pub async fn openid_configuration(
    State(service): State<Arc<Service>>,
    Path(pool): Path<String>,
) -> Response {
    let issuer = service.issuer(&pool);
    let found = service.pools().pool(&pool).map(drop);
    let mut response = reply(found.map(|()| {
        json!({
            "issuer": issuer,
            "jwks_uri": format!("{issuer}/.well-known/jwks.json"),
            "id_token_signing_alg_values_supported": ["RS256"],
            "subject_types_supported": ["public"],
            "response_types_supported": ["code", "token"],
        })
    }));
    finish(&service, &mut response);
    response
}

fn operation(headers: &HeaderMap) -> Result<Operation, ApiError> {
    Operation::from_target(target(headers))
}

fn target(headers: &HeaderMap) -> &str {
    let target = headers.get(TARGET);
    target
        .and_then(|target| target.to_str().ok())
        .unwrap_or_default()
}

async fn perform(
    service: &Service,
    operation: Operation,
    headers: &HeaderMap,
    body: Body,
) -> Result<Value, ApiError> {
    if operation.is_administrative() && guard::is_foreign(headers) {
        return Err(Exception::Forbidden
            .because("Pages of other origins may not make administrative calls."));
    }
    let body = read(headers, body).await?;
    service.faults.before_operation()?;
    operation.run(service, &body).await
}

/// Reads the body of a call that is for the triggers alone; pages of no other origin need it.
async fn read_own(headers: &HeaderMap, body: Body) -> Result<Vec<u8>, ApiError> {
    if guard::is_foreign(headers) {
        return Err(Exception::Forbidden.because("Pages of other origins may not ask for this."));
    }
    read(headers, body).await
}

/// Reads a body; one that says it is too large is not read at all.
async fn read(headers: &HeaderMap, body: Body) -> Result<Vec<u8>, ApiError> {
    let too_large =
        || Exception::RequestTooLarge.because("The body must not be larger than 64 KiB.");
    let announced = headers
        .get(CONTENT_LENGTH)
        .and_then(|length| length.to_str().ok());
    if announced
        .and_then(|length| length.parse().ok())
        .is_some_and(|length: u64| {
            usize::try_from(length).map_or(true, |length| length > LARGEST_BODY)
        })
    {
        return Err(too_large());
    }
    match timeout(SLOWEST_BODY, to_bytes(body, LARGEST_BODY)).await {
        Ok(Ok(body)) => Ok(body.into()),
        Ok(Err(_)) => Err(too_large()),
        Err(_) => Err(Exception::Serialization.because("The body did not come in time.")),
    }
}

fn reply(outcome: Result<Value, ApiError>) -> Response {
    let json = HeaderValue::from_static("application/x-amz-json-1.1");
    match outcome {
        Ok(body) => ([(CONTENT_TYPE, json)], body.to_string()).into_response(),
        Err(error) => {
            let exception = error.exception;
            let status = StatusCode::from_u16(exception.status());
            let body = json!({ "__type": exception.name(), "message": error.message });
            let headers = [
                (CONTENT_TYPE, json),
                (
                    HeaderName::from_static("x-amzn-errortype"),
                    error_type(exception),
                ),
                (
                    HeaderName::from_static("x-amzn-errormessage"),
                    header_text(&error.message),
                ),
            ];
            let mut response = (
                status.unwrap_or(StatusCode::BAD_REQUEST),
                headers,
                body.to_string(),
            )
                .into_response();
            if exception == Exception::RequestTooLarge {
                response
                    .headers_mut()
                    .insert(CONNECTION, HeaderValue::from_static("close"));
            }
            response
        }
    }
}

/// With the colon that AWS writes at the end.
fn error_type(exception: Exception) -> HeaderValue {
    header_text(&format!("{}:", exception.name()))
}

/// A function's message may hold anything, a header may not.
fn header_text(text: &str) -> HeaderValue {
    let printable = |character: char| {
        if (' '..='~').contains(&character) {
            character
        } else {
            '?'
        }
    };
    let text: String = text.chars().take(1024).map(printable).collect();
    HeaderValue::from_str(&text).unwrap_or_else(|_| HeaderValue::from_static(""))
}

/// What every reply of the API has.
fn finish(service: &Service, response: &mut Response) {
    let headers = response.headers_mut();
    let id = entropy::uuid().map(|id| id.to_string()).unwrap_or_default();
    let now = UNIX_EPOCH
        .checked_add(service.clock.now())
        .unwrap_or(UNIX_EPOCH);
    headers.insert("x-amzn-requestid", header_text(&id));
    headers.insert(DATE, header_text(&httpdate::fmt_http_date(now)));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    headers.insert(
        ACCESS_CONTROL_EXPOSE_HEADERS,
        HeaderValue::from_static(EXPOSED),
    );
}
