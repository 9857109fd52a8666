//! One process of a trigger, with a Runtime API of its own.
//!
//! Both live and die together, so that an event can never reach a process that is gone.
//! The address is a plain `127.0.0.1:PORT`, which the runtimes of all languages understand.

use std::{
    env, fmt,
    os::unix::process::ExitStatusExt,
    path::PathBuf,
    process::{ExitStatus, Stdio},
    sync::Arc,
    time::Duration,
};

use tokio::{
    net::TcpListener,
    process::{Child, Command},
    sync::mpsc,
    task::AbortHandle,
    time::{sleep, timeout},
};

use super::{
    TriggerName,
    runtime_api::{Desk, Invocation, Outcome, router},
};
use crate::{clock::Clock, entropy, seed::REGION};

/// How to start a trigger.
pub struct Setup {
    /// Which trigger.
    pub name: TriggerName,
    /// What to run.
    pub program: Program,
    /// Where SES listens, and what else the function's configuration says.
    pub environment: Vec<(&'static str, String)>,
    /// Where its standard output goes.
    pub output: Output,
    /// libfaketime, if a test may move the triggers' clocks too.
    pub faketime: Option<PathBuf>,
}

/// What to run.
#[derive(Clone)]
pub enum Program {
    /// An executable file.
    Executable(PathBuf),
    /// A line for the shell.
    Command(String),
}

/// Where a trigger's standard output goes.
#[derive(Clone, Copy)]
pub enum Output {
    /// Nowhere.
    Dropped,
    /// To this program's standard error.
    Shown,
}

/// A running process.
pub struct Sandbox {
    child: Child,
    desk: Arc<Desk>,
    invocations: mpsc::Sender<Invocation>,
    server: AbortHandle,
    function: &'static str,
}

/// How a process ended, in Lambda's words.
pub struct End(ExitStatus);

/// Why a try gave no outcome.
pub enum Failure {
    /// The process could not be started.
    NotStarted(String),
    /// The process ended while it had this request.
    Exited(String, End),
    /// No outcome within five seconds.
    TimedOut,
}

const TIME_LIMIT: Duration = Duration::from_secs(5);

/// When the process has ended, an outcome it sent just before may still be on its way.
const LAST_WORDS: Duration = Duration::from_millis(100);

impl Sandbox {
    /// Starts a process and its Runtime API.
    pub async fn start(setup: &Setup, clock: &Clock) -> Result<Self, Failure> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let address = listener.local_addr()?.to_string();
        let (desk, invocations) = Desk::new();
        let child = command(setup, &address, clock).spawn()?;
        let routes = router(Arc::clone(&desk));
        let server = tokio::spawn(async move { axum::serve(listener, routes).await });
        let server = server.abort_handle();
        Ok(Self {
            child,
            desk,
            invocations,
            server,
            function: setup.name.executable(),
        })
    }

    /// Whether the process still runs.
    pub fn is_alive(&mut self) -> bool {
        matches!(self.child.try_wait(), Ok(None))
    }

    /// Hands an event to the process and waits for the outcome.
    pub async fn invoke(&mut self, event: Arc<str>, clock: &Clock) -> Result<Outcome, Failure> {
        let id = entropy::uuid().map_err(Failure::because)?.to_string();
        let mut outcome = self.desk.await_outcome(id.clone());
        let deadline = clock.now().saturating_add(TIME_LIMIT);
        let invocation = Invocation {
            id: id.clone(),
            event,
            deadline,
            function: self.function,
        };
        self.invocations
            .send(invocation)
            .await
            .map_err(Failure::because)?;
        tokio::select! {
            outcome = &mut outcome => outcome.map_err(Failure::because),
            status = self.child.wait() => match timeout(LAST_WORDS, outcome).await {
                Ok(Ok(outcome)) => Ok(outcome),
                Ok(Err(_)) | Err(_) => Err(Failure::Exited(id, End(status?))),
            },
            () = sleep(TIME_LIMIT) => Err(Failure::TimedOut),
        }
    }
}

