//! SES version 2, as far as a trigger needs it: `SendEmail` with simple content.

use std::{sync::Arc, time::Duration};

use axum::{
    body::Bytes,
    extract::State,
    http::{HeaderName, StatusCode, header::CONTENT_TYPE},
    response::{IntoResponse, Response},
};
use serde::Deserialize;
use serde_json::json;

use crate::{entropy, faults::SesFault, inbox::Mail, service::Service};

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
    simple: Message,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Message {
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
    match service.faults.ses() {
        SesFault::Ok => {}
        SesFault::Reject => return refused("MessageRejected", "Email address is not verified."),
        SesFault::Hang => {
            tokio::time::sleep(Duration::from_secs(30)).await;
            return refused("MessageRejected", "Thirty seconds have passed.");
        }
    }
    let Ok(request) = serde_json::from_slice::<SendEmail>(&body) else {
        return refused(
            "BadRequestException",
            "Expected SendEmail with Content.Simple.",
        );
    };
    if let Err(why) = check(&request) {
        return refused("BadRequestException", why);
    }
    let Ok(id) = entropy::uuid() else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    let reply = json!({ "MessageId": id.to_string() }).to_string();
    let message = request.content.simple;
    service.inbox.put(Mail {
        id: id.to_string(),
        to: request.destination.to_addresses.join(", "),
        from: request.from_email_address,
        subject: message.subject.data,
        text: message.body.text.data,
        html: message.body.html.data,
        at: service.clock.now().as_millis(),
    });
    service.log.outcome("SendEmail", None);
    ([(CONTENT_TYPE, "application/json")], reply).into_response()
}

fn check(request: &SendEmail) -> Result<(), &'static str> {
    let addresses = &request.destination.to_addresses;
    let content = &request.content.simple;
    if addresses.is_empty() || addresses.len() > 50 {
        return Err("Destination.ToAddresses must have 1 to 50 addresses.");
    }
    if !addresses
        .iter()
        .chain([&request.from_email_address])
        .all(|text| text.contains('@'))
    {
        return Err("FromEmailAddress and ToAddresses must be addresses.");
    }
    let lines = addresses
        .iter()
        .chain([&request.from_email_address, &content.subject.data]);
    if lines.flat_map(|text| text.chars()).any(char::is_control) {
        return Err("Addresses and the subject must be one line each.");
    }
    if content.body.text.data.is_empty() && content.body.html.data.is_empty() {
        return Err("Content.Simple.Body must have Text or Html.");
    }
    Ok(())
}

fn refused(exception: &'static str, message: &str) -> Response {
    let headers = [
        (CONTENT_TYPE, "application/json"),
        (HeaderName::from_static("x-amzn-errortype"), exception),
    ];
    let body = json!({ "message": message }).to_string();
    (StatusCode::BAD_REQUEST, headers, body).into_response()
}
