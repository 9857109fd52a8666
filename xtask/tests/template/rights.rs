//! Who may do what.

use crate::{
    Spoilt,
    document::{Template, possible, texts},
};
use regex::Regex;
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// The files of the page, which is public.
const FILES_OF_THE_PAGE: &str = "${DemoPageBucket.Arn}/*";

pub fn no_right_is_too_wide(template: &Template) -> Vec<String> {
    let mut complaints = Vec::new();
    for (name, statement) in statements(template) {
        for part in ["NotAction", "NotResource", "NotPrincipal"] {
            if !statement[part].is_null() {
                complaints.push(format!("{name} has {part}"));
            }
        }
        for part in ["Action", "Resource", "Principal"] {
            let wide = texts(&statement[part])
                .into_iter()
                .filter(|text| text.contains(['*', '?']) && *text != FILES_OF_THE_PAGE);
            complaints.extend(wide.map(|text| format!("{name} has the {part} {text}")));
        }
        for parameter in parameters_in(template, &statement["Resource"]) {
            if takes_wildcards(template.parameter(&parameter)) {
                complaints.push(format!("{name} has what {parameter} says, wildcards too"));
            }
        }
    }
    for (name, permission) in template.of_type("AWS::Lambda::Permission") {
        let pool = json!({ "Fn::If": [
            "MakePool",
            { "Fn::GetAtt": ["CognitoUserPool", "Arn"] },
            { "Ref": "ExistingUserPoolArn" },
        ] });
        if permission["Principal"] != "cognito-idp.amazonaws.com"
            || permission["Action"] != "lambda:InvokeFunction"
            || permission["SourceArn"] != pool
        {
            complaints.push(format!("{name} lets others than the pool call"));
        }
    }
    complaints
}

pub fn each_function_has_its_own_rights(template: &Template) -> Vec<String> {
    let mut complaints = Vec::new();
    let (log, mail, count) = (
        &["logs:CreateLogStream", "logs:PutLogEvents"][..],
        &["ses:SendEmail"][..],
        &["dynamodb:GetItem", "dynamodb:PutItem"][..],
    );
    for (function, role, needed) in [
        ("DefineAuthChallenge", "DefineRole", vec![log]),
        ("CreateAuthChallenge", "CreateRole", vec![log, mail, count]),
        (
            "VerifyAuthChallengeResponse",
            "VerifyRole",
            vec![log, count],
        ),
    ] {
        if template.of_function(function, "Role") != &json!({ "Fn::GetAtt": [role, "Arn"] }) {
            complaints.push(format!("{function} has another role than {role}"));
        }
        for property in ["Policies", "Events", "Tracing", "FunctionUrlConfig"] {
            if !template.of_function(function, property).is_null() {
                complaints.push(format!("{function} has rights through {property}"));
            }
        }
        let properties = &template.resource(role)["Properties"];
        if !properties["ManagedPolicyArns"].is_null() {
            complaints.push(format!("{role} has rights that are managed elsewhere"));
        }
        let policies = possible(&properties["Policies"]).into_iter();
        let statements: Vec<_> = policies.flat_map(statements_of).collect();
        let granted: Vec<_> = statements.iter().map(|it| texts(&it["Action"])).collect();
        if granted != needed {
            complaints.push(format!("{role} may {granted:?} and needs {needed:?}"));
        }
        let group = &template.of_function(function, "LoggingConfig")["LogGroup"]["Ref"];
        let elsewhere = statements.iter().filter(|it| !is_confined(it, group));
        complaints.extend(elsewhere.map(|it| format!("{role} may do so elsewhere: {it}")));
    }
    complaints
}

/// Whether a statement is about the function's own log group, the sender or the table.
fn is_confined(statement: &Value, log_group: &Value) -> bool {
    match texts(&statement["Action"]).as_slice() {
        // Where it sends from is in the condition; that it names identities, in the other rule.
        ["ses:SendEmail"] => {
            let sender = json!({ "ses:FromAddress": { "Ref": "EmailSender" } });
            statement["Condition"] == json!({ "StringEquals": sender })
        }
        ["logs:CreateLogStream", "logs:PutLogEvents"] => {
            statement["Resource"] == json!({ "Fn::GetAtt": [log_group, "Arn"] })
        }
        _ => statement["Resource"] == json!({ "Fn::GetAtt": ["AttemptsTable", "Arn"] }),
    }
}

/// All statements, with the names of the resources that they stand in.
fn statements(template: &Template) -> Vec<(&str, &Value)> {
    let roles = template.of_type("AWS::IAM::Role").into_iter();
    let roles = roles.flat_map(|(name, role)| {
        let trust = [&role["AssumeRolePolicyDocument"]["Statement"]];
        let trust = trust.into_iter().flat_map(possible);
        let policies = possible(&role["Policies"])
            .into_iter()
            .flat_map(statements_of);
        trust
            .chain(policies)
            .map(move |statement| (name, statement))
    });
    let documents = [
        "AWS::S3::BucketPolicy",
        "AWS::IAM::Policy",
        "AWS::IAM::ManagedPolicy",
    ];
    let documents = documents
        .into_iter()
        .flat_map(|kind| template.of_type(kind));
    let documents = documents.flat_map(|(name, policy)| {
        let statements = statements_of(policy).into_iter();
        statements.map(move |statement| (name, statement))
    });
    roles.chain(documents).collect()
}

