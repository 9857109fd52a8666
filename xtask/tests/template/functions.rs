//! The functions, and the executables that they are.

use crate::{
    Spoilt,
    document::{Template, possible},
    root,
};
use serde_json::json;
use std::{collections::BTreeSet, fs};

/// The folders of the executables.
const EXECUTABLES: [&str; 3] = ["triggers/define", "triggers/create", "triggers/verify"];

pub fn each_is_an_executable_of_ours(template: &Template) -> Vec<String> {
    let mut complaints = Vec::new();
    let mut built = BTreeSet::new();
    for function in template.functions() {
        let folder = template
            .of_function(function, "CodeUri")
            .as_str()
            .unwrap_or_default();
        let folder = folder.trim_end_matches('/');
        match executable(folder) {
            Some(package) if package == kebab_case(function) => {}
            found => complaints.push(format!(
                "{function} is made of {folder}, which is {found:?}"
            )),
        }
        built.insert(folder.to_owned());
        for (property, expected) in [("Runtime", "provided.al2023"), ("Handler", "bootstrap")] {
            if template.of_function(function, property) != expected {
                complaints.push(format!("{function} has another {property} than {expected}"));
            }
        }
        // Lambda runs what cargo-lambda makes of a package without a word about its name.
        if template.resource(function)["Metadata"]["BuildMethod"] != "rust-cargolambda" {
            complaints.push(format!("{function} is not built by cargo-lambda"));
        }
    }
    let missing = EXECUTABLES
        .iter()
        .filter(|folder| !built.contains(**folder));
    complaints.extend(missing.map(|folder| format!("{folder} is no function")));
    complaints
}

/// The name of a package's only executable, if it has one.
fn executable(folder: &str) -> Option<String> {
    let folder = root().join(folder);
    let manifest = fs::read_to_string(folder.join("Cargo.toml")).ok()?;
    // Then Cargo names it after the package.
    let is_named_so = folder.join("src/main.rs").exists() && !manifest.contains("[[bin]]");
    let name = manifest
        .lines()
        .find_map(|line| line.strip_prefix("name = "))?;
    is_named_so.then(|| name.trim_matches('"').to_owned())
}

fn kebab_case(name: &str) -> String {
    let words = name.chars().flat_map(|c| {
        let dash = c.is_ascii_uppercase().then_some('-');
        dash.into_iter().chain([c.to_ascii_lowercase()])
    });
    words.skip(1).collect()
}

pub fn each_is_bounded_and_logged(template: &Template) -> Vec<String> {
    let mut complaints = Vec::new();
    for function in template.functions() {
        let reserved = template.of_function(function, "ReservedConcurrentExecutions");
        if !possible(reserved).contains(&&json!({ "Ref": "ReservedConcurrency" })) {
            complaints.push(format!("{function} takes all of the account's concurrency"));
        }
        // Cognito waits no longer.
        if template.of_function(function, "Timeout") != 5 {
            complaints.push(format!(
                "{function} may run longer than Cognito waits, or less"
            ));
        }
        let log = &template.of_function(function, "LoggingConfig")["LogGroup"]["Ref"];
        let log = template.resource(log.as_str().unwrap_or_default());
        if log["Type"] != "AWS::Logs::LogGroup"
            || log["Properties"]["RetentionInDays"] != json!({ "Ref": "LogRetentionDays" })
        {
            complaints.push(format!("{function} logs for ever"));
        }
        let called = template
            .of_type("AWS::Lambda::Permission")
            .iter()
            .any(|(_, permission)| permission["FunctionName"] == json!({ "Ref": function }));
        if !called {
            complaints.push(format!("nobody may call {function}"));
        }
    }
    let reserved = &template.parameter("ReservedConcurrency")["Default"];
    if reserved.as_i64().is_none_or(|calls| calls < 1) {
        complaints.push(format!("by default {reserved} calls are reserved"));
    }
    let days = &template.parameter("LogRetentionDays")["Default"];
    if days.as_i64().is_none_or(|days| days > 30) {
        complaints.push(format!("by default logs are kept for {days} days"));
    }
    complaints
}

pub const SPOILT: &[Spoilt] = &[
    Spoilt(
        "CodeUri: triggers/define/",
        "CodeUri: triggers/verify/",
        "is made of triggers/verify",
    ),
    Spoilt(
        "CodeUri: triggers/define/",
        "CodeUri: triggers/definition/",
        "is made of triggers/definition",
    ),
    Spoilt(
        "CodeUri: triggers/define/",
        "CodeUri: triggers/rules/",
        "is made of triggers/rules",
    ),
    Spoilt(
        "  CreateAuthChallenge:\n    Type",
        "  CreateChallenge:\n    Type",
        "CreateChallenge is made of",
    ),
    Spoilt(
        "BuildMethod: rust-cargolambda",
        "BuildMethod: makefile",
        "is not built by cargo-lambda",
    ),
    Spoilt(
        "Runtime: provided.al2023",
        "Runtime: provided.al2",
        "has another Runtime",
    ),
    Spoilt("Handler: bootstrap", "Handler: main", "has another Handler"),
    Spoilt(
        "    ReservedConcurrentExecutions: !If [ReserveConcurrency, !Ref ReservedConcurrency, !Ref AWS::NoValue]\n",
        "",
        "all of the account's concurrency",
    ),
    Spoilt("Timeout: 5", "Timeout: 3", "longer than Cognito waits"),
    Spoilt(
        "RetentionInDays: !Ref LogRetentionDays",
        "RetentionInDays: 3653",
        "logs for ever",
    ),
    Spoilt(
        "      LoggingConfig: { LogGroup: !Ref DefineLogs }\n",
        "",
        "logs for ever",
    ),
    Spoilt(
        "logs are kept\n    Default: 30",
        "logs are kept\n    Default: 60",
        "for 60 days",
    ),
    Spoilt(
        "need it.\n    Default: 20",
        "need it.\n    Default: 0",
        "0 calls are reserved",
    ),
    Spoilt(
        "FunctionName: !Ref DefineAuthChallenge\n",
        "FunctionName: !Ref CreateAuthChallenge\n",
        "nobody may call DefineAuthChallenge",
    ),
];
