//! A Cognito user pool, SES and the Lambda runtime on one machine, for demo and tests.
//!
//! In scope: sign-in with SRP and custom challenges, or with the pool's own second factors,
//! new passwords for temporary ones, remembered devices, passkeys, the triggers as the very executables
//! that are deployed, tokens, refresh with or without rotation, revocation, the calls that set
//! up pools and users, SES's SendEmail, the triggers' table in DynamoDB, and an inbox.
//!
//! Out of scope: everything else of Cognito, more than one machine, and production. It
//! listens on 127.0.0.1, and its tokens name that as their issuer.

#![forbid(unsafe_code)]
#![cfg_attr(test, allow(clippy::arithmetic_side_effects))]

mod api;
mod auth;
mod choice;
mod clock;
mod codes;
mod controls;
mod custom_auth;
mod data_file;
mod devices;
mod directory;
mod entropy;
mod error;
mod events;
mod factors;
mod faults;
mod grants;
mod guard;
mod inbox;
mod keys;
mod lifetimes;
mod lockout;
mod log;
mod one_time_codes;
mod operations;
mod options;
mod page_headers;
mod passkeys;
mod password;
mod pools;
mod refresh_tokens;
mod seed;
mod server;
mod service;
mod ses;
mod sessions;
mod static_files;
mod store;
mod table;
mod tokens;
mod totp;
mod triggers;
mod users;

use std::{env, io::Write, sync::Arc};

pub use options::{HELP, Options};

use anyhow::Context;
use axum::Router;
use base64ct::{Base64, Encoding};
use tokio::{
    net::TcpListener,
    signal::unix::{SignalKind, signal},
};

use crate::{
    clock::Clock,
    faults::Faults,
    inbox::Inbox,
    keys::Keys,
    log::Log,
    service::Service,
    static_files::StaticFiles,
    store::Store,
    table::Table,
    triggers::{Output, Setup, Triggers, faketime},
};

/// Serves until someone wants it to end, as the options say.
///
/// # Errors
/// If the port is taken, the data cannot be read, or a trigger is not there.
pub async fn run(options: Options) -> anyhow::Result<()> {
    let listener = TcpListener::bind(("127.0.0.1", options.port))
        .await
        .with_context(|| format!("--port {}", options.port))?;
    let origin = format!("http://{}", listener.local_addr()?);
    let service = Arc::new(service(&options, origin)?);
    let routes = server::router(Arc::clone(&service), &options);
    // Before anybody knows the address: whoever does may want it to end.
    let end = told_to_end()?;
    eprintln!("Not for production: this pool answers whoever is on this machine.");
    println!("ready {}/", service.origin);
    std::io::stdout().flush()?;
    let starting = Arc::clone(&service);
    tokio::spawn(async move { starting.triggers.start(&starting.clock).await });
    tokio::select! {
        served = axum::serve(listener, routes) => served?,
        () = end => {}
    }
    service.triggers.stop().await;
    Ok(())
}

/// All routes over a fresh pool in memory, for tests that bring the requests themselves. Its
/// triggers fail whenever they are called.
///
/// # Errors
/// If the operating system has no random bytes.
pub fn in_memory() -> anyhow::Result<Router> {
    let never = ["define", "create", "verify"].map(|name| format!("--trigger={name}=false"));
    let options = Options::parse(never.map(Into::into))?.context("there are options")?;
    let service = service(&options, "http://127.0.0.1".to_owned())?;
    let fail = r#"{"define":"fail","create":"fail","verify":"fail"}"#;
    service.faults.set(serde_json::from_str(fail)?);
    Ok(server::router(Arc::new(service), &options))
}

/// Everything, as the options say.
fn service(options: &Options, origin: String) -> anyhow::Result<Service> {
    let keys = Keys::draw();
    let clock = Clock::default();
    let seed = || seed::pools(clock.now());
    Ok(Service {
        store: Store::open(options.data.as_deref(), seed)?,
        triggers: triggers(options, &origin)?,
        keys,
        clock,
        inbox: Inbox::default(),
        files: StaticFiles {
            www: options.www.clone(),
            pkg: options.pkg.clone(),
        },
        faults: Faults::default(),
        table: Table::default(),
        log: if options.verbose {
            Log::Verbose
        } else {
            Log::Silent
        },
        lockouts: Default::default(),
        sessions: Default::default(),
        grants: Default::default(),
        codes: Default::default(),
        registrations: Default::default(),
        origin,
    })
}

/// The triggers as the options say, configured as the deployed ones are.
fn triggers(options: &Options, origin: &str) -> anyhow::Result<Triggers> {
    let mut environment = vec![
        ("AWS_ENDPOINT_URL_SESV2", origin.to_owned()),
        ("AWS_ENDPOINT_URL", origin.to_owned()),
        ("ATTEMPTS_TABLE", table::NAME.to_owned()),
        ("CODE_KEY", Base64::encode_string(&entropy::bytes::<32>()?)),
    ];
    let defaults = [
        ("EMAIL_SENDER", "no-reply@example.com"),
        ("APP_NAME", "Demo"),
    ];
    for (name, value) in defaults {
        if env::var_os(name).is_none() {
            environment.push((name, value.to_owned()));
        }
    }
    let faketime = if options.test_clock {
        faketime::library()
    } else {
        None
    };
    let setup = |name| {
        Ok(Setup {
            name,
            program: options.program(name)?,
            environment: environment.clone(),
            output: if options.verbose {
                Output::Shown
            } else {
                Output::Dropped
            },
            faketime: faketime.clone(),
        })
    };
    Triggers::new(setup)
}

/// Resolves when someone wants this program to end.
fn told_to_end() -> std::io::Result<impl Future<Output = ()>> {
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    let mut hang_up = signal(SignalKind::hangup())?;
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
            _ = hang_up.recv() => {}
        }
    })
}
