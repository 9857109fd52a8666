//! What a fresh local pool holds: one user and two app clients.

use std::{collections::BTreeSet, time::Duration};

use crate::{
    entropy,
    lifetimes::{Lifetimes, Rotation},
    pools::{Client, ExistenceErrors, Pool, Pools, SignInNames},
    triggers::TriggerName,
    users::{Credential, User},
};

/// The region that every local pool says it is in.
pub const REGION: &str = "us-east-1";

const POOL_ID: &str = "us-east-1_EmailMfa1";
const EMAIL: &str = "user@example.com";
const PASSWORD: &str = "Correct-Horse-9";

/// One pool where people sign in by address, with a client for this project's flow, the same with
/// refresh tokens that rotate, and another, by name only for foreign clients in tests, that lets a
/// password be enough.
///
/// # Errors
/// If the operating system has no random bytes.
pub fn pools(now: Duration) -> anyhow::Result<Pools> {
    let mut pool = Pool::new(POOL_ID.into(), "local".into(), SignInNames::Email)?;
    pool.triggers = TriggerName::ALL
        .into_iter()
        .map(|name| name.to_string())
        .collect();
    for client in [
        client("emailmfalocalclient00001", "email-mfa", "ALLOW_CUSTOM_AUTH"),
        client(
            "emailmfalocalsrponly0001",
            "srp-only",
            "ALLOW_USER_SRP_AUTH",
        ),
        rotating(client(
            "emailmfalocalrotating001",
            "rotating",
            "ALLOW_CUSTOM_AUTH",
        )),
    ] {
        pool.clients.insert(client.id.clone(), client);
    }
    let sub = entropy::uuid()?.to_string();
    let credential = Credential::of(pool.short_name(), &sub, PASSWORD)?;
    let mut user = User::new(sub.clone(), sub.clone(), credential, now);
    user.attributes.insert("email".into(), EMAIL.into());
    user.attributes
        .insert("email_verified".into(), "true".into());
    pool.users.insert(user);
    Ok(Pools([(POOL_ID.to_owned(), pool)].into()))
}

fn client(id: &str, name: &str, flow: &str) -> Client {
    Client {
        id: id.into(),
        name: name.into(),
        explicit_auth_flows: BTreeSet::from([flow.into(), "ALLOW_REFRESH_TOKEN_AUTH".into()]),
        prevent_user_existence_errors: ExistenceErrors::Enabled,
        auth_session_validity: 3,
        lifetimes: Lifetimes::default(),
        rotation: None,
    }
}

fn rotating(mut client: Client) -> Client {
    client
        .explicit_auth_flows
        .remove("ALLOW_REFRESH_TOKEN_AUTH");
    client.rotation = Some(Rotation::with_grace(10));
    client
}
