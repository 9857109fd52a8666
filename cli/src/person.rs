//! Asks the person, or whatever has been put in the person's place.

use crate::{arguments::PasswordSource, failure::Failure, wording};
use protocol::{AwaitingReply, CodePrompt, NewPasswordPrompt, Password, Request};
use std::{
    fmt,
    io::{self, BufRead, Write},
};
use zeroize::Zeroizing;

/// Whoever types.
pub struct Person {
    password_source: PasswordSource,
}

impl Person {
    /// Someone whose password comes from there. Codes come from standard input.
    pub fn at(password_source: PasswordSource) -> Self {
        Self { password_source }
    }

    /// Asks for the password.
    ///
    /// # Errors
    /// [`Failure::Usage`] if there is no terminal to type it at, or no line to read.
    pub fn password(&mut self) -> Result<Password, Failure> {
        match self.password_source {
            PasswordSource::Terminal => rpassword::prompt_password("Password: ")
                .map(Password::new)
                .map_err(|_| Failure::Usage("no terminal: use --password-stdin".to_owned())),
            PasswordSource::StandardInput => read_line()
                .map(|line| Password::new(line.as_slice()))
                .ok_or(Failure::Usage(
                    "--password-stdin: standard input is empty".to_owned(),
                )),
        }
    }

    /// Asks for the password that shall follow a temporary one.
    ///
    /// # Errors
    /// [`Failure::NotAuthenticated`] if there is none to read, or the pool wants more than
    /// a password.
    pub fn new_password(
        &mut self,
        prompt: NewPasswordPrompt,
    ) -> Result<(Request, AwaitingReply), Failure> {
        if let Some(why) = prompt.rejected() {
            tell(wording::printable(why));
        }
        let given = match self.password_source {
            PasswordSource::Terminal => rpassword::prompt_password("New password: ")
                .ok()
                .map(Zeroizing::new),
            PasswordSource::StandardInput => read_line()
                .and_then(|line| String::from_utf8(line.to_vec()).ok())
                .map(Zeroizing::new),
        };
        let password = given.ok_or_else(|| Failure::no_new_password("None was given."))?;
        prompt
            .submit(&password, &[])
            .map_err(|misused| Failure::no_new_password(&misused.misuse.to_string()))
    }

    /// Shows what the prompt says, and asks until there is an answer to send.
    ///
    /// # Errors
    /// [`Failure::NotAuthenticated`] if standard input has ended.
    pub fn answer(&mut self, mut prompt: CodePrompt) -> Result<(Request, AwaitingReply), Failure> {
        tell(wording::prompt(prompt.reason(), prompt.details()));
        loop {
            say("Code (or `resend`): ");
            let line =
                read_line().ok_or(Failure::NotAuthenticated("No code was given.".to_owned()))?;
            let typed = String::from_utf8_lossy(&line);
            if typed.trim() == "resend" {
                match prompt.resend() {
                    Ok(sent) => return Ok(sent),
                    Err(unspent) => {
                        tell("No new code is sent in this sign-in.");
                        prompt = unspent;
                    }
                }
            } else {
                match prompt.read_code(&typed) {
                    Ok(code) => return Ok(prompt.submit(&code)),
                    Err(misuse) => tell(misuse),
                }
            }
        }
    }
}

/// Writes a line to standard error.
pub fn tell(message: impl fmt::Display) {
    say(format_args!("{message}\n"));
}

fn say(text: impl fmt::Display) {
    // Where nobody can be told, the exit code still tells how it ended.
    let _ = write!(io::stderr(), "{text}");
}

/// A line without its end, or nothing at the end of standard input.
fn read_line() -> Option<Zeroizing<Vec<u8>>> {
    // Room for all that a person types: a growing vector leaves copies behind.
    let mut line = Zeroizing::new(Vec::with_capacity(4096));
    let length = io::stdin().lock().read_until(b'\n', &mut line).ok()?;
    if line.pop_if(|byte| *byte == b'\n').is_some() {
        line.pop_if(|byte| *byte == b'\r');
    }
    (length > 0).then_some(line)
}
