//! Reads a reply that is not a success.

use crate::{Error, Refusal, RefusalKind, Reply, error::truncate};
use alloc::{borrow::ToOwned, string::String};

/// What the refused request had been about. The same words mean different things: after a
/// code, `Incorrect username or password.` is how Cognito says that the triggers gave up.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Asked {
    Begin,
    Password,
    Code,
    Device,
    Account,
}

/// Succeeds for HTTP 200 with a JSON object that names no exception.
pub(crate) fn check(reply: &Reply<'_>, asked: Asked) -> Result<(), Error> {
    let in_body = |name| Some(exception_name(&reply.body?.text(&[name])?));
    let named = |name: &String| !name.is_empty();
    let exception = reply
        .error_type
        .map(exception_name)
        .filter(named)
        .or_else(|| in_body("__type").filter(named))
        .or_else(|| in_body("code"))
        .unwrap_or_default();
    if reply.status == 200 && exception.is_empty() {
        return match reply.body {
            Some(_) => Ok(()),
            None => Err(Error::misbehaved("body", "a JSON object")),
        };
    }
    let message = reply
        .body
        .and_then(|body| body.text(&["message"]).or_else(|| body.text(&["Message"])))
        .unwrap_or_default();
    let kind = kind(reply.status, &exception, &message, asked);
    // A refusal of Cognito's own has a name, or a status that says enough.
    if exception.is_empty() && kind == RefusalKind::Other {
        return Err(Error::misbehaved(
            "status",
            "200, or the name of an exception",
        ));
    }
    Err(Error::PoolRefused(Refusal {
        kind,
        trigger: failed_trigger(&message).map(str::to_owned),
        exception,
        message: truncate(&message, 1024),
    }))
}

/// The bare name: `com.amazonaws.cognito#Name` and `Name:http://…` and `Name,…` occur.
pub fn exception_name(text: &str) -> String {
    let name = text.rsplit_once('#').map_or(text, |(_, name)| name);
    let name = name.split([':', ',']).next().unwrap_or_default().trim();
    truncate(name, 128).to_owned()
}

/// The trigger that Cognito says has failed: `PreSignUp failed with error …`, or
/// `PreSignUp invocation failed due to …`.
pub fn failed_trigger(message: &str) -> Option<&str> {
    let (name, rest) = message.split_once(' ')?;
    let failed = rest.starts_with("failed with error") || rest.starts_with("invocation failed");
    let word =
        (1..=64).contains(&name.len()) && name.bytes().all(|byte| byte.is_ascii_alphanumeric());
    (failed && word).then_some(name)
}

/// What an exception means wherever it comes. All names end in `Exception`.
const KINDS: [(&str, RefusalKind); 23] = {
    use RefusalKind::*;
    [
        // A pool that tells unknown users apart; the person need not know.
        ("UserNotFound", BadCredentials),
        ("UnexpectedLambda", TriggerFailed),
        ("InvalidLambdaResponse", TriggerFailed),
        ("TooManyRequests", Throttled),
        ("LimitExceeded", LimitExceeded),
        ("UserNotConfirmed", UserNotConfirmed),
        ("PasswordResetRequired", PasswordResetRequired),
        ("ExpiredCode", SessionExpired),
        ("CodeDeliveryFailure", MailNotSent),
        ("ResourceNotFound", Misconfigured),
        ("InvalidParameter", Misconfigured),
        ("InvalidUserPoolConfiguration", Misconfigured),
        ("UnsupportedOperation", Misconfigured),
        ("UnknownOperation", Misconfigured),
        ("OperationNotEnabled", Misconfigured),
        ("FeatureUnavailableInTier", Misconfigured),
        ("MFAMethodNotFound", Misconfigured),
        ("SoftwareTokenMFANotFound", Misconfigured),
        ("InvalidSmsRoleAccessPolicy", Misconfigured),
        ("InvalidSmsRoleTrustRelationship", Misconfigured),
        ("InvalidEmailRoleAccessPolicy", Misconfigured),
        ("Forbidden", Forbidden),
        ("InternalError", Unavailable),
    ]
};

fn kind(status: u16, exception: &str, message: &str, asked: Asked) -> RefusalKind {
    let name = exception.strip_suffix("Exception").unwrap_or_default();
    match name {
        "NotAuthorized" => return not_authorized(message, asked),
        "UserLambdaValidation" => return trigger_failed(message),
        // The same exception serves for pools and clients.
        "ResourceNotFound" if message == "Device does not exist." => {
            return RefusalKind::DeviceRefused;
        }
        _ => {}
    }
    let known = KINDS.iter().find(|(known, _)| *known == name);
    match (known, status) {
        (Some((_, kind)), _) => *kind,
        (None, 403) => RefusalKind::Forbidden,
        (None, 429) => RefusalKind::Throttled,
        (None, 500..) => RefusalKind::Unavailable,
        (None, _) => RefusalKind::Other,
    }
}

/// The triggers' errors reach us as text. These have a meaning of their own.
fn trigger_failed(message: &str) -> RefusalKind {
    let meanings = [
        ("MAIL_NOT_SENT", RefusalKind::MailNotSent),
        ("TOO_MANY_MAILS", RefusalKind::LimitExceeded),
        ("TOO_MANY_ATTEMPTS", RefusalKind::LockedOut),
    ];
    let found = meanings.into_iter().find(|(word, _)| says(message, word));
    found.map_or(RefusalKind::TriggerFailed, |(_, kind)| kind)
}

/// Whether a text has some words in it. `str::contains` is made for long texts, and is twenty
/// times as large.
fn says(text: &str, words: &str) -> bool {
    let mut windows = text.as_bytes().windows(words.len());
    windows.any(|window| window == words.as_bytes())
}

/// One exception has many meanings, told apart by text alone; an unknown text falls back to
/// what the step makes likely.
fn not_authorized(message: &str, asked: Asked) -> RefusalKind {
    if failed_trigger(message).is_some() {
        return trigger_failed(message);
    }
    if message.starts_with("Invalid session") {
        return match says(message, "only be used once") {
            true => RefusalKind::SessionUsed,
            false => RefusalKind::SessionExpired,
        };
    }
    if says(&message.to_ascii_lowercase(), "secret") {
        return RefusalKind::Misconfigured;
    }
    match message {
        "Password attempts exceeded" => RefusalKind::LockedOut,
        "User is disabled." => RefusalKind::UserDisabled,
        _ => match asked {
            Asked::Begin | Asked::Password => RefusalKind::BadCredentials,
            Asked::Code => RefusalKind::CodeAttemptsExceeded,
            Asked::Device => RefusalKind::DeviceRefused,
            Asked::Account => RefusalKind::Other,
        },
    }
}
