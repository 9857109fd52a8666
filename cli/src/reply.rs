//! Replies, as serde_json reads them.

use protocol::{Fields, Reply, Timestamp};
use serde_json::Value;
use std::time::UNIX_EPOCH;
use ureq::http::{HeaderMap, response::Parts};

/// A reply whose body was read to the end.
pub struct HttpReply {
    status: u16,
    error_type: Option<String>,
    date: Option<Timestamp>,
    /// A JSON object.
    body: Option<Value>,
}

impl HttpReply {
    /// Takes what the conversation is about.
    pub fn new(parts: &Parts, body: &[u8]) -> Self {
        Self {
            status: parts.status.as_u16(),
            error_type: header(&parts.headers, "x-amzn-ErrorType").map(str::to_owned),
            date: header(&parts.headers, "Date").and_then(timestamp),
            body: serde_json::from_slice(body).ok().filter(Value::is_object),
        }
    }

    /// The reply for the conversation.
    pub fn view(&self) -> Reply<'_> {
        Reply {
            status: self.status,
            error_type: self.error_type.as_deref(),
            date: self.date,
            body: self.body.as_ref().map(|body| body as &dyn Fields),
        }
    }
}

fn header<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}

fn timestamp(date: &str) -> Option<Timestamp> {
    let since = httpdate::parse_http_date(date)
        .ok()?
        .duration_since(UNIX_EPOCH)
        .ok()?;
    Some(Timestamp::from_unix(since.as_secs()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use ureq::http::Response;

    fn reply(body: &[u8]) -> HttpReply {
        let date = "Sun, 01 Nov 2026 04:05:06 GMT";
        let response = Response::builder().status(400).header("date", date);
        let response = response.header("x-amzn-errortype", "SomeException:");
        HttpReply::new(&response.body(()).unwrap().into_parts().0, body)
    }

    #[test]
    fn a_reply_is_seen_as_it_came() {
        let reply = reply(br#"{"a":{"b":"text","c":2,"d":"more"},"e":["x"]}"#);
        let view = reply.view();
        assert_eq!(
            (view.status, view.error_type),
            (400, Some("SomeException:"))
        );
        assert_eq!(
            view.date.unwrap().to_string(),
            "Sun Nov 1 04:05:06 UTC 2026"
        );
        let body = view.body.unwrap();
        assert_eq!(body.text(&["a", "b"]).as_deref(), Some("text"));
        assert_eq!(body.number(&["a", "c"]), Some(2.0));
        assert_eq!(body.text(&["a", "c"]), None);
        assert_eq!(body.text(&["e", "0"]), None);
        let entries = body.entries(&["a"]);
        assert_eq!(
            entries,
            [("b".into(), "text".into()), ("d".into(), "more".into())]
        );
        assert!(body.entries(&["missing"]).is_empty());
    }

    #[test]
    fn anything_but_an_object_is_no_body() {
        let deep = "[".repeat(100_000);
        for body in [
            &b""[..],
            b"[]",
            b"null",
            b"\"{}\"",
            b"{",
            b"{}x",
            b"\xff",
            deep.as_bytes(),
        ] {
            assert!(reply(body).view().body.is_none());
        }
    }
}
