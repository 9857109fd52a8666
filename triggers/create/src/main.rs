//! The `CreateAuthChallenge` trigger. Its settings are those of [`CodeSettings`] and
//! [`MailSettings`], and how to reach AWS ([`Connection`], [`Mailer`], [`Table`]).

#![forbid(unsafe_code)]

use std::{error::Error, process::ExitCode, time::Duration};

use aws::{Connection, OPENING, Table};
use rules::{Answer, CodeSettings, Created, Failure, MailSettings};
use serde_json::value::RawValue;
use ses::Mailer;
use tokio::{
    join,
    time::{Instant, timeout, timeout_at},
};

mod ses;

/// For all that is asked of the table before the mail.
const RESERVING: Duration = Duration::from_secs(1);
/// For that and the mail.
const MAILING: Duration = Duration::from_millis(3_600);
/// For that and the last write to the table. Cognito calls again after five seconds.
const ALL: Duration = Duration::from_millis(3_900);

/// What an execution environment sets up once.
struct Create {
    codes: CodeSettings,
    mail: MailSettings,
    mailer: Mailer,
    table: Option<Table>,
}

impl Create {
    fn new() -> Result<Self, Box<dyn Error>> {
        let codes = CodeSettings::read(function::variable)?;
        let mail = MailSettings::read(function::variable)?;
        let connection = Connection::new(function::variable)?;
        let mailer = Mailer::new(&connection, function::variable)?;
        let table = codes.attempts_table.clone();
        let table = table.map(|name| Table::new(name, &connection, function::variable));
        Ok(Self {
            codes,
            mail,
            mailer,
            table: table.transpose()?,
        })
    }

    /// Opens the connections, both at the same time.
    async fn open(&self) {
        let table = async {
            if let Some(table) = &self.table {
                table.open().await;
            }
        };
        let _ = timeout(OPENING, async { join!(self.mailer.open(), table) }).await;
    }

    /// Reserves, mails, and answers then: nobody is told of a code that was never sent, and a
    /// repetition of the call finds what it repeats.
    async fn decide(&self, event: &RawValue) -> Result<Answer, Failure> {
        let start = Instant::now();
        let after = |time| start.checked_add(time).unwrap_or(start);
        let created = timeout(RESERVING, self.create(event))
            .await
            .unwrap_or(Err(Failure::StoreUnavailable { reason: "timeout" }))?;
        if let Some(mail) = &created.mail {
            timeout_at(after(MAILING), self.mailer.send(mail, &self.mail))
                .await
                .unwrap_or(Err(Failure::MailNotSent { reason: "timeout" }))?;
        }
        if let Some(table) = &self.table {
            // The code is out. At worst, a repetition of this call mails it once more.
            let _ = timeout_at(after(ALL), created.mailed(table)).await;
        }
        Ok(created.answer)
    }

    async fn create(&self, event: &RawValue) -> Result<Created, Failure> {
        let mut entropy = [0; 16];
        getrandom::fill(&mut entropy).map_err(|_| Failure::StoreUnavailable {
            reason: "no_randomness",
        })?;
        let (now, table) = (function::now(), self.table.as_ref());
        rules::create(event, &self.codes, &self.mail, table, now, entropy).await
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    match Create::new() {
        Ok(create) => {
            create.open().await;
            function::serve("create", async |event| create.decide(event).await).await
        }
        Err(error) => function::stop("create", error),
    }
}
