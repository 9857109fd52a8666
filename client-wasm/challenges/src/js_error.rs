//! Errors as JavaScript gets them: a record with a stable `code`, which the JavaScript part
//! of the package makes a `CognitoError` of. The codes are documented in `npm/index.d.ts`.

use crate::step::record;
use protocol::{Error, Misuse, RefusalKind};
use wasm_bindgen::JsValue;

/// The codes that originate here.
#[derive(Clone, Copy)]
#[expect(
    clippy::enum_variant_names,
    reason = "the variants are named as in JavaScript"
)]
pub(crate) enum Code {
    InvalidArgument,
    InvalidCode,
    Spent,
    NoRandomness,
    BadReply,
    Refused(RefusalKind),
}

impl Code {
    fn text(self) -> &'static str {
        match self {
            Self::InvalidArgument => "invalid_argument",
            Self::InvalidCode => "invalid_code",
            Self::Spent => "spent",
            Self::NoRandomness => "no_randomness",
            Self::BadReply => "bad_reply",
            Self::Refused(kind) => match kind {
                RefusalKind::BadCredentials => "bad_credentials",
                RefusalKind::LockedOut => "locked_out",
                RefusalKind::CodeAttemptsExceeded => "code_attempts_exceeded",
                RefusalKind::SessionExpired => "session_expired",
                RefusalKind::SessionUsed => "session_used",
                RefusalKind::LimitExceeded => "limit_exceeded",
                RefusalKind::Throttled => "throttled",
                RefusalKind::TriggerFailed => "trigger_failed",
                RefusalKind::MailNotSent => "mail_not_sent",
                RefusalKind::DeviceRefused => "device_refused",
                RefusalKind::UserNotConfirmed => "user_not_confirmed",
                RefusalKind::PasswordResetRequired => "password_reset_required",
                RefusalKind::UserDisabled => "user_disabled",
                RefusalKind::Misconfigured => "misconfigured",
                RefusalKind::Forbidden => "forbidden",
                RefusalKind::Unavailable => "pool_unavailable",
                RefusalKind::Other => "refused",
            },
        }
    }
}

pub(crate) fn new(code: Code, message: &str) -> JsValue {
    record(&[("code", code.text().into()), ("message", message.into())])
}

pub(crate) fn with_cause(code: Code, message: &str, cause: &JsValue) -> JsValue {
    record(&[
        ("code", code.text().into()),
        ("message", message.into()),
        ("cause", cause.clone()),
    ])
}

pub(crate) fn misuse(misuse: &Misuse) -> JsValue {
    let code = if misuse.field == "code" {
        Code::InvalidCode
    } else {
        Code::InvalidArgument
    };
    new(code, &misuse.to_string())
}

pub(crate) fn ended(error: &Error) -> JsValue {
    match error {
        Error::PoolRefused(refusal) => record(&[
            ("code", Code::Refused(refusal.kind).text().into()),
            ("message", refusal.to_string().into()),
            ("exception", refusal.exception.as_str().into()),
            ("trigger", refusal.trigger.as_deref().into()),
        ]),
        Error::PoolMisbehaved(misbehaviour) => new(Code::BadReply, &misbehaviour.to_string()),
    }
}
