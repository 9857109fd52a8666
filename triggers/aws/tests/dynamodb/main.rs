//! The limits across sign-ins on a DynamoDB that others wrote (`dynalite`), through the real SDK,
//! and with trouble on the way to it.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::arithmetic_side_effects,
    reason = "a test that panics has failed, as it should"
)]

#[path = "../../../rules/tests/triggers/cognito.rs"]
#[allow(dead_code, reason = "the rules' own tests use more of it")]
mod cognito;
mod dynalite;
#[path = "../../../rules/tests/triggers/limits.rs"]
mod limits;
mod trouble;

use std::{net::SocketAddr, sync::Arc, time::Duration};

use aws::{Connection, Table};
use dynalite::Dynalite;
use limits::{suite, versions_are_checked};

/// The table of attempts at an address, as a function opens it.
fn table(address: SocketAddr) -> Arc<Table> {
    let variable = |name: &str| match name {
        "AWS_REGION" => Some("us-east-1".to_owned()),
        "AWS_ACCESS_KEY_ID" | "AWS_SECRET_ACCESS_KEY" => Some("local".to_owned()),
        "AWS_ENDPOINT_URL" => Some(format!("http://{address}")),
        _ => None,
    };
    let connection = Connection::new(variable).unwrap();
    let table = Table::new(dynalite::TABLE.to_owned(), &connection, variable).unwrap();
    Arc::new(table.with_timeout(Duration::from_secs(10)))
}

#[test]
fn the_same_limits_hold() {
    let dynalite = Dynalite::start();
    versions_are_checked(table(dynalite.address).as_ref());
    suite(|| table(dynalite.address), 50);
}
