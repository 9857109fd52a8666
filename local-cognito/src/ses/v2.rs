//! Version 2, a JSON API: `SendEmail` with simple content.

use std::sync::Arc;

use axum::{
    body::Bytes,
    extract::State,
    http::{HeaderName, StatusCode, header::CONTENT_TYPE},
    response::{IntoResponse, Response},
};
use serde::Deserialize;
use serde_json::json;

use super::{Message, Refusal, deliver};
use crate::service::Service;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct SendEmail {
    from_email_address: String,
    destination: Destination,
    content: Content,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Destination {
    #[serde(default)]
    to_addresses: Vec<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Content {
    simple: Simple,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Simple {
    subject: Text,
    body: Body,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Body {
    #[serde(default)]
    text: Text,
    #[serde(default)]
    html: Text,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Text {
    data: String,
}

/// `POST /v2/email/outbound-emails`.
pub async fn send_email(State(service): State<Arc<Service>>, body: Bytes) -> Response {
    let Ok(request) = serde_json::from_slice::<SendEmail>(&body) else {
        return refused(
            "BadRequestException",
            "Expected SendEmail with Content.Simple.",
        );
    };
    match deliver(&service, request.into()).await {
        Ok(id) => {
            let reply = json!({ "MessageId": id }).to_string();
            ([(CONTENT_TYPE, "application/json")], reply).into_response()
        }
        Err(Refusal::Invalid(why)) => refused("BadRequestException", why),
        Err(Refusal::Rejected(why)) => refused("MessageRejected", why),
        Err(Refusal::OutOfOrder) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

impl From<SendEmail> for Message {
    fn from(request: SendEmail) -> Self {
        let simple = request.content.simple;
        Self {
            from: request.from_email_address,
            to: request.destination.to_addresses,
            subject: simple.subject.data,
            text: simple.body.text.data,
            html: simple.body.html.data,
        }
    }
}

fn refused(exception: &'static str, message: &str) -> Response {
    let headers = [
        (CONTENT_TYPE, "application/json"),
        (HeaderName::from_static("x-amzn-errortype"), exception),
    ];
    let body = json!({ "message": message }).to_string();
    (StatusCode::BAD_REQUEST, headers, body).into_response()
}
