//! `CreateAuthChallenge`: a code is issued, repeated or replaced.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::value::RawValue;

use crate::{
    Answer, CodeSettings, Failure, Mail, MailSettings, Recent, code::Code, event::Event,
    history::Stage, record::Record,
};

/// What `create` decided.
#[derive(Debug)]
pub struct Created {
    /// The mail to be sent before the answer is given, if a code was issued.
    pub mail: Option<Mail>,
    /// The answer.
    pub answer: Answer,
}

/// Makes the challenge that asks for the code, at `now` in Unix seconds.
///
/// A code is mailed when a sign-in reaches this point, and when another is asked for at
/// least 30 seconds after the last mail and fewer than four times in all. After a wrong
/// answer, and after a resend that comes too soon, the code stays as it is. A call that
/// `recent` knows for a repetition mails the same code again.
///
/// What the client is told (public challenge parameters):
///
/// | name | value |
/// |---|---|
/// | `CODE_DELIVERY_DELIVERY_MEDIUM` | `EMAIL` |
/// | `CODE_DELIVERY_DESTINATION` | the masked address, `u***@e***` |
/// | `CODE_LENGTH` | digits |
/// | `CODE_SENT` | `true` if a code was mailed just now, else `false` |
/// | `EXPIRES_IN` | seconds for which the code is still valid |
/// | `ATTEMPTS_LEFT` | answers that are still allowed |
/// | `RESEND_IN` | seconds until a resend is granted; absent when none is left |
///
/// # Errors
///
/// [`Failure::BadEvent`] if this is no event of `CreateAuthChallenge`, or its history does
/// not lead to a code; [`Failure::AddressNotVerified`].
pub fn create(
    event: &RawValue,
    codes: &CodeSettings,
    settings: &MailSettings,
    recent: &mut Recent,
    now: u64,
) -> Result<Created, Failure> {
    let event = Event::read(event, "CreateAuthChallenge_Authentication")?;
    let request = &event.request;
    if !request.is_custom_challenge() {
        return Err(Failure::BadEvent {
            field: "challengeName",
        });
    }
    let address = request
        .verified_address()
        .ok_or(Failure::AddressNotVerified)?;
    let holder = event.holder(&address);
    let step = Step::after(request.stage(), now).ok_or(Failure::BadEvent { field: "session" })?;
    let step = match step {
        Step::Issue(record) => Step::Issue(recent.issue(&holder, record)),
        Step::Repeat(_) | Step::TooSoon(_) => step,
    };
    let answer = event.answer(
        step.word(),
        &Response {
            public_challenge_parameters: step.told(&address.masked(), codes, now),
            private_challenge_parameters: PrivateChallengeParameters {
                challenge: step.record().to_string(),
            },
            challenge_metadata: step.record().to_string(),
        },
    )?;
    let code = match step {
        Step::Issue(record) => Some(Code::derive(&codes.key, codes.length, &holder, record)),
        Step::Repeat(_) | Step::TooSoon(_) => None,
    };
    Ok(Created {
        mail: code.map(|code| Mail::new(address, &code, codes, settings)),
        answer,
    })
}

/// What happens to the code, and the record after it.
#[derive(Clone, Copy)]
enum Step {
    /// It is new, and mailed.
    Issue(Record),
    /// It stays, because an answer was wrong.
    Repeat(Record),
    /// It stays, although a new one was asked for.
    TooSoon(Record),
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Response {
    public_challenge_parameters: BTreeMap<&'static str, String>,
    private_challenge_parameters: PrivateChallengeParameters,
    challenge_metadata: String,
}

#[derive(Serialize)]
struct PrivateChallengeParameters {
    challenge: String,
}

impl Step {
    fn after(stage: Option<Stage>, now: u64) -> Option<Self> {
        match stage? {
            Stage::FirstCode => Some(Self::Issue(Record::first(now))),
            Stage::WrongAnswer(record) => Some(Self::Repeat(record)),
            Stage::Resend(record) => Some(match record.after_resend(now) {
                Some(issued) => Self::Issue(issued),
                None => Self::TooSoon(record),
            }),
            Stage::Password | Stage::Accepted => None,
        }
    }

    const fn record(self) -> Record {
        match self {
            Self::Issue(record) | Self::Repeat(record) | Self::TooSoon(record) => record,
        }
    }

    const fn word(self) -> &'static str {
        match self {
            Self::Issue(_) => "code_sent",
            Self::Repeat(_) => "code_repeated",
            Self::TooSoon(_) => "resend_refused",
        }
    }

    fn told(
        self,
        destination: &str,
        codes: &CodeSettings,
        now: u64,
    ) -> BTreeMap<&'static str, String> {
        let record = self.record();
        let expires_in = if record.is_valid_at(now, codes.ttl) {
            record.issued.saturating_add(codes.ttl).saturating_sub(now)
        } else {
            0
        };
        let sent = matches!(self, Self::Issue(_));
        let mut told = BTreeMap::from([
            ("CODE_DELIVERY_DELIVERY_MEDIUM", "EMAIL".to_owned()),
            ("CODE_DELIVERY_DESTINATION", destination.to_owned()),
            ("CODE_LENGTH", codes.length.to_string()),
            ("CODE_SENT", sent.to_string()),
            ("EXPIRES_IN", expires_in.to_string()),
            ("ATTEMPTS_LEFT", record.attempts_left().to_string()),
        ]);
        if let Some(at) = record.resend_at() {
            told.insert("RESEND_IN", at.saturating_sub(now).to_string());
        }
        told
    }
}
