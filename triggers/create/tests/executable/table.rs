//! The table of attempts, before and after a mail.

use std::{
    ops::Range,
    sync::mpsc::{self, Receiver},
    thread,
    time::{Duration, Instant},
};

use runtime_api::{Request, serve};
use serde_json::{Value, json};

use crate::{code_in, first_challenge, mail_not_sent, ses, start};

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
    assert_takes(start, 300..800);
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
    let (table, _requests) = table(Duration::from_millis(150));
    let create = start(&format!("http://{address}"), &with_table(&table));
    let start = Instant::now();
    assert_eq!(
        create.invoke(first_challenge().to_string()),
        Err(mail_not_sent())
    );
    assert_takes(start, 3_400..4_000);
}

/// What comes after the mail has an end too, and a mail that is out is no error.
#[test]
fn a_slow_ses_and_a_table_that_others_write_are_answered_in_time() {
    let (taken, mails) = mpsc::channel();
    let address = serve(move |request| {
        taken.send(request).unwrap_or_default();
        thread::sleep(Duration::from_millis(3_200));
        (200, r#"{"MessageId":"1"}"#.into())
    });
    let mut item = None;
    let table = serve(move |request| {
        let mut body: Value = serde_json::from_slice(&request.body).unwrap();
        let writes = request.headers["x-amz-target"].ends_with("PutItem");
        let Some(first) = &item else {
            item = writes.then(|| json!({ "Item": body["Item"].take() }));
            return (200, b"{}".to_vec());
        };
        thread::sleep(Duration::from_millis(100));
        if writes {
            let refusal = json!({ "__type": "ConditionalCheckFailedException" });
            return (400, refusal.to_string().into());
        }
        (200, first.to_string().into())
    });
    let table = format!("http://{table}");
    let create = start(&format!("http://{address}"), &with_table(&table));
    let start = Instant::now();
    create.invoke(first_challenge().to_string()).unwrap();
    // Eight times two operations after the mail would take 4,800.
    assert_takes(start, 3_900..4_000);
    assert_eq!(mails.try_iter().count(), 1);
}

/// In milliseconds.
fn assert_takes(start: Instant, expected: Range<u128>) {
    let elapsed = start.elapsed().as_millis();
    assert!(expected.contains(&elapsed), "{elapsed} ms");
}

/// A DynamoDB with one item, that everybody may write.
fn remembering_table() -> String {
    let mut item = Value::Null;
    let address = serve(move |request| {
        let mut body: Value = serde_json::from_slice(&request.body).unwrap();
        match request.headers["x-amz-target"].as_str() {
            "DynamoDB_20120810.PutItem" => item = body["Item"].take(),
            _ if !item.is_null() => return (200, json!({ "Item": item }).to_string().into()),
            _ => {}
        }
        (200, b"{}".to_vec())
    });
    format!("http://{address}")
}

/// Cognito calls again when it had no answer in time. The mail of the first call may be out.
#[test]
fn a_call_after_a_silent_one_mails_the_same_code_and_a_third_mails_none() {
    let (taken, mails) = mpsc::channel();
    let mut silence = Duration::from_secs(4);
    let address = serve(move |request| {
        taken.send(request).unwrap_or_default();
        thread::sleep(std::mem::take(&mut silence));
        (200, r#"{"MessageId":"1"}"#.into())
    });
    let create = start(
        &format!("http://{address}"),
        &with_table(&remembering_table()),
    );
    let event = first_challenge().to_string();
    assert_eq!(create.invoke(event.as_str()), Err(mail_not_sent()));
    let second = create.invoke(event.as_str()).unwrap();
    let third = create.invoke(event.as_str()).unwrap();
    let codes: Vec<_> = mails.try_iter().map(|mail| code_in(&mail)).collect();
    assert_eq!(codes.len(), 2);
    assert_eq!(codes[0], codes[1]);
    let record = |answer: &Value| answer["response"]["challengeMetadata"].clone();
    assert_eq!(record(&second), record(&third));
}
