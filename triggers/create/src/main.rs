//! The `CreateAuthChallenge` trigger. Its settings are those of [`CodeSettings`] and
//! [`MailSettings`], and where to find SES ([`ses::Mailer`]).

#![forbid(unsafe_code)]

use std::{cell::RefCell, error::Error, process::ExitCode};

use rules::{Answer, CodeSettings, Failure, MailSettings, Recent};
use serde_json::value::RawValue;
use ses::Mailer;

mod ses;

/// What an execution environment sets up once.
struct Create {
    codes: CodeSettings,
    mail: MailSettings,
    mailer: Mailer,
    recent: RefCell<Recent>,
}

impl Create {
    fn new() -> Result<Self, Box<dyn Error>> {
        Ok(Self {
            codes: CodeSettings::read(function::variable)?,
            mail: MailSettings::read(function::variable)?,
            mailer: Mailer::new(function::variable)?,
            recent: RefCell::default(),
        })
    }

    /// Mails first and answers then, so that nobody is told of a code that was never sent.
    async fn decide(&self, event: &RawValue) -> Result<Answer, Failure> {
        let created = rules::create(
            event,
            &self.codes,
            &self.mail,
            &mut self.recent.borrow_mut(),
            function::now(),
        )?;
        if let Some(mail) = &created.mail {
            self.mailer.send(mail, &self.mail).await?;
        }
        Ok(created.answer)
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    match Create::new() {
        Ok(create) => function::serve("create", async |event| create.decide(event).await).await,
        Err(error) => function::stop("create", error),
    }
}