fn statements_of(policy: &Value) -> Vec<&Value> {
    possible(&policy["PolicyDocument"]["Statement"])
}

/// The parameters whose values end up in a value.
fn parameters_in(template: &Template, value: &Value) -> BTreeSet<String> {
    let name = Regex::new(r"\$\{([A-Za-z0-9]+)\}").unwrap();
    let in_texts = texts(value).into_iter().flat_map(|text| {
        // `Ref` holds its parameter's name as a text.
        let names = name.captures_iter(text).map(|found| found[1].to_owned());
        names.chain([text.to_owned()]).collect::<Vec<_>>()
    });
    in_texts
        .filter(|name| !template.parameter(name).is_null())
        .collect()
}

fn takes_wildcards(parameter: &Value) -> bool {
    let Some(pattern) = parameter["AllowedPattern"].as_str() else {
        return true;
    };
    let pattern = Regex::new(pattern).unwrap();
    let tries = [
        "*",
        "?",
        "*@example.com",
        "a@*.com",
        "a?@example.com",
        "a/*",
        "a:*",
    ];
    tries.iter().any(|text| pattern.is_match(text))
}

pub const SPOILT: &[Spoilt] = &[
    Spoilt(
        "Action: ses:SendEmail",
        "Action: ses:*",
        "has the Action ses:*",
    ),
    Spoilt(
        "Action: [dynamodb:GetItem, dynamodb:PutItem]",
        "Action: [\"*\"]",
        "has the Action *",
    ),
    Spoilt(
        "Action: [dynamodb:GetItem, dynamodb:PutItem]",
        "Action: [dynamodb:GetItem, dynamodb:PutItem, dynamodb:Scan]",
        "and needs",
    ),
    Spoilt(
        "Resource: !GetAtt AttemptsTable.Arn",
        "Resource: \"*\"",
        "has the Resource *",
    ),
    Spoilt(
        "Resource: !GetAtt AttemptsTable.Arn",
        "Resource: !Sub arn:${AWS::Partition}:dynamodb:${AWS::Region}:${AWS::AccountId}:table/*",
        "has the Resource",
    ),
    Spoilt(
        "Resource: !GetAtt AttemptsTable.Arn",
        "NotResource: !GetAtt AttemptsTable.Arn",
        "has NotResource",
    ),
    Spoilt(
        ":identity/${SesIdentity}\n",
        ":identity/*\n",
        "has the Resource",
    ),
    Spoilt(
        "Resource: !GetAtt DefineLogs.Arn",
        "Resource: !GetAtt CreateLogs.Arn",
        "DefineRole may do so elsewhere",
    ),
    Spoilt(
        "Resource: !GetAtt DefineLogs.Arn",
        "Resource: !Sub arn:${AWS::Partition}:logs:${AWS::Region}:${AWS::AccountId}:*",
        "has the Resource",
    ),
    Spoilt(
        "Resource: !Sub ${DemoPageBucket.Arn}/*",
        "Resource: !Sub ${DemoPageBucket.Arn}*",
        "has the Resource",
    ),
    Spoilt(
        "Action: s3:GetObject",
        "Action: s3:Get*",
        "has the Action s3:Get*",
    ),
    Spoilt(
        "Principal: { Service: cloudfront.amazonaws.com }",
        "Principal: \"*\"",
        "has the Principal *",
    ),
    Spoilt(
        "                Condition: { StringEquals: { ses:FromAddress: !Ref EmailSender } }\n",
        "",
        "CreateRole may do so elsewhere",
    ),
    Spoilt(
        "    AllowedPattern: ^[A-Za-z0-9.@_+-]*$\n",
        "",
        "what SesIdentity says",
    ),
    Spoilt(
        "    AllowedPattern: ^[A-Za-z0-9.@_+-]*$",
        "    AllowedPattern: ^.*$",
        "what SesIdentity says",
    ),
    Spoilt(
        "Principal: cognito-idp.amazonaws.com",
        "Principal: \"*\"",
        "lets others than the pool call",
    ),
    Spoilt(
        "      SourceArn: !If [MakePool, !GetAtt CognitoUserPool.Arn, !Ref ExistingUserPoolArn]\n",
        "",
        "lets others than the pool call",
    ),
    Spoilt(
        "Role: !GetAtt VerifyRole.Arn",
        "Role: !GetAtt CreateRole.Arn",
        "has another role",
    ),
    Spoilt(
        "      Role: !GetAtt DefineRole.Arn\n",
        "      Policies: [AmazonSESFullAccess]\n",
        "has rights through Policies",
    ),
    Spoilt(
        "  VerifyRole:\n    Type: AWS::IAM::Role\n    Properties:\n",
        "  VerifyRole:\n    Type: AWS::IAM::Role\n    Properties:\n      ManagedPolicyArns: [arn:aws:iam::aws:policy/AdministratorAccess]\n",
        "managed elsewhere",
    ),
];
