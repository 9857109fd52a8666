//! An SES that refuses, is busy, is silent, or is not there: one error that says nothing, in time.

use std::{
    io::{Read, Write},
    net::TcpListener,
    sync::mpsc::{self, Receiver},
    thread,
    time::{Duration, Instant},
};

use runtime_api::serve;
use serde_json::{Value, json};

use crate::{first_challenge, mail_not_sent, ses, start};

/// Cognito waits five seconds.
const IN_TIME: Duration = Duration::from_secs(4);

/// Asks for a mail that cannot be sent, in time, and gives back the reason in the log.
fn reason(endpoint: &str) -> String {
    let create = start(endpoint, &[]);
    let start = Instant::now();
    let answer = create.invoke(first_challenge().to_string());
    let elapsed = start.elapsed();
    assert_eq!(answer, Err(mail_not_sent()));
    assert!(elapsed < IN_TIME, "{elapsed:?}");
    let (stdout, stderr) = create.stop();
    assert_eq!(stderr, "");
    assert!(!stdout.contains("canary"), "{stdout}");
    let log: Value = serde_json::from_str(&stdout).unwrap();
    assert_eq!(
        (&log["error"], &log["MailsRefused"]),
        (&json!("MAIL_NOT_SENT"), &json!(1))
    );
    log["reason"].as_str().unwrap().to_owned()
}

#[test]
fn a_mail_that_ses_refuses_is_an_error_that_says_nothing() {
    let refusal = "Email address is not verified: canary@example.com";
    let (rate, quota) = (
        "Maximum sending rate exceeded.",
        "Daily message quota exceeded.",
    );
    for (status, kind, message, expected, attempts) in [
        (400, "MessageRejected", refusal, "message_rejected", 1),
        (
            400,
            "AccountSuspendedException",
            refusal,
            "account_suspended",
            1,
        ),
        (400, "SendingPausedException", refusal, "sending_paused", 1),
        (
            400,
            "MailFromDomainNotVerifiedException",
            refusal,
            "mail_from_domain_not_verified",
            1,
        ),
        (404, "NotFoundException", refusal, "not_found", 1),
        (403, "AccessDeniedException", refusal, "access_denied", 1),
        (400, "SomethingNew", refusal, "refused", 1),
        (500, "InternalFailure", refusal, "refused", 1),
        (400, "LimitExceededException", refusal, "limit_exceeded", 1),
        (429, "TooManyRequestsException", quota, "out_of_quota", 1),
        (400, "ThrottlingException", quota, "out_of_quota", 1),
        (429, "TooManyRequestsException", rate, "throttled", 2),
        (400, "ThrottlingException", rate, "throttled", 2),
    ] {
        let body = json!({ "__type": kind, "message": message }).to_string();
        let (endpoint, requests) = ses(&[(status, &body)]);
        assert_eq!(reason(&endpoint), expected, "{kind}: {message}");
        assert_eq!(requests.try_iter().count(), attempts, "{kind}: {message}");
    }
}

#[test]
fn a_reply_that_is_none_is_an_error() {
    for (status, body, expected) in [
        (200, "{}", "no_message_id"),
        (200, r#"{"MessageId":null}"#, "no_message_id"),
        (200, r#"{"MessageId":7}"#, "malformed_reply"),
        (200, "<html>canary</html>", "malformed_reply"),
        (503, "<html>canary</html>", "malformed_reply"),
    ] {
        let (endpoint, requests) = ses(&[(status, body)]);
        assert_eq!(reason(&endpoint), expected, "{body}");
        assert_eq!(requests.try_iter().count(), 1, "{body}");
    }
}

#[test]
fn a_busy_ses_is_asked_once_more_for_the_same_mail() {
    let busy =
        r#"{"__type":"TooManyRequestsException","message":"Maximum sending rate exceeded."}"#;
    let (endpoint, requests) = ses(&[(429, busy), (200, r#"{"MessageId":"1"}"#)]);
    let create = start(&endpoint, &[]);
    let start = Instant::now();
    create.invoke(first_challenge().to_string()).unwrap();
    assert!(start.elapsed() > Duration::from_millis(200));
    let bodies: Vec<_> = requests.try_iter().map(|request| request.body).collect();
    assert_eq!(bodies.len(), 2);
    assert_eq!(bodies[0], bodies[1]);
}

#[test]
fn a_silent_ses_is_given_up_before_cognito_gives_up() {
    let (taken, requests) = mpsc::channel();
    let address = serve(move |_| {
        taken.send(()).unwrap_or_default();
        thread::sleep(Duration::from_secs(30));
        (200, r#"{"MessageId":"1"}"#.into())
    });
    assert_eq!(reason(&format!("http://{address}")), "timeout");
    assert_eq!(requests.try_iter().count(), 1, "it may have taken the mail");
}

#[test]
fn an_ses_that_is_not_there_is_given_up() {
    let bound = TcpListener::bind("127.0.0.1:0").unwrap();
    let free = bound.local_addr().unwrap();
    drop(bound);
    assert_eq!(reason(&format!("http://{free}")), "no_connection");
}

/// A server that writes this to whoever connects and has sent something, and hangs up. It tells of
/// those that wanted a mail sent.
fn hangs_up_after(words: &'static [u8]) -> (String, Receiver<()>) {
    let (taken, connections) = mpsc::channel();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    thread::spawn(move || {
        for connection in listener.incoming() {
            let mut connection = connection.unwrap();
            let mut request = [0; 1 << 16];
            let _ = connection.read(&mut request);
            let _ = connection.write_all(words);
            if request.starts_with(b"POST ") {
                taken.send(()).unwrap_or_default();
            }
        }
    });
    (format!("http://{address}"), connections)
}

#[test]
fn an_ses_that_hangs_up_or_talks_nonsense_is_asked_once_more_at_most() {
    let cut = b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n{\"canar";
    for (words, expected, attempts) in [
        (&b""[..], "no_connection", 2),
        (b"canary\r\n\r\n", "no_connection", 2),
        (cut, "malformed_reply", 1),
    ] {
        let (endpoint, connections) = hangs_up_after(words);
        assert_eq!(reason(&endpoint), expected);
        assert_eq!(connections.try_iter().count(), attempts, "{expected}");
    }
}
