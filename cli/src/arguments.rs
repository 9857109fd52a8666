//! The command line.

use crate::failure::Failure;
use lexopt::{Arg, Parser, ValueExt};
use protocol::{Flow, Pool};

/// What `--help` prints.
pub const USAGE: &str = "\
Signs in to an Amazon Cognito user pool with a password and a code from an e-mail.

usage: cli --pool-id ID --client-id ID --username NAME [FLAG...]

  --pool-id ID         the user pool, such as us-east-1_Example1
  --client-id ID       its app client, without a secret
  --username NAME      user name or e-mail address
  --endpoint URL       another place than the pool's region, such as
                       http://127.0.0.1:8080/; plain http on this machine alone;
                       or fips for the region's endpoint with that validation
  --flow NAME          custom for this project's triggers, which is what is taken if this
                       is left out, or srp for the pool's own second factors
  --password-stdin     read the password from the first line of standard input;
                       each further line answers a question for the code
  --json               print the tokens as JSON on standard output
  --help               print this

To the question for the code, `resend` asks for a new one. Questions and messages go to
standard error.

exit codes:
  0  signed in
  1  authentication failed
  2  the command line is wrong
  3  the pool cannot be reached, or is in trouble
  4  standard output cannot be written, such as a full disk or a closed pipe
";

/// What was asked for.
pub enum Invocation {
    /// To sign in.
    SignIn(Arguments),
    /// To print [`USAGE`].
    Help,
}

/// Who signs in, and where.
pub struct Arguments {
    /// `--pool-id` and `--client-id`.
    pub pool: Pool,
    /// `--username`.
    pub username: String,
    /// `--flow`.
    pub flow: Flow,
    /// `--endpoint`.
    pub endpoint: Option<String>,
    /// `--password-stdin`.
    pub password_source: PasswordSource,
    /// `--json`.
    pub json: bool,
}

/// Where the password comes from. Never the command line, which other users can see.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PasswordSource {
    /// It is typed without echo.
    Terminal,
    /// It is the first line of standard input.
    StandardInput,
}

/// Reads the command line.
///
/// # Errors
/// [`Failure::Usage`] if a flag is missing, unknown, given twice, or of a wrong form.
pub fn parse(mut parser: Parser) -> Result<Invocation, Failure> {
    let (mut pool_id, mut client_id, mut username, mut endpoint) = (None, None, None, None);
    let mut flow = None;
    let mut password_source = PasswordSource::Terminal;
    let mut json = false;
    while let Some(argument) = parser.next()? {
        let (slot, flag) = match argument {
            Arg::Long("help") | Arg::Short('h') => return Ok(Invocation::Help),
            Arg::Long("json") => {
                json = true;
                continue;
            }
            Arg::Long("password-stdin") => {
                password_source = PasswordSource::StandardInput;
                continue;
            }
            Arg::Long("pool-id") => (&mut pool_id, "--pool-id"),
            Arg::Long("client-id") => (&mut client_id, "--client-id"),
            Arg::Long("username") => (&mut username, "--username"),
            Arg::Long("endpoint") => (&mut endpoint, "--endpoint"),
            Arg::Long("flow") => (&mut flow, "--flow"),
            Arg::Long(_) | Arg::Short(_) | Arg::Value(_) => {
                return Err(argument.unexpected().into());
            }
        };
        if slot.replace(parser.value()?.string()?).is_some() {
            return Err(Failure::Usage(format!("{flag}: given twice")));
        }
    }
    let pool_id = required(pool_id, "--pool-id")?;
    let client_id = required(client_id, "--client-id")?;
    Ok(Invocation::SignIn(Arguments {
        pool: Pool::new(&pool_id, &client_id)?,
        flow: read_flow(flow.as_deref())?,
        username: required(username, "--username")?,
        endpoint,
        password_source,
        json,
    }))
}

/// There is nobody here to choose.
fn read_flow(name: Option<&str>) -> Result<Flow, Failure> {
    match name {
        None | Some("custom") => Ok(Flow::Custom),
        Some("srp") => Ok(Flow::UserSrp),
        Some(other) => Err(Failure::Usage(format!(
            "--flow: expected custom or srp, got {other:?}"
        ))),
    }
}

fn required(value: Option<String>, flag: &str) -> Result<String, Failure> {
    value.ok_or_else(|| Failure::Usage(format!("{flag}: missing")))
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: [&str; 6] = [
        "--pool-id",
        "us-east-1_A",
        "--client-id",
        "c",
        "--username",
        "user@example.com",
    ];

    fn parse_after_good(more: &[&str]) -> Result<Invocation, Failure> {
        parse(Parser::from_args(GOOD.iter().chain(more)))
    }

    #[test]
    fn flags_are_read_in_any_order_and_either_form() {
        let Ok(Invocation::SignIn(arguments)) = parse_after_good(&[
            "--json",
            "--endpoint=http://localhost:1/",
            "--password-stdin",
            "--flow=srp",
        ]) else {
            panic!("a good command line was refused");
        };
        assert_eq!(arguments.pool.id(), "us-east-1_A");
        assert_eq!(arguments.pool.client_id(), "c");
        assert_eq!(arguments.username, "user@example.com");
        assert_eq!(arguments.endpoint.as_deref(), Some("http://localhost:1/"));
        assert_eq!(arguments.password_source, PasswordSource::StandardInput);
        assert!(arguments.json);
        assert_eq!(arguments.flow, Flow::UserSrp);
    }

    #[test]
    fn a_wrong_command_line_names_the_flag() {
        for (more, named) in [
            (&["--pool-id", "us-east-1_B"][..], "--pool-id: given twice"),
            (&["--password", "secret"], "--password"),
            (&["--endpoint"], "--endpoint"),
            (&["--json=yes"], "--json"),
            (&["--flow", "choice"], "--flow: expected custom or srp"),
            (&["more"], "more"),
        ] {
            let Err(failure) = parse_after_good(more) else {
                panic!("{more:?} was accepted")
            };
            assert!(failure.to_string().contains(named), "{more:?}: {failure}");
            assert!(!failure.to_string().contains("secret"), "{failure}");
        }
        for missing in [0, 2, 4] {
            let mut few = GOOD.to_vec();
            let flag = few.drain(missing..missing + 2).next().unwrap();
            let Err(failure) = parse(Parser::from_args(few)) else {
                panic!("{flag} is needed")
            };
            assert_eq!(failure.to_string(), format!("{flag}: missing\nTry --help."));
        }
        let bad = [
            "--pool-id",
            "nonsense",
            "--client-id",
            "c",
            "--username",
            "u",
        ];
        let Err(failure) = parse(Parser::from_args(bad)) else {
            panic!("a bad pool id")
        };
        assert!(
            failure.to_string().starts_with("--pool-id: expected"),
            "{failure}"
        );
    }
}
