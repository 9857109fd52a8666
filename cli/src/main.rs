//! Signs in to an Amazon Cognito user pool from a terminal, or from a script.

#![forbid(unsafe_code)]

mod arguments;
mod endpoint;
mod failure;
mod person;
mod platform;
mod reply;
mod tokens;
mod wording;

use arguments::{Arguments, Invocation, USAGE};
use endpoint::Endpoint;
use failure::Failure;
use person::Person;
use protocol::{Credentials, Next, Tokens};
use std::{
    fmt,
    io::{self, Write},
    process::ExitCode,
};

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            person::tell(&failure);
            failure.exit_code()
        }
    }
}

fn run() -> Result<(), Failure> {
    let arguments = match arguments::parse(lexopt::Parser::from_env())? {
        Invocation::SignIn(arguments) => arguments,
        Invocation::Help => return print(USAGE),
    };
    let tokens = sign_in(&arguments, &mut Person::at(arguments.password_source))?;
    person::tell("Authentication succeeded.");
    if arguments.json {
        print(format_args!("{}\n", tokens::json(&tokens)))?;
    }
    Ok(())
}

fn print(text: impl fmt::Display) -> Result<(), Failure> {
    let mut stdout = io::stdout().lock();
    write!(stdout, "{text}")
        .and_then(|()| stdout.flush())
        .map_err(Failure::Output)
}

/// The whole conversation. Nothing is sent twice: a repeated answer would be refused.
fn sign_in(arguments: &Arguments, person: &mut Person) -> Result<Tokens, Failure> {
    let endpoint = Endpoint::new(arguments.endpoint.as_deref(), &arguments.pool)?;
    let credentials = Credentials::of(
        &arguments.username,
        Some(person.password()?),
        arguments.flow,
    )?;
    let ephemeral = platform::ephemeral()?;
    let (mut request, mut state) = protocol::sign_in(&arguments.pool, credentials, ephemeral);
    loop {
        let reply = endpoint.post(&request)?;
        (request, state) = match state.receive(reply.view(), platform::now())? {
            Next::Send(request, state) => (request, state),
            Next::AskCode(prompt) => person.answer(prompt)?,
            Next::AskNewPassword(prompt) => person.new_password(prompt)?,
            Next::SignedIn(tokens) => return Ok(tokens),
            Next::AskChoice(_) => return Err(Failure::other_challenge("a choice")),
            Next::AskPassword(_) => return Err(Failure::other_challenge("the password again")),
            Next::AskAuthenticator(_) => return Err(Failure::other_challenge("an authenticator")),
            Next::AskPasskey(_) => return Err(Failure::other_challenge("a passkey")),
            Next::OtherChallenge(challenge) => {
                return Err(Failure::other_challenge(&challenge.name));
            }
        };
    }
}
