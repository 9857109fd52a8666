//! Signs people in, many at once, for measuring a server: reads a job as JSON from standard input,
//! and prints how many seconds it took, how many milliseconds of this program's CPU, and how many
//! sign-ins were begun again.
//!
//! The first request of each is made before the clock runs, as by a page that prepares itself while
//! somebody types. All else of a client's work is in the time: it needs what the server replies.

#![forbid(unsafe_code)]
#![allow(
    clippy::indexing_slicing,
    reason = "a field that is not in a JSON value is null"
)]

use anyhow::{Context, Result, anyhow, bail, ensure};
use protocol::{
    AwaitingReply, Credentials, Next, Password, Pool, Reply, Request, Timestamp, srp::Ephemeral,
};
use serde_json::{Value, json};
use std::{
    fs, io,
    sync::{Mutex, PoisonError},
    thread,
    time::{Duration, Instant, SystemTime},
};
use ureq::Agent;

/// Longer than any request may take, with a hundred before it.
const PATIENCE: Duration = Duration::from_secs(120);

/// Where people sign in, and where their mails are.
struct Servers {
    /// The Cognito API.
    endpoint: String,
    /// With `?to=ADDRESS` it answers a JSON array of mails, the last one last; a mail has a `text`.
    mails: String,
}

/// Somebody who has typed a password.
struct Person<'a> {
    account: Account<'a>,
    first: Request,
    state: AwaitingReply,
}

/// Who somebody is, and where.
#[derive(Clone, Copy)]
struct Account<'a> {
    pool: &'a Pool,
    address: &'a str,
    password: &'a str,
}

fn main() -> Result<()> {
    let job: Value = serde_json::from_reader(io::stdin()).context("the job")?;
    let text = |name: &str| {
        let text = job[name].as_str();
        text.with_context(|| format!("{name}: expected a text"))
    };
    let servers = Servers {
        endpoint: text("endpoint")?.to_owned(),
        mails: text("mails")?.to_owned(),
    };
    let pool =
        Pool::new(text("userPoolId")?, text("clientId")?).map_err(|error| anyhow!("{error}"))?;
    let addresses = job["people"]
        .as_array()
        .context("people: expected a list")?;
    let mut people = Vec::new();
    for address in addresses {
        let account = Account {
            pool: &pool,
            address: address.as_str().context("people: expected texts")?,
            password: text("password")?,
        };
        people.push(Person::prepare(account)?);
    }
    let clients = job["clients"]
        .as_u64()
        .context("clients: expected a number")?;

    let (start, cpu) = (Instant::now(), cpu_ms()?);
    let waiting = Mutex::new(people.into_iter());
    let repeated: usize = thread::scope(|scope| {
        let client = || client(&servers, &waiting);
        let clients: Vec<_> = (0..clients).map(|_| scope.spawn(client)).collect();
        let ended = clients.into_iter().map(|client| client.join());
        ended
            .map(|outcome| outcome.map_err(|_| anyhow!("a client panicked"))?)
            .sum::<Result<usize>>()
    })?;
    let seconds = start.elapsed().as_secs_f64();
    println!(
        "{}",
        json!({ "seconds": seconds, "cpuMs": cpu_ms()? - cpu, "repeated": repeated })
    );
    Ok(())
}

/// Signs in one after the other, on connections that stay open. A server that is very busy may let
/// a trigger wait for too long; a person begins again then, once. Tells how many did.
fn client<'a>(
    servers: &Servers,
    waiting: &Mutex<impl Iterator<Item = Person<'a>>>,
) -> Result<usize> {
    let config = Agent::config_builder()
        .timeout_global(Some(PATIENCE))
        .http_status_as_error(false)
        .proxy(None);
    let agent = config.build().new_agent();
    let next = || {
        waiting
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .next()
    };
    let mut repeated: usize = 0;
    while let Some(person) = next() {
        let account = person.account;
        if person.sign_in(servers, &agent).is_err() {
            repeated = repeated.saturating_add(1);
            let again = Person::prepare(account)?.sign_in(servers, &agent);
            again.with_context(|| account.address.to_owned())?;
        }
    }
    Ok(repeated)
}

