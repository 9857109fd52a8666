//! The controls of tests: `POST /clock/advance` and `POST /faults`.

use std::sync::Arc;

use axum::{
    body::Bytes,
    extract::State,
    http::{StatusCode, header::CONTENT_TYPE},
    response::{IntoResponse, Response},
};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::service::Service;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Advance {
    seconds: u32,
}

/// Moves the clock ahead, and with libfaketime that of the triggers: they start anew with
/// their next call. The reply says where the clock is and whether theirs goes along.
pub async fn advance_clock(State(service): State<Arc<Service>>, body: Bytes) -> Response {
    match serde_json::from_slice(&body) {
        Ok(Advance { seconds }) => {
            service.clock.advance(seconds);
            service.triggers.stop().await;
            let triggers = service.triggers.follow_the_clock();
            let now = service.clock.now().as_secs();
            reply(StatusCode::OK, &json!({ "now": now, "triggers": triggers }))
        }
        Err(error) => refused(&error),
    }
}

/// Sets the fault switches; those left out become ok.
pub async fn set_faults(State(service): State<Arc<Service>>, body: Bytes) -> Response {
    match serde_json::from_slice(&body) {
        Ok(switches) => {
            service.faults.set(switches);
            reply(StatusCode::OK, &json!(switches))
        }
        Err(error) => refused(&error),
    }
}

fn refused(error: &serde_json::Error) -> Response {
    reply(
        StatusCode::BAD_REQUEST,
        &json!({ "message": error.to_string() }),
    )
}

fn reply(status: StatusCode, body: &Value) -> Response {
    (
        status,
        [(CONTENT_TYPE, "application/json")],
        body.to_string(),
    )
        .into_response()
}
