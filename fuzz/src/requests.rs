//! HTTP to local-cognito: one connection after the other to the routes in this process.

use std::{cell::RefCell, time::Duration};

use hyper::server::conn::http1;
use hyper_util::{rt::TokioIo, service::TowerToHyperService};
use serde_json::Value;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt, duplex},
    join,
    runtime::{Builder, Runtime},
    time::timeout,
};

use crate::tally::reached;

/// Between the connections of one input.
const NEXT: &str = "\n%%\n";
/// Inputs that share a pool: drawing its keys takes as long as hundreds of them.
const SHARED_BY: u32 = 2_000;
/// Calls after which a user's tokens are none.
const ENDS: [&str; 3] = [".DeleteUser\n", ".GlobalSignOut\n", ".RevokeToken\n"];
/// A user, a client that takes passwords, and its tokens.
const ENTER: &str = include_str!("../corpus/requests/enter");
/// What a machine with much else to do may take for a connection: one that waits for what never
/// comes is a failure, too.
const LONGEST: Duration = Duration::from_secs(60);
/// The users'. No error repeats it.
const PASSWORD: &str = "Correct-Horse-9";

struct Server {
    runtime: Runtime,
    routes: axum::Router,
    left: u32,
    /// A user who is signed in.
    entered: Option<Seen>,
}

/// What later requests of an input may need of earlier replies.
#[derive(Clone, Default)]
struct Seen {
    name: String,
    client: String,
    session: String,
    access: String,
    refresh: String,
    code: String,
}

thread_local! {
    static SERVER: RefCell<Option<Server>> = const { RefCell::new(None) };
}

/// Requests as bytes, with `%%` on a line between two connections. `@CLIENT@`, `@SESSION@`,
/// `@ACCESS@`, `@REFRESH@` and `@CODE@` are what the replies so far have shown, `@NAME@` is a user
/// who is signed in, `@LENGTH@` is the body's.
pub fn requests(data: &[u8]) {
    SERVER.with_borrow_mut(|place| {
        let mut server = place
            .take()
            .filter(|server| server.left > 0)
            .unwrap_or_else(Server::new);
        let entered = server.entered.take().unwrap_or_else(|| server.enter());
        let text = String::from_utf8_lossy(data);
        let mut seen = entered.clone();
        let mut ended = false;
        for piece in text.split(NEXT).take(8) {
            let sent = seen.fill(piece);
            let replied = server.exchange(sent.as_bytes());
            check(&sent, &replied, &mut seen);
            ended |= ENDS.iter().any(|call| sent.contains(call));
        }
        server.entered = (!ended).then_some(entered);
        server.left -= 1;
        *place = Some(server);
    });
}

impl Server {
    fn new() -> Self {
        Self {
            runtime: Builder::new_current_thread().enable_all().build().unwrap(),
            routes: local_cognito::in_memory().unwrap(),
            left: SHARED_BY,
            entered: None,
        }
    }

    /// Makes a user and signs in: inputs sign others out, and delete them.
    fn enter(&self) -> Seen {
        let mut seen = Seen {
            name: format!("{}@example.com", self.left),
            ..Seen::default()
        };
        for piece in ENTER.split(NEXT) {
            let sent = seen.fill(piece);
            let replied = self.exchange(sent.as_bytes());
            assert!(replied.starts_with(b"HTTP/1.1 200"), "{sent}\n{replied:?}");
            check(&sent, &replied, &mut seen);
        }
        assert!(!seen.access.is_empty());
        seen
    }

    /// All that comes back on a connection on which nothing else is sent.
    fn exchange(&self, sent: &[u8]) -> Vec<u8> {
        let routes = TowerToHyperService::new(self.routes.clone());
        self.runtime.block_on(async {
            let (mut client, server) = duplex(1 << 20);
            let serving = async {
                let connection = http1::Builder::new()
                    .half_close(true)
                    .serve_connection(TokioIo::new(server), routes);
                // What hyper makes of bytes that are no HTTP is not ours.
                let _ = connection.await;
            };
            let asking = async {
                let mut replied = Vec::new();
                let _ = client.write_all(sent).await;
                let _ = client.shutdown().await;
                let _ = client.read_to_end(&mut replied).await;
                replied
            };
            let both = async { join!(serving, asking).1 };
            timeout(LONGEST, both).await.expect("an answer in time")
        })
    }
}

