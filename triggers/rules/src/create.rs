//! `CreateAuthChallenge`: a code is issued, repeated or replaced.

use std::{collections::BTreeMap, fmt};

use serde::Serialize;
use serde_json::value::RawValue;

use crate::{
    Answer, CodeSettings, Failure, Mail, MailSettings, Store, StoreError,
    attempts::State,
    code::Code,
    event::Event,
    history::Stage,
    keys::KeyId,
    limits::{self, Verdict, next_mail_at},
    nonce::Nonce,
    record::Record,
    store::Ledger,
};

/// What `create` decided.
#[derive(Debug)]
pub struct Created {
    /// The mail to be sent before the answer is given, if a code was issued.
    pub mail: Option<Mail>,
    /// The answer.
    pub answer: Answer,
    /// Where the store waits to hear that the mail was sent.
    reservation: Option<Reservation>,
}

/// Makes the challenge that asks for the code, at `now` in Unix seconds.
///
/// A code is mailed when a sign-in reaches this point, and when another is asked for at
/// least 30 seconds after the last mail and fewer than four times in all. After a wrong
/// answer, and after a resend that comes too soon, the code stays as it is.
///
/// With a store, `entropy` makes the code, and the limits across sign-ins hold: a first code
/// beyond them is an error, a resend beyond them comes too soon. [`Created::mailed`] is to be
/// called once the mail was sent. Cognito's repetition of a call then finds the same code, and
/// its mail on the way.
///
/// The mail is in the language that `locale` names in the client's metadata, or else among the
/// user's attributes, or else in `DEFAULT_LOCALE`'s.
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
/// not lead to a code; [`Failure::AddressNotVerified`]; with a store
/// [`Failure::TooManyMails`], [`Failure::TooManyAttempts`] and
/// [`Failure::StoreUnavailable`].
pub async fn create<S: Store>(
    event: &RawValue,
    codes: &CodeSettings,
    settings: &MailSettings,
    store: Option<&S>,
    now: u64,
    entropy: [u8; 16],
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
    let stage = request.stage();
    let key = &codes.keys.issuing;
    let mut step = Step::after(stage, key.id, now).ok_or(Failure::BadEvent { field: "session" })?;
    let mut reservation = None;
    if let (Outcome::Issue, Some(store)) = (step.outcome, store) {
        let user = event.user().ok_or(Failure::BadEvent { field: "sub" })?;
        let ask = limits::Event::Ask {
            audience: key.audience(&holder),
            nonce: Nonce(entropy),
        };
        let (state, verdict) = Ledger { store, user: &user }.enter(now, ask).await?;
        step = step.within_limits(stage, &state, verdict)?;
        reservation = step
            .record
            .nonce
            .map(|nonce| Reservation { user, nonce, now });
    }
    let answer = event.answer(step.word(), &step.response(&address.masked(), codes, now))?;
    let code = (step.outcome == Outcome::Issue)
        .then(|| Code::derive(key, codes.length, &holder, step.record));
    Ok(Created {
        mail: code.map(|code| Mail::new(address, request.locales(), &code, codes, settings)),
        answer,
        reservation,
    })
}

/// What happens to the code, and the record after it.
#[derive(Clone, Copy)]
struct Step {
    outcome: Outcome,
    record: Record,
    /// When another code may be asked for; `None` when none is left.
    resend_at: Option<u64>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Outcome {
    /// It is new, and mailed.
    Issue,
    /// It was mailed a moment ago, by a call that this one repeats.
    Issued,
    /// It stays, because an answer was wrong.
    Repeat,
    /// It stays, although a new one was asked for.
    TooSoon,
}

struct Reservation {
    user: String,
    nonce: Nonce,
    now: u64,
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

impl Created {
    /// Tells the store that the mail was sent, so that a repetition of this call sends none.
    pub async fn mailed(&self, store: &impl Store) -> Result<(), StoreError> {
        let Some(Reservation { user, nonce, now }) = &self.reservation else {
            return Ok(());
        };
        let mailed = limits::Event::Mailed { nonce: *nonce };
        Ledger { store, user }.enter(*now, mailed).await.map(drop)
    }
}

impl Step {
    fn after(stage: Option<Stage>, key: KeyId, now: u64) -> Option<Self> {
        Some(match stage? {
            Stage::FirstCode => Self::new(Outcome::Issue, Record::first(key, now)),
            Stage::WrongAnswer(record) => Self::new(Outcome::Repeat, record),
            Stage::Resend(record) => match record.after_resend(key, now) {
                Some(issued) => Self::new(Outcome::Issue, issued),
                None => Self::new(Outcome::TooSoon, record),
            },
            Stage::Password | Stage::Accepted => return None,
        })
    }

