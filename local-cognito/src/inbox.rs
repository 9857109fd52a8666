//! The mails that SES took, for people and tests to read.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, PoisonError},
};

use axum::{
    extract::{Path, Query, State},
    http::{
        HeaderValue, StatusCode,
        header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE},
    },
    response::{Html, IntoResponse, Response},
};
use serde::{Deserialize, Serialize};

use crate::{page_headers, service::Service};

/// The last mails, oldest first.
#[derive(Default)]
pub struct Inbox(Mutex<VecDeque<Mail>>);

/// One mail, or one text message.
#[derive(Clone, Serialize)]
pub struct Mail {
    /// SES's `MessageId`.
    pub id: String,
    /// How it came.
    pub medium: Medium,
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

/// How a code comes to somebody.
#[derive(Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Medium {
    /// As an e-mail.
    Email,
    /// As a text message, which has neither a subject nor a sender here.
    Sms,
}

/// Whose mails to show; without it all.
#[derive(Deserialize)]
pub struct Filter {
    to: Option<String>,
}

/// Older mails than this many are dropped.
const MOST: usize = 200;

/// The page shows mails in frames, and nothing else of what is not its own.
const PAGE_POLICY: &str = "default-src 'none'; style-src 'self'; frame-src 'self'; \
                           base-uri 'none'; form-action 'none'; frame-ancestors 'none'; \
                           require-trusted-types-for 'script'";
/// A mail has the styles that it brings along, as in a mail client; it loads and runs nothing.
const MAIL_POLICY: &str = "sandbox; default-src 'none'; style-src 'unsafe-inline'; \
                           base-uri 'none'; form-action 'none'; frame-ancestors 'self'";

impl Medium {
    /// Cognito's name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Email => "EMAIL",
            Self::Sms => "SMS",
        }
    }
}

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

/// `GET /inbox/messages/{id}`: the HTML part of a mail, for a frame on the page.
pub async fn message(State(service): State<Arc<Service>>, Path(id): Path<String>) -> Response {
    let mails = service.inbox.of(&Filter { to: None });
    match mails.into_iter().find(|mail| mail.id == id) {
        Some(mail) => html(mail.html, MAIL_POLICY),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

/// `GET /inbox`: a page for people, newest mail first.
pub async fn page(State(service): State<Arc<Service>>, Query(filter): Query<Filter>) -> Response {
    let mails = service.inbox.of(&filter);
    let articles = match mails.as_slice() {
        [] => "<p>No mail yet.</p>".to_owned(),
        mails => mails.iter().rev().map(article).collect(),
    };
    let page = include_str!("inbox.html").replace("<!-- mails -->", &articles);
    html(page, PAGE_POLICY)
}

fn html(body: String, policy: &'static str) -> Response {
    let mut response = Html(body).into_response();
    let headers = response.headers_mut();
    page_headers::protect(headers, "");
    headers.insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(policy));
    response
}

/// A mail as its two parts look to those who get them.
fn article(mail: &Mail) -> String {
    let (subject, text) = (escaped(&mail.subject), escaped(&mail.text));
    let (to, from, id) = (escaped(&mail.to), escaped(&mail.from), escaped(&mail.id));
    let body = match mail.html.as_str() {
        "" => format!("<pre>{text}</pre>"),
        _ => format!(
            "<iframe sandbox loading=\"lazy\" title=\"{subject}\" src=\"/inbox/messages/{id}\">\
             </iframe>\n<details><summary>As plain text</summary><pre>{text}</pre></details>"
        ),
    };
    match mail.medium {
        Medium::Email => {
            format!("<article><h2>{subject}</h2><p>To {to}<br>From {from}</p>\n{body}</article>\n")
        }
        Medium::Sms => {
            format!("<article><h2>Text message</h2><p>To {to}</p>\n{body}</article>\n")
        }
    }
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
            medium: Medium::Email,
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