impl Seen {
    fn fill(&self, piece: &str) -> String {
        let filled = piece
            .replace("@NAME@", &self.name)
            .replace("@CLIENT@", &self.client)
            .replace("@SESSION@", &self.session)
            .replace("@ACCESS@", &self.access)
            .replace("@REFRESH@", &self.refresh)
            .replace("@CODE@", &self.code);
        let length = filled.split_once("\n\n").map_or(0, |(_, body)| body.len());
        filled.replace("@LENGTH@", &length.to_string())
    }

    fn note(&mut self, body: &Value) {
        let result = &body["AuthenticationResult"];
        for (place, value) in [
            (&mut self.client, &body["UserPoolClient"]["ClientId"]),
            (&mut self.session, &body["Session"]),
            (&mut self.access, &result["AccessToken"]),
            (&mut self.refresh, &result["RefreshToken"]),
        ] {
            if let Some(text) = value.as_str() {
                *place = text.to_owned();
            }
        }
    }

    /// The last six digits in a row, as the inbox shows a code.
    fn note_code(&mut self, body: &str) {
        let mut runs = body.rsplit(|c: char| !c.is_ascii_digit());
        if let Some(code) = runs.find(|run| run.len() == 6) {
            self.code = code.to_owned();
        }
    }
}

fn check(sent: &str, replied: &[u8], seen: &mut Seen) {
    let mut rest = replied;
    while let Some(end) = rest.windows(4).position(|bytes| bytes == b"\r\n\r\n") {
        let head = str::from_utf8(&rest[..end]).expect("a head is ASCII");
        let body = &rest[end + 4..];
        // The reply to HEAD has a length and no body.
        let is_next = body.starts_with(b"HTTP/1.");
        let length = header(head, "content-length").map_or(body.len(), |length| {
            let length = length.parse::<usize>().unwrap();
            if is_next { 0 } else { length.min(body.len()) }
        });
        check_reply(sent, head, &body[..length], seen);
        rest = &body[length..];
    }
}

fn check_reply(sent: &str, head: &str, body: &[u8], seen: &mut Seen) {
    let status = head
        .split(' ')
        .nth(1)
        .and_then(|status| status.parse().ok());
    let status: u16 = status.expect("a reply begins with its status");
    assert!(status < 500, "{head}\n{sent}");
    if header(head, "content-type").is_none_or(|kind| !kind.contains("json")) {
        reached("no JSON");
        return;
    }
    let text = str::from_utf8(body).expect("JSON is UTF-8");
    let Ok(body) = serde_json::from_str::<Value>(text) else {
        // The length of HEAD's reply is that of a body which is not there.
        return assert!(text.is_empty(), "{text}");
    };
    if status < 400 {
        reached("JSON");
        seen.note(&body);
        seen.note_code(text);
        return;
    }
    let message = body["message"].as_str().expect("an error has a message");
    assert!(!message.contains(PASSWORD), "{message}");
    // Version 2 of SES names the error in the header alone.
    let named = header(head, "x-amzn-errortype").map(|name| name.trim_end_matches(':'));
    let kind = body["__type"].as_str().or(named);
    let kind = kind.expect("an error has a type");
    reached("an error");
    assert!(named.is_none_or(|named| named == kind), "{head} {text}");
}

fn header<'a>(head: &'a str, name: &str) -> Option<&'a str> {
    let mut lines = head.lines().skip(1).filter_map(|line| line.split_once(':'));
    let found = lines.find(|(found, _)| found.eq_ignore_ascii_case(name));
    found.map(|(_, value)| value.trim())
}