impl<'a> Person<'a> {
    fn prepare(account: Account<'a>) -> Result<Self> {
        let mut entropy = [0; 64];
        getrandom::fill(&mut entropy).map_err(|error| anyhow!("no random bytes: {error}"))?;
        let ephemeral = Ephemeral::new(&entropy).map_err(|error| anyhow!("{error}"))?;
        let credentials = Credentials::new(account.address, Password::new(account.password));
        let credentials = credentials.map_err(|error| anyhow!("{error}"))?;
        let (first, state) = protocol::sign_in(account.pool, credentials, ephemeral);
        Ok(Self {
            account,
            first,
            state,
        })
    }

    /// With the password, then with the code of the mail, to the tokens.
    fn sign_in(self, servers: &Servers, agent: &Agent) -> Result<()> {
        let (mut request, mut state) = (self.first, self.state);
        loop {
            let (status, body) = servers.post(agent, &request)?;
            let reply = Reply {
                status,
                error_type: None,
                date: None,
                body: Some(&body),
            };
            let next = state.receive(reply, now());
            (request, state) = match next.map_err(|error| anyhow!("{error}: {}", body))? {
                Next::Send(request, state) => (request, state),
                Next::AskCode(prompt) => {
                    let code = servers.code(agent, self.account.address)?;
                    let code = prompt
                        .read_code(&code)
                        .map_err(|error| anyhow!("{error}"))?;
                    prompt.submit(&code)
                }
                Next::SignedIn(_) => return Ok(()),
                Next::AskNewPassword(_)
                | Next::AskChoice(_)
                | Next::AskPassword(_)
                | Next::AskAuthenticator(_)
                | Next::AskPasskey(_)
                | Next::OtherChallenge(_) => bail!("asked for something else: {}", body),
            };
        }
    }
}

impl Servers {
    fn post(&self, agent: &Agent, request: &Request) -> Result<(u16, Value)> {
        let response = agent
            .post(&self.endpoint)
            .content_type(Request::CONTENT_TYPE)
            .header("X-Amz-Target", request.target())
            .send(request.body())?;
        let (parts, mut body) = response.into_parts();
        let body = serde_json::from_slice(&body.read_to_vec()?)?;
        Ok((parts.status.as_u16(), body))
    }

    /// The one run of six digits in the last mail to somebody.
    fn code(&self, agent: &Agent, address: &str) -> Result<String> {
        let mails = agent.get(&self.mails).query("to", address).call()?;
        let mails = mails.into_body().read_to_vec()?;
        let mails: Value = serde_json::from_slice(&mails)?;
        let last = mails.as_array().and_then(|mails| mails.last());
        let text = last.and_then(|mail| mail["text"].as_str());
        code_in(text.context("no mail has come")?)
    }
}

fn code_in(text: &str) -> Result<String> {
    let runs = text.split(|character: char| !character.is_ascii_alphanumeric());
    let is_code = |run: &&str| run.len() == 6 && run.bytes().all(|byte| byte.is_ascii_digit());
    let codes: Vec<_> = runs.filter(is_code).collect();
    ensure!(
        codes.len() == 1,
        "expected one code in the mail, got {}",
        codes.len()
    );
    Ok(codes.concat())
}

/// Of all threads, those that have ended too; the kernel counts hundredths of a second.
fn cpu_ms() -> Result<f64> {
    let stat = fs::read_to_string("/proc/self/stat")?;
    let fields = stat.rsplit(") ").next().unwrap_or_default().split(' ');
    let ticks: Result<Vec<f64>, _> = fields.skip(11).take(2).map(str::parse).collect();
    Ok(ticks?.iter().sum::<f64>() * 10.0)
}

fn now() -> Timestamp {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
    Timestamp::from_unix(since.unwrap_or_default().as_secs())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mail_has_one_code() {
        assert_eq!(
            code_in("Your code: 012345.\nIt is valid for 300 s").unwrap(),
            "012345"
        );
        for text in ["", "no code", "1234567", "#a12345", "123456 or 654321"] {
            code_in(text).unwrap_err();
        }
    }
}
