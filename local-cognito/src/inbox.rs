//! The mails that SES took, for people and tests to read.

use std::{
    collections::VecDeque,
    fmt::Write,
    sync::{Arc, Mutex, PoisonError},
};

use axum::{
    extract::{Query, State},
    http::{
        StatusCode,
        header::{CACHE_CONTROL, CONTENT_TYPE},
    },
    response::{IntoResponse, Response},
};
use serde::{Deserialize, Serialize};

use crate::{page_headers, service::Service};

/// The last mails, oldest first.
#[derive(Default)]
pub struct Inbox(Mutex<VecDeque<Mail>>);

/// One mail.
#[derive(Clone, Serialize)]
pub struct Mail {
    /// SES's `MessageId`.
    pub id: String,
    /// The addresses, with commas between them.
    pub to: String,
    /// The sender.
    pub from: String,
    /// The subject.
    pub subject: String,
    /// The plain part, or an empty text.
    pub text: String,
    /// The HTML part, or an empty text.
    pub html: String,
    /// When it came: milliseconds since 1970.
    pub at: u128,
}

/// Whose mails to show; without it all.
#[derive(Deserialize)]
pub struct Filter {
    to: Option<String>,
}

/// Older mails than this many are dropped.
const MOST: usize = 200;

impl Inbox {
    /// Keeps a mail.
    pub fn put(&self, mail: Mail) {
        let mut mails = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if mails.len() >= MOST {
            mails.pop_front();
        }
        mails.push_back(mail);
    }

    fn of(&self, filter: &Filter) -> Vec<Mail> {
        let mails = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let wanted = |mail: &&Mail| match &filter.to {
            Some(to) => mail
                .to
                .split(", ")
                .any(|address| address.eq_ignore_ascii_case(to)),
            None => true,
        };
        mails.iter().filter(wanted).cloned().collect()
    }
}

/// `GET /inbox/messages?to=…`: a JSON array.
pub async fn messages(
    State(service): State<Arc<Service>>,
    Query(filter): Query<Filter>,
) -> Response {
    let headers = [
        (CONTENT_TYPE, "application/json"),
        (CACHE_CONTROL, "no-store"),
    ];
    match serde_json::to_string(&service.inbox.of(&filter)) {
        Ok(mails) => (headers, mails).into_response(),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

/// `GET /inbox`: a page for people, newest mail first.
pub async fn page(State(service): State<Arc<Service>>, Query(filter): Query<Filter>) -> Response {
    let mut mails = String::new();
    for mail in service.inbox.of(&filter).iter().rev() {
        let (subject, text) = (escaped(&mail.subject), escaped(&mail.text));
        let (to, from) = (escaped(&mail.to), escaped(&mail.from));
        // Writing to a String cannot fail.
        let _ = write!(
            mails,
            "<article><h2>{subject}</h2><p>To {to}<br>From {from}</p><pre>{text}</pre></article>"
        );
    }
    if mails.is_empty() {
        mails.push_str("<p>No mail yet.</p>");
    }
    let page = include_str!("inbox.html").replace("<!-- mails -->", &mails);
    let mut response = ([(CONTENT_TYPE, "text/html; charset=utf-8")], page).into_response();
    page_headers::protect(response.headers_mut(), "");
    response
}

/// `GET /inbox/style.css`.
pub async fn style() -> Response {
    (
        [(CONTENT_TYPE, "text/css; charset=utf-8")],
        include_str!("inbox.css"),
    )
        .into_response()
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mail(id: usize, to: &str) -> Mail {
        Mail {
            id: id.to_string(),
            to: to.into(),
            from: String::new(),
            subject: String::new(),
            text: String::new(),
            html: String::new(),
            at: 0,
        }
    }

    #[test]
    fn the_last_two_hundred_stay_and_are_found_by_address() {
        let inbox = Inbox::default();
        for id in 0..250 {
            inbox.put(mail(id, "a@example.com, B@example.com"));
        }
        inbox.put(mail(250, "c@example.com"));
        let ids = |to: Option<&str>| {
            let mails = inbox.of(&Filter {
                to: to.map(str::to_owned),
            });
            mails.iter().map(|mail| mail.id.clone()).collect::<Vec<_>>()
        };
        assert_eq!(ids(None).len(), MOST);
        assert_eq!(ids(None)[0], "51");
        assert_eq!(ids(Some("b@example.com")).len(), MOST - 1);
        assert_eq!(ids(Some("c@example.com")), ["250"]);
        assert!(ids(Some("example.com")).is_empty());
    }

    #[test]
    fn a_mail_is_text_on_the_page() {
        assert_eq!(escaped("<b a=\"&\">"), "&lt;b a=&quot;&amp;&quot;&gt;");
    }
}
