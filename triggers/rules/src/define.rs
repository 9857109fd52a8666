//! `DefineAuthChallenge`: what comes next in a sign-in.

use serde::Serialize;
use serde_json::value::RawValue;

use crate::{
    Answer, Failure,
    event::{Event, Request},
    history::Stage,
};

/// Decides whether a sign-in goes on, ends with tokens, or fails.
///
/// Histories that it does not know fail, whatever they hold. What a user is like is looked at
/// only after the password is proven: before, one who does not exist must not be told from
/// one who does.
///
/// # Errors
///
/// [`Failure::BadEvent`] if this is no event of `DefineAuthChallenge`.
pub fn define(event: &RawValue) -> Result<Answer, Failure> {
    let event = Event::read(event, "DefineAuthChallenge_Authentication")?;
    let verdict = Verdict::on(&event.request);
    event.answer(verdict.word(), &verdict.response())
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Verdict {
    ProvePassword,
    EnterCode,
    IssueTokens,
    Fail,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Response {
    #[serde(skip_serializing_if = "Option::is_none")]
    challenge_name: Option<&'static str>,
    issue_tokens: bool,
    fail_authentication: bool,
}

impl Verdict {
    fn on(request: &Request) -> Self {
        match request.stage() {
            None => Self::Fail,
            Some(Stage::Password) => Self::ProvePassword,
            Some(_) if request.verified_address().is_none() => Self::Fail,
            Some(Stage::FirstCode | Stage::WrongAnswer(_) | Stage::Resend(_)) => Self::EnterCode,
            Some(Stage::Accepted) => Self::IssueTokens,
        }
    }

    const fn word(self) -> &'static str {
        match self {
            Self::ProvePassword => "prove_password",
            Self::EnterCode => "enter_code",
            Self::IssueTokens => "issue_tokens",
            Self::Fail => "fail",
        }
    }

    fn response(self) -> Response {
        Response {
            challenge_name: match self {
                Self::ProvePassword => Some("PASSWORD_VERIFIER"),
                Self::EnterCode => Some("CUSTOM_CHALLENGE"),
                Self::IssueTokens | Self::Fail => None,
            },
            issue_tokens: self == Self::IssueTokens,
            fail_authentication: self == Self::Fail,
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::history::Entry;

    const NAMES: [&str; 9] = [
        "SRP_A",
        "PASSWORD_VERIFIER",
        "CUSTOM_CHALLENGE",
        "SMS_MFA",
        "SOFTWARE_TOKEN_MFA",
        "EMAIL_OTP",
        "DEVICE_SRP_AUTH",
        "NEW_PASSWORD_REQUIRED",
        "ADMIN_NO_SRP_AUTH",
    ];

    fn request(user_not_found: bool) -> Request {
        let request = json!({
            "userAttributes": { "email": "user@example.com", "email_verified": "true" },
            "userNotFound": user_not_found,
        });
        serde_json::from_str(&request.to_string()).unwrap()
    }

    /// Every entry there can be, with the record that fits after so many wrong answers.
    fn entries(wrong: usize) -> Vec<(&'static str, bool, Entry)> {
        let record = format!("v1.1.1790000000.1.{wrong}");
        let mut entries = Vec::new();
        for name in NAMES {
            for right in [true, false] {
                let metadata = (name == "CUSTOM_CHALLENGE").then_some(&record);
                let entry = json!({
                    "challengeName": name,
                    "challengeResult": right,
                    "challengeMetadata": metadata,
                });
                entries.push((
                    name,
                    right,
                    serde_json::from_str(&entry.to_string()).unwrap(),
                ));
            }
        }
        entries
    }

    /// Walks all histories of up to five challenges.
    struct Walk {
        by_wrong: Vec<Vec<(&'static str, bool, Entry)>>,
        request: Request,
        shown: Vec<(&'static str, bool)>,
        seen: u32,
        issued: Vec<Vec<(&'static str, bool)>>,
        asked: Vec<Vec<(&'static str, bool)>>,
    }

    impl Walk {
        fn over(user_not_found: bool) -> Self {
            let mut walk = Self {
                by_wrong: (0..=5).map(entries).collect(),
                request: request(user_not_found),
                shown: Vec::new(),
                seen: 0,
                issued: Vec::new(),
                asked: Vec::new(),
            };
            walk.request.session = Some(Vec::new());
            walk.go_on(0);
            walk
        }

        fn go_on(&mut self, wrong: usize) {
            self.seen += 1;
            match Verdict::on(&self.request) {
                Verdict::IssueTokens => self.issued.push(self.shown.clone()),
                Verdict::EnterCode => self.asked.push(self.shown.clone()),
                Verdict::ProvePassword => assert_eq!(self.shown, [("SRP_A", true)]),
                Verdict::Fail => {}
            }
            if self.shown.len() == 5 {
                return;
            }
            for i in 0..self.by_wrong[wrong].len() {
                let (name, right, entry) = self.by_wrong[wrong][i];
                self.shown.push((name, right));
                self.request.session.as_mut().unwrap().push(entry);
                let is_wrong_code = name == "CUSTOM_CHALLENGE" && !right;
                self.go_on(wrong + usize::from(is_wrong_code));
                self.request.session.as_mut().unwrap().pop();
                self.shown.pop();
            }
        }
    }

    #[test]
    fn three_histories_of_two_million_issue_tokens() {
        let walk = Walk::over(false);
        assert_eq!(walk.seen, (0..=5).map(|n| 18_u32.pow(n)).sum::<u32>());
        let password = [("SRP_A", true), ("PASSWORD_VERIFIER", true)];
        let (wrong, right) = (("CUSTOM_CHALLENGE", false), ("CUSTOM_CHALLENGE", true));
        let after_password = |answers: &[_]| [&password, answers].concat();
        let mut issued = walk.issued;
        issued.sort_by_key(Vec::len);
        assert_eq!(
            issued,
            [
                after_password(&[right]),
                after_password(&[wrong, right]),
                after_password(&[wrong, wrong, right]),
            ]
        );
        let mut asked = walk.asked;
        asked.sort_by_key(Vec::len);
        assert_eq!(
            asked,
            [
                after_password(&[]),
                after_password(&[wrong]),
                after_password(&[wrong, wrong]),
            ]
        );
    }

    #[test]
    fn a_user_who_does_not_exist_gets_no_further_than_the_password() {
        let walk = Walk::over(true);
        assert_eq!(walk.seen, 2_000_719);
        assert!(walk.issued.is_empty() && walk.asked.is_empty());
    }
}
