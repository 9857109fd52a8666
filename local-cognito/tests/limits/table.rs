//! The table of attempts, as DynamoDB's own SDK sees it and on the wire.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use aws::{Connection, Table};
use rules::{Store, StoreError};
use serde_json::{Value, json};

use crate::{
    cognito::wait,
    limits::{suite, versions_are_checked},
    support::{Reply, Server},
};

fn table(server: &Server, name: &str) -> Table {
    let variable = |name: &str| match name {
        "AWS_REGION" => Some("us-east-1".to_owned()),
        "AWS_ACCESS_KEY_ID" | "AWS_SECRET_ACCESS_KEY" => Some("local".to_owned()),
        "AWS_ENDPOINT_URL" => Some(format!("http://127.0.0.1:{}", server.port)),
        _ => None,
    };
    let connection = Connection::new(variable).unwrap();
    Table::new(name.to_owned(), &connection, variable).unwrap()
}

fn call(server: &Server, operation: &str, origin: Option<&str>, body: &Value) -> Reply {
    let target = format!("DynamoDB_20120810.{operation}");
    let mut headers = vec![("X-Amz-Target", target.as_str())];
    headers.extend(origin.map(|origin| ("Origin", origin)));
    server.request("POST", "/", &headers, &body.to_string())
}

fn set_fault(server: &Server, fault: &str) {
    let body = json!({ "table": fault }).to_string();
    assert_eq!(server.request("POST", "/faults", &[], &body).status, 200);
}

#[test]
fn the_same_limits_hold_through_the_sdk() {
    let server = Server::start(&[]);
    let open = || table(&server, "attempts").with_timeout(Duration::from_secs(10));
    versions_are_checked(&open());
    suite(|| Arc::new(open()), 50);
}

#[test]
fn trouble_has_a_word_and_an_end() {
    let server = Server::start(&["--faults"]);
    let error = |reason| Err(StoreError { reason });
    assert_eq!(
        wait(table(&server, "others").get("a")),
        error("no_such_table")
    );
    let table = table(&server, "attempts");
    set_fault(&server, "throttle");
    assert_eq!(wait(table.get("a")), error("throttled"));
    set_fault(&server, "hang");
    let start = Instant::now();
    assert_eq!(wait(table.get("a")), error("timeout"));
    assert!(
        start.elapsed() < Duration::from_millis(600),
        "{:?}",
        start.elapsed()
    );
    set_fault(&server, "ok");
    let item =
        json!({ "TableName": "attempts", "Item": { "id": { "S": "a" }, "state": { "N": "1" } } });
    assert_eq!(call(&server, "PutItem", None, &item).status, 200);
    assert_eq!(wait(table.get("a")), error("malformed_item"));
    server.stop();
    assert_eq!(wait(table.get("a")), error("no_connection"));
}

#[test]
fn it_answers_as_dynamodb_does() {
    let server = Server::start(&[]);
    let key = json!({ "id": { "S": "a" } });
    let put = |condition: &str| {
        json!({
            "TableName": "attempts",
            "Item": key,
            "ConditionExpression": condition,
            "ExpressionAttributeNames": { "#id": "id" },
            "ExpressionAttributeValues": { ":one": { "N": "1" } },
        })
    };
    let name = |name: &str| json!(format!("com.amazonaws.dynamodb.v20120810#{name}"));
    for (operation, body, status, kind) in [
        (
            "PutItem",
            put("attribute_not_exists(#id)"),
            200,
            Value::Null,
        ),
        (
            "PutItem",
            put("attribute_not_exists(#id)"),
            400,
            name("ConditionalCheckFailedException"),
        ),
        (
            "PutItem",
            put("version = :one"),
            400,
            name("ConditionalCheckFailedException"),
        ),
        (
            "PutItem",
            put("size(#id) > :one"),
            400,
            name("ValidationException"),
        ),
        (
            "PutItem",
            json!({ "TableName": "attempts", "Item": {} }),
            400,
            name("ValidationException"),
        ),
        ("PutItem", json!([]), 400, name("SerializationException")),
        (
            "GetItem",
            json!({ "TableName": "x", "Key": key }),
            400,
            name("ResourceNotFoundException"),
        ),
        (
            "Scan",
            json!({ "TableName": "attempts" }),
            400,
            name("UnknownOperationException"),
        ),
    ] {
        let reply = call(&server, operation, None, &body);
        assert_eq!(
            (reply.status, &reply.json()["__type"]),
            (status, &kind),
            "{operation} {body}"
        );
        assert_eq!(
            reply.header("content-type"),
            Some("application/x-amz-json-1.0")
        );
        assert_eq!(reply.header("access-control-allow-origin"), None);
    }
}

#[test]
fn pages_of_other_origins_get_nothing() {
    let server = Server::start(&[]);
    let body = json!({ "TableName": "attempts", "Key": { "id": { "S": "a" } } });
    let own = format!("http://127.0.0.1:{}", server.port);
    for (origin, status) in [
        ("http://evil.example", 403),
        ("null", 403),
        (own.as_str(), 200),
    ] {
        assert_eq!(
            call(&server, "GetItem", Some(origin), &body).status,
            status,
            "{origin}"
        );
    }
}
