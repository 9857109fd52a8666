//! The alarms, held against what the executables measure.

use crate::{Spoilt, document::Template, root};
use serde_json::{Value, json};
use std::fs;

/// What must not go unnoticed, and where it is measured.
const WATCHED: [(&str, &[&str]); 6] = [
    ("MailsSent", &[CREATE]),
    ("MailsRefused", &[CREATE]),
    ("StoreFailures", &[CREATE, VERIFY]),
    ("Locked", &[CREATE, VERIFY]),
    ("Errors", &FUNCTIONS),
    ("Throttles", &FUNCTIONS),
];

const DEFINE: &str = "DefineAuthChallenge";
const CREATE: &str = "CreateAuthChallenge";
const VERIFY: &str = "VerifyAuthChallengeResponse";
const FUNCTIONS: [&str; 3] = [DEFINE, CREATE, VERIFY];

pub fn each_watches_what_is_measured(template: &Template) -> Vec<String> {
    let mut complaints = Vec::new();
    let source = fs::read_to_string(root().join("triggers/function/src/log.rs")).unwrap();
    let mut watched = Vec::new();
    for (name, alarm) in template.of_type("AWS::CloudWatch::Alarm") {
        let metric_name = alarm["MetricName"].as_str().unwrap_or_default();
        let measured = match alarm["Namespace"].as_str() {
            Some("AWS/Lambda") => ["Errors", "Throttles"].contains(&metric_name),
            Some(namespace) => [metric_name, namespace]
                .iter()
                .all(|text| source.contains(&format!("\"{text}\""))),
            None => false,
        };
        if !measured {
            complaints.push(format!(
                "{name} watches {metric_name}, which nobody measures"
            ));
        }
        let function = FUNCTIONS.into_iter().find(|function| {
            let value = json!({ "Ref": function });
            alarm["Dimensions"] == json!([{ "Name": "FunctionName", "Value": value }])
        });
        match function {
            Some(function) => watched.push((metric_name, function)),
            None => complaints.push(format!("{name} watches {metric_name} of no function")),
        }
        let topic = json!({ "Fn::If": [
            "HasAlarmTopic", [{ "Ref": "AlarmTopicArn" }], { "Ref": "AWS::NoValue" },
        ] });
        if alarm["AlarmActions"] != topic {
            complaints.push(format!("{name} alarms nobody"));
        }
        if !is_prompt(alarm) {
            complaints.push(format!("{name} alarms late"));
        }
    }
    for (metric, functions) in WATCHED {
        let forgotten = functions
            .iter()
            .filter(|function| !watched.contains(&(metric, function)));
        complaints
            .extend(forgotten.map(|function| format!("nobody watches {metric} of {function}")));
    }
    complaints
}

/// Whether one period over a small number is enough, and one in which nothing was measured none.
fn is_prompt(alarm: &Value) -> bool {
    let is_low = match &alarm["Threshold"] {
        Value::Number(number) => number.as_u64().is_some_and(|number| number <= 10),
        chosen => *chosen == json!({ "Ref": "MailsPerHourAlarm" }),
    };
    is_low
        && alarm["Statistic"] == "Sum"
        && alarm["ComparisonOperator"] == "GreaterThanThreshold"
        && alarm["EvaluationPeriods"] == 1
        && alarm["TreatMissingData"] == "notBreaching"
}

pub const SPOILT: &[Spoilt] = &[
    Spoilt(
        "MetricName: MailsSent",
        "MetricName: MailSent",
        "MailSent, which nobody measures",
    ),
    Spoilt(
        "MetricName: Locked",
        "MetricName: StoreFailures",
        "nobody watches Locked",
    ),
    Spoilt(
        "Namespace: CognitoEmailMfa",
        "Namespace: Cognito",
        "which nobody measures",
    ),
    Spoilt(
        "Value: !Ref VerifyAuthChallengeResponse }",
        "Value: !Ref VerifyAuthChallenge }",
        "of no function",
    ),
    Spoilt(
        "      AlarmActions: !If [HasAlarmTopic, [!Ref AlarmTopicArn], !Ref AWS::NoValue]\n",
        "",
        "alarms nobody",
    ),
    Spoilt("Threshold: 0\n", "Threshold: 1000\n", "alarms late"),
    Spoilt("Statistic: Sum", "Statistic: Average", "alarms late"),
    Spoilt(
        "TreatMissingData: notBreaching",
        "TreatMissingData: ignore",
        "alarms late",
    ),
];