/// Signals as Go's `syscall` calls them, from 1 on: it has no names for others.
const SIGNALS: [&str; 15] = [
    "hangup",
    "interrupt",
    "quit",
    "illegal instruction",
    "trace/breakpoint trap",
    "aborted",
    "bus error",
    "floating point exception",
    "killed",
    "user defined signal 1",
    "segmentation fault",
    "user defined signal 2",
    "broken pipe",
    "alarm clock",
    "terminated",
];

/// As Lambda tells it, which is written in Go: `exit status 1`, `signal: killed`.
impl fmt::Display for End {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.success() {
            return f.write_str("Runtime exited without providing a reason");
        }
        f.write_str("Runtime exited with error: ")?;
        if let Some(code) = self.0.code() {
            return write!(f, "exit status {code}");
        }
        let Some(signal) = self.0.signal() else {
            return f.write_str("unknown");
        };
        match (1..).zip(SIGNALS).find(|(number, _)| *number == signal) {
            Some((_, name)) => write!(f, "signal: {name}"),
            None => write!(f, "signal: signal {signal}"),
        }
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        // The child is killed by its own drop.
        self.server.abort();
    }
}

impl Failure {
    fn because(error: impl fmt::Display) -> Self {
        Self::NotStarted(error.to_string())
    }
}

impl From<std::io::Error> for Failure {
    fn from(error: std::io::Error) -> Self {
        Self::because(error)
    }
}

/// The process as Lambda would start it: no AWS configuration but ours, and no proxy, so that
/// nothing of it can reach the real AWS.
fn command(setup: &Setup, runtime_api: &str, clock: &Clock) -> Command {
    let mut command = match &setup.program {
        Program::Executable(path) => Command::new(path),
        Program::Command(line) => {
            // With exec the shell becomes the program, so that killing it ends the program.
            let mut command = Command::new("sh");
            command.arg("-c").arg(format!("exec {line}"));
            command
        }
    };
    for (name, _) in env::vars_os() {
        let upper = name.to_string_lossy().to_ascii_uppercase();
        if upper.starts_with("AWS_") || upper.ends_with("_PROXY") {
            command.env_remove(name);
        }
    }
    let function = setup.name.executable();
    command
        .envs([
            ("AWS_LAMBDA_RUNTIME_API", runtime_api),
            ("AWS_LAMBDA_FUNCTION_NAME", function),
            ("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST"),
            ("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "128"),
            ("AWS_LAMBDA_LOG_GROUP_NAME", function),
            ("AWS_LAMBDA_LOG_STREAM_NAME", "local"),
            ("_HANDLER", "bootstrap"),
            ("AWS_REGION", REGION),
            ("AWS_DEFAULT_REGION", REGION),
            ("AWS_ACCESS_KEY_ID", "local"),
            ("AWS_SECRET_ACCESS_KEY", "local"),
            ("AWS_SESSION_TOKEN", "local"),
        ])
        .envs(setup.environment.iter().map(|(name, value)| (name, value)))
        .stdin(Stdio::null())
        .stdout(match setup.output {
            Output::Dropped => Stdio::null(),
            Output::Shown => Stdio::from(std::io::stderr()),
        })
        .kill_on_drop(true);
    if let Some(library) = setup.faketime.as_ref().filter(|_| !clock.ahead().is_zero()) {
        command
            .env("LD_PRELOAD", library)
            .env("FAKETIME", format!("+{}s", clock.ahead().as_secs()))
            .env("FAKETIME_DONT_FAKE_MONOTONIC", "1");
    }
    command
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_end_is_told_as_lambda_does() {
        let reasonless = End(ExitStatus::from_raw(0)).to_string();
        assert_eq!(reasonless, "Runtime exited without providing a reason");
        for (status, told) in [
            (3 << 8, "exit status 3"),
            (4, "signal: illegal instruction"),
            (9, "signal: killed"),
            (1, "signal: hangup"),
            (15, "signal: terminated"),
            (16, "signal: signal 16"),
            // With a core dump.
            (11 | 0x80, "signal: segmentation fault"),
            (40, "signal: signal 40"),
        ] {
            let end = End(ExitStatus::from_raw(status)).to_string();
            assert_eq!(end, format!("Runtime exited with error: {told}"));
        }
    }
}
