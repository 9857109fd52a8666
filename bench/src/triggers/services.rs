//! SES, in both its versions, and DynamoDB with one item: over TLS, on this machine.

use super::certificates::Certificates;
use anyhow::Result;
use runtime_api::{Request, Response, listen};
use rustls::{ServerConfig, ServerConnection, StreamOwned};
use serde_json::{Value, json};
use std::{
    net::SocketAddr,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

/// What the functions talk to.
pub struct Services {
    /// The address of SES.
    pub ses: String,
    /// The address of DynamoDB.
    pub dynamodb: String,
    state: Arc<Mutex<State>>,
}

#[derive(Default)]
struct State {
    mails: u64,
    last_mail: Vec<u8>,
    item: Option<Value>,
}

impl Services {
    /// Listens on two free ports.
    ///
    /// # Errors
    /// If the certificates are of no use.
    pub fn start(certificates: &Certificates) -> Result<Self> {
        let state = Arc::new(Mutex::new(State::default()));
        let (mails, items) = (Arc::clone(&state), Arc::clone(&state));
        let config = &certificates.server;
        // A key that is of no use shows here, and not in a thread.
        ServerConnection::new(Arc::clone(config))?;
        Ok(Self {
            ses: url(secure(config, move |request| lock(&mails).mail(&request))),
            dynamodb: url(secure(config, move |request| lock(&items).table(&request))),
            state,
        })
    }

    /// Puts an item into the table, or empties it, and counts mails from 0 on.
    pub fn reset(&self, item: Option<Value>) {
        let mut state = lock(&self.state);
        state.mails = 0;
        state.item = item;
    }

    /// Mails since then.
    pub fn mails(&self) -> u64 {
        lock(&self.state).mails
    }

    /// The item in the table.
    pub fn item(&self) -> Option<Value> {
        lock(&self.state).item.clone()
    }

    /// The first number of so many digits in the text of the last mail.
    pub fn mailed_code(&self, digits: usize) -> Option<String> {
        let mail: Value = serde_json::from_slice(&lock(&self.state).last_mail).ok()?;
        let text = mail["Content"]["Simple"]["Body"]["Text"]["Data"].as_str()?;
        text.split(|character: char| !character.is_ascii_digit())
            .find(|number| number.len() == digits)
            .map(str::to_owned)
    }
}

impl State {
    fn mail(&mut self, request: &Request) -> Response {
        if !request.line.starts_with("POST ") {
            // By this a function opens a connection before its first event.
            return Response::json(404, "{}");
        }
        self.mails = self.mails.saturating_add(1);
        self.last_mail.clone_from(&request.body);
        if request.line.starts_with("POST /v2/") {
            return Response::json(200, json!({ "MessageId": "0100018c" }).to_string());
        }
        Response {
            status: 200,
            headers: vec![("content-type", "text/xml".to_owned())],
            body: b"<SendEmailResponse xmlns=\"http://ses.amazonaws.com/doc/2010-12-01/\">\
                <SendEmailResult><MessageId>0100018c</MessageId></SendEmailResult>\
                <ResponseMetadata><RequestId>1</RequestId></ResponseMetadata></SendEmailResponse>"
                .to_vec(),
        }
    }

    fn table(&mut self, request: &Request) -> Response {
        let target = request.headers.get("x-amz-target").map(String::as_str);
        let reply = match target {
            Some("DynamoDB_20120810.GetItem") => match &self.item {
                Some(item) => json!({ "Item": item }),
                None => json!({}),
            },
            Some("DynamoDB_20120810.PutItem") => {
                let put: Option<Value> = serde_json::from_slice(&request.body).ok();
                self.item = put.map(|mut put| put["Item"].take());
                json!({})
            }
            other => return Response::json(400, json!({ "message": other }).to_string()),
        };
        Response::json(200, reply.to_string())
    }
}

fn secure(
    config: &Arc<ServerConfig>,
    respond: impl FnMut(Request) -> Response + Send + 'static,
) -> SocketAddr {
    let config = Arc::clone(config);
    let tls = move |connection| {
        let server = ServerConnection::new(Arc::clone(&config));
        #[expect(clippy::expect_used, reason = "it was tried before")]
        StreamOwned::new(server.expect("a valid configuration"), connection)
    };
    listen(tls, respond)
}

fn url(address: SocketAddr) -> String {
    // A name, because AWS is reached by name as well.
    format!("https://localhost:{}", address.port())
}

fn lock(state: &Mutex<State>) -> MutexGuard<'_, State> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}
