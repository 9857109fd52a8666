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

use std::{env, io::Write, process::ExitCode, sync::Arc};

use anyhow::Context;
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
    options::{HELP, Options},
    service::Service,
    static_files::StaticFiles,
    store::Store,
    table::Table,
    triggers::{Output, Setup, Triggers, faketime},
};

#[tokio::main]
async fn main() -> ExitCode {
    let outcome = match Options::parse(env::args_os().skip(1)) {
        Ok(Some(options)) => run(options).await,
        Ok(None) => {
            print!("{HELP}");
            Ok(())
        }
        Err(error) => Err(error),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("local-cognito: {error:#}");
            ExitCode::FAILURE
        }
    }
}

async fn run(options: Options) -> anyhow::Result<()> {
    let keys = Keys::draw();
    let listener = TcpListener::bind(("127.0.0.1", options.port))
        .await
        .with_context(|| format!("--port {}", options.port))?;
    let origin = format!("http://{}", listener.local_addr()?);
    let clock = Clock::default();
    let seed = || seed::pools(clock.now());
    let service = Arc::new(Service {
        store: Store::open(options.data.clone(), seed)?,
        triggers: triggers(&options, &origin)?,
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
    });
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
