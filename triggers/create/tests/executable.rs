//! The executable, as Lambda runs it, with an SES of its own.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test ends with a panic"
)]

use std::{
    collections::VecDeque,
    net::TcpListener,
    sync::mpsc::{self, Receiver},
    thread,
    time::{Duration, Instant},
};

use runtime_api::{
    CANARY, Function, Request, complaint, event, full_of_canaries, password_proven, serve,
};
use serde_json::{Value, json};

const EXECUTABLE: &str = env!("CARGO_BIN_EXE_create-auth-challenge");
const KEY: &str = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
/// All that is needed without a table of attempts.
const COMPLETE: [(&str, &str); 7] = [
    ("CODE_KEY", KEY),
    ("CODE_LENGTH", "8"),
    ("EMAIL_SENDER", "noreply@example.com"),
    ("AWS_REGION", "us-east-1"),
    ("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE"),
    ("AWS_SECRET_ACCESS_KEY", "canary-secret"),
    ("AWS_SESSION_TOKEN", "canary-token"),
];

/// An SES that gives these answers, one after the other, and the last one from then on.
fn ses(answers: &[(u16, &str)]) -> (String, Receiver<Request>) {
    let (taken, requests) = mpsc::channel();
    let own = |&(status, body): &(u16, &str)| (status, body.as_bytes().to_vec());
    let mut answers: VecDeque<_> = answers.iter().map(own).collect();
    let address = serve(move |request| {
        taken.send(request).unwrap_or_default();
        if answers.len() > 1 {
            answers.pop_front().unwrap()
        } else {
            answers[0].clone()
        }
    });
    (format!("http://{address}"), requests)
}

fn start(endpoint: &str, more: &[(&str, &str)]) -> Function {
    let endpoint = [
        ("AWS_ENDPOINT_URL_SESV2", endpoint),
        ("AWS_ENDPOINT_URL", "http://127.0.0.1:9"),
    ];
    Function::start(EXECUTABLE, &[&COMPLETE[..], &endpoint, more].concat())
}

fn first_challenge() -> Value {
    let request = json!({ "session": password_proven(), "challengeName": "CUSTOM_CHALLENGE" });
    event("CreateAuthChallenge", &request)
}

fn mail_not_sent() -> Value {
    json!({ "errorType": "MAIL_NOT_SENT", "errorMessage": "MAIL_NOT_SENT" })
}

