//! The Lambda Runtime API for one process: `next`, `response`, `error` and `init/error`.
//! Source: "Using the Lambda runtime API for custom runtimes", AWS Lambda developer guide.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use axum::{
    Router,
    body::Bytes,
    extract::{DefaultBodyLimit, Path, State},
    http::{StatusCode, header::CONTENT_TYPE},
    middleware,
    response::{IntoResponse, Response},
    routing::{get, post},
};
use serde::Deserialize;
use tokio::sync::{Mutex as AsyncMutex, mpsc, oneshot};

use crate::guard;

/// An event on its way to the process.
pub struct Invocation {
    /// The request id, a UUID.
    pub id: String,
    /// The event's JSON.
    pub event: Arc<str>,
    /// By when the process has to answer, since 1970.
    pub deadline: Duration,
    /// The function's name.
    pub function: &'static str,
}

/// What came back.
pub enum Outcome {
    /// The bytes of the function's result.
    Response(Bytes),
    /// The function's `errorMessage`.
    Error(String),
}

/// What the process and the caller share: an event in, an outcome out.
pub struct Desk {
    invocations: AsyncMutex<mpsc::Receiver<Invocation>>,
    awaited: Mutex<Option<(String, oneshot::Sender<Outcome>)>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct FunctionError {
    error_message: String,
}

/// Lambda's own limit of a result.
const LARGEST_RESPONSE: usize = 6 * 1024 * 1024;

impl Desk {
    /// A desk, and the way to put invocations on it.
    pub fn new() -> (Arc<Self>, mpsc::Sender<Invocation>) {
        let (sender, receiver) = mpsc::channel(1);
        let invocations = AsyncMutex::new(receiver);
        (
            Arc::new(Self {
                invocations,
                awaited: Mutex::new(None),
            }),
            sender,
        )
    }

    /// Says which invocation's outcome is awaited now.
    pub fn await_outcome(&self, id: String) -> oneshot::Receiver<Outcome> {
        let (sender, receiver) = oneshot::channel();
        *self.awaited.lock().unwrap_or_else(PoisonError::into_inner) = Some((id, sender));
        receiver
    }

    fn settle(&self, id: &str, outcome: Outcome) -> Response {
        let mut awaited = self.awaited.lock().unwrap_or_else(PoisonError::into_inner);
        match awaited.take_if(|(awaited, _)| awaited == id) {
            // Whoever waited may have given up meanwhile; the process did its part.
            Some((_, sender)) => {
                let _ = sender.send(outcome);
                accepted()
            }
            None => json(
                StatusCode::BAD_REQUEST,
                r#"{"errorType":"InvalidRequestID"}"#,
            ),
        }
    }
}

/// The routes of one process.
pub fn router(desk: Arc<Desk>) -> Router {
    Router::new()
        .route("/2018-06-01/runtime/invocation/next", get(next))
        .route(
            "/2018-06-01/runtime/invocation/{id}/response",
            post(response),
        )
        .route("/2018-06-01/runtime/invocation/{id}/error", post(error))
        .route("/2018-06-01/runtime/init/error", post(init_error))
        .layer(DefaultBodyLimit::max(LARGEST_RESPONSE))
        .layer(middleware::from_fn(guard::own_origin_only))
        .layer(middleware::from_fn(guard::loopback_host_only))
        .with_state(desk)
}

async fn next(State(desk): State<Arc<Desk>>) -> Response {
    let Some(invocation) = desk.invocations.lock().await.recv().await else {
        return json(StatusCode::GONE, r#"{"errorType":"Shutdown"}"#);
    };
    let arn = format!(
        "arn:aws:lambda:us-east-1:000000000000:function:{}",
        invocation.function
    );
    let headers = [
        ("Lambda-Runtime-Aws-Request-Id", invocation.id),
        (
            "Lambda-Runtime-Deadline-Ms",
            invocation.deadline.as_millis().to_string(),
        ),
        ("Lambda-Runtime-Invoked-Function-Arn", arn),
        ("Content-Type", "application/json".to_owned()),
    ];
    (headers, invocation.event.to_string()).into_response()
}

async fn response(State(desk): State<Arc<Desk>>, Path(id): Path<String>, body: Bytes) -> Response {
    desk.settle(&id, Outcome::Response(body))
}

async fn error(State(desk): State<Arc<Desk>>, Path(id): Path<String>, body: Bytes) -> Response {
    let message = serde_json::from_slice(&body).map_or_else(
        |_| "Unhandled".to_owned(),
        |error: FunctionError| error.error_message,
    );
    desk.settle(&id, Outcome::Error(message))
}

/// The process says on its standard error what is wrong, and ends; its end is what counts.
async fn init_error() -> Response {
    accepted()
}

fn accepted() -> Response {
    json(StatusCode::ACCEPTED, r#"{"status":"OK"}"#)
}

fn json(status: StatusCode, body: &'static str) -> Response {
    (status, [(CONTENT_TYPE, "application/json")], body).into_response()
}