    fn new(outcome: Outcome, record: Record) -> Self {
        Self {
            outcome,
            record,
            resend_at: record.resend_at(),
        }
    }

    /// The step after the limits had their say. What they refuse ends a sign-in that has no
    /// code yet, and leaves its code to one that has.
    fn within_limits(
        self,
        stage: Option<Stage>,
        state: &State,
        verdict: Verdict,
    ) -> Result<Self, Failure> {
        let outcome = match verdict {
            Verdict::Granted => Outcome::Issue,
            Verdict::AlreadyMailed => Outcome::Issued,
            Verdict::Wait { .. } | Verdict::Locked | Verdict::Void => {
                return refused(stage, verdict);
            }
        };
        let issue = state
            .issue
            .as_ref()
            .ok_or(Failure::StoreUnavailable { reason: "no_issue" })?;
        let record = Record {
            issued: issue.at,
            nonce: Some(issue.nonce),
            ..self.record
        };
        let resend_at = record.resend_at().map(|at| at.max(next_mail_at(state)));
        Ok(Self {
            outcome,
            record,
            resend_at,
        })
    }

    const fn word(self) -> &'static str {
        match self.outcome {
            Outcome::Issue => "code_sent",
            Outcome::Issued => "code_sent_before",
            Outcome::Repeat => "code_repeated",
            Outcome::TooSoon => "resend_refused",
        }
    }

    fn response(self, destination: &str, codes: &CodeSettings, now: u64) -> Response {
        Response {
            public_challenge_parameters: self.told(destination, codes, now),
            private_challenge_parameters: PrivateChallengeParameters {
                challenge: self.record.to_string(),
            },
            challenge_metadata: self.record.to_string(),
        }
    }

    fn told(
        self,
        destination: &str,
        codes: &CodeSettings,
        now: u64,
    ) -> BTreeMap<&'static str, String> {
        let record = self.record;
        let expires_in = if record.is_valid_at(now, codes.ttl) {
            record.issued.saturating_add(codes.ttl).saturating_sub(now)
        } else {
            0
        };
        let sent = matches!(self.outcome, Outcome::Issue | Outcome::Issued);
        let mut told = BTreeMap::from([
            ("CODE_DELIVERY_DELIVERY_MEDIUM", "EMAIL".to_owned()),
            ("CODE_DELIVERY_DESTINATION", destination.to_owned()),
            ("CODE_LENGTH", codes.length.to_string()),
            ("CODE_SENT", sent.to_string()),
            ("EXPIRES_IN", expires_in.to_string()),
            ("ATTEMPTS_LEFT", record.attempts_left().to_string()),
        ]);
        if let Some(at) = self.resend_at {
            told.insert("RESEND_IN", at.saturating_sub(now).to_string());
        }
        told
    }
}

fn refused(stage: Option<Stage>, verdict: Verdict) -> Result<Step, Failure> {
    match (stage, verdict) {
        (Some(Stage::Resend(record)), Verdict::Wait { until }) => Ok(Step {
            outcome: Outcome::TooSoon,
            record,
            resend_at: Some(until),
        }),
        (Some(Stage::Resend(record)), _) => Ok(Step {
            outcome: Outcome::TooSoon,
            record,
            resend_at: None,
        }),
        (_, Verdict::Wait { .. }) => Err(Failure::TooManyMails),
        (_, _) => Err(Failure::TooManyAttempts),
    }
}

impl fmt::Debug for Reservation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Reservation")
    }
}