#[test]
fn it_mails_a_code_and_tells_nobody_else() {
    let (endpoint, requests) = ses(&[(200, r#"{"MessageId":"1"}"#)]);
    let settings = [
        ("APP_NAME", "Example"),
        ("REPLY_TO", "help@example.com"),
        ("SES_CONFIGURATION_SET", "codes"),
    ];
    let create = start(&endpoint, &settings);
    let answer = create.invoke(first_challenge().to_string()).unwrap();
    let request = requests.try_recv().unwrap();
    assert_eq!(request.line, "POST /v2/email/outbound-emails HTTP/1.1\r\n");
    let signature = &request.headers["authorization"];
    assert!(
        signature.starts_with("AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/"),
        "{signature}"
    );
    assert!(
        signature.contains("/us-east-1/ses/aws4_request"),
        "{signature}"
    );

    let mail: Value = serde_json::from_slice(&request.body).unwrap();
    assert_eq!(mail["FromEmailAddress"], "noreply@example.com");
    assert_eq!(
        mail["Destination"],
        json!({ "ToAddresses": ["user@example.com"] })
    );
    assert_eq!(mail["ReplyToAddresses"], json!(["help@example.com"]));
    assert_eq!(mail["ConfigurationSetName"], "codes");
    let message = &mail["Content"]["Simple"];
    assert_eq!(
        message["Subject"],
        json!({ "Data": "Your Example code", "Charset": "UTF-8" })
    );
    let text = message["Body"]["Text"]["Data"].as_str().unwrap();
    let code = text
        .lines()
        .find_map(|line| line.strip_prefix("    "))
        .unwrap();
    assert!(code.len() == 8 && code.bytes().all(|digit| digit.is_ascii_digit()));
    assert!(
        message["Body"]["Html"]["Data"]
            .as_str()
            .unwrap()
            .contains(code)
    );

    let told = &answer["response"]["publicChallengeParameters"];
    assert_eq!(told["CODE_DELIVERY_DESTINATION"], "u***@e***");
    let (stdout, stderr) = create.stop();
    let log: Value = serde_json::from_str(&stdout).unwrap();
    assert_eq!(log["decision"], "code_sent");
    assert_eq!(log["MailsSent"], 1);
    assert!(!stdout.contains(code));
    assert_eq!(stderr, "");
    assert!(!answer["response"].to_string().contains(code));
}

#[test]
fn nothing_of_an_event_or_a_mail_is_in_the_log() {
    let refusal = r#"{"__type":"MessageRejected","message":"canary@canary.example"}"#;
    let (endpoint, _requests) = ses(&[(200, r#"{"MessageId":"canary"}"#), (400, refusal)]);
    let create = start(&endpoint, &[]);
    let event = full_of_canaries(first_challenge());
    create.invoke(event.to_string()).unwrap();
    create.invoke(event.to_string()).unwrap_err();
    create.invoke(CANARY).unwrap_err();
    let (stdout, stderr) = create.stop();
    assert_eq!(stdout.lines().count(), 3, "{stdout}");
    assert!(!stdout.contains(CANARY), "{stdout}");
    assert_eq!(stderr, "");
}

#[test]
fn a_wrong_answer_mails_nothing() {
    let (endpoint, requests) = ses(&[(200, r#"{"MessageId":"1"}"#)]);
    let create = start(&endpoint, &[]);
    let mut event = first_challenge();
    event["request"]["session"]
        .as_array_mut()
        .unwrap()
        .push(json!({
            "challengeName": "CUSTOM_CHALLENGE",
            "challengeResult": false,
            "challengeMetadata": "v1.1.1790000000.1.0",
        }));
    let response = create.invoke(event.to_string()).unwrap()["response"].clone();
    assert_eq!(response["challengeMetadata"], "v1.1.1790000000.1.1");
    assert!(requests.try_recv().is_err());
}

/// An answer without an address fails before SES is called, whatever `define` said.
#[test]
fn an_address_that_is_not_verified_gets_nothing() {
    let (endpoint, requests) = ses(&[(200, r#"{"MessageId":"1"}"#)]);
    let create = start(&endpoint, &[]);
    let mut event = first_challenge();
    event["request"]["userAttributes"]["email_verified"] = json!("false");
    let name = "ADDRESS_NOT_VERIFIED";
    let refusal = json!({ "errorType": name, "errorMessage": name });
    assert_eq!(create.invoke(event.to_string()), Err(refusal));
    assert!(requests.try_recv().is_err());
}

#[test]
fn a_mail_that_ses_refuses_is_an_error_that_says_nothing() {
    let refusal = r#"{"message":"Email address is not verified: user@example.com"}"#;
    for (status, kind, reason, attempts) in [
        (400, "MessageRejected", "message_rejected", 1),
        (403, "AccessDeniedException", "access_denied", 1),
        (400, "SomethingNew", "refused", 1),
        (429, "TooManyRequestsException", "throttled", 2),
        (500, "InternalFailure", "refused", 2),
        (200, "", "no_message_id", 1),
    ] {
        let body = match kind {
            "" => "{}".to_owned(),
            kind => refusal.replacen('{', &format!("{{\"__type\":\"{kind}\","), 1),
        };
        let (endpoint, requests) = ses(&[(status, &body)]);
        let create = start(&endpoint, &[]);
        assert_eq!(
            create.invoke(first_challenge().to_string()),
            Err(mail_not_sent()),
            "{kind}"
        );
        assert_eq!(requests.try_iter().count(), attempts, "{kind}");
        let (stdout, stderr) = create.stop();
        let log: Value = serde_json::from_str(&stdout).unwrap();
        assert_eq!(
            (&log["error"], &log["reason"]),
            (&json!("MAIL_NOT_SENT"), &json!(reason))
        );
        assert_eq!(log["MailsRefused"], 1);
        assert_eq!(stderr, "");
    }
}

#[test]
fn a_busy_ses_is_asked_once_more_for_the_same_mail() {
    let busy =
        r#"{"__type":"TooManyRequestsException","message":"Maximum sending rate exceeded."}"#;
    let (endpoint, requests) = ses(&[(429, busy), (200, r#"{"MessageId":"1"}"#)]);
    let create = start(&endpoint, &[]);
    create.invoke(first_challenge().to_string()).unwrap();
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
    let create = start(&format!("http://{address}"), &[]);
    let start = Instant::now();
    assert_eq!(
        create.invoke(first_challenge().to_string()),
        Err(mail_not_sent())
    );
    let elapsed = start.elapsed();
    assert!(elapsed < Duration::from_secs(4), "{elapsed:?}");
    assert_eq!(requests.try_iter().count(), 1);
    assert!(create.stop().0.contains("\"reason\":\"timeout\""));
}

#[test]
fn an_ses_that_is_not_there_is_given_up() {
    let free = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    let create = start(&format!("http://{free}"), &[]);
    assert_eq!(
        create.invoke(first_challenge().to_string()),
        Err(mail_not_sent())
    );
    assert!(create.stop().0.contains("\"reason\":\"no_connection\""));
}

/// A DynamoDB without items, that takes so long for each answer.
fn table(delay: Duration) -> (String, Receiver<Request>) {
    let (taken, requests) = mpsc::channel();
    let address = serve(move |request| {
        taken.send(request).unwrap_or_default();
        thread::sleep(delay);
        (200, b"{}".to_vec())
    });
    (format!("http://{address}"), requests)
}

fn with_table(table: &str) -> [(&str, &str); 3] {
    [
        ("ATTEMPTS_TABLE", "attempts"),
        ("AWS_ENDPOINT_URL_DYNAMODB", table),
        ("CODE_LENGTH", "6"),
    ]
}

#[test]
fn the_table_hears_of_a_mail_before_and_after() {
    let (endpoint, mails) = ses(&[(200, r#"{"MessageId":"1"}"#)]);
    let (table, requests) = table(Duration::ZERO);
    let create = start(&endpoint, &with_table(&table));
    let answer = create.invoke(first_challenge().to_string()).unwrap();
    let record = answer["response"]["challengeMetadata"].as_str().unwrap();
    assert!(record.starts_with("v1.1."), "{record}");
    assert_eq!(mails.try_iter().count(), 1);
    // This table forgets what it is told, so the second write finds nothing to change.
    let targets: Vec<_> = requests
        .try_iter()
        .map(|request| request.headers["x-amz-target"].clone())
        .collect();
    let expected = ["GetItem", "PutItem", "GetItem"];
    assert_eq!(
        targets,
        expected.map(|name| format!("DynamoDB_20120810.{name}"))
    );
}

#[test]
fn a_table_that_hangs_is_an_error_soon_and_no_mail() {
    let (endpoint, mails) = ses(&[(200, r#"{"MessageId":"1"}"#)]);
    let (table, requests) = table(Duration::from_secs(30));
    let create = start(&endpoint, &with_table(&table));
    let start = Instant::now();
    let name = "STORE_UNAVAILABLE";
    let refusal = json!({ "errorType": name, "errorMessage": name });
    assert_eq!(create.invoke(first_challenge().to_string()), Err(refusal));
    let elapsed = start.elapsed();
    assert!(elapsed < Duration::from_secs(1), "{elapsed:?}");
    assert_eq!(
        (requests.try_iter().count(), mails.try_iter().count()),
        (1, 0)
    );
    assert!(create.stop().0.contains("\"reason\":\"timeout\""));
}

#[test]
fn a_slow_table_and_a_silent_ses_are_given_up_before_cognito_gives_up() {
    let address = serve(move |_| {
        thread::sleep(Duration::from_secs(30));
        (200, r#"{"MessageId":"1"}"#.into())
    });
    let (table, _requests) = table(Duration::from_millis(250));
    let create = start(&format!("http://{address}"), &with_table(&table));
    let start = Instant::now();
    assert_eq!(
        create.invoke(first_challenge().to_string()),
        Err(mail_not_sent())
    );
    let elapsed = start.elapsed();
    assert!(elapsed < Duration::from_secs(4), "{elapsed:?}");
}

#[test]
fn it_does_not_start_without_good_settings() {
    for (name, value, sentence) in [
        (
            "CODE_LENGTH",
            Some("6"),
            "CODE_LENGTH: expected a number from 8 to 10, or a table in ATTEMPTS_TABLE, found \"6\"",
        ),
        (
            "CODE_KEY",
            None,
            "CODE_KEY: expected [<id>:]<key>, an id of 1 to 8 of a-z0-9, a key of 43 to 128 of \
             A-Za-z0-9+/=_-, and commas between several of different ids, found not set",
        ),
        (
            "EMAIL_SENDER",
            Some("a@b,c@d"),
            "EMAIL_SENDER: expected one address, found \"a@b,c@d\"",
        ),
        (
            "AWS_REGION",
            Some(""),
            "AWS_REGION: expected a value, found not set",
        ),
        (
            "AWS_ACCESS_KEY_ID",
            None,
            "AWS_ACCESS_KEY_ID: expected a value, found not set",
        ),
        (
            "AWS_ENDPOINT_URL_SESV2",
            Some("localhost"),
            "AWS_ENDPOINT_URL_SESV2: expected an http(s) address, found \"localhost\"",
        ),
    ] {
        let others = COMPLETE.into_iter().filter(|(other, _)| *other != name);
        let variables: Vec<_> = others.chain(value.map(|value| (name, value))).collect();
        assert_eq!(
            complaint(EXECUTABLE, &variables),
            format!("create: {sentence}\n")
        );
    }
}
