//! What the three executables share around their decisions: the Lambda Runtime API, one log
//! line for each event, errors from a closed list.

#![forbid(unsafe_code)]
#![cfg_attr(test, allow(clippy::arithmetic_side_effects))]

use std::{env, fmt::Display, process::ExitCode, time::SystemTime};

use lambda_runtime::{
    Diagnostic, LambdaEvent, LambdaInvocation, Runtime, service_fn, tower::util::MapRequestLayer,
};
use rules::{Answer, Failure};
use serde_json::value::RawValue;

mod log;

/// Without these the runtime panics.
const LAMBDA_VARIABLES: [&str; 4] = [
    "AWS_LAMBDA_RUNTIME_API",
    "AWS_LAMBDA_FUNCTION_NAME",
    "AWS_LAMBDA_FUNCTION_VERSION",
    "AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
];

/// Hands every event to `decide`, one after the other, until Lambda ends the process.
///
/// Each event leaves one line of JSON on standard output:
///
/// | field | value |
/// |---|---|
/// | `trigger` | the name given here |
/// | `requestId` | Lambda's own, which is on its lines about the same event too |
/// | `user` | [`rules::user_hash`], or null |
/// | `decision` | [`Answer::decision`], if there is an answer |
/// | `error`, `reason` | [`Failure::name`], and [`Failure::reason`] or null, if there is none |
///
/// Nothing else of the event is in it. If the outcome moves a metric, the line holds its name
/// with the value 1, and the fields by which CloudWatch reads it: `_aws`, `FunctionName`. The
/// metrics are in the namespace `CognitoEmailMfa`:
///
/// | metric | counts |
/// |---|---|
/// | `MailsSent` | `code_sent` |
/// | `MailsRefused` | `MAIL_NOT_SENT` |
/// | `MailsLimited` | `resend_refused`, `TOO_MANY_MAILS` |
/// | `AnswersRight` | `right` |
/// | `AnswersWrong` | `wrong`, `expired`, `superseded` |
/// | `Locked` | `wrong_and_locked`, `locked`, `TOO_MANY_ATTEMPTS` |
/// | `StoreFailures` | `store_unavailable`, `STORE_UNAVAILABLE` |
/// | `BadEvents` | `BAD_EVENT`, `ADDRESS_NOT_VERIFIED` |
pub async fn serve(
    trigger: &str,
    decide: impl AsyncFn(&RawValue) -> Result<Answer, Failure>,
) -> ExitCode {
    if let Some(name) = LAMBDA_VARIABLES
        .into_iter()
        .find(|name| variable(name).is_none())
    {
        return stop(
            trigger,
            format_args!("{name}: not set, so this is not AWS Lambda"),
        );
    }
    let decide = &decide;
    let service = service_fn(move |event: LambdaEvent<Box<RawValue>>| async move {
        let outcome = decide(&event.payload).await;
        let entry = log::Entry {
            trigger,
            function_name: &event.context.env_config.function_name,
            request_id: &event.context.request_id,
            user: rules::user_hash(&event.payload),
        };
        println!("{}", entry.line(&outcome, SystemTime::now()));
        outcome
            .map(|answer| answer.event)
            .map_err(|failure| Diagnostic {
                error_type: failure.name().to_owned(),
                error_message: failure.name().to_owned(),
            })
    });
    let runtime = Runtime::new(service).layer(MapRequestLayer::new(null_unless_json));
    match runtime.run().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => stop(trigger, error),
    }
}

/// Says on standard error why the process ends.
pub fn stop(trigger: &str, error: impl Display) -> ExitCode {
    eprintln!("{trigger}: {error}");
    ExitCode::FAILURE
}

/// The environment variable of that name.
pub fn variable(name: &str) -> Option<String> {
    // What is not Unicode stays in sight, and is refused for its value.
    env::var_os(name).map(|value| value.to_string_lossy().into_owned())
}

/// The time in Unix seconds. A clock before 1970 shows 1970.
pub fn now() -> u64 {
    SystemTime::now()
        .duration_since(SystemTime::UNIX_EPOCH)
        .map_or(0, |since| since.as_secs())
}

/// The runtime itself would end the process, or answer in words of its own, for a body that
/// is no JSON. A null is refused by our rules, like any other event that makes no sense.
fn null_unless_json(mut invocation: LambdaInvocation) -> LambdaInvocation {
    if serde_json::from_slice::<&RawValue>(&invocation.body).is_err() {
        invocation.body = "null".into();
    }
    invocation
}
