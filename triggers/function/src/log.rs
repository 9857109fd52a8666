//! What is told of an event: one line of JSON, of which CloudWatch makes metrics.

use std::time::SystemTime;

use rules::{Answer, Failure};
use serde_json::{Map, Value, json};

/// Where CloudWatch keeps the metrics, by the dimension `FunctionName`.
const NAMESPACE: &str = "CognitoEmailMfa";

/// An event, by what may be told of it.
pub(crate) struct Entry<'a> {
    /// `define`, `create` or `verify`.
    pub trigger: &'a str,
    /// As Lambda calls the function.
    pub function_name: &'a str,
    /// As Lambda calls this event.
    pub request_id: &'a str,
    /// [`rules::user_hash`].
    pub user: Option<String>,
}

impl Entry<'_> {
    /// The line about what came of it.
    ///
    /// An outcome that moves a metric makes the line an embedded metric: `_aws` says which field
    /// is the number. ("Specification: Embedded metric format", Amazon CloudWatch User Guide.)
    pub fn line(self, outcome: &Result<Answer, Failure>, now: SystemTime) -> Value {
        let mut line = Map::new();
        line.insert("trigger".to_owned(), json!(self.trigger));
        line.insert("requestId".to_owned(), json!(self.request_id));
        line.insert("user".to_owned(), json!(self.user));
        match outcome {
            Ok(answer) => {
                line.insert("decision".to_owned(), json!(answer.decision));
            }
            Err(failure) => {
                line.insert("error".to_owned(), json!(failure.name()));
                line.insert("reason".to_owned(), json!(failure.reason()));
            }
        }
        if let Some(metric) = metric(outcome) {
            line.insert(metric.to_owned(), json!(1));
            line.insert("FunctionName".to_owned(), json!(self.function_name));
            line.insert("_aws".to_owned(), embedded(metric, now));
        }
        Value::Object(line)
    }
}

/// The metric that an outcome adds one to. What Define decides moves none.
fn metric(outcome: &Result<Answer, Failure>) -> Option<&'static str> {
    match outcome {
        Ok(answer) => match answer.decision {
            "code_sent" => Some("MailsSent"),
            "resend_refused" => Some("MailsLimited"),
            "right" => Some("AnswersRight"),
            "wrong" | "expired" | "superseded" => Some("AnswersWrong"),
            "wrong_and_locked" | "locked" => Some("Locked"),
            "store_unavailable" => Some("StoreFailures"),
            _ => None,
        },
        Err(Failure::MailNotSent { .. }) => Some("MailsRefused"),
        Err(Failure::TooManyMails) => Some("MailsLimited"),
        Err(Failure::TooManyAttempts) => Some("Locked"),
        Err(Failure::StoreUnavailable { .. }) => Some("StoreFailures"),
        Err(Failure::BadEvent { .. } | Failure::AddressNotVerified) => Some("BadEvents"),
    }
}

fn embedded(metric: &str, now: SystemTime) -> Value {
    let since = now
        .duration_since(SystemTime::UNIX_EPOCH)
        .unwrap_or_default();
    json!({
        "Timestamp": u64::try_from(since.as_millis()).unwrap_or(u64::MAX),
        "CloudWatchMetrics": [{
            "Namespace": NAMESPACE,
            "Dimensions": [["FunctionName"]],
            "Metrics": [{ "Name": metric, "Unit": "Count" }],
        }],
    })
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use serde_json::value::RawValue;

    use super::*;

    fn decided(decision: &'static str) -> Result<Answer, Failure> {
        let event = RawValue::from_string("\"canary\"".to_owned()).unwrap();
        Ok(Answer { event, decision })
    }

    fn line(outcome: &Result<Answer, Failure>) -> Value {
        let entry = Entry {
            trigger: "verify",
            function_name: "stack-Verify",
            request_id: "8476a536-e9f4-11e8-9739-2dfe598c3fcd",
            user: Some("5f1e".to_owned()),
        };
        entry.line(
            outcome,
            SystemTime::UNIX_EPOCH + Duration::from_millis(1_790_000_000_123),
        )
    }

    #[test]
    fn a_decision_without_a_metric_is_a_plain_line() {
        assert_eq!(
            line(&decided("resend")).to_string(),
            r#"{"decision":"resend","requestId":"8476a536-e9f4-11e8-9739-2dfe598c3fcd","trigger":"verify","user":"5f1e"}"#
        );
    }

    #[test]
    fn a_metric_rides_on_the_line() {
        assert_eq!(
            line(&decided("right")),
            json!({
                "trigger": "verify",
                "requestId": "8476a536-e9f4-11e8-9739-2dfe598c3fcd",
                "user": "5f1e",
                "decision": "right",
                "AnswersRight": 1,
                "FunctionName": "stack-Verify",
                "_aws": {
                    "Timestamp": 1_790_000_000_123_u64,
                    "CloudWatchMetrics": [{
                        "Namespace": "CognitoEmailMfa",
                        "Dimensions": [["FunctionName"]],
                        "Metrics": [{ "Name": "AnswersRight", "Unit": "Count" }],
                    }],
                },
            })
        );
        let line = line(&Err(Failure::BadEvent { field: "session" }));
        assert_eq!(line["error"], "BAD_EVENT");
        assert_eq!(line["reason"], "session");
        assert_eq!(line["BadEvents"], 1);
        assert_eq!(line.get("decision"), None);
    }

    #[test]
    fn each_outcome_moves_its_metric() {
        let reason = "timeout";
        for (outcome, expected) in [
            (decided("prove_password"), None),
            (decided("enter_code"), None),
            (decided("issue_tokens"), None),
            (decided("fail"), None),
            (decided("code_sent"), Some("MailsSent")),
            (decided("code_sent_before"), None),
            (decided("code_repeated"), None),
            (decided("resend_refused"), Some("MailsLimited")),
            (decided("right"), Some("AnswersRight")),
            (decided("wrong"), Some("AnswersWrong")),
            (decided("expired"), Some("AnswersWrong")),
            (decided("superseded"), Some("AnswersWrong")),
            (decided("resend"), None),
            (decided("no_address"), None),
            (decided("no_user"), None),
            (decided("no_challenge"), None),
            (decided("wrong_and_locked"), Some("Locked")),
            (decided("locked"), Some("Locked")),
            (decided("store_unavailable"), Some("StoreFailures")),
            (Err(Failure::MailNotSent { reason }), Some("MailsRefused")),
            (Err(Failure::TooManyMails), Some("MailsLimited")),
            (Err(Failure::TooManyAttempts), Some("Locked")),
            (
                Err(Failure::StoreUnavailable { reason }),
                Some("StoreFailures"),
            ),
            (Err(Failure::BadEvent { field: "event" }), Some("BadEvents")),
            (Err(Failure::AddressNotVerified), Some("BadEvents")),
        ] {
            assert_eq!(metric(&outcome), expected, "{outcome:?}");
        }
    }
}
